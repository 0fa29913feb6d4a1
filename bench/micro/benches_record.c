/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What recording a latency costs: count, sum, least, greatest and the bucket, against a loop that only loads the value;
 * and with the two readings of the clock that an event takes, against what one would write without us.
 */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "bench/micro/bench_list.h"
#include "bench/micro/latencies.h"
#include "bench/micro/record_call.h"
#include "results/recorder.h"

struct recorded {
	struct mh_series_table table;
	struct mh_recorder recorder;
	struct mh_clock clock;
	uint64_t values[MH_LATENCIES];
};

static void release(struct recorded *recorded)
{
	mh_recorder_release(&recorded->recorder);
	mh_series_table_release(&recorded->table);
	free(recorded);
}

static int make(struct recorded *recorded, struct mh_error *reterr)
{
	int ret;

	mh_clock_init(&recorded->clock, MH_CLOCK_TSC);
	mh_latencies_fill(recorded->values);
	mh_series_table_init(&recorded->table, MH_HISTOGRAM_HOUR_NS);
	ret = mh_series_table_add(&recorded->table, "service", 2, reterr);
	return ret < 0 ? ret : mh_recorder_init(&recorded->recorder, &recorded->table, reterr);
}

static void set_up(struct memhp_bench_state *state)
{
	struct recorded *recorded = calloc(1, sizeof(*recorded));
	struct mh_error error = {.text = "no memory for the values"};

	if (recorded && make(recorded, &error) == 0) {
		memhp_bench_set_data(state, recorded);
		return;
	}
	if (recorded)
		release(recorded);
	memhp_bench_skip(state, "%s", error.text);
}

static void tear_down(struct memhp_bench_state *state)
{
	release(memhp_bench_data(state));
}

static inline uint64_t value_at(const struct recorded *recorded, uint64_t turn)
{
	return recorded->values[turn % MH_LATENCIES];
}

/* The loaded value goes into a register and nowhere else. */
static void load(struct memhp_bench_state *state)
{
	const struct recorded *recorded = memhp_bench_data(state);
	uint64_t turn = 0;

	MEMHP_BENCH_LOOP(state)
	__asm__ volatile("" : : "r"(value_at(recorded, turn++)));
}

static void record_inlined(struct memhp_bench_state *state)
{
	struct recorded *recorded = memhp_bench_data(state);
	uint64_t turn = 0;

	MEMHP_BENCH_LOOP(state)
	(void)mh_recorder_record(&recorded->recorder, 0, value_at(recorded, turn++));
}

static void record_by_call(struct memhp_bench_state *state)
{
	struct recorded *recorded = memhp_bench_data(state);
	uint64_t turn = 0;

	MEMHP_BENCH_LOOP(state)
	mh_bench_record(&recorded->recorder.histograms[0], value_at(recorded, turn++));
}

/* Two stamps an event, in ns. */
static void stamp_pair(struct memhp_bench_state *state)
{
	struct recorded *recorded = memhp_bench_data(state);
	const struct mh_clock clock = recorded->clock;

	MEMHP_BENCH_LOOP(state)
	{
		uint64_t begin = mh_clock_ticks(&clock), end = mh_clock_ticks(&clock);

		(void)mh_recorder_record(&recorded->recorder, 0, mh_clock_ns(&clock, end - begin));
	}
}

/* One: the end of an event is the beginning of the next. */
static void stamp_chained(struct memhp_bench_state *state)
{
	struct recorded *recorded = memhp_bench_data(state);
	const struct mh_clock clock = recorded->clock;
	uint64_t last = mh_clock_ticks(&clock);

	MEMHP_BENCH_LOOP(state)
	{
		uint64_t now = mh_clock_ticks(&clock);

		(void)mh_recorder_record(&recorded->recorder, 0, mh_clock_ns(&clock, now - last));
		last = now;
	}
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* What one would write, without the recording. */
static void clock_pair(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
		uint64_t begin = monotonic_ns(), end = monotonic_ns();

		__asm__ volatile("" : : "r"(end - begin));
	}
}

#define ROW(label, run_it)                                                                                             \
	{                                                                                                              \
		.name = "record/" label, .run = run_it, .set_up = set_up, .tear_down = tear_down                       \
	}

const struct memhp_bench mh_benches_record[] = {
	ROW("load", load),
	ROW("inlined", record_inlined),
	ROW("call", record_by_call),
	ROW("stamp_pair", stamp_pair),
	ROW("stamp_chained", stamp_chained),
	{.name = "record/clock_pair", .run = clock_pair},
	{0},
};
