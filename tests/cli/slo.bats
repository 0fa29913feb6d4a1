# SPDX-License-Identifier: GPL-2.0-or-later
# Thresholds over several runs, and those that end a run before its time.

load cli

# slo ENTRY…: tiny.yaml with thresholds
slo()
{
	sed 's/ops: 2000/for: 200ms/' "$TINY" >slo.yaml
	printf 'slo:\n' >>slo.yaml
	printf '  - %s\n' "$@" >>slo.yaml
}

@test "slo: of several runs the bound over them decides, not each by itself" {
	slo '{expr: "steady/response.p50 < 1s"}' '{expr: "steady/response.p50 < 1ns", require: false}'
	bench run slo.yaml --runs 3 -o out
	exits 0
	stdout_has 'thresholds, over all runs:'
	stdout_has 'held      main: steady/response.p50 < 1s'
	[[ $output != *'main: steady/response.p50 < 1ns'* ]]
	grep -q 'thresholds, over all runs:' out/report.txt
	slo '{expr: "steady/response.p50 < 1ns"}'
	bench run slo.yaml --runs 3
	exits 1
	last_line_says 1
	stdout_has 'breached  main: steady/response.p50 < 1ns'
}

@test "slo: all, median and k/n of the runs" {
	# The count of operations differs between the runs by as much as the threshold cuts: by the seed of each.
	slo '{expr: "faults.veto.fired < 1", require: 1/3}' '{expr: "faults.veto.fired < 1", require: median}'
	sed -i 's/for: 200ms/ops: 200/' slo.yaml
	echo 'faults: [{name: veto, kind: notifier-veto, trigger: {probability: 0.05%}, optional: true}]' >>slo.yaml
	bench run slo.yaml --runs 9 -o out
	[ "$status" -le 1 ]
	fired=$(jq -s '[.[].faults[0].fired | select(. > 0)] | length' out/cells/main/run-*/run.json)
	# Some runs fire, some do not: else the test would tell nothing.
	[ "$fired" -gt 0 ] && [ "$fired" -lt 9 ]
	if [ "$fired" -le 6 ]; then stdout_has 'held      main: faults.veto.fired < 1'; fi
	bench run slo.yaml --runs 9 -D 'slo=[{expr: "faults.veto.fired < 1", require: all}]'
	exits 1
	stdout_has 'breached  main: faults.veto.fired < 1'
}

@test "slo: abort with after ends the run while its phase goes: 7" {
	slo '{expr: "steady/response.p50 < 1ns", abort: true, after: 100ms}'
	sed -i 's/for: 200ms/for: 60s/' slo.yaml
	echo 'record: {interval: 100ms}' >>slo.yaml
	bench run slo.yaml -o out
	exits 7
	jq -e '.status == "aborted" and (.status_reasons[0] | test("breached and says abort")) and .duration_ns < 20000000000' \
		out/cells/main/run-001/run.json
}

@test "slo: what says nothing is refused" {
	slo '{expr: "steady/response.p50 < 1s", after: 1s}'
	bench check slo.yaml
	exits 2
	stderr_has "has no 'abort: true'"
	slo '{expr: "steady/throughput > 1/s", abort: true, after: 1s}'
	bench check slo.yaml
	exits 2
	stderr_has 'is known only when its phase is over'
	for word in 0/3 4/3 3/ ucb99 1; do
		slo "{expr: \"steady/response.p50 < 1s\", require: $word}"
		bench check slo.yaml
		[ "$status" -eq 2 ] || { echo "require: $word was taken" >&2; return 1; }
	done
	slo '{expr: "steady/response.p50 < 1s", require: true}'
	bench check slo.yaml
	exits 0
}
