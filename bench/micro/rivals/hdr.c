/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HdrHistogram_c: recording a latency, and what one would write without us: two readings of the clock and a record. A
 * file of benchmarks of its own, built where the library is installed; no part of memhp-bench.
 */
#include <stdlib.h>
#include <time.h>

#include <hdr/hdr_histogram.h>

#include <memhp/bench.h>

#include "bench/micro/latencies.h"

#define DIGITS  3
#define HOUR_NS INT64_C(3600000000000)

struct recorded {
	struct hdr_histogram *histogram;
	uint64_t values[MH_LATENCIES];
};

static void set_up(struct memhp_bench_state *state)
{
	struct recorded *recorded = calloc(1, sizeof(*recorded));

	if (!recorded || hdr_init(1, HOUR_NS, DIGITS, &recorded->histogram)) {
		free(recorded);
		memhp_bench_skip(state, "no memory for a histogram");
		return;
	}
	mh_latencies_fill(recorded->values);
	memhp_bench_set_data(state, recorded);
}

static void tear_down(struct memhp_bench_state *state)
{
	struct recorded *recorded = memhp_bench_data(state);

	hdr_close(recorded->histogram);
	free(recorded);
}

static void record(struct memhp_bench_state *state)
{
	struct recorded *recorded = memhp_bench_data(state);
	uint64_t turn = 0;

	MEMHP_BENCH_LOOP(state)
	(void)hdr_record_value(recorded->histogram, (int64_t)recorded->values[turn++ % MH_LATENCIES]);
}

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void clock_pair(struct memhp_bench_state *state)
{
	struct recorded *recorded = memhp_bench_data(state);

	MEMHP_BENCH_LOOP(state)
	{
		int64_t begin = monotonic_ns();

		(void)hdr_record_value(recorded->histogram, monotonic_ns() - begin);
	}
}

static const struct memhp_bench benches[] = {
	{.name = "rival/hdr_record", .run = record, .set_up = set_up, .tear_down = tear_down},
	{.name = "rival/hdr_clock_pair", .run = clock_pair, .set_up = set_up, .tear_down = tear_down},
	{0},
};

MEMHP_BENCHMARKS(benches)
