# SPDX-License-Identifier: GPL-2.0-or-later
# The JSON of micro-benchmarks, read by Google Benchmark's own tool.

load ../cli/cli

COMPARE=/usr/share/benchmark/compare.py
PYTHON=/usr/bin/python3 # the system's, which has the packages

@test "micro: compare.py reads the JSON, and finds the change that was made" {
	[ -e "$COMPARE" ] || skip "$COMPARE is not there: apt-get install libbenchmark-tools"
	"$PYTHON" -c 'import scipy' || skip "scipy is not there: apt-get install python3-scipy"
	bench micro --benchmark_filter=harness/empty --benchmark_min_time=1000x --benchmark_repetitions=9 --benchmark_out=base.json
	exits 0
	jq '.benchmarks[].real_time *= 2' base.json >slower.json
	run "$PYTHON" "$COMPARE" --no-color -d diff.json benchmarks base.json slower.json
	[ "$status" -eq 0 ] || { echo "$output" >&2; false; }
	[[ $output == *"harness/empty_mean"*"+1.0000"* ]]
	[[ $output == *"U Test, Repetitions: 9 vs 9"* ]]
	jq -e '[.[] | select(.run_type == "iteration")] | length == 1 and (.[0].measurements | length == 9)' diff.json
}

@test "micro: compare.py compares two benchmarks of one run" {
	[ -e "$COMPARE" ] || skip "$COMPARE is not there: apt-get install libbenchmark-tools"
	"$PYTHON" -c 'import scipy' || skip "scipy is not there: apt-get install python3-scipy"
	bench micro --benchmark_filter=harness --benchmark_min_time=1000x --benchmark_out=rows.json
	exits 0
	run "$PYTHON" "$COMPARE" --no-color filters rows.json harness/empty harness/pause_resume
	[ "$status" -eq 0 ] || { echo "$output" >&2; false; }
	[[ $output == *"[harness/empty vs. harness/pause_resume]"* ]]
}
