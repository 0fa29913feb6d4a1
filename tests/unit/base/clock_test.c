/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clock measures what CLOCK_MONOTONIC_RAW measures, and says how well. */
#include "base/clock.h"

#include <criterion/criterion.h>

#include "base/sync.h"

static void check_against_monotonic(enum mh_clock_source source)
{
	struct mh_clock clock;

	mh_clock_init(&clock, source);
	uint64_t outer_start = mh_clock_monotonic_ns();
	uint64_t start = mh_clock_ticks(&clock);
	uint64_t inner_start = mh_clock_monotonic_ns();

	mh_sleep_ns(20000000);
	uint64_t inner_end = mh_clock_monotonic_ns();
	uint64_t elapsed_ns = mh_clock_ns(&clock, mh_clock_ticks(&clock) - start);
	uint64_t outer_end = mh_clock_monotonic_ns();
	uint64_t least = inner_end - inner_start, most = outer_end - outer_start;

	/* 0.1 % is a thousand times the calibration's error: only a wrong factor fails. */
	cr_assert_geq(elapsed_ns, least - least / 1000, "%lu ns, at least %lu", elapsed_ns, least);
	cr_assert_leq(elapsed_ns, most + most / 1000, "%lu ns, at most %lu", elapsed_ns, most);
}

Test(clock, tsc_agrees_with_the_monotonic_clock)
{
	check_against_monotonic(MH_CLOCK_TSC);
}

Test(clock, monotonic_agrees_with_itself)
{
	check_against_monotonic(MH_CLOCK_MONOTONIC);
}

Test(clock, says_why_it_fell_back)
{
	struct mh_clock clock;

	mh_clock_init(&clock, MH_CLOCK_TSC);
	cr_assert_eq(clock.fell_back, !clock.tsc);
	cr_assert_eq(clock.fell_back, clock.fallback_reason != NULL);
	mh_clock_init(&clock, MH_CLOCK_MONOTONIC);
	cr_assert_not(clock.fell_back);
	cr_assert_not(clock.tsc);
}

Test(clock, knows_its_resolution_and_cost)
{
	struct mh_clock clock;

	mh_clock_init(&clock, MH_CLOCK_TSC);
	cr_assert_geq(clock.resolution_ns, 1);
	cr_assert_lt(clock.resolution_ns, 10000, "got %lu ns", clock.resolution_ns);
	cr_assert_gt(clock.cost_ns, 0.5, "got %f ns", clock.cost_ns);
	cr_assert_lt(clock.cost_ns, 10000, "got %f ns", clock.cost_ns);
}

Test(clock, ticks_of_ns_last_at_least_that_long)
{
	const struct mh_clock clock = {.ns_per_tick = 1654000000}; /* about 2.6 GHz */
	const uint64_t cases[] = {0, 1, 10, 999, 1000000007, UINT64_C(3600) * 1000000000};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t ticks = mh_clock_ticks_of_ns(&clock, cases[i]);

		cr_assert_geq(mh_clock_ns(&clock, ticks), cases[i], "%lu ns: %lu ticks", cases[i], ticks);
		if (ticks)
			cr_assert_lt(((unsigned __int128)(ticks - 1) * clock.ns_per_tick),
				     (unsigned __int128)cases[i] << 32);
	}
}

Test(clock, one_tick_is_one_ns_without_tsc)
{
	struct mh_clock clock;

	mh_clock_init(&clock, MH_CLOCK_MONOTONIC);
	cr_assert_eq(mh_clock_ns(&clock, 123456789), 123456789);
	cr_assert_eq(mh_clock_ticks_of_ns(&clock, 123456789), 123456789);
}
