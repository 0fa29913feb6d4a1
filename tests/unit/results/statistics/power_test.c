/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Detectable changes and pairs needed against the table of docs/methodology.md, and against each other. */
#include "results/statistics/power.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <math.h>

/* Runs a side that find a change at one-sided 1 % with power 0.9, by the deviation of one run. */
static const struct {
	double run_deviation, change;
	size_t runs;
} needed[] = {
	{.02, .03, 13}, {.03, .03, 29},  {.03, .05, 11},  {.05, .03, 79},
	{.05, .05, 29}, {.10, .03, 313}, {.10, .05, 115},
};

ParameterizedTestParameters(power, runs_needed_are_the_known_ones)
{
	static int rows[] = {0, 1, 2, 3, 4, 5, 6};

	return cr_make_param_array(int, rows, sizeof(rows) / sizeof(rows[0]));
}

/* The known numbers are rounded, ours are rounded up. */
ParameterizedTest(int *row, power, runs_needed_are_the_known_ones)
{
	struct mh_strictness strictness = {0.01, 1};
	size_t runs = mh_pairs_needed(&strictness, sqrt(2) * needed[*row].run_deviation, needed[*row].change);

	cr_expect(runs == needed[*row].runs || runs == needed[*row].runs + 1, "%zu, not %zu", runs, needed[*row].runs);
}

Test(power, pairs_needed_are_the_first_that_detect)
{
	struct mh_strictness strictness = {0.01, 5};

	for (double change = 0.01; change < 0.1; change += 0.01) {
		size_t pairs = mh_pairs_needed(&strictness, 0.05, change);

		cr_expect_leq(mh_detectable_change(&strictness, 0.05, pairs), change, "%zu pairs", pairs);
		if (pairs > mh_pairs_attainable(&strictness))
			cr_expect_gt(mh_detectable_change(&strictness, 0.05, pairs - 1), change, "%zu pairs", pairs);
	}
}

Test(power, detectable_change_equals_its_formula)
{
	struct mh_strictness strictness = {0.01, 5};
	double expected = exp((2.8781617390954826 + 1.2815515655446004) * 0.04 / sqrt(0.955 * 16)) - 1;

	cr_expect_float_eq(mh_detectable_change(&strictness, 0.04, 16), expected, 1e-14);
	cr_expect(isnan(mh_detectable_change(&strictness, 0.04, 0)));
}

Test(power, few_pairs_cannot_reach_the_level)
{
	cr_expect_eq(mh_pairs_attainable(&(struct mh_strictness){0.01, 20}), 11u);
	cr_expect_eq(mh_pairs_attainable(&(struct mh_strictness){0.01, 1}), 7u);
	cr_expect_eq(mh_pairs_needed(&(struct mh_strictness){0.01, 20}, 0, 0.05), 11u);
}

Test(power, no_number_of_pairs_finds_nothing)
{
	struct mh_strictness strictness = {0.01, 5};

	cr_expect_eq(mh_pairs_needed(&strictness, 0.03, 0), (size_t)MH_PAIRS_NEEDED_MAX);
	cr_expect_eq(mh_pairs_needed(&strictness, INFINITY, 0.05), (size_t)MH_PAIRS_NEEDED_MAX);
	cr_expect_eq(mh_pairs_needed(&strictness, NAN, 0.05), (size_t)MH_PAIRS_NEEDED_MAX);
}

Test(power, noise_is_blind_to_outliers)
{
	double differences[] = {1e9, 1, 2, 3, 4, 5, -1e9}, deviation;

	cr_assert_eq(mh_noise_deviation(differences, 7, &deviation), 0);
	cr_expect_float_eq(deviation, 1.4826 * 2, 1e-12, "%g", deviation);
	cr_expect_eq(mh_noise_deviation(differences, 0, &deviation), -EINVAL);
	cr_expect_float_eq(mh_noise_floor(0.04, 16), 0.02, 1e-15);
	cr_expect(isnan(mh_noise_floor(0.04, 0)));
}
