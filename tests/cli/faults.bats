# SPDX-License-Identifier: GPL-2.0-or-later
# Faults that a run must survive, or die of in order: what is detected, who is killed, who crashes, who hangs.

load cli

# with_fault LINE…: the tiny scenario with one fault of these keys, as faulty.yaml.
with_fault()
{
	{
		cat "$TINY"
		printf 'faults:\n  - name: flt\n'
		printf '    %s\n' "$@"
	} > faulty.yaml
}

run_json=result/cells/main/run-001/run.json

@test "faults: what is broken on purpose is counted as expected, exit 0" {
	with_fault 'kind: event-drop' 'where: {event: [going_online]}' 'trigger: {probability: 10%}' 'expect: detected'
	bench run faulty.yaml -o result
	exits 0
	jq -e '.verify.violations == [] and (.verify.expected | length == 1)
		and .verify.expected[0].invariant == "I06" and .verify.expected[0].fault == "flt"
		and .verify.expected[0].count == .faults[0].fired' $run_json
	stdout_has 'detected as expected: I06'
}

@test "faults: the same without the expectation is a violation, exit 3" {
	with_fault 'kind: event-drop' 'where: {event: [going_online]}' 'trigger: {times: 1}'
	bench run faulty.yaml -o result
	exits 3
	jq -e '.verify.expected == [] and .verify.violations[0].invariant == "I06"' $run_json
}

@test "faults: every way to corrupt is detected and mended, at each level of checks" {
	for what in counter present mask state span isolation daemon; do
		for level in fast full; do
			with_fault 'kind: block-corrupt' "what: $what" 'trigger: {probability: 5%}' 'expect: detected'
			bench run faulty.yaml -D verify.level=$level -o "$what-$level"
			exits 0
			jq -e '.verify.violations == [] and ([.verify.expected[].count] | add >= 100)' \
				"$what-$level/cells/main/run-001/run.json"
		done
	done
}

@test "faults: a changed argument is detected" {
	with_fault 'kind: notifier-mutate' 'field: status_change_nid' 'where: {callback: high}' \
		'trigger: {probability: 10%}' 'expect: detected'
	bench run faulty.yaml -o result
	exits 0
	jq -e '.verify.violations == [] and .verify.expected[0].invariant == "I09"' $run_json
}

@test "faults: a listener that crashes ends the run with its operation, its stack and what was measured, exit 7" {
	for how in address abort divide; do
		with_fault 'kind: notifier-crash' "how: $how" 'where: {callback: low}' 'trigger: {after: 1000, times: 1}'
		bench run faulty.yaml -o "$how"
		exits 7
		last_line_says 7
		stdout_has "worker 0 of 'toggle' crashed in a listener: SIG"
		stderr_has "in listener 'low'"
		stderr_has "memhp-bench("
		stdout_has '1 of 1 fault fired'
		jq -e '.status == "aborted" and (.series[] | select(.tag == "steady/service") | .count > 100)' \
			"$how/cells/main/run-001/run.json"
	done
}

@test "faults: a module that crashes in its callback is told, too" {
	cat > crashes.c <<'C'
#include <linux/init.h>
#include <linux/memory.h>
#include <linux/module.h>
static int *nowhere;
static int crashes_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	if (action == MEM_GOING_OFFLINE)
		*nowhere = 1;
	return NOTIFY_OK;
}
static struct notifier_block nb = {.notifier_call = crashes_callback};
static int __init crashes_init(void) { return register_memory_notifier(&nb); }
static void __exit crashes_exit(void) { unregister_memory_notifier(&nb); }
module_init(crashes_init);
module_exit(crashes_exit);
MODULE_LICENSE("GPL");
C
	gcc -std=gnu11 -O0 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" crashes.c -o crashes.so
	bench run "$TINY" --module ./crashes.so -o result
	exits 7
	stdout_has "crashed in a listener: SIGSEGV"
	stderr_has "in listener 'crashes'"
	stderr_has crashes.so
}

@test "faults: a killed worker is told, and the phase goes on with the others" {
	with_fault 'kind: thread-kill' 'where: {thread: "1"}' 'trigger: {after: 100}' 'expect: ignored'
	bench run faulty.yaml -D workloads.toggle.threads=2 -D machine.hotplug_lock=node -o result
	exits 0
	jq -e '.warnings | map(select(test("worker 1 of .toggle. was killed by a fault after [0-9]+ operations"))) | length == 1' \
		$run_json
	jq -e '.faults[0].fired >= 1 and ([.phases[].workloads[].ops.ok] | add | . > 1000 and . < 2000)' $run_json
}

@test "faults: what a killed worker held is given back when the phase ends" {
	with_fault 'kind: thread-kill' 'trigger: {after: 10}'
	cat >> faulty.yaml <<'Y'
verify: {level: full}
Y
	sed -i 's/^phases:/  - {name: alloc, kind: alloc-churn, threads: 1}\n&/; s/ops: 2000}/ops: 2000}\n  - {name: again, role: measure, ops: 2000}/' \
		faulty.yaml
	bench run faulty.yaml -o result
	exits 0
	jq -e '[.warnings[] | select(test("was killed"))] | length == 2' $run_json
}

@test "faults: a stall ends with its time, with the phase, or by the watchdog" {
	with_fault 'kind: notifier-stall' 'for: 1ms' 'where: {callback: low}' 'trigger: {times: 5}' 'expect: slower'
	bench run faulty.yaml -o time
	exits 0
	with_fault 'kind: notifier-stall' 'wait: sleep' 'where: {callback: low, event: [going_online]}' 'trigger: {times: 1}'
	sed -i 's/ops: 2000/for: 300ms/' faulty.yaml
	bench run faulty.yaml -o phase
	exits 0
	with_fault 'kind: notifier-stall' 'until: watchdog' 'trigger: {after: 100, times: 1}'
	bench run faulty.yaml -D verify.hang_after=300ms -D verify.deadline=100ms -o watchdog
	exits 7
	stderr_has "in listener 'high'"
	stdout_has '1 of 1 fault fired'
}

@test "faults: a node flaps, and a listener leaves and comes back, under load" {
	for kind in node-flap module-unload; do
		with_fault "kind: $kind" 'trigger: {probability: 2%}' 'expect: ignored'
		bench run faulty.yaml -D workloads.toggle.threads=2 -D machine.hotplug_lock=node -D verify.level=full -o $kind
		exits 0
		jq -e '.faults[0].fired > 10 and .verify.violations == []' $kind/cells/main/run-001/run.json
	done
}

@test "faults: a module is unloaded and loaded again under load" {
	for chain in rcu-array rcu-list rwlock mutex; do
		with_fault 'kind: module-unload' 'where: {callback: "hello*"}' 'trigger: {every: 50}' 'expect: ignored'
		bench run faulty.yaml --module "$MODULES/hello.so" -D chain.type=$chain -D workloads.toggle.threads=2 \
			-D machine.hotplug_lock=node -D verify.level=full -o $chain
		exits 0
		jq -e '.faults[0].fired > 10 and .verify.violations == []' $chain/cells/main/run-001/run.json
	done
}

@test "faults: calls back into the chain get the answer of its type" {
	for chain in rcu-array rcu-list rwlock mutex; do
		for what in unregister register walk; do
			with_fault 'kind: notifier-reenter' "what: $what" 'where: {callback: high}' 'trigger: {every: 20}' \
				'expect: ignored'
			bench run faulty.yaml -D chain.type=$chain -D workloads.toggle.threads=2 \
				-D machine.hotplug_lock=node -o $chain-$what
			exits 0
		done
	done
}
