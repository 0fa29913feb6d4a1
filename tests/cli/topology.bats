# SPDX-License-Identifier: GPL-2.0-or-later
# memhp-bench topology: what a machine is made of, in text and JSON, and what is no topology.

load cli

@test "topology: this host, with and without the word" {
	bench topology
	exits 0
	first=$output
	bench topology host
	exits 0
	[ "$output" = "$first" ]
}

@test "topology: a synthetic machine" {
	bench topology "pack:2 [numa(memory=16GiB)] core:4 pu:1"
	exits 0
	stdout_has 16
	bench topology "pack:2 [numa(memory=16GiB)] core:4 pu:1" --format json
	exits 0
	[ "$(jq '.nodes | length' <<<"$output")" = 2 ]
}

@test "topology: a typo that hwloc would swallow is refused" {
	bench topology "pack:2 [numa(memory=1GiB)] cor:8 pu:1"
	exits 2
	stderr_has cor
	[ -z "$output" ]
}

@test "topology: a decimal unit is refused and the binary one named" {
	bench topology "pack:2 [numa(memory=16GB)] core:4 pu:1"
	exits 2
	stderr_has GiB
}

@test "topology: an XML that is none, is not there, is a folder" {
	echo '<topology>' >broken.xml
	bench topology xml:broken.xml
	exits 2
	stderr_has broken.xml
	bench topology xml:missing.xml
	exits 2
	stderr_has missing.xml
	bench topology xml:.
	exits 2
}
