/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The band of the shift function, against all permutations by definition, and how often it holds the truth. */
#include "results/statistics/shift_function.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>

#include "base/rng.h"
#include "table.h"

static void check_paired(struct table_row *row)
{
	size_t count;
	struct mh_max_t_paired data = {.differences = table_list(row, &count)};
	struct mh_interval shifts[MH_MAX_T_VARIABLES];

	data.variable_count = (size_t)table_number(row);
	data.pair_count = count / data.variable_count;
	cr_assert_eq(mh_shift_function_paired(&data, table_number(row), shifts), 0);
	for (size_t v = 0; v < data.variable_count; v++)
		table_expect_interval(row, &shifts[v]);
}

Test(shift_function, of_pairs_equals_all_sign_flips)
{
	table_check("max_t.txt", "paired_band", 40, check_paired);
}

static void check_unpaired(struct table_row *row)
{
	size_t base_values, candidate_values;
	struct mh_max_t_unpaired data = {0};
	struct mh_interval shifts[MH_MAX_T_VARIABLES];

	data.base = table_list(row, &base_values);
	data.candidate = table_list(row, &candidate_values);
	data.variable_count = (size_t)table_number(row);
	data.base_count = base_values / data.variable_count;
	data.candidate_count = candidate_values / data.variable_count;
	cr_assert_eq(mh_shift_function_unpaired(&data, table_number(row), shifts), 0);
	for (size_t v = 0; v < data.variable_count; v++)
		table_expect_interval(row, &shifts[v]);
}

Test(shift_function, of_two_samples_equals_all_choices)
{
	table_check("max_t.txt", "unpaired_band", 40, check_unpaired);
}

#define PAIRS 10
#define TRUTH 0.3

static bool band_holds(uint64_t index)
{
	double differences[MH_SHIFT_QUANTILES * PAIRS];
	struct mh_max_t_paired data = {differences, MH_SHIFT_QUANTILES, PAIRS, index};
	struct mh_interval shifts[MH_SHIFT_QUANTILES];
	struct mh_rng rng;
	bool holds = true;

	mh_rng_init(&rng, 1, "band", index);
	for (size_t pair = 0; pair < PAIRS; pair++) {
		double common = mh_rng_unit(&rng) + mh_rng_unit(&rng) - 1;

		for (size_t v = 0; v < MH_SHIFT_QUANTILES; v++)
			differences[v * PAIRS + pair] = TRUTH + common + mh_rng_unit(&rng) + mh_rng_unit(&rng) - 1;
	}
	cr_assert_eq(mh_shift_function_paired(&data, 0.9, shifts), 0);
	for (size_t v = 0; v < MH_SHIFT_QUANTILES; v++)
		holds &= shifts[v].lower <= TRUTH && TRUTH <= shifts[v].upper;
	return holds;
}

/* All twelve at once, in 90 of 100. */
Test(shift_function, band_holds_the_truth_as_often_as_it_says)
{
	size_t held = 0;

	for (uint64_t index = 0; index < 400; index++)
		held += band_holds(index);
	cr_expect(held >= 336 && held <= 384, "%zu of 400", held);
}

Test(shift_function, too_few_pairs_have_no_band)
{
	double differences[] = {1, 2, 3, 4, 5};
	struct mh_interval shift;

	cr_assert_eq(mh_shift_function_paired(&(struct mh_max_t_paired){differences, 1, 5, 0}, 0.95, &shift), 0);
	cr_expect_not(shift.attained);
	cr_expect_eq(shift.estimate, 3.0);
	cr_expect(isinf(shift.lower) && isinf(shift.upper), "%g … %g", shift.lower, shift.upper);
	cr_expect_eq(mh_shift_function_paired(&(struct mh_max_t_paired){differences, 1, 1, 0}, 0.95, &shift), -EINVAL);
	cr_expect_eq(mh_shift_function_unpaired(&(struct mh_max_t_unpaired){differences, differences, 1, 1, 4, 0}, 0.95,
						&shift),
		     -EINVAL);
}

Test(shift_function, quantiles_rise)
{
	for (size_t i = 1; i < MH_SHIFT_QUANTILES; i++)
		cr_expect_gt(mh_shift_quantiles[i], mh_shift_quantiles[i - 1]);
}
