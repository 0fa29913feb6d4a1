/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What flags make of a counter's sum over threads and samples. */
#include "bench/micro/counters.h"

#include <criterion/criterion.h>

/* Two threads, five samples of 100 iterations each; two seconds. */
static const struct mh_counter_base base = {
	.samples = 5, .threads = 2, .iterations = 1000, .sample_iterations = 100, .seconds = 2};

static const struct {
	unsigned flags;
	double sum, told;
} rows[] = {
	{0, 50, 10},                                               /* the mean of the samples */
	{MEMHP_BENCH_AVG_THREADS, 50, 5},                          /* and of the threads */
	{MEMHP_BENCH_RATE, 50, 25},                                /* all of it, a second */
	{MEMHP_BENCH_RATE | MEMHP_BENCH_INVERT, 50, 0.04},         /* seconds for one */
	{MEMHP_BENCH_AVG_ITERATIONS, 50, 0.05},                    /* all of it, an iteration */
	{MEMHP_BENCH_PER_ITERATION, 10, 1000},                     /* 1 in each thread's iteration: all of them */
	{MEMHP_BENCH_PER_ITERATION | MEMHP_BENCH_RATE, 10, 500},   /* and a second */
	{MEMHP_BENCH_RATE | MEMHP_BENCH_AVG_THREADS, 50, 12.5},    /* a second and thread */
	{MEMHP_BENCH_AVG_ITERATIONS | MEMHP_BENCH_INVERT, 50, 20}, /* iterations for one */
	{MEMHP_BENCH_INVERT, 50, 0.1},
};

Test(counters, are_divided_and_multiplied_as_their_flags_say)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mh_counter counter = {.name = "c", .value = rows[i].sum, .flags = rows[i].flags};
		const double told = mh_counter_finish(&counter, &base);

		cr_expect_float_eq(told, rows[i].told, 1e-9, "flags %#x: %g, not %g", rows[i].flags, told,
				   rows[i].told);
	}
}

Test(counters, set_twice_have_the_last_value)
{
	struct mh_counters counters = {.count = 0};

	cr_expect(mh_counters_set(&counters, "a", 1, 0));
	cr_expect(mh_counters_set(&counters, "a", 2, MEMHP_BENCH_RATE));
	cr_expect_eq(counters.count, 1u);
	cr_expect_eq(counters.items[0].value, 2);
	cr_expect_eq(counters.items[0].flags, (unsigned)MEMHP_BENCH_RATE);
}

Test(counters, add_up_by_name_whatever_their_order)
{
	struct mh_counters sum = {.count = 0}, one = {.count = 0}, other = {.count = 0};

	mh_counters_set(&one, "a", 1, 0);
	mh_counters_set(&one, "b", 2, 0);
	mh_counters_set(&other, "b", 30, 0);
	mh_counters_set(&other, "c", 40, 0);
	mh_counters_add(&sum, &one);
	mh_counters_add(&sum, &other);
	cr_expect_eq(sum.count, 3u);
	cr_expect_eq(mh_counters_find(&sum, "a")->value, 1);
	cr_expect_eq(mh_counters_find(&sum, "b")->value, 32);
	cr_expect_eq(mh_counters_find(&sum, "c")->value, 40);
	cr_expect_null(mh_counters_find(&sum, "d"));
}

Test(counters, with_a_name_that_does_not_fit_are_refused)
{
	struct mh_counters counters = {.count = 0};

	cr_expect_not(mh_counters_set(&counters, "", 1, 0));
	cr_expect(mh_counters_set(&counters, "abcdefghijklmnopqrstuvwxyz01234", 1, 0));
	cr_expect_not(mh_counters_set(&counters, "abcdefghijklmnopqrstuvwxyz012345", 1, 0));
}
