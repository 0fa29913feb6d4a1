# SPDX-License-Identifier: GPL-2.0-or-later
# A scenario that can be gated within a second, and modules that differ in one call.

gated()
{
	cat >gated.yaml <<-'END'
		name: gated
		seed: 0x5eed
		machine: {topology: "pack:2 [numa(memory=1GiB)] core:1 pu:1"}
		chain: {notifiers: [{name: low, priority: -1}]}
		workloads: [{name: toggle, kind: hotplug-cycle, threads: 1}]
		phases: [{name: steady, role: measure, ops: 2000}]
		gate:
		  pairs: 8
		  metrics: {steady/response.p50: {tolerance: 100%}}
	END
}

# modules: base.so, same.so of the same source, grace.so and memory.so with one call more
modules()
{
	compile "$ROOT/tests/fixtures/modules/counted.c" base.so
	compile "$ROOT/tests/fixtures/modules/counted.c" same.so
	compile "$ROOT/tests/fixtures/modules/counted.c" grace.so -DMORE_GRACE
	compile "$ROOT/tests/fixtures/modules/counted.c" memory.so -DMORE_MEMORY
}

# verdict WORD EXIT: the last line on stderr
verdict()
{
	local last=${stderr##*$'\n'}

	[[ $last =~ ^memhp-bench:\ verdict=$1\ exit=$2\ seed=[^\ ]+\ repro=\'.*\'$ ]] || {
		printf 'expected verdict=%s exit=%s:\n%s\nstdout:\n%s\n' "$1" "$2" "$stderr" "$output" >&2
		return 1
	}
}
