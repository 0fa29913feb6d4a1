# SPDX-License-Identifier: GPL-2.0-or-later
# The presets are the chains that were read off booted kernels: names, chains, priorities, order.

load cli

# preset_is NAME WORLDS: every world of the file has this preset's chains.
preset_is()
{
	local worlds=$ROOT/../shared/oracle/$2

	[ -e "$worlds" ] || skip "no recorded worlds here"
	bench describe "$1" --format json
	exits 0
	jq '[.listeners[] | select(.chain == "memory") | "\(.priority) \(.name)"]' <<<"$output" >memory
	jq '[.listeners[] | select(.chain == "node") | "\(.priority) \(.name)"]' <<<"$output" >node
	jq -e --slurpfile memory memory --slurpfile node node \
		'all(.[]; .builtin_chain == $memory[0] and (.builtin_node_chain // []) == $node[0])' "$worlds"
}

@test "presets: linux-6.1 is the chain of the recorded worlds" {
	preset_is linux-6.1 worlds.json
}

@test "presets: linux-6.12 is the chain of the recorded worlds" {
	preset_is linux-6.12 worlds-6.12.json
}

@test "presets: linux-7.3 is both chains of the recorded worlds" {
	preset_is linux-7.3 worlds-7.3.json
}

@test "presets: describe shows the listeners and the events of their chain" {
	bench describe linux-7.3
	exits 0
	stdout_has 'node    100  memtier_hotplug_callback'
	stdout_has 'node_added_first_memory node_removed_last_memory'
	[[ $output != *prepare_online* ]]
}
