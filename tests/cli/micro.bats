# SPDX-License-Identifier: GPL-2.0-or-later
# memhp-bench micro: files of benchmarks, flags, exit codes, and what goes where. No test asserts a time.

load cli

# benchmark FILE.so <<<SOURCE: compiled as docs/micro.md says.
benchmark()
{
	gcc -O2 -shared -fPIC -Wall -Wextra -Werror -I"$ROOT/include" -x c - -o "$1"
}

# A file with two benchmarks and one that cannot run.
three()
{
	benchmark three.so <<-'EOS'
		#include <memhp/bench.h>
		static void turn(struct memhp_bench_state *state)
		{
			int64_t sum = 0;
			MEMHP_BENCH_LOOP(state)
				sum += memhp_bench_arg(state, 0);
			MEMHP_BENCH_KEEP(sum);
			memhp_bench_counter(state, "depth", 3, 0);
		}
		static void refuse(struct memhp_bench_state *state)
		{
			memhp_bench_skip(state, "there is no %s here", "gold");
		}
		static const struct memhp_bench table[] = {
			{.name = "turn", .run = turn, .args = {MEMHP_BENCH_VALUES("n", 1, 2)}},
			{.name = "refused", .run = refuse},
			{0}};
		MEMHP_BENCHMARKS(table)
	EOS
}

@test "micro: the built-in ones are listed, and with a file only its own" {
	three
	bench micro --benchmark_list_tests
	exits 0
	stdout_has harness/empty
	bench micro three.so --benchmark_list_tests
	exits 0
	[ "$output" = $'turn/n:1\nturn/n:2\nrefused' ]
	bench micro ./three.so --benchmark_list_tests=true --benchmark_filter=-turn
	[ "$output" = refused ]
}

@test "micro: all that is built in runs" {
	bench micro --benchmark_dry_run
	exits 0
	stdout_has harness/empty
}

@test "micro: the table on stdout, where it was measured on stderr" {
	three
	bench micro ./three.so --benchmark_min_time=10x --benchmark_context=who=me
	exits 0
	stdout_has "Benchmark"
	[[ $output =~ turn/n:2\ +[0-9.]+\ ns\ +[0-9.]+\ ns\ +10\ depth=3 ]]
	stdout_has "SKIPPED: 'there is no gold here'"
	stderr_has "Clock: "
	stderr_has "who: me"
	[[ $output != *$'\033'* ]]
}

@test "micro: colour where it is asked for, and not with NO_COLOR" {
	three
	bench micro ./three.so --benchmark_min_time=1x --benchmark_color=true
	[[ $output == *$'\033[0;32mturn/n:1'* ]]
	NO_COLOR=1 bench micro ./three.so --benchmark_min_time=1x --benchmark_color=auto
	[[ $output != *$'\033'* ]]
}

@test "micro: JSON on stdout alone, and the same rows in a file beside the table" {
	three
	bench micro ./three.so --benchmark_min_time=10x --benchmark_format=json
	exits 0
	jq -e '.benchmarks | length == 3 and .[1].iterations == 10 and .[2].error_message == "there is no gold here"' <<<"$output"
	bench micro ./three.so --benchmark_min_time=10x --benchmark_out=rows.json
	exits 0
	stdout_has "Benchmark"
	jq -e '.context.executable == "memhp-bench micro" and (.benchmarks | length == 3)' rows.json
}

@test "micro: repetitions and aggregates, which the console may show alone" {
	three
	bench micro ./three.so --benchmark_filter=n:1 --benchmark_min_time=10x --benchmark_repetitions=3 \
		--benchmark_display_aggregates_only --benchmark_out=rows.json
	exits 0
	[ "$(grep -c '^turn' <<<"$output")" -eq 4 ]
	stdout_has turn/n:1_median
	jq -e '.benchmarks | length == 7' rows.json
}

