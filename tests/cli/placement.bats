# SPDX-License-Identifier: GPL-2.0-or-later
# Where threads are bound: what they got stands in run.json; what this host cannot give is refused before anything runs.

load cli

scenario() { # PLACEMENT THREADS
	printf '%s\n' 'name: placed' 'seed: 1' \
		"machine: {topology: 'pack:1 [numa(memory=256MiB)] core:1 pu:1', block_size: 16MiB}" \
		"workloads: [{name: toggle, kind: hotplug-cycle, threads: $2, placement: $1}]" \
		'phases: [{name: steady, role: measure, ops: 200}]' > placed.yaml
}

cpus_of() { # DIR
	python3 -c 'import json,sys
print(*json.load(open(sys.argv[1]))["phases"][0]["workloads"][0]["cpus"])' "$(echo "$1"/cells/*/run-001/run.json)"
}

first_cpu() {
	python3 -c 'import os; print(min(os.sched_getaffinity(0)))'
}

@test "placement: a thread runs on the CPU of its cpuset, and run.json says so" {
	local cpu
	cpu=$(first_cpu)
	scenario "cpuset, cpuset: $cpu" 1
	bench run placed.yaml -o out
	exits 0
	[ "$(cpus_of out)" = "$cpu" ]
}

@test "placement: threads that share the CPU of a cpuset make the run oversubscribed" {
	scenario "cpuset, cpuset: $(first_cpu)" 2
	bench run placed.yaml -o out
	exits 0
	[ "$(cpus_of out)" = "$(first_cpu) $(first_cpu)" ]
	grep -q 'threads share CPUs of their cpuset' out/cells/*/run-001/run.json
}

@test "placement: a CPU that this process may not use is refused, exit 6" {
	scenario 'cpuset, cpuset: 8191' 1
	bench run placed.yaml -o out
	exits 6
	stderr_has "workload 'toggle': placement: cpuset: this process may not use CPU 8191 of the cpuset"
	stderr_has 'name others'
}

@test "placement: more threads on one node than it has CPUs are refused, exit 6" {
	scenario 'same-node' 1024
	bench run placed.yaml -o out -D machine.topology='pack:1 [numa(memory=32GiB)] core:1 pu:1'
	exits 6
	stderr_has "workload 'toggle': placement: same-node: "
	stderr_has "write 'placement: spread', or lower 'threads'"
}
