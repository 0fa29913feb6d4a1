/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The schedules of ramp and burst: when each arrival is due, whoever comes late for it.
 */
#include "bench/engine/pace.h"

#include <criterion/criterion.h>
#include <math.h>

#define SECOND_NS UINT64_C(1000000000)
#define ORIGIN    1000

/* A clock whose tick is 1 ns. */
static const struct mh_clock nanoseconds = {.ns_per_tick = UINT64_C(1) << 32};

static struct mh_pace open_pace(struct mh_pace_config config)
{
	struct mh_pace pace;
	struct mh_error error;

	config.clock = &nanoseconds;
	config.stream = "arrivals/test";
	config.outstanding = config.outstanding ? config.outstanding : 1u << 20;
	cr_assert_eq(mh_pace_init(&pace, &config, &error), 0, "%s", error.text);
	mh_pace_start(&pace, ORIGIN);
	return pace;
}

static struct mh_pace ramp(double from, double to)
{
	return open_pace((struct mh_pace_config){
		.arrival = MH_ARRIVAL_RAMP, .rate_from = from, .rate = to, .span_ns = SECOND_NS});
}

static struct mh_pace burst(double rate, uint64_t on_ns, uint64_t off_ns, uint64_t outstanding)
{
	return open_pace((struct mh_pace_config){.arrival = MH_ARRIVAL_BURST,
						 .rate = rate,
						 .burst_on_ns = on_ns,
						 .burst_off_ns = off_ns,
						 .outstanding = outstanding});
}

/* Arrivals due by @ns after the origin that were not taken yet; each intended later than the one before it. */
static uint64_t take_until(struct mh_pace *pace, uint64_t ns)
{
	uint64_t count = 0, intended, last = 0;

	while (mh_pace_due(pace, ORIGIN + ns, &intended)) {
		cr_assert_geq(intended, last, "arrival %lu: %lu after %lu", count, intended, last);
		cr_assert_leq(intended, ORIGIN + ns);
		last = intended;
		count++;
	}
	return count;
}

static const struct {
	double from, to;
	uint64_t half, whole, later; /* arrivals in the first half second, in all of it, and in the second after it */
} ramps[] = {
	{1000, 3000, 750, 2000, 3000},
	{3000, 1000, 1250, 2000, 1000},
	{2000, 2000, 1000, 2000, 2000},
	{1, 100000, 12500, 50000, 100000},
};

/* One more or less where an arrival falls on the border. */
static void expect_near(uint64_t count, uint64_t expected, const char *what, size_t row)
{
	cr_expect(count + 1 >= expected && count <= expected + 1, "ramp %zu, %s: %lu, not %lu", row, what, count,
		  expected);
}

Test(pace_schedule, a_ramp_goes_evenly_from_one_rate_to_the_other_and_stays_there)
{
	for (size_t i = 0; i < sizeof(ramps) / sizeof(ramps[0]); i++) {
		struct mh_pace pace = ramp(ramps[i].from, ramps[i].to);
		uint64_t count = take_until(&pace, SECOND_NS / 2);

		expect_near(count, ramps[i].half, "the first half", i);
		count += take_until(&pace, SECOND_NS);
		expect_near(count, ramps[i].whole, "the whole", i);
		count = take_until(&pace, 2 * SECOND_NS);
		expect_near(count, ramps[i].later, "afterwards", i);
		mh_pace_release(&pace);
	}
}

/* n(t) = from t + (to - from) t^2 / 2 at every arrival. */
Test(pace_schedule, each_arrival_of_a_ramp_is_where_the_rate_puts_it)
{
	struct mh_pace pace = ramp(100, 900);
	uint64_t intended;

	for (unsigned n = 1; n <= 500; n++) {
		double t, arrived;

		cr_assert(mh_pace_due(&pace, ORIGIN + 2 * SECOND_NS, &intended));
		t = (double)(intended - ORIGIN) / 1e9;
		arrived = 100 * t + 400 * t * t;
		cr_expect(fabs(arrived - n) < 1e-4, "arrival %u at %.9f s, where %.6f are due", n, t, arrived);
	}
	mh_pace_release(&pace);
}

Test(pace_schedule, a_burst_comes_at_its_rate_and_then_nothing_comes)
{
	struct mh_pace pace = burst(1000, 10000000, 90000000, 0);
	uint64_t intended;

	for (unsigned period = 0; period < 20; period++)
		for (unsigned i = 0; i < 10; i++) {
			uint64_t expected = ORIGIN + period * UINT64_C(100000000) + i * UINT64_C(1000000);

			cr_assert(mh_pace_due(&pace, ORIGIN + 10 * SECOND_NS, &intended));
			cr_expect_leq(intended, expected, "burst %u, arrival %u: %lu, not %lu", period, i, intended,
				      expected);
			cr_expect_geq(intended + 1, expected, "burst %u, arrival %u: %lu, not %lu", period, i, intended,
				      expected);
		}
	mh_pace_release(&pace);
}

/* 2.5 arrivals a burst: the half is not lost. */
Test(pace_schedule, what_does_not_fit_into_a_burst_comes_in_the_next)
{
	struct mh_pace pace = burst(1000, 2500000, 7500000, 0);

	cr_expect_eq(take_until(&pace, 9999999), 3);
	cr_expect_eq(take_until(&pace, 19999999), 2);
	cr_expect_eq(take_until(&pace, 99999999), 20);
	mh_pace_release(&pace);
}

Test(pace_schedule, tells_when_the_next_burst_begins)
{
	struct mh_pace pace = burst(1000, 1000000, 999000000, 0);
	uint64_t intended;

	cr_assert(mh_pace_due(&pace, ORIGIN, &intended));
	cr_assert_not(mh_pace_due(&pace, ORIGIN + 500000, &intended));
	cr_expect_eq(intended, ORIGIN + SECOND_NS, "%lu", intended);
	mh_pace_release(&pace);
}

Test(pace_schedule, a_burst_that_meets_nobody_is_dropped_beyond_outstanding)
{
	struct mh_pace pace = burst(1000, 10000000, 90000000, 4);
	uint64_t intended;

	cr_expect_eq(take_until(&pace, 50000000), 4);
	cr_expect_eq(pace.dropped, 6, "%lu", pace.dropped);
	cr_assert(mh_pace_due(&pace, ORIGIN + 100500000, &intended));
	cr_expect_eq(intended, ORIGIN + 100000000, "a late start keeps its intended time: %lu", intended);
	mh_pace_release(&pace);
}
