# SPDX-License-Identifier: GPL-2.0-or-later
# The largest machines: that they run whole, and that `check` says before how much memory they take. No times.

load cli

# predicted SCENARIO [OPTION…]: bytes that check says the greatest cell needs.
predicted()
{
	"$BENCH" check "$@" --format json | jq '[.scenarios[].cells[].memory_bytes] | max'
}

# peak SCENARIO [OPTION…]: the most bytes that the program or one of its runs had resident.
peak()
{
	rm -rf result
	/usr/bin/time -o peak -f %M "$BENCH" run "$@" -o result --quiet --progress never >/dev/null 2>errors ||
		{ cat errors >&2; return 1; }
	echo $(($(tail -n 1 peak) * 1024))
}

# bounded SCENARIO [OPTION…]: the prediction is a bound, and not twice what was needed.
bounded()
{
	local most needed

	most=$(predicted "$@")
	needed=$(peak "$@")
	echo "# $*: predicted $most, needed $needed" >&3
	[ "$needed" -le "$most" ]
	[ "$most" -le $((2 * needed)) ]
}

@test "scale: 64 TiB, 1,024 nodes, 1,000 listeners: every block is there, every listener called, nothing lost" {
	bench run "$ROOT/bench/scenarios/scale.yaml" -D sweep.params.nodes=[1024] -D sweep.params.listeners=[1000] -o result
	exits 0
	jq -e '.counters | .blocks == 524288 and .nodes == 1024' result/cells/*/run-001/run.json
	jq -e '.phases[0].workloads[0].ops | .ok == 2000 and .unexpected == 0' result/cells/*/run-001/run.json
	# 2,000 operations of two events, each told to every listener; beyond 64 they share a series.
	jq -e '[.series[] | select(.tag | startswith("steady/cb.")) | .count] | add == 4000000' \
		result/cells/*/run-001/run.json
	jq -e '[.counts[] | select(.name | startswith("steady/calls/")) | .value] | add == 4000000' \
		result/cells/*/run-001/run.json
	jq -e '.verify.violations == []' result/cells/*/run-001/run.json
}

@test "scale: check predicts memory that no run passes, and not twice as much" {
	local scale=$ROOT/bench/scenarios/scale.yaml nodes listeners

	for nodes in 16 256 1024; do
		for listeners in 10 1000; do
			bounded "$scale" -D "sweep.params.nodes=[$nodes]" -D "sweep.params.listeners=[$listeners]"
		done
	done
}

@test "scale: the same with the history, with more threads, and with faults" {
	local scale=$ROOT/bench/scenarios/scale.yaml few=(-D 'sweep.params.nodes=[64]' -D 'sweep.params.listeners=[100]')

	bounded "$scale" "${few[@]}" -D verify.history=ring:1M -D phases.steady.ops=20000
	bounded "$scale" "${few[@]}" -D workloads.toggle.threads=8 -D phases.steady.ops=40000
	bounded "$ROOT/bench/scenarios/kernel-injector.yaml"
	bounded "$ROOT/bench/scenarios/kernel-injector.yaml" -D runs=3
}

@test "scale: a run that needs more than limits.max_rss is refused before it runs, one that fits is not" {
	local scale=$ROOT/bench/scenarios/scale.yaml

	bench check "$scale" -D limits.max_rss=20MiB
	exits 2
	stderr_has 'limits.max_rss: the run will need'
	[ ! -e result ]
	bench check "$scale"
	exits 0
	[ -z "$stderr" ]
}

@test "scale: check warns of a run that no host has the memory for" {
	bench check "$TINY" -D machine.backing=mmap -D 'machine.topology=pack:2 [numa(memory=8TiB)] core:1 pu:1'
	exits 0
	stderr_has 'warning: the run will need up to 16'
}
