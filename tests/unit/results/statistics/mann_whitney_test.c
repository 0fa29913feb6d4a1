/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Mann-Whitney test and its interval against enumeration, scipy and known values. */
#include "results/statistics/mann_whitney.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <math.h>

#include "table.h"

static struct mh_two_samples read_samples(struct table_row *row)
{
	struct mh_two_samples samples;

	samples.base = table_list(row, &samples.base_count);
	samples.candidate = table_list(row, &samples.candidate_count);
	return samples;
}

static void check_p(struct table_row *row)
{
	struct mh_two_samples samples = read_samples(row);

	table_expect(row, "p of greater", mh_mann_whitney_p(&samples, MH_GREATER));
	table_expect(row, "p of less", mh_mann_whitney_p(&samples, MH_LESS));
	table_expect(row, "two-sided p", mh_mann_whitney_p(&samples, MH_TWO_SIDED));
}

Test(mann_whitney, p_equals_scipy_and_enumeration)
{
	table_check("mann_whitney.txt", "p", 250, check_p);
}

static void check_wins(struct table_row *row)
{
	struct mh_two_samples samples = read_samples(row);

	table_expect(row, "Vargha-Delaney", mh_vargha_delaney(&samples));
}

Test(mann_whitney, vargha_delaney_counts_wins_and_half_of_ties)
{
	table_check("mann_whitney.txt", "wins", 250, check_wins);
}

static void check_shift(struct table_row *row)
{
	struct mh_two_samples samples = read_samples(row);
	struct mh_interval shift = {0};

	cr_assert_eq(mh_mann_whitney_shift(&samples, table_number(row), &shift), 0);
	table_expect_interval(row, &shift);
}

Test(mann_whitney, shift_equals_sorted_differences)
{
	table_check("mann_whitney.txt", "shift", 250, check_shift);
}

/* Values a sample, and the critical U of the two-sided levels .05, .01 and .001; -1: none. */
static const int critical[][4] = {{5, 2, 0, -1},    {6, 5, 2, -1},    {8, 13, 7, 2},     {10, 23, 16, 8},
				  {12, 37, 27, 17}, {15, 64, 51, 36}, {20, 127, 105, 81}};

ParameterizedTestParameters(mann_whitney, bounds_are_at_the_critical_u)
{
	static int rows[] = {0, 1, 2, 3, 4, 5, 6};

	return cr_make_param_array(int, rows, sizeof(rows) / sizeof(rows[0]));
}

/* The base counts in steps of 1 and the candidate in steps of 100, so that no two differences are equal. */
static int critical_of(int count, double confidence)
{
	double base[20], candidate[20];
	struct mh_two_samples samples = {base, candidate, (size_t)count, (size_t)count};
	struct mh_interval shift;
	int below = 0;

	for (int i = 0; i < count; i++) {
		base[i] = i;
		candidate[i] = 100 * i;
	}
	cr_assert_eq(mh_mann_whitney_shift(&samples, confidence, &shift), 0);
	for (int i = 0; i < count; i++)
		for (int j = 0; j < count; j++)
			below += candidate[j] - base[i] < shift.lower;
	return shift.attained ? below : -1;
}

ParameterizedTest(int *row, mann_whitney, bounds_are_at_the_critical_u)
{
	static const double confidences[] = {.95, .99, .999};
	const int *expected = critical[*row];

	for (int i = 0; i < 3; i++) {
		int actual = critical_of(expected[0], confidences[i]);

		cr_expect_eq(actual, expected[1 + i], "%d values at %g: %d, not %d", expected[0], confidences[i],
			     actual, expected[1 + i]);
	}
}

Test(mann_whitney, p_min_is_what_separate_samples_reach)
{
	static const size_t counts[] = {3, 4, 5, 6, 8, 10};
	static const double expected[] = {.05, .014, .0040, .0011, 7.8e-5, 5.4e-6};
	double base[10], candidate[10];

	for (int i = 0; i < 10; i++) {
		base[i] = i;
		candidate[i] = 10 + i;
	}
	for (size_t row = 0; row < 6; row++) {
		struct mh_two_samples samples = {base, candidate, counts[row], counts[row]};
		double p = mh_mann_whitney_p(&samples, MH_GREATER),
		       p_min = mh_mann_whitney_p_min(counts[row], counts[row]);

		cr_expect_lt(fabs(p - p_min), 1e-12 * p_min, "%zu: %g, not %g", counts[row], p, p_min);
		cr_expect_lt(fabs(p - expected[row]), 0.05 * expected[row], "%zu: %g, not %g", counts[row], p,
			     expected[row]);
	}
}

Test(mann_whitney, an_empty_sample_is_no_change)
{
	double value = 1;
	struct mh_two_samples samples = {.base = &value, .base_count = 1};
	struct mh_interval shift;

	cr_expect_eq(mh_mann_whitney_p(&samples, MH_TWO_SIDED), 1.0);
	cr_expect(isnan(mh_vargha_delaney(&samples)));
	cr_expect_eq(mh_mann_whitney_shift(&samples, 0.95, &shift), -EINVAL);
}

Test(mann_whitney, samples_without_any_spread_are_no_change_in_large_numbers_either)
{
	double values[40] = {0};
	struct mh_two_samples samples = {values, values, 40, 40};

	cr_expect_eq(mh_mann_whitney_p(&samples, MH_GREATER), 1.0);
}
