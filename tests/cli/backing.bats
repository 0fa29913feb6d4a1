# SPDX-License-Identifier: GPL-2.0-or-later
# Real memory behind the frames: it runs, says where the memory is, and is planned for.

load cli

scenario() { # MEMORY
	printf '%s\n' 'name: backed' 'seed: 1' \
		"machine: {topology: 'pack:16 [numa(memory=$1)] core:1 pu:1', block_size: 16MiB, backing: mmap}" \
		'workloads:' \
		'  - {name: toggle, kind: hotplug-cycle, threads: 1}' \
		'  - {name: alloc, kind: alloc-churn, live: 256}' \
		'phases: [{name: steady, role: measure, ops: 500}]' > backed.yaml
}

@test "backing: mmap runs, and tells once which nodes this host lacks" {
	scenario 32MiB
	bench run backed.yaml -o out
	exits 0
	[ "$(grep -c 'nodes is not bound to a node of this host' out/cells/*/run-001/run.json)" -eq 1 ]
	[ "$(grep -o 'nodes is not bound to a node of this host' <<<"$output$stderr" | wc -l)" -eq 1 ]
}

@test "backing: check counts the machine's memory against limits.max_rss" {
	scenario 32MiB
	bench check backed.yaml -D limits.max_rss=256MiB
	[ "$status" -ne 0 ]
	stderr_has 'limits.max_rss'
	bench check backed.yaml -D limits.max_rss=1GiB
	exits 0
	bench check backed.yaml -D limits.max_rss=256MiB -D machine.backing=none
	exits 0
}

@test "check: an alloc-fill's handles and page tables count, too" {
	scenario 32MiB
	bench check backed.yaml -D machine.backing=none -D machine.topology='pack:1 [numa(memory=16GiB)] core:1 pu:1' \
		-D limits.max_rss=64MiB
	exits 0
	sed -i 's/kind: alloc-churn, live: 256/kind: alloc-fill, share: 90%/' backed.yaml
	bench check backed.yaml -D machine.backing=none -D machine.topology='pack:1 [numa(memory=16GiB)] core:1 pu:1' \
		-D limits.max_rss=64MiB
	[ "$status" -ne 0 ]
	stderr_has 'limits.max_rss'
}

@test "backing: a machine that this host has not the memory for is refused, exit 6" {
	scenario 4TiB
	bench run backed.yaml -o out -D machine.block_size=4GiB
	exits 6
	stderr_has "machine.backing: mmap: the machine's memory is 64TiB"
	stderr_has "write 'backing: none'"
}
