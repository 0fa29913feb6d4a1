# SPDX-License-Identifier: GPL-2.0-or-later
# `costs record` on a real kernel, in a virtual machine. Skipped where QEMU or a kernel is missing.

load cli
load vm

@test "costs: a kernel's steps and listeners are recorded, and the recording can be replayed" {
	needs_vm
	vm kernel-vm -o vm -- costs record -o costs.json --blocks 32,38 --zone movable --ops 24 --listener no_such_callback
	exits 0
	stderr_has 'memory38  offline  node 0'
	stderr_has 'not seen: listener no_such_callback: this kernel has no such function'
	file=vm/costs.json
	[ ! -e vm/costs.json.restore.sh ]
	jq -e '.samples == 24 and .failed == 0 and .resolution_ns == 1000 and .blocks == "32,38" and
		(.operations | length) == 4' $file
	# A block of node 3, which has no other memory, and one of node 0, which has.
	for part in offline_pages drain isolate migrate; do
		jq -e --arg part $part '[.series[] | select(.kind == "step" and .name == $part and .direction == "offline")] |
			length == 2' $file
	done
	jq -e '[.series[] | select(.name == "slab_memory_callback") | .event] | unique ==
		["going_offline", "going_online", "offline", "online"]' $file
	# So few say nothing.
	bench costs validate $file -v
	exits 3
	stdout_has '3 operations are held out, 200 are needed'
	sed "s|^costs: .*|costs: $PWD/$file|" "$ROOT/bench/scenarios/recorded-costs.yaml" >scenario.yaml
	bench run scenario.yaml -o result --ops 8
	exits 0
	stdout_has 'costs: not validated'
}
