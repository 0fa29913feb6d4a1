# SPDX-License-Identifier: GPL-2.0-or-later
# What limits a run: a scenario that is made for each limiter names it, in run.json, show, report.txt and the page.

load cli

# scenario LISTENERS WORKLOADS REST: with one phase of 40 operations of the first workloads, on two small nodes.
scenario()
{
	cat >limited.yaml <<-END
		name: limited
		seed: 0x11
		machine: {topology: "pack:2 [numa(memory=1GiB)] core:1 pu:1"}
		chain: {notifiers: [$1]}
		workloads: [$2]
		phases: [{name: steady, role: measure, ops: 40, max: 50s}]
		verify: {history: off}
		$3
	END
}

# limited_by NAME: of the folder `result`, wherever it is told.
limited_by()
{
	bench run limited.yaml -o result
	exits 0
	jq -e --arg most "$1" '.phases[0].limits | .most == $most and .shares[$most] == (.shares | [.[] | numbers] | max)' \
		result/cells/main/run-001/run.json >/dev/null ||
		{ jq '.phases[0].limits' result/cells/main/run-001/run.json >&2; return 1; }
	bench show result
	stdout_has "limited by: $1 ("
	grep -qF "limited by: $1 (" result/report.txt
	bench report result -o page.html
	exits 0
	grep -qF "Limited by: $1 (" page.html
}

@test "limits: slow listeners" {
	scenario '{name: slow, cost: 200us}' '{name: toggle, kind: hotplug-cycle}'
	limited_by listeners
}

@test "limits: four threads under one lock" {
	# A holder that sleeps lets the others come to the lock, however few CPUs there are.
	scenario '{name: slow, cost: 2ms, wait: sleep}' '{name: toggle, kind: hotplug-cycle, threads: 4}'
	limited_by lock
}

@test "limits: pages that must be migrated" {
	scenario '{name: quick}' '{name: toggle, kind: hotplug-cycle, zone: movable}, {name: fill, kind: alloc-fill, share: 50%}' \
		'record: {series: [service, lock, walk, drain, migrate]}'
	sed -i 's/machine: {/machine: {movable: 100%, /' limited.yaml
	limited_by allocator
}

@test "limits: grace periods that a reader delays" {
	scenario '{name: quick}' '{name: churn, kind: chain-churn}, {name: reader, kind: rcu-reader, hold: 2ms}'
	limited_by grace
}

@test "limits: a generator that waits for arrivals" {
	scenario '{name: quick}' '{name: toggle, kind: hotplug-cycle, arrival: constant, rate: 400/s}'
	sed -i 's/record:.*//; $a limits: {max_dropped: 100%}' limited.yaml
	limited_by generator
	bench show result
	stdout_has 'which waits for arrivals'
}

@test "limits: what was not recorded is unknown" {
	scenario '{name: slow, cost: 200us}' '{name: toggle, kind: hotplug-cycle}' 'record: {stamps: op}'
	limited_by rest
	jq -e '.phases[0].limits | .shares.listeners == null and .shares.lock == null and .unknown.listeners != null
		and .shares.generator != null' result/cells/main/run-001/run.json
	bench show result
	stdout_has 'unknown, and within the rest: lock'
	rm -r result
	bench run limited.yaml -D record.stamps=none -o result
	exits 0
	jq -e '.phases[0].limits | .most == null and all(.shares[]; . == null)' result/cells/main/run-001/run.json
	stdout_has 'limited by: unknown'
}

@test "limits: a folder of before limits were told is told about as well" {
	scenario '{name: slow, cost: 200us}' '{name: toggle, kind: hotplug-cycle}'
	bench run limited.yaml -o result
	exits 0
	jq 'del(.phases[].limits) | del(.phases[].workloads[].threads_ns)' result/cells/main/run-001/run.json >old.json
	cp old.json result/cells/main/run-001/run.json
	bench show result
	exits 0
	stdout_has 'limited by: '
}
