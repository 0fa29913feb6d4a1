# SPDX-License-Identifier: GPL-2.0-or-later
# `costs record` on a made-up tree of plain files, `costs validate` of files that are right and wrong.

load cli

MEMORY=tree/sys/devices/system/memory
TRACING=tree/sys/kernel/tracing

# A kernel of plain files with tracefs, whose trace stays empty: block 32, offline.
made_up()
{
	mkdir -p tree/proc/sys/kernel $MEMORY/memory32/node3 $TRACING/events/memhp
	echo 6.1.0-56-amd64 >tree/proc/sys/kernel/osrelease
	echo 8000000 >$MEMORY/block_size_bytes
	echo offline >$MEMORY/memory32/state
	: >$TRACING/kprobe_events
	: >$TRACING/trace_pipe
	echo '[local] global mono_raw' >$TRACING/trace_clock
	echo 1 >$TRACING/tracing_on
	echo 0 >$TRACING/events/memhp/enable
}

sample()
{
	cp "$ROOT/tests/fixtures/costs/$1.json" "$1.json"
}

@test "costs: without an action, a file or blocks nothing happens: 2" {
	bench costs
	exits 2
	stderr_has "record or validate, and not 'nothing'"
	bench costs rehearse
	exits 2
	stderr_has "not 'rehearse'"
	bench costs record --blocks 32
	exits 2
	stderr_has 'record to which file? -o costs.json'
	bench costs record -o costs.json
	exits 2
	stderr_has 'name the blocks that it may touch, such as --blocks 32-35'
	bench costs record -o costs.json --blocks 32 extra
	exits 2
	stderr_has "takes no 'extra'"
	bench costs record -o costs.json --blocks 32 --zone highmem
	exits 2
	stderr_has "--zone 'highmem': keep, default, kernel or movable"
	bench costs record -o costs.json --blocks 32 --ops 0
	exits 2
	bench costs validate
	exits 2
	stderr_has 'validate which file?'
	bench costs validate a b
	exits 2
	bench costs validate a --blocks 32
	exits 2
	stderr_has 'validate only reads'
	[ ! -e costs.json ]
}

@test "costs: record without root, tracefs or blocks is refused, and touches nothing" {
	bench costs record -o costs.json --blocks 32 --kernel-root nowhere
	exits 2
	stderr_has "--kernel-root: cannot find 'nowhere'"
	mkdir -p tree
	bench costs record -o costs.json --blocks 32 --kernel-root tree
	exits 6
	made_up
	bench costs record -o costs.json --blocks 99 --kernel-root tree
	exits 6
	bench costs record -o costs.json --blocks 3- --kernel-root tree
	exits 2
	bench costs record -o costs.json --blocks 32 --listener 'a b' --kernel-root tree
	exits 2
	stderr_has "'a b' is no function of a kernel"
	rm -r $TRACING
	bench costs record -o costs.json --blocks 32 --kernel-root tree
	exits 6
	stderr_has 'mount -t tracefs'
	[ "$(cat $MEMORY/memory32/state)" = offline ]
	[ ! -e costs.json ]
}

@test "costs: what was not traced is not recorded, and all is put back: 7" {
	made_up
	bench costs record -o costs.json --blocks 32 --ops 20 --kernel-root tree --listener my_callback
	exits 7
	stderr_has 'Linux 6.1.0-56-amd64 (protocol v6.1): to be taken offline and online, 20 operations, and put back:'
	stderr_has 'memory32  offline  node 3'
	stderr_has 'there is nothing to be recorded'
	[ ! -e costs.json ]
	[ ! -e costs.json.restore.sh ]
	grep -q 'p:memhp/c0 my_callback' $TRACING/kprobe_events
	grep -q 'start_isolate_page_range' $TRACING/kprobe_events
	[ "$(tail -n1 $TRACING/kprobe_events)" = '-:memhp/mn' ]
	[ "$(head -n1 $MEMORY/memory32/state)" = offline ]
}

@test "costs: validate predicts what was held out: 0" {
	sample steady
	bench costs validate steady.json
	exits 0
	[[ $output =~ ^validated\ to\ [0-9]+\ %$'\n' ]]
	stdout_has 'predicted/us  measured/us   difference'
	[ "$(grep -cE ' p(50|90|99) ' <<<"$output")" -eq 6 ]
	first=$output
	bench costs validate steady.json
	[ "$output" = "$first" ]
	bench costs validate steady.json -v
	exits 0
	stdout_has 'slab_memory_callback going_offline'
	bench costs validate steady.json --format json
	exits 0
	jq -e '.schema == "memhp-bench/costs-verdict" and .validated and (.operations | length == 2) and
		.operations[0].quantiles.p99.predicted > 0' <<<"$output"
}

@test "costs: validate says no where the later half is another kernel's: 3" {
	sample drifting
	bench costs validate drifting.json
	exits 3
	[ "$(head -n1 <<<"$output")" = 'costs: not validated' ]
	stdout_has '(at most 25)'
	bench costs validate drifting.json --format json
	exits 3
	jq -e '.validated == false' <<<"$output"
	bench costs validate drifting.json -q
	exits 3
	[ -z "$output" ]
}

@test "costs: validate refuses what is no recording: 2, and says why" {
	bench costs validate nothing.json
	exits 2
	stderr_has nothing.json
	echo '{"schema": "memhp-bench/run", "schema_version": 1}' >run.json
	bench costs validate run.json
	exits 2
	stderr_has "its schema is 'memhp-bench/run', not 'memhp-bench/costs'"
	sample steady
	jq '.tomorrow = 1' steady.json >unknown.json
	bench costs validate unknown.json
	exits 2
	stderr_has "unknown key 'tomorrow'"
	jq '.series[0].own |= .[0:40]' steady.json >damaged.json
	bench costs validate damaged.json
	exits 2
	stderr_has "series[0]: 'own': "
	jq '.series[1].count = 3' steady.json >count.json
	bench costs validate count.json
	exits 2
	stderr_has "series[1]: 'count' is 3"
}

