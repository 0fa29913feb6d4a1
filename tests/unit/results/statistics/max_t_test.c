/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The greatest t under permutations, against all permutations by definition. */
#include "results/statistics/max_t.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>

#include "base/rng.h"
#include "table.h"

static void expect_adjusted(struct table_row *row, const struct mh_max_t *result, size_t variable_count)
{
	double least = 1;

	for (size_t v = 0; v < variable_count; v++) {
		table_expect(row, "adjusted p", result->adjusted[v]);
		least = fmin(least, result->adjusted[v]);
	}
	cr_expect_eq(result->p, least, "line %zu: p %g, least %g", row->line, result->p, least);
}

static void check_paired(struct table_row *row)
{
	size_t count;
	struct mh_max_t_paired data = {.differences = table_list(row, &count)};
	struct mh_max_t result = {0};

	data.variable_count = (size_t)table_number(row);
	data.pair_count = count / data.variable_count;
	cr_assert_eq(mh_max_t_paired(&data, &result), 0);
	cr_expect_eq(result.permutations, (1u << data.pair_count) - 1);
	expect_adjusted(row, &result, data.variable_count);
}

Test(max_t, of_pairs_equals_all_sign_flips)
{
	table_check("max_t.txt", "paired", 40, check_paired);
}

static void check_unpaired(struct table_row *row)
{
	size_t base_values, candidate_values;
	struct mh_max_t_unpaired data;
	struct mh_max_t result = {0};

	data.base = table_list(row, &base_values);
	data.candidate = table_list(row, &candidate_values);
	data.variable_count = (size_t)table_number(row);
	data.base_count = base_values / data.variable_count;
	data.candidate_count = candidate_values / data.variable_count;
	cr_assert_eq(mh_max_t_unpaired(&data, &result), 0);
	expect_adjusted(row, &result, data.variable_count);
}

Test(max_t, of_two_samples_equals_all_choices)
{
	table_check("max_t.txt", "unpaired", 40, check_unpaired);
}

#define PAIRS     24
#define VARIABLES 5

/* Normal enough: a sum of uniform numbers; variables have half of their noise in common. */
static void fill_noise(double *values, size_t run_count, uint64_t index, double shift)
{
	struct mh_rng rng;

	mh_rng_init(&rng, 1, "noise", index);
	for (size_t run = 0; run < run_count; run++) {
		double common = mh_rng_unit(&rng) + mh_rng_unit(&rng) - 1;

		for (size_t v = 0; v < VARIABLES; v++)
			values[v * run_count + run] = common + mh_rng_unit(&rng) + mh_rng_unit(&rng) - 1 + shift;
	}
}

static struct mh_max_t of_noise(uint64_t index, double shift, uint64_t seed)
{
	double differences[VARIABLES * PAIRS];
	struct mh_max_t_paired data = {differences, VARIABLES, PAIRS, seed};
	struct mh_max_t result;

	fill_noise(differences, PAIRS, index, shift);
	cr_assert_eq(mh_max_t_paired(&data, &result), 0);
	return result;
}

Test(max_t, draws_are_the_same_for_a_seed_and_others_for_another)
{
	struct mh_max_t one = of_noise(0, 0.2, 1), same = of_noise(0, 0.2, 1), other = of_noise(0, 0.2, 2);
	bool differ = false;

	cr_expect_eq(one.permutations, (size_t)MH_MAX_T_DRAWS);
	for (size_t v = 0; v < VARIABLES; v++) {
		cr_expect_eq(one.adjusted[v], same.adjusted[v]);
		cr_expect_lt(fabs(one.adjusted[v] - other.adjusted[v]), 0.03, "%g and %g", one.adjusted[v],
			     other.adjusted[v]);
		differ |= one.adjusted[v] != other.adjusted[v];
	}
	cr_expect(differ);
}

