/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Intervals by order against binomial counts, and effective counts of series whose dependence is known. */
#include "results/statistics/order_interval.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <math.h>

#include "base/rng.h"
#include "table.h"

static void check_median(struct table_row *row)
{
	size_t count;
	const double *sorted = table_list(row, &count);
	struct mh_interval median = {0};

	cr_assert_eq(mh_order_interval(sorted, count, table_number(row), &median), 0);
	table_expect_interval(row, &median);
}

Test(order_interval, median_equals_binomial_counts)
{
	table_check("order.txt", "median", 33, check_median);
}

static void check_ranks(struct table_row *row)
{
	double effective = table_number(row), q = table_number(row), confidence = table_number(row), lower, upper;

	mh_quantile_ranks(effective, q, confidence, &lower, &upper);
	table_expect(row, "lower rank", lower);
	table_expect(row, "upper rank", upper);
}

Test(order_interval, ranks_of_a_quantile_equal_scipy)
{
	table_check("order.txt", "ranks", 40, check_ranks);
}

/* Runs, and the rank of the bound of the 95 % interval; 0: none. */
static const size_t ranks[][2] = {{5, 0}, {6, 1}, {10, 2}, {15, 4}, {20, 6}};

ParameterizedTestParameters(order_interval, bounds_are_at_the_known_ranks)
{
	static int rows[] = {0, 1, 2, 3, 4};

	return cr_make_param_array(int, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(int *row, order_interval, bounds_are_at_the_known_ranks)
{
	double sorted[20];
	size_t count = ranks[*row][0], rank = ranks[*row][1];
	struct mh_interval median;

	for (size_t i = 0; i < count; i++)
		sorted[i] = 1 + (double)i;
	cr_assert_eq(mh_order_interval(sorted, count, 0.95, &median), 0);
	cr_expect_eq(median.estimate, (double)(count + 1) / 2, "%g", median.estimate);
	cr_expect_eq(median.attained, rank > 0);
	if (rank > 0) {
		cr_expect_eq(median.lower, (double)rank, "%zu: %g", count, median.lower);
		cr_expect_eq(median.upper, (double)(count + 1 - rank), "%zu: %g", count, median.upper);
	}
}

Test(order_interval, no_value_has_no_median)
{
	struct mh_interval median;

	cr_expect_eq(mh_order_interval(NULL, 0, 0.95, &median), -EINVAL);
}

#define BATCHES    400
#define BATCH_SIZE 250

/* Values that each keep @kept of the one before; the variance of a value is 1. */
static double effective_of_autoregression(double kept)
{
	double means[BATCHES], effective = 0, value = 0;
	uint64_t counts[BATCHES];
	struct mh_rng rng;

	mh_rng_init(&rng, 1, "autoregression", 0);
	for (size_t i = 0; i < BATCHES; i++) {
		means[i] = 0;
		counts[i] = BATCH_SIZE;
		for (size_t j = 0; j < BATCH_SIZE; j++) {
			value = kept * value + sqrt(12 * (1 - kept * kept)) * (mh_rng_unit(&rng) - 0.5);
			means[i] += value / BATCH_SIZE;
		}
	}
	cr_assert_eq(mh_effective_count(means, counts, BATCHES, 1, &effective), 0);
	return effective / (BATCHES * BATCH_SIZE);
}

/* The variance of a mean of such values is (1 + kept) / (1 - kept) times that of independent ones. */
Test(order_interval, dependent_values_are_worth_fewer)
{
	for (double kept = 0; kept < 0.95; kept += 0.3) {
		double share = effective_of_autoregression(kept), expected = (1 - kept) / (1 + kept);

		cr_expect_lt(fabs(share / expected - 1), 0.2, "kept %g: a share of %g, not %g", kept, share, expected);
	}
}

Test(order_interval, effective_count_stays_between_1_and_n)
{
	uint64_t counts[] = {10, 0, 30};
	double apart[] = {1, NAN, 1000}, equal[] = {5, NAN, 5}, effective;

	cr_assert_eq(mh_effective_count(apart, counts, 3, 1e-6, &effective), 0);
	cr_expect_eq(effective, 1.0, "%g", effective);
	cr_assert_eq(mh_effective_count(equal, counts, 3, 1, &effective), 0);
	cr_expect_eq(effective, 40.0, "%g", effective);
	cr_expect_eq(mh_effective_count(equal, counts, 2, 1, &effective), -EINVAL);
}
