/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rival_gbench empty|loop: prints the ns an iteration of a loop under Google Benchmark. Built where its library is
 * installed, for the bars that compare our harness with it; no part of memhp-bench.
 */
#include <cstdio>
#include <cstring>

#include <benchmark/benchmark.h>

#include "bench/micro/loop_body.h"

#define MIN_TIME_S 0.01

static void empty(benchmark::State &state)
{
	while (state.KeepRunning()) {
	}
}

static void loop(benchmark::State &state)
{
	uint64_t value = 1;

	while (state.KeepRunning()) {
		value = mh_loop_body(value);
		benchmark::DoNotOptimize(value);
	}
}

/* Keeps the one time, and prints nothing beside it. */
class Kept : public benchmark::BenchmarkReporter {
public:
	double ns = 0;

	bool ReportContext(const Context &) override
	{
		return true;
	}

	void ReportRuns(const std::vector<Run> &runs) override
	{
		for (const Run &run : runs)
			ns = run.GetAdjustedCPUTime();
	}
};

int main(int argc, char **argv)
{
	Kept kept;

	if (argc != 2 || (std::strcmp(argv[1], "empty") != 0 && std::strcmp(argv[1], "loop") != 0)) {
		std::fprintf(stderr, "usage: rival_gbench empty|loop\n");
		return 2;
	}
	benchmark::RegisterBenchmark("it", std::strcmp(argv[1], "empty") == 0 ? empty : loop)->MinTime(MIN_TIME_S);
	benchmark::RunSpecifiedBenchmarks(&kept);
	std::printf("%.6f\n", kept.ns);
	return 0;
}
