# SPDX-License-Identifier: GPL-2.0-or-later
# machine.compat in runs: which events come, on which chain, to whom, and how they are counted. A node of one block, so
# that each operation gives it its first memory or takes its last.

load cli

# scenario COMPAT NOTIFIERS [MORE]: writes it; two nodes of one block each.
scenario()
{
	cat >s.yaml <<END
name: s
seed: 7
machine: {topology: "pack:2 [numa(memory=128MiB)] core:1 pu:1", compat: $1}
chain: {notifiers: [$2]}
workloads: [{name: toggle, kind: hotplug-cycle, threads: 1}]
phases: [{name: steady, role: measure, ops: 400}]
record: {series: ["*"]}
verify: {level: full, history: "ring:8K"}
${3-}
END
}

# The events of the first operation of a direction that ended so, each once for each listener: "event/listener …".
calls()
{
	jq -rs "[.[] | select(.op == \"$1\" and .outcome == \"$2\")][0].calls | map(.[0] + \"/\" + .[1]) | join(\" \")" \
		result/cells/main/run-001/history.ndjson
}

count_of()
{
	jq ".series[] | select(.tag == \"steady/$1\").count" result/cells/main/run-001/run.json
}

walks()
{
	jq -r '[.series[].tag | select(startswith("steady/walk."))] | sort | join(" ")' result/cells/main/run-001/run.json
}

@test "compat: v6.1 and doc5x send six events" {
	for compat in v6.1 doc5x; do
		rm -rf result
		scenario $compat '{name: a}'
		bench run s.yaml -o result
		exits 0
		[ "$(calls online done)" = 'going_online/a online/a' ]
		[ "$(calls offline done)" = 'going_offline/a offline/a' ]
		[ "$(walks)" = 'steady/walk.going_offline steady/walk.going_online steady/walk.offline steady/walk.online' ]
	done
}

@test "compat: v6.12 has PREPARE_ONLINE and FINISH_OFFLINE around them" {
	scenario v6.12 '{preset: linux-6.12}, {name: a, on: [prepare_online, finish_offline], cost: 1us}'
	bench run s.yaml -o result
	exits 0
	[[ "$(calls online done)" == prepare_online/ksm_memory_callback*prepare_online/a\ *online/kcore_callback\ online/a ]]
	[[ "$(calls offline done)" == going_offline/ksm*finish_offline/a ]]
	[ "$(count_of walk.prepare_online)" -eq 200 ]
	[ "$(count_of walk.finish_offline)" -eq 200 ]
	[ "$(count_of cb.a)" -eq 1200 ]
	[[ "$(walks)" != *node* ]]
}

@test "compat: v7.3 has a second chain; a listener on both is one series" {
	scenario v7.3 '{preset: linux-7.3}, {name: both, priority: -1, node_priority: 200}, {name: memory, priority: -2}'
	bench run s.yaml -o result
	exits 0
	[[ "$(calls online done)" == node_adding_first_memory/both\ node_adding_first_memory/memtier_hotplug_callback\ *\ node_adding_first_memory/wi_node_notifier\ going_online/ksm_memory_callback\ *going_online/both\ going_online/memory\ node_added_first_memory/both*online/memory ]]
	[[ "$(calls offline done)" == node_removing_last_memory/both*going_offline/memory\ node_removed_last_memory/both*offline/memory ]]
	[ "$(count_of cb.both)" -eq 1600 ]
	[ "$(count_of cb.memory)" -eq 800 ]
	[ "$(count_of cb.slab_memory_callback)" -eq 800 ]
	[ "$(count_of walk)" -eq 1600 ]
	[ "$(count_of walk.node_added_first_memory)" -eq 200 ]
	[[ "$(walks)" != *prepare* ]]
	jq -e '.counters.listeners == 7 and .counters.node_listeners == 5' result/cells/main/run-001/run.json
}

@test "compat: a node that keeps memory sends no event of nodes" {
	scenario v7.3 '{name: both, node_priority: 1}'
	bench run s.yaml -o result -D 'machine.topology=pack:2 [numa(memory=512MiB)] core:1 pu:1'
	exits 0
	[ "$(calls online done)" = 'going_online/both online/both' ]
	[ -z "$(count_of walk.node_added_first_memory)" ]
}

@test "compat: exemplars name the listener of the event's own chain" {
	scenario v7.3 '{name: upper, node_priority: 1}, {name: lower, node_priority: 2}'
	bench run s.yaml -o result
	exits 0
	jq -e '[.exemplars[].steps[].name] | any(. == "node_adding_first_memory/upper") and any(. == "going_online/lower")' \
		result/cells/main/run-001/run.json
}

@test "compat: beyond 64 listeners of both chains the rest is cb.other" {
	scenario v7.3 '{name: many, count: 60}, {preset: linux-7.3}'
	bench run s.yaml -o result
	exits 0
	[ "$(jq '[.series[].tag | select(startswith("steady/cb."))] | length' result/cells/main/run-001/run.json)" -eq 65 ]
	[ "$(count_of cb.other)" -eq $((1 * 800 + 4 * 800)) ]
}

@test "compat: every type of chain keeps two of them" {
	for chain in rcu-array rcu-list rwlock mutex; do
		rm -rf result
		scenario v7.3 '{preset: linux-7.3}, {name: both, node_priority: 5, wait: sleep, cost: 1us}'
		bench run s.yaml -o result -D chain.type=$chain
		exits 0
		[ "$(count_of cb.both)" -eq 1600 ]
	done
	rm -rf result
	scenario v7.3 '{name: both, node_priority: 5}'
	bench run s.yaml -o result -D chain.rcu=qsbr
	exits 0
}

@test "compat: auto-movable onlines by its ratio" {
	scenario v6.1 '{name: a}'
	bench run s.yaml -o a -D machine.online_policy=auto-movable -D machine.auto_movable_ratio=0 \
		-D 'machine.topology=pack:2 [numa(memory=512MiB)] core:1 pu:1' -D workloads.toggle.zone=default
	exits 0
	[ "$(jq -rs '[.[] | select(.op == "online").zone] | unique | join(" ")' a/cells/main/run-001/history.ndjson)" = Normal ]
}

@test "compat: movable_node sends what is added to Movable" {
	scenario v6.1 '{name: a}'
	bench run s.yaml -o a -D machine.movable_node=true -D workloads.toggle.zone=default
	exits 0
	[ "$(jq -rs '[.[] | select(.op == "online").zone] | unique | join(" ")' a/cells/main/run-001/history.ndjson)" = Movable ]
}

@test "compat: list and describe know every event" {
	bench list events
	exits 0
	stdout_has node_cancel_removing_last_memory
	[[ $output != *null* ]]
	bench describe prepare_online
	exits 0
	stdout_has v6.12
}
