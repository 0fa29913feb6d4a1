# SPDX-License-Identifier: GPL-2.0-or-later
# Faults on the machines of newer kernels: each kind once, in the events that only they have; verify: full stays clean.

load cli

# scenario COMPAT NOTIFIERS FAULTS; two nodes of one block each.
scenario()
{
	cat >s.yaml <<END
name: s
seed: 7
machine: {topology: "pack:2 [numa(memory=128MiB)] core:1 pu:1", compat: $1}
chain: {notifiers: [$2]}
workloads: [{name: toggle, kind: hotplug-cycle, threads: 1}]
phases: [{name: steady, role: measure, ops: 2000}]
faults:
$3
verify: {level: full, history: "ring:64K", converge_within: 50ms}
END
}

# The events of every operation with this outcome, each once, of all of them: "a b c | d e".
sequences()
{
	jq -rs "[.[] | select(.outcome == \"$1\") | reduce .calls[][0] as \$e ([]; if .[-1] == \$e then . else . + [\$e] end)
		| join(\" \")] | unique | join(\" | \")" result/cells/main/run-001/history.ndjson
}

fired()
{
	jq -e '[.faults[].fired] | all(. > 0)' result/cells/main/run-001/run.json
}

A='{name: upper, priority: 5}, {name: lower}'
B='{name: upper, priority: 5, node_priority: 1}, {name: lower, node_priority: 2}'

@test "v6.12: a veto of PREPARE_ONLINE is silent, one of GOING_ONLINE is told with FINISH_OFFLINE" {
	scenario v6.12 "$A" '  - {name: prepare, kind: notifier-veto, where: {event: prepare_online, callback: upper}, trigger: {probability: 10%}, expect: rollback}
  - {name: going, kind: notifier-veto, where: {event: MEM_GOING_ONLINE, callback: lower}, trigger: {probability: 10%}, expect: rollback}'
	bench run s.yaml -o result
	exits 0
	fired
	[ "$(sequences vetoed)" = 'prepare_online | prepare_online going_online cancel_online finish_offline' ]
}

@test "v6.12: stop, errno and delay in PREPARE_ONLINE and FINISH_OFFLINE" {
	scenario v6.12 "$A" '  - {name: stop, kind: notifier-stop, where: {event: [prepare_online, finish_offline], callback: upper}, trigger: {probability: 5%}, expect: ignored}
  - {name: errno, kind: notifier-errno, errno: EBUSY, where: {event: prepare_online, callback: lower, status_change: node}, trigger: {probability: 5%}, expect: retried}
  - {name: delay, kind: notifier-delay, delay: 20us, where: {event: finish_offline}, trigger: {probability: 2%}, expect: slower}'
	bench run s.yaml -o result
	exits 0
	fired
	jq -e -s 'any(.[]; .outcome == "vetoed" and .result == -16)' result/cells/main/run-001/history.ndjson
}

@test "v7.3: a veto on either chain is told on both, the memory chain first" {
	scenario v7.3 "$B" '  - {name: node, kind: notifier-veto, where: {event: [node_adding_first_memory, node_removing_last_memory], callback: lower}, trigger: {probability: 10%}, expect: rollback}
  - {name: memory, kind: notifier-veto, where: {callback: lower}, trigger: {probability: 10%}, expect: rollback}'
	bench run s.yaml -o result
	exits 0
	fired
	[ "$(sequences node-vetoed)" = 'node_adding_first_memory cancel_online node_cancel_adding_first_memory | node_removing_last_memory cancel_offline node_cancel_removing_last_memory' ]
	[ "$(sequences vetoed)" = 'node_adding_first_memory going_online cancel_online node_cancel_adding_first_memory | node_removing_last_memory going_offline cancel_offline node_cancel_removing_last_memory' ]
}

@test "v7.3: stop, errno and delay in events of nodes" {
	scenario v7.3 "$B" '  - {name: stop, kind: notifier-stop, where: {event: NODE_ADDING_FIRST_MEMORY, callback: lower}, trigger: {probability: 5%, space: 128MiB}, expect: ignored}
  - {name: errno, kind: notifier-errno, errno: ENOMEM, where: {event: node_removing_last_memory, priority: 1}, trigger: {probability: 5%}, expect: retried}
  - {name: delay, kind: notifier-delay, delay: 20us, where: {event: node_added_first_memory, callback: upper}, trigger: {probability: 2%}, expect: slower}'
	bench run s.yaml -o result
	exits 0
	fired
	jq -e -s 'all(.[]; if .event == "node_removing_last_memory" then .listener == "upper" else true end)' \
		result/cells/main/run-001/faults.ndjson
	jq -e -s 'any(.[]; .outcome == "node-vetoed" and .result == -12)' result/cells/main/run-001/history.ndjson
}

@test "faults: without an event a veto fires in the two GOING events, whatever the kernel" {
	for compat in v6.12 v7.3; do
		rm -rf result
		scenario $compat '{name: a}' '  - {name: veto, kind: notifier-veto, trigger: {probability: 20%}, expect: rollback}'
		bench run s.yaml -o result
		exits 0
		[ "$(jq -rs '[.[].event] | unique | join(" ")' result/cells/main/run-001/faults.ndjson)" = 'going_offline going_online' ]
	done
}

@test "faults: in other events an answer cannot roll back" {
	scenario v7.3 "$B" '  - {name: veto, kind: notifier-veto, where: {event: node_added_first_memory}, expect: rollback}'
	bench check s.yaml
	exits 2
	stderr_has 'cannot be met in other events'
}
