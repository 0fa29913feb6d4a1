/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrivals: at their times, in order, dropped and counted when too many wait.
 */
#include "bench/engine/pace.h"

#include <criterion/criterion.h>

/* A clock whose tick is 1 ns. */
static const struct mh_clock nanoseconds = {.ns_per_tick = UINT64_C(1) << 32};

static struct mh_pace open_pace(int arrival, double rate, uint64_t outstanding)
{
	struct mh_pace pace;
	struct mh_pace_config config = {
		.arrival = arrival,
		.rate = rate,
		.outstanding = outstanding,
		.clock = &nanoseconds,
		.seed = 7,
		.stream = "arrivals/test",
	};
	struct mh_error error;

	cr_assert_eq(mh_pace_init(&pace, &config, &error), 0, "%s", error.text);
	mh_pace_start(&pace, 1000);
	return pace;
}

Test(pace, closed_loop_starts_at_once)
{
	struct mh_pace pace = open_pace(MH_ARRIVAL_CLOSED, 0, 0);
	uint64_t intended = 0;

	cr_assert(mh_pace_due(&pace, 5000, &intended));
	cr_assert_eq(intended, 5000, "intended %lu", (unsigned long)intended);
	mh_pace_release(&pace);
}

Test(pace, constant_arrivals_come_at_equal_distances)
{
	struct mh_pace pace = open_pace(MH_ARRIVAL_CONSTANT, 1e6, 8); /* every 1000 ns */
	uint64_t intended;

	cr_assert_not(mh_pace_due(&pace, 1999, &intended));
	cr_assert_eq(intended, 2000, "next arrival %lu", (unsigned long)intended);
	cr_assert(mh_pace_due(&pace, 2000, &intended));
	cr_assert_eq(intended, 2000);
	cr_assert(mh_pace_due(&pace, 4500, &intended));
	cr_assert_eq(intended, 3000, "a late start keeps its intended time, got %lu", (unsigned long)intended);
	cr_assert(mh_pace_due(&pace, 4500, &intended));
	cr_assert_eq(intended, 4000);
	cr_assert_not(mh_pace_due(&pace, 4500, &intended));
	mh_pace_release(&pace);
}

Test(pace, arrivals_beyond_outstanding_are_dropped_and_counted)
{
	struct mh_pace pace = open_pace(MH_ARRIVAL_CONSTANT, 1e6, 4);
	uint64_t intended, started = 0;

	while (mh_pace_due(&pace, 11000, &intended))
		started++;
	cr_assert_eq(started, 4, "started %lu", (unsigned long)started);
	cr_assert_eq(pace.dropped, 6, "dropped %lu", (unsigned long)pace.dropped);
	mh_pace_release(&pace);
}

Test(pace, shares_add_up_to_what_was_asked)
{
	static const uint64_t totals[] = {1, 4, 10, 11, 1u << 20};

	for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
		for (unsigned workers = 1; workers <= 7; workers++) {
			uint64_t sum = 0;

			for (unsigned worker = 0; worker < workers; worker++)
				sum += mh_pace_share(totals[i], workers, worker);
			cr_expect_eq(sum, totals[i], "%lu over %u threads gives %lu", totals[i], workers, sum);
		}
	cr_expect_eq(mh_pace_share(10, 4, 1), 3);
	cr_expect_eq(mh_pace_share(10, 4, 2), 2);
}

Test(pace, poisson_arrivals_reach_their_rate_and_repeat_with_the_seed)
{
	struct mh_pace first = open_pace(MH_ARRIVAL_POISSON, 1e6, 1u << 15);
	struct mh_pace second = open_pace(MH_ARRIVAL_POISSON, 1e6, 1u << 15);
	uint64_t a, b, count = 0;

	while (mh_pace_due(&first, 10001000, &a)) {
		cr_assert(mh_pace_due(&second, 10001000, &b));
		cr_assert_eq(a, b, "arrival %lu: %lu and %lu", (unsigned long)count, (unsigned long)a,
			     (unsigned long)b);
		count++;
	}
	cr_assert(count > 9500 && count < 10500, "%lu arrivals in 10 ms at 1 M/s", (unsigned long)count);
	mh_pace_release(&first);
	mh_pace_release(&second);
}