/* The share of all choices of 10 of 20 values whose sum is as far from the middle as that of the last 10. */
static double p_of_all_choices(const double values[20])
{
	double total = 0, observed = 0, reached = 0, choices = 0;

	for (int i = 0; i < 20; i++) {
		total += values[i];
		observed += i < 10 ? 0 : values[i];
	}
	for (unsigned choice = 0; choice < 1u << 20; choice++) {
		double sum = 0;

		if (__builtin_popcount(choice) != 10)
			continue;
		for (int i = 0; i < 20; i++)
			sum += choice >> i & 1 ? values[i] : 0;
		choices++;
		reached += fabs(sum - total / 2) >= fabs(observed - total / 2) - 1e-9;
	}
	return reached / choices;
}

/* More choices than are all taken. */
Test(max_t, draws_of_two_samples_are_near_all_choices)
{
	double values[20], exact;
	struct mh_max_t_unpaired data = {values, values + 10, 1, 10, 10, 1};
	struct mh_max_t drawn;

	for (int i = 0; i < 20; i++)
		values[i] = i * 7 % 20 + (i < 10 ? 0 : 4);
	exact = p_of_all_choices(values);
	cr_assert_eq(mh_max_t_unpaired(&data, &drawn), 0);
	cr_expect_eq(drawn.permutations, (size_t)MH_MAX_T_DRAWS);
	cr_expect_lt(fabs(drawn.p - exact), 0.02, "%g, not %g", drawn.p, exact);
}

/* No change: p is below 10 % in about 10 of 100. */
Test(max_t, p_is_uniform_without_a_change)
{
	size_t below = 0;

	for (uint64_t index = 0; index < 200; index++)
		below += of_noise(index, 0, index).p < 0.1;
	cr_expect(below >= 8 && below <= 36, "%zu of 200", below);
}

Test(max_t, a_change_of_all_is_found_and_named)
{
	struct mh_max_t result = of_noise(0, 1, 1);

	cr_expect_eq(result.p, 1.0 / (1 + MH_MAX_T_DRAWS), "%g", result.p);
	for (size_t v = 0; v < VARIABLES; v++)
		cr_expect_lt(result.adjusted[v], 0.01, "%g", result.adjusted[v]);
}

Test(max_t, variables_that_never_differ_are_no_change)
{
	double zeros[2 * 6] = {0}, equal[6] = {3, 3, 3, 3, 3, 3};
	struct mh_max_t result;

	cr_assert_eq(mh_max_t_paired(&(struct mh_max_t_paired){zeros, 2, 6, 0}, &result), 0);
	cr_expect_eq(result.p, 1.0, "%g", result.p);
	cr_assert_eq(mh_max_t_paired(&(struct mh_max_t_paired){equal, 1, 6, 0}, &result), 0);
	cr_expect_eq(result.p, 2.0 / 64, "%g", result.p);
	cr_assert_eq(mh_max_t_unpaired(&(struct mh_max_t_unpaired){zeros, zeros, 2, 3, 3, 0}, &result), 0);
	cr_expect_eq(result.p, 1.0, "%g", result.p);
}

Test(max_t, refuses_too_little_and_too_much)
{
	double values[64] = {0};
	struct mh_max_t result;

	cr_expect_eq(mh_max_t_paired(&(struct mh_max_t_paired){values, 0, 6, 0}, &result), -EINVAL);
	cr_expect_eq(mh_max_t_paired(&(struct mh_max_t_paired){values, MH_MAX_T_VARIABLES + 1, 2, 0}, &result),
		     -EINVAL);
	cr_expect_eq(mh_max_t_paired(&(struct mh_max_t_paired){values, 1, 1, 0}, &result), -EINVAL);
	cr_expect_eq(mh_max_t_unpaired(&(struct mh_max_t_unpaired){values, values, 1, 1, 5, 0}, &result), -EINVAL);
}

/* More runs than a word has bits. */
Test(max_t, takes_more_pairs_than_bits)
{
	double differences[100];
	struct mh_max_t result;

	for (int i = 0; i < 100; i++)
		differences[i] = i < 65 ? 0 : i % 2 ? 1 : -1;
	differences[99] = 30; /* decides alone, by the sign of a run beyond the first word */
	cr_assert_eq(mh_max_t_paired(&(struct mh_max_t_paired){differences, 1, 100, 3}, &result), 0);
	cr_expect_gt(result.p, 0.1, "%g", result.p);
}
