# SPDX-License-Identifier: GPL-2.0-or-later
# memhp-bench conform --kernel: what is refused and told, on a made-up tree of plain files; and the recordings themselves on
# a real kernel in a virtual machine, which is skipped where QEMU or a kernel is missing.

load cli
load vm

MEMORY=tree/sys/devices/system/memory
NODE=tree/sys/devices/system/node
ENABLED=tree/sys/kernel/tracing/events/memhp/enable

setup_oracle()
{
	ORACLE=${MEMHP_ORACLE:-$ROOT/../shared/oracle}
	[ -e "$ORACLE/cases.jsonl" ] || skip "no recordings in $ORACLE (MEMHP_ORACLE says where)"
}

# A kernel of plain files that looks like world A; it takes every word that is written, and nobody walks.
made_up()
{
	local block node state zones name

	mkdir -p $NODE tree/proc/sys/kernel tree/sys/kernel/tracing/events/memhp
	while read -r block node state zones; do
		mkdir -p $MEMORY/memory$block/node$node
		echo $state >$MEMORY/memory$block/state
		echo $zones >$MEMORY/memory$block/valid_zones
	done < <(jq -r '.A.blocks[] | "\(.block) \(.node) \(.state) \(.zone // "Normal Movable")"' "$ORACLE/worlds.json")
	for name in has_memory has_normal_memory; do
		echo 0,2 >$NODE/$name
	done
	echo 0-3 >$NODE/online
	echo 8000000 >$MEMORY/block_size_bytes
	echo offline >$MEMORY/auto_online_blocks
	echo 6.1.0-56-amd64 >tree/proc/sys/kernel/osrelease
	jq -r '.A.zones_at_start | to_entries[] | "Node \(.key | sub("/"; ", zone ")) \n spanned \(.value.spanned)\n present " +
		"\(.value.present)\n start_pfn: \(.value.start_pfn)"' "$ORACLE/worlds.json" >tree/proc/zoneinfo
	untraced
}

# What a run leaves in plain files, where the kernel would have taken its probes away.
untraced()
{
	: >tree/sys/kernel/tracing/kprobe_events
	: >tree/sys/kernel/tracing/trace_pipe
	echo '[local] mono_raw' >tree/sys/kernel/tracing/trace_clock
	echo 1 >tree/sys/kernel/tracing/tracing_on
	echo 0 >$ENABLED
}

conform()
{
	bench conform "$ORACLE/cases.jsonl" --worlds "$ORACLE/worlds.json" "$@"
}

@test "conform --kernel: what it needs" {
	setup_oracle
	made_up
	find tree -type f -exec md5sum {} + >before
	conform --kernel
	exits 2
	stderr_has 'name the blocks that it may touch, such as --blocks 32-40'
	conform --kernel --blocks 40-32 --kernel-root tree
	exits 2
	stderr_has "'40-32' is no list of blocks"
	conform --kernel --blocks 32-41 --kernel-root tree
	exits 6
	stderr_has "memory41/state': No such file or directory"
	conform --kernel --blocks 32 --kernel-root nowhere
	exits 2
	stderr_has "--kernel-root: cannot find 'nowhere'"
	conform --blocks 32
	exits 2
	stderr_has '--blocks and --kernel-root are for --kernel'
	conform --kernel --blocks 32 --chain mutex
	exits 2
	stderr_has "--chain is the simulator's"
	rm tree/sys/kernel/tracing/kprobe_events
	conform --kernel --blocks 32-40 --kernel-root tree
	exits 6
	stderr_has 'as root, mount -t tracefs nodev /sys/kernel/tracing'
	: >tree/sys/kernel/tracing/kprobe_events
	find tree -type f -exec md5sum {} + | sort | diff <(sort before) -
}

@test "conform --kernel: needs root on the real kernel" {
	local open

	setup_oracle
	if [ "$(id -u)" -ne 0 ]; then
		conform --kernel --blocks 32
	else
		command -v setpriv >/dev/null || skip "root, and no setpriv to be somebody else"
		open=$(mktemp -d) # that somebody may read
		chmod 755 "$open" && install -m 644 "$ORACLE"/{cases.jsonl,worlds.json} "$open"
		run --separate-stderr timeout 60 setpriv --reuid 65534 --regid 65534 --clear-groups "$BENCH" conform \
			"$open/cases.jsonl" --worlds "$open/worlds.json" --kernel --blocks 32
		rm -r "$open"
		[ "$status" -ne 126 ] && [ "$status" -ne 127 ] || skip "the program is not for others to run"
	fi
	exits 6
	stderr_has "--kernel needs root, to write to the blocks of this machine's memory"
}