# scenario FILE [LINE…]: scenario.yaml, by those costs: a few operations on blocks among others.
scenario()
{
	cat >scenario.yaml <<-END
		name: costed
		seed: 7
		costs: $1
		machine: {topology: "pack:2 [numa(memory=1GiB)] core:1 pu:1", block_size: 128MiB, initial_online: 50%}
		workloads: [{name: toggle, kind: hotplug-cycle}]
		phases: [{name: steady, role: measure, ops: 120}]
	END
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" >>scenario.yaml
}

RUN=cells/main/run-001/run.json

@test "costs: replayed, operations take what was recorded, and every report says of which kernel and how well" {
	sample steady
	scenario steady.json 'chain: {notifiers: [{preset: linux-6.1}]}'
	bench run scenario.yaml -o result
	exits 0
	words='recorded costs steady.json (Linux 6.1.0-made-up, CPU of a test, 2026-01-01), validated to '
	stdout_has "times: $words"
	jq -e --arg words "$words" '(.times | startswith($words)) and .emulated == false and
		# 1.76 ms were recorded; a busy host is slower.
		([.series[] | select(.tag == "steady/online")][0].quantiles["0.5"] | . > 1300000 and . < 20000000)' result/$RUN
	# In the walks of GOING_OFFLINE, half of them; the other listeners do nothing.
	jq -e '[.series[] | select(.tag == "steady/cb.slab_memory_callback")][0].max > 800000 and
		[.series[] | select(.tag == "steady/cb.reserve_mem_notifier")][0].quantiles["0.5"] < 100000' result/$RUN
	grep -q 'lock_wait: poll' result/scenario.resolved.yaml
	grep -q 'rcu: srcu' result/scenario.resolved.yaml
	bench show result
	stdout_has "times: $words"
	bench export result --format md
	stdout_has "$words"
	bench report result -o report.html
	grep -q 'recorded costs steady.json' report.html
}

@test "costs: what a scenario says of itself stands" {
	sample steady
	scenario steady.json 'chain: {rcu: memb}' 'x-mine: 1'
	bench run scenario.yaml -o result -D machine.lock_wait=queue --ops 10
	exits 0
	grep -q 'lock_wait: queue' result/scenario.resolved.yaml
	grep -q 'rcu: memb' result/scenario.resolved.yaml
	bench run scenario.yaml -o none -D costs=none
	exits 0
	stdout_has 'times: harness only'
	grep -q 'lock_wait: queue' none/scenario.resolved.yaml
}

@test "costs: check reckons with them" {
	sample steady
	scenario steady.json
	bench check scenario.yaml -D phases.steady.ops=10000
	exits 0
	stdout_has '~19.7 s'
}

@test "costs: not validated, every report says so" {
	sample drifting
	scenario drifting.json
	bench run scenario.yaml -o result --ops 20
	exits 0
	words='recorded costs drifting.json (Linux 6.1.0-made-up, CPU of a test, 2026-01-01), costs: not validated'
	stdout_has "times: $words"
	jq -e --arg words "$words" '.times == $words' result/$RUN
	bench show result
	stdout_has 'costs: not validated'
	bench export result --format md
	stdout_has 'costs: not validated'
	bench export result --format junit
	stdout_has 'costs: not validated'
	bench report result -o report.html
	grep -q 'costs: not validated' report.html
}

@test "costs: those of an emulated kernel are compared and gated with nothing: 5" {
	sample steady
	jq '.emulated = true' steady.json >emulated.json
	scenario emulated.json
	bench run scenario.yaml -o a --ops 20
	exits 0
	stdout_has 'CPU of a test, emulated, 2026-01-01'
	jq -e '.emulated' a/$RUN
	bench run scenario.yaml -o b --ops 20
	bench compare a b
	exits 5
	stderr_has 'emulated'
	bench gate a b
	exits 5
	for command in ab gate; do
		bench $command scenario.yaml --a set:x-a=1 --b set:x-a=2 -o pairs -D phases.steady.ops=1000 \
			-D 'gate={metrics: {steady/online.p50: {tolerance: 50%}}}'
		exits 5
		stderr_has 'recorded on an emulated processor'
		[ ! -e pairs ]
	done
	# What happened is counted as ever.
	bench gate scenario.yaml --a set:x-a=1 --b set:x-a=2 -o counted --counts
	exits 0
}

@test "costs: a file that cannot be replayed is an error of the scenario: 2, and nothing ran" {
	sample steady
	scenario nothing.json
	bench run scenario.yaml -o result
	exits 2
	stderr_has 'scenario.yaml:3:8: error: costs: '
	stderr_has 'nothing.json'
	scenario damaged.json
	jq '.series[0].own |= .[0:40]' steady.json >damaged.json
	bench check scenario.yaml
	exits 2
	stderr_has "series[0]: 'own': "
	scenario one-way.json
	jq '.samples = 450 | .operations |= map(select(.direction == "online")) |
		.series |= map(select(.direction == "online"))' steady.json >one-way.json
	bench check scenario.yaml
	exits 2
	stderr_has 'holds no offline operation'
	[ ! -e result ]
}

@test "costs: the file lies beside the scenario, wherever that is run from" {
	sample steady
	scenario steady.json
	mkdir elsewhere
	cd elsewhere
	bench run ../scenario.yaml -o result --ops 10
	exits 0
	stdout_has 'recorded costs steady.json'
}
