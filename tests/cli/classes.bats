# SPDX-License-Identifier: GPL-2.0-or-later
# Series split by the class of the operation: clean, faulted, recovering; in the report, in files and in thresholds.

load cli

split()
{
	cat > split.yaml <<-'END'
		name: split
		seed: 0x5eed
		machine: {topology: "pack:2 [numa(memory=1GiB)] core:1 pu:1"}
		chain: {notifiers: [{name: high, priority: 100}, {name: low, priority: -1}]}
		workloads: [{name: toggle, kind: hotplug-cycle, threads: 1}]
		phases:
		  - {name: calm, role: measure, ops: 500}
		  - {name: storm, role: fault, ops: 2000, keep_state: true}
		  - {name: heal, role: recover, ops: 500, keep_state: true}
		faults:
		  - {name: veto, kind: notifier-veto, phases: [storm], where: {callback: low}, trigger: {probability: 30%}}
		slo:
		  - {expr: "storm/service/faulted.count > 100"}
		  - {expr: "storm/response/clean.p50 < 1s"}
		  - {expr: "heal/cb.low/recovering.count > 0"}
		  - {expr: "calm/service/clean.count > 499"}
	END
}

@test "classes: thresholds on each are judged" {
	split
	bench run split.yaml -o result
	exits 0
	stdout_has 'held      storm/service/faulted.count > 100'
	stdout_has 'held      heal/cb.low/recovering.count > 0'
	stdout_has 'held      calm/service/clean.count > 499'
}

@test "classes: a threshold that a class does not hold is a breach" {
	split
	bench run split.yaml -o result -D 'slo=[{expr: "storm/service/faulted.count > 5000"}]'
	exits 1
	stdout_has 'breached  storm/service/faulted.count > 5000   is '
}

@test "classes: run.json and run.hlog hold the three beside the whole, and only where a fault could act" {
	split
	bench run split.yaml -o result
	run=result/cells/main/run-001
	for series in service lock cb.low walk; do
		jq -e --arg of "storm/$series" '
			[.series[] | select(.tag == $of) | .count] == [[.series[] | select(.tag | startswith($of + "/")) | .count] | add]' \
			$run/run.json
	done
	jq -e '[.series[].tag | select(startswith("calm/") and test("/(clean|faulted|recovering)$"))] == []' $run/run.json
	grep -q '^Tag=storm/cb.low/faulted,' $run/run.hlog
	grep -q '^Tag=heal/service/recovering,' $run/run.hlog
}

@test "classes: show folds those of steps, -v shows all" {
	split
	bench run split.yaml -o result
	stdout_has '/faulted'
	stdout_has '/recovering'
	stdout_has 'the classes of the other series: shown with -v'
	[ "$(grep -c '/faulted ' <<<"$output")" -eq 1 ]
	bench show -v result
	[ "$(grep -c '/faulted ' <<<"$output")" -gt 6 ]
}

@test "classes: one that no operation can have is refused" {
	split
	bench check split.yaml -D 'slo=[{expr: "calm/service/recovering.count < 1"}]'
	exits 2
	stderr_has "no operation of phase 'calm' can be recovering: no fault acts in it or before it"
	bench check split.yaml -D 'slo=[{expr: "heal/service/faulted.p99 < 1ms"}]'
	exits 2
	stderr_has "no operation of phase 'heal' can be faulted: no fault acts in it"
}