@test "micro: a ratio alone runs no other benchmark, and may be of a file and what is built in" {
	three
	bench micro ./three.so --benchmark_ratio=turn/n:1,harness/empty --benchmark_min_time=10x
	exits 0
	[[ $output =~ ^ratio\(turn/n:1,\ harness/empty\)\ [0-9.]+\ \ median\ within\ \[ ]]
	bench micro ./three.so --benchmark_ratio=turn/n:1,turn/n:2 --benchmark_ratio=turn/n:1,refused \
		--benchmark_filter=turn --benchmark_min_time=10x --benchmark_format=json
	exits 0
	jq -e '(.benchmarks | length == 2) and (.ratios | length == 2) and .ratios[0].rounds == 101 and
		.ratios[1].skipped == "there is no gold here"' <<<"$output"
}

@test "micro: percentiles and counters of the kernel, or that there are none" {
	three
	bench micro ./three.so --benchmark_filter=turn --benchmark_min_time=100x --benchmark_histogram \
		--benchmark_perf_counters=PAGE-FAULTS,CYCLES --benchmark_format=json
	exits 0
	jq -e '.benchmarks[0].p50 >= 0 and .benchmarks[0].p999 >= .benchmarks[0].p50' <<<"$output"
	for event in PAGE-FAULTS CYCLES; do
		jq -e --arg event $event '.benchmarks[0][$event] != null or
			(.context.perf_counters_not_available | contains($event))' <<<"$output"
	done
}

@test "micro: a flag from the environment; the command line has the last word" {
	three
	BENCHMARK_FILTER=n:2 bench micro ./three.so --benchmark_list_tests
	[ "$output" = turn/n:2 ]
	BENCHMARK_FILTER=n:2 bench micro ./three.so --benchmark_list_tests --benchmark_filter=n:1
	[ "$output" = turn/n:1 ]
	BENCHMARK_REPETITIONS=many bench micro ./three.so
	exits 2
	stderr_has "BENCHMARK_REPETITIONS 'many': use a whole number from 1 to 100000"
}

@test "micro: what is wrong is refused before anything runs: 2" {
	three
	bench micro --benchmark_filter=nothing
	exits 2
	stderr_has "no benchmark has 'nothing': --benchmark_list_tests names them"
	bench micro ./three.so --benchmark_filter=harness
	exits 2
	bench micro --benchmark_colour=true
	exits 2
	bench micro --benchmark_min_time=1ms
	exits 2
	stderr_has "--benchmark_min_time '1ms': use seconds"
	bench micro --benchmark_out_format=json
	exits 2
	bench micro --benchmark_ratio=harness/empty,nothing
	exits 2
	stderr_has "there is no benchmark 'nothing'"
	bench micro --benchmark_ratio=harness/empty,harness/empty --benchmark_histogram
	exits 2
	stderr_has "--benchmark_histogram says nothing of a ratio"
	[ -z "$output" ]
}

@test "micro: a file that is none, has no table, or a row without sense: 2" {
	bench micro ./absent.so
	exits 2
	stderr_has "'./absent.so' cannot be loaded"
	benchmark empty.so <<<'int nothing(void); int nothing(void) { return 0; }'
	bench micro empty.so
	exits 2
	stderr_has "'empty.so' has no benchmarks: end it with MEMHP_BENCHMARKS(table)"
	benchmark bad.so <<-'EOS'
		#include <memhp/bench.h>
		static const struct memhp_bench table[] = {{.name = "a"}, {0}};
		MEMHP_BENCHMARKS(table)
	EOS
	bench micro bad.so
	exits 2
	stderr_has "bad.so: benchmark 'a': it has no run"
	three
	bench micro three.so ./three.so
	exits 2
	stderr_has "there are two instances 'turn/n:1'"
}

@test "micro: nothing that could run is no success: 6; nor a file that cannot be written" {
	three
	bench micro three.so --benchmark_filter=refused
	exits 6
	stderr_has "no benchmark could run"
	bench micro three.so --benchmark_out=absent/rows.json
	exits 6
	stderr_has "'absent/rows.json' cannot be written"
	[ -z "$output" ]
}

@test "micro: a full disk is told: 7" {
	[ -w /dev/full ] || skip "no /dev/full"
	three
	bench micro three.so --benchmark_min_time=1x --benchmark_out=/dev/full
	exits 7
}

@test "micro: stopped, it leaves what it has, as whole JSON: 130" {
	three
	"$BENCH" micro three.so --benchmark_min_time=20s --benchmark_filter=turn --benchmark_out=rows.json >table 2>&1 &
	pid=$!
	until [ -s rows.json ]; do
		kill -0 $pid
	done
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 130 ]
	jq -e '.benchmarks | length <= 1' rows.json
}

@test "micro: scale tells what the set-up took and the memory a block" {
	bench micro --benchmark_list_tests --benchmark_filter='^scale/'
	[ "${#lines[@]}" -eq 10 ]
	bench micro --benchmark_min_time=10x --benchmark_filter='^scale/(blocks/1024|listeners/1000)$'
	exits 0
	[[ $output =~ scale/blocks/1024\ .*\ set_up_ms=[0-9.]+\ bytes_per_block=[0-9.]+ ]]
	[[ $output =~ scale/listeners/1000\ .*\ set_up_ms=[0-9.]+\ bytes_per_block=[0-9.]+ ]]
}
