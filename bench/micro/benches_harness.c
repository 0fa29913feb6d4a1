/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the harness itself costs: an iteration without a body, and the readings of the clock that it takes. */
#include "base/clock.h"
#include "bench/micro/bench_list.h"

static void empty(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
	}
}

static void pause_and_resume(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
		memhp_bench_pause(state);
		memhp_bench_resume(state);
	}
}

static void read_monotonic(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
		uint64_t now_ns = mh_clock_monotonic_ns();

		MEMHP_BENCH_KEEP(now_ns);
	}
}

const struct memhp_bench mh_benches_harness[] = {
	{.name = "harness/empty", .run = empty},
	{.name = "harness/pause_resume", .run = pause_and_resume},
	{.name = "clock/monotonic", .run = read_monotonic, .threads_min = 1, .threads_max = 2},
	{0},
};
