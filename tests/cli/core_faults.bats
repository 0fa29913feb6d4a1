# SPDX-License-Identifier: GPL-2.0-or-later
# Faults that act in core: each fires in a run, is judged, and leaves its line; what can never fire is refused.

load cli

SCENARIO=bench/scenarios/core-faults.yaml

# fault TEXT: a scenario with hotplug-cycle and this fault alone.
fault()
{
	cat "$TINY" >one.yaml
	printf 'faults:\n  - %s\n' "$1" >>one.yaml
}

@test "core faults: each fires, and every expectation is met" {
	bench run "$ROOT/$SCENARIO" -D verify.level=full -o result
	exits 0
	run=result/cells/main/run-001
	jq -e '.faults | length == 9 and all(.fired > 0)' $run/run.json
	jq -e '.verify.violations == []' $run/run.json
}

@test "core faults: a line says the point, and null for what the point does not have" {
	bench run "$ROOT/$SCENARIO" -o result
	exits 0
	[ "$(jq -rs '[.[].point] | unique | join(" ")' result/cells/main/run-001/faults.ndjson)" = \
		'alloc dissolve grace isolate lock migrate signal' ]
	jq -es 'all(.listener == null)' result/cells/main/run-001/faults.ndjson
	jq -es '[.[] | select(.point == "alloc")] | all(.block == null and .event == null and .value == -12)' \
		result/cells/main/run-001/faults.ndjson
	jq -es '[.[] | select(.point == "isolate")] | all(.event == "going_offline" and (.block | type) == "number")' \
		result/cells/main/run-001/faults.ndjson
}

@test "core faults: one hotplug thread alone fires the same in every run" {
	fault '{name: f, kind: isolate-fail, trigger: {probability: 5%}}'
	for side in a b; do
		bench run one.yaml -o $side
		exits 0
	done
	cmp a/cells/main/run-001/faults.ndjson b/cells/main/run-001/faults.ndjson
	[ -s a/cells/main/run-001/faults.ndjson ]
}

@test "core faults: an allocation has no block to choose it by" {
	fault '{name: f, kind: alloc-fail, where: {block: 1}}'
	bench check one.yaml
	exits 2
	stderr_has 'where.block: this fault acts when a page is allocated, where there is no block yet: leave the key out'
}

@test "core faults: an online cannot be interrupted" {
	fault '{name: f, kind: signal, where: {event: going_online}}'
	bench check one.yaml
	exits 2
	stderr_has "an online looks for none: 'going_online' does not come by there"
}

@test "core faults: what no workload comes by can never fire" {
	fault '{name: f, kind: alloc-fail}'
	bench check one.yaml
	exits 2
	stderr_has "the fault can never fire: no workload allocates pages, such as 'alloc-churn'"
}

@test "core faults: a chain without grace periods has none to stall" {
	bench check "$ROOT/$SCENARIO" -D chain.type=rwlock
	exits 2
	stderr_has "'chain.type: rwlock' has no grace periods"
}

@test "core faults: pages that never move end at the deadline and are rolled back" {
	# Nothing but the deadline is left to end them: no other signal, no owner that frees its pages.
	bench run "$ROOT/$SCENARIO" -D faults.stays.trigger.probability=100% -D faults.stays.expect=rollback \
		-D faults.interrupted-later.trigger.probability=0% -D faults.interrupted-later.optional=true \
		-D faults.pinned.optional=true -D faults.held.expect=none -D workloads.alloc.lifetime=1h \
		-D verify.deadline=2ms -o result
	exits 0
	jq -e '.faults[] | select(.id == "stays") | .fired > 100' result/cells/main/run-001/run.json
	jq -e '[.verify.violations[].invariant] | index("expect/stays") == null' result/cells/main/run-001/run.json
}

@test "core faults: a lock that is held for an hour is let go when the phase ends" {
	fault '{name: f, kind: lock-hold, delay: 1h}'
	sed -i 's/ops: 2000/for: 300ms/' one.yaml
	bench run one.yaml -D verify.hang_after=20s -o result
	exits 0
}

@test "core faults: a reader that stalls is let go when the phase ends, or found by the watchdog" {
	cat "$TINY" >one.yaml
	sed -i -e 's/ops: 2000/for: 300ms/' -e '/name: toggle/a\  - {name: churn, kind: chain-churn, threads: 1}' one.yaml
	printf 'faults:\n  - {name: f, kind: reader-stall, for: 1h, expect: slower}\n' >>one.yaml
	bench run one.yaml -D verify.hang_after=20s -o released
	exits 0
	bench run one.yaml -D phases.steady.for=1m -D verify.hang_after=300ms -o hung
	exits 7
	stdout_has "an operation of worker 0 of 'churn' has not come back after verify.hang_after"
}
