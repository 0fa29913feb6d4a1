# SPDX-License-Identifier: GPL-2.0-or-later
# `mode: kernel` on a made-up tree of plain files: what is refused, what is told, and that all is put back.

load cli

MEMORY=tree/sys/devices/system/memory

# A kernel of plain files: blocks 32 to 34, of which 33 is online in zone Movable.
made_up()
{
	local block

	mkdir -p tree/proc/sys/kernel
	for block in 32 33 34; do
		mkdir -p $MEMORY/memory$block/node3
		echo offline >$MEMORY/memory$block/state
		echo 'Normal Movable' >$MEMORY/memory$block/valid_zones
	done
	echo online >$MEMORY/memory33/state
	echo Movable >$MEMORY/memory33/valid_zones
	echo 8000000 >$MEMORY/block_size_bytes
	echo 6.1.0-56-amd64 >tree/proc/sys/kernel/osrelease
}

# scenario [LINE…]: scenario.yaml, which checks nothing unless told to: plain files have no walks.
scenario()
{
	cat >scenario.yaml <<-'END'
		name: on-kernel
		mode: kernel
		seed: 7
		workloads: [{name: toggle, kind: hotplug-cycle, zone: default}]
		phases: [{name: storm, role: measure, ops: 60}]
		verify: {level: off, deadline: 1s}
	END
	[ $# -eq 0 ] || printf '%s\n' "$@" >>scenario.yaml
}

as_before()
{
	[ "$(head -n1 $MEMORY/memory32/state)" = offline ]
	[[ $(head -n1 $MEMORY/memory33/state) == online* ]]
	[ "$(head -n1 $MEMORY/memory34/state)" = offline ]
}

@test "kernel mode: a run says what it will touch, counts, and puts all back" {
	made_up
	scenario
	bench run scenario.yaml --kernel-root tree --blocks 32-33 -o result
	exits 0
	last_line_says 0
	stderr_has 'Linux 6.1.0-56-amd64 (protocol v6.1): to be taken offline and online, and put back:'
	stderr_has 'memory33  online  node 3  Movable'
	[[ $stderr != *memory34* ]]
	stdout_has 'times: of Linux 6.1.0-56-amd64, made up'
	jq -e '.mode == "kernel" and .emulated == false and .phases[0].workloads[0].ops.ok == 60' \
		result/cells/main/run-001/run.json
	[ ! -e result/cells/main/run-001/restore.sh ]
	as_before
	bench verify result
	exits 4
	stderr_has 'it ran on a kernel: its operations were checked while it ran'
}

@test "kernel mode: each of several runs has a process of its own" {
	made_up
	scenario
	bench run scenario.yaml --kernel-root tree --blocks 32 --runs 2 -o result
	exits 0
	[ "$(jq -s 'map(.phases[0].workloads[0].ops.ok) | add' result/cells/main/run-*/run.json)" -eq 120 ]
	as_before
}

@test "kernel mode: without blocks, or with wrong ones, nothing is touched" {
	made_up
	scenario
	find tree -type f -exec md5sum {} + >before
	bench run scenario.yaml --kernel-root tree -o result
	exits 2
	stderr_has 'name the blocks that it may touch, such as --blocks 32-35'
	bench run scenario.yaml --kernel-root tree --blocks 34-32 -o result
	exits 2
	stderr_has "'34-32' is no list of blocks: write it as 32-35,38"
	bench run scenario.yaml --kernel-root tree --blocks 32-35 -o result
	exits 6
	stderr_has "memory35/state': No such file or directory"
	bench run scenario.yaml --kernel-root nowhere --blocks 32 -o result
	exits 2
	stderr_has "--kernel-root: cannot find 'nowhere'"
	bench run "$TINY" --blocks 32 -o result
	exits 2
	stderr_has '--blocks and --kernel-root are for scenarios with mode: kernel'
	[ ! -e result ]
	find tree -type f -exec md5sum {} + | diff before -
}

@test "kernel mode: the real kernel needs root" {
	local open

	scenario
	if [ "$(id -u)" -ne 0 ]; then
		bench run scenario.yaml --blocks 32 -o result
	else
		command -v setpriv >/dev/null || skip "root, and no setpriv to be somebody else"
		open=$(mktemp -d) # that somebody may read: what bats gives us only root may
		chmod 755 "$open" && install -m 644 scenario.yaml "$open" && install -d -m 777 "$open/out"
		run --separate-stderr timeout 60 setpriv --reuid 65534 --regid 65534 --clear-groups \
			"$BENCH" run "$open/scenario.yaml" --blocks 32 -o "$open/out"
		rm -r "$open"
		[ "$status" -ne 126 ] && [ "$status" -ne 127 ] || skip "the program is not for others to run"
	fi
	exits 6
	stderr_has 'mode: kernel needs root, to write to the blocks of this machine'
}

@test "kernel mode: checks need tracefs, faults the injector" {
	made_up
	scenario
	bench run scenario.yaml -D verify.level=fast --kernel-root tree --blocks 32 -o result
	exits 6
	stderr_has 'as root, mount -t tracefs nodev /sys/kernel/tracing, on a kernel with CONFIG_KPROBE_EVENTS'
	scenario 'chain: {notifiers: [{name: injector}]}' \
		'faults: [{name: enomem, kind: notifier-errno, errno: ENOMEM, trigger: {every: 3}}]'
	bench run scenario.yaml --kernel-root tree --blocks 32 -o result
	exits 6
	stderr_has "load the kernel's injector by 'modprobe memory-notifier-error-inject'"
	as_before
}

@test "kernel mode: what a kernel cannot do is skipped by name" {
	made_up
	scenario 'chain: {notifiers: [{name: mine}]}' 'faults: [{name: stop, kind: notifier-stop}]'
	bench run scenario.yaml --kernel-root tree --blocks 32 -o result
	exits 0
	stderr_has "fault 'stop' (notifier-stop): a kernel's injector has no STOP"
	stdout_has "warning: skipped: listener 'mine': a kernel has its own, and none of ours"
	jq -e '.counters["kernel.skipped"] == 2' result/cells/main/run-001/run.json
}

@test "kernel mode: ended by a signal, and killed, it is put back" {
	made_up
	scenario
	sed -i 's/ops: 60/for: 60s/' scenario.yaml
	for signal in TERM KILL; do
		"$BENCH" run scenario.yaml --kernel-root tree --blocks 32-34 -o result.$signal 2>told &
		child=$!
		until [ -e result.$signal/cells/main/run-001/restore.sh ]; do sleep 0.05; done
		sleep 0.2
		kill -$signal $child
		wait $child || true
		# The guard of one that was killed has its hands full for a moment.
		for _ in $(seq 100); do
			as_before && break
			sleep 0.05
		done
		as_before
	done
	[ ! -e result.TERM/cells/main/run-001/restore.sh ]
}

@test "kernel mode: restore.sh puts back by hand" {
	made_up
	scenario
	sed -i 's/ops: 60/for: 60s/' scenario.yaml
	"$BENCH" run scenario.yaml --kernel-root tree --blocks 32-34 -o result 2>told &
	until [ -e result/cells/main/run-001/restore.sh ]; do sleep 0.05; done
	cp result/cells/main/run-001/restore.sh .
	kill $!
	wait || true
	echo online >$MEMORY/memory34/state
	echo offline >$MEMORY/memory33/state
	echo 'Normal Movable' >$MEMORY/memory33/valid_zones
	(cd / && sh "$OLDPWD/restore.sh")
	as_before
}

@test "kernel mode: ab and gate refuse it" {
	made_up
	scenario
	bench ab scenario.yaml --a set:record.digits=2 --b set:record.digits=3 --pairs 1 -o result
	exits 2
	stderr_has 'by `memhp-bench run` only'
}

@test "kernel mode: check knows no blocks of a kernel" {
	scenario
	bench check scenario.yaml
	exits 0
	[[ ${lines[-1]} =~ ^\ \ main\ +-\ +-\ +~ ]]
}
