/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Means of intervals whose dependence is known. */
#include <criterion/criterion.h>

#include "bench/engine/batches.h"

#define INTERVALS 20
#define VALUES    1000

static struct mh_batches batches;
static struct mh_histogram interval, total;

static void begin(void)
{
	const struct mh_histogram_layout layout = {.lowest = 1, .highest = 1000000, .digits = 3};

	cr_assert_eq(mh_batches_init(&batches, 1), 0);
	cr_assert_eq(mh_histogram_init(&interval, &layout), 0);
	cr_assert_eq(mh_histogram_init(&total, &layout), 0);
}

static void end(void)
{
	mh_batches_release(&batches);
	mh_histogram_release(&interval);
	mh_histogram_release(&total);
}

TestSuite(batches, .init = begin, .fini = end);

/* @step: values of one interval lie so far above those of the one before. */
static void fill(unsigned intervals, uint64_t step)
{
	for (unsigned i = 0; i < intervals; i++) {
		mh_histogram_clear(&interval);
		for (uint64_t value = 0; value < VALUES; value++)
			mh_histogram_record(&interval, 1000 + value + i * step);
		cr_assert_eq(mh_histogram_merge(&total, &interval), 0);
		mh_batches_add(&batches, &interval);
	}
}

Test(batches, intervals_alike_take_nothing_away)
{
	fill(INTERVALS, 0);
	cr_expect_float_eq(mh_batches_effective(&batches, 0, &total), INTERVALS * VALUES, 1e-6);
}

/* Each interval is a level of its own: its values are worth little more than one. */
Test(batches, levels_are_worth_about_as_many_values_as_there_are)
{
	fill(INTERVALS, 10000);
	cr_expect_lt(mh_batches_effective(&batches, 0, &total), 2 * INTERVALS);
}

Test(batches, few_intervals_tell_nothing)
{
	fill(MH_BATCHES_MIN - 1, 0);
	cr_expect_eq(mh_batches_effective(&batches, 0, &total), 0);
	mh_batches_add(&batches, &interval);
	cr_expect_gt(mh_batches_effective(&batches, 0, &total), 0);
}

Test(batches, empty_intervals_are_none)
{
	fill(MH_BATCHES_MIN - 1, 0);
	mh_histogram_clear(&interval);
	mh_batches_add(&batches, &interval);
	cr_expect_eq(mh_batches_effective(&batches, 0, &total), 0);
}

Test(batches, a_phase_begins_anew)
{
	fill(INTERVALS, 0);
	mh_batches_clear(&batches);
	cr_expect_eq(mh_batches_effective(&batches, 0, &total), 0);
}