@test "conform --kernel: says what it will touch, passes, fails and skips, and puts all back" {
	setup_oracle
	made_up
	echo online >$MEMORY/auto_online_blocks
	conform --kernel --blocks 32-40 --kernel-root tree --only '^(i-auto-online-online_|r-duplicate|b-online-movable$)' -v
	exits 0
	stderr_has 'Linux 6.1.0-56-amd64 (protocol v6.1): to be taken offline and online, and put back:'
	stderr_has 'memory36  offline  node 1  Normal Movable'
	stdout_has 'i-auto-online-online_kernel passed'
	[[ ${lines[-1]} =~ ^2\ passed,\ 0\ failed,\ [0-9]+\ skipped$ ]]
	last_line_says 0
	[ "$(head -n1 $MEMORY/auto_online_blocks)" = online ]
	[ "$(head -n1 $MEMORY/memory32/state)" = offline ]
	untraced
	# Plain files take what a kernel refuses.
	conform --kernel --blocks 32-40 --kernel-root tree --only '^i-auto-online-foo$'
	exits 3
	stdout_has 'i-auto-online-foo failed: op: '
	stdout_has '> "EINVAL"  "0"'
	[ "${lines[-1]}" = "0 passed, 1 failed, 0 skipped" ]
	[ "$(head -n1 $MEMORY/auto_online_blocks)" = online ]
}

@test "conform --kernel: on another machine than that of the recording nothing passes" {
	setup_oracle
	made_up
	echo 0-2 >$NODE/online
	conform --kernel --blocks 32-40 --kernel-root tree -v
	exits 6
	stdout_has 'i-state-empty skipped: this machine is not world A: '
	stderr_has "error: no case was replayed: '"
	stderr_has "/node/online' shows '0-2' instead of"
}

@test "conform --kernel: without -v the skipped are only counted" {
	setup_oracle
	made_up
	conform --kernel --blocks 32-40 --kernel-root tree --only '^(i-auto-online-online_kernel|e-)'
	exits 0
	[ "$output" = "1 passed, 0 failed, 8 skipped" ]
	untraced
	conform --kernel --blocks 32-40 --kernel-root tree --only '^(i-auto-online-online_kernel|e-)' --format json
	exits 0
	jq -e '.chain == "kernel" and .passed == 1 and .skipped == 8 and
		(.cases[] | select(.name == "e-both-events").text | startswith("it needs the kernel'"'"'s error injector"))' \
		<<<"$output"
}

@test "conform --kernel: ended by a signal, and killed, it is put back" {
	local signal i

	setup_oracle
	made_up
	echo online >$MEMORY/auto_online_blocks
	grep -F '"name":"i-auto-online-online_kernel"' "$ORACLE/cases.jsonl" | awk '{ for (i = 0; i < 3000; i++) print }' >cases.jsonl
	for signal in TERM:143 KILL:137; do
		untraced
		"$BENCH" conform cases.jsonl --worlds "$ORACLE/worlds.json" --kernel --blocks 32-40 --kernel-root tree \
			>out 2>err &
		until grep -qs 1 $ENABLED; do
			kill -0 $! || break
		done
		kill -${signal%:*} $!
		status=0
		wait $! || status=$?
		output=$(<out) stderr=$(<err)
		exits ${signal#*:}
		for i in {1..100}; do # its guard may still be at it
			! grep -q 0 $ENABLED || break
			sleep 0.1
		done
		grep -q 0 $ENABLED
		[ "$(head -n1 $MEMORY/auto_online_blocks)" = online ]
	done
}

# Block 38 is not given: onlined in a kernel zone of node 0 it holds the kernel's own pages at once, and stays.
in_kernel()
{
	needs_vm "$INJECTOR"
	TIMEFORMAT='%U %S'
	{ time vm kernel-vm -- conform "$ORACLE/cases.jsonl" --worlds "$ORACLE/worlds.json" --kernel \
		--blocks 12,15,32-37,39-40 --only "$1" 2>err; } 2>seconds
}

# By the processor time of all of it, which does not grow where other tests run beside it.
@test "conform --kernel: recordings of each group are what this kernel does, in 30 s with its boot" {
	setup_oracle
	in_kernel '^(e-going|i-(state|attr)|m-equal-going|n-(first|second|kernel|cpu)|z-(next|shrink))'
	exits 0
	awk '{ printf "%.1f s\n", $1 + $2; exit !($1 + $2 < 30) }' seconds
	[ "${lines[-1]}" = "39 passed, 0 failed, 5 skipped" ]
}
