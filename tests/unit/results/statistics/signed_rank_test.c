/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signed-rank test and its interval against enumeration, scipy and known values. */
#include "results/statistics/signed_rank.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <math.h>

#include "table.h"

static void check_p(struct table_row *row)
{
	size_t count;
	const double *differences = table_list(row, &count);

	table_expect(row, "p of greater", mh_signed_rank_p(differences, count, MH_GREATER));
	table_expect(row, "p of less", mh_signed_rank_p(differences, count, MH_LESS));
	table_expect(row, "two-sided p", mh_signed_rank_p(differences, count, MH_TWO_SIDED));
}

Test(signed_rank, p_equals_scipy_and_enumeration)
{
	table_check("signed_rank.txt", "p", 250, check_p);
}

static void check_shift(struct table_row *row)
{
	size_t count;
	const double *differences = table_list(row, &count);
	struct mh_interval shift = {0};

	cr_assert_eq(mh_signed_rank_shift(differences, count, table_number(row), &shift), 0);
	table_expect_interval(row, &shift);
}

Test(signed_rank, shift_equals_sorted_walsh_averages)
{
	table_check("signed_rank.txt", "shift", 250, check_shift);
}

/* Pairs, and the rank of the Walsh average that bounds the two-sided 95 % interval. */
static const size_t ranks[][2] = {{6, 1}, {8, 4}, {10, 9}, {12, 14}, {16, 30}, {20, 53}};

ParameterizedTestParameters(signed_rank, bounds_are_at_the_known_ranks)
{
	static int rows[] = {0, 1, 2, 3, 4, 5};

	return cr_make_param_array(int, rows, sizeof(rows) / sizeof(rows[0]));
}

/* Of powers of 2 no two Walsh averages are equal, so that a bound tells its rank. */
ParameterizedTest(int *row, signed_rank, bounds_are_at_the_known_ranks)
{
	size_t count = ranks[*row][0], below = 0;
	double differences[20];
	struct mh_interval shift;

	for (size_t i = 0; i < count; i++)
		differences[i] = exp2((double)i);
	cr_assert_eq(mh_signed_rank_shift(differences, count, 0.95, &shift), 0);
	for (size_t i = 0; i < count; i++)
		for (size_t j = i; j < count; j++)
			below += (differences[i] + differences[j]) / 2 <= shift.lower;
	cr_expect_eq(below, ranks[*row][1], "%zu pairs: rank %zu, not %zu", count, below, ranks[*row][1]);
}

Test(signed_rank, p_min_is_what_all_positive_differences_reach)
{
	static const size_t counts[] = {6, 8, 10, 12, 16, 20};
	static const double expected[] = {.016, .0039, 9.8e-4, 2.4e-4, 1.5e-5, 9.5e-7};
	double differences[20];

	for (size_t i = 0; i < 20; i++)
		differences[i] = 1 + (double)i;
	for (size_t row = 0; row < 6; row++) {
		double p = mh_signed_rank_p(differences, counts[row], MH_GREATER);

		cr_expect_float_eq(p, mh_signed_rank_p_min(counts[row]), 1e-15, "%zu: %g", counts[row], p);
		cr_expect_lt(fabs(p - expected[row]), 0.03 * expected[row], "%zu: %g, not %g", counts[row], p,
			     expected[row]);
	}
}

Test(signed_rank, nothing_or_only_zeros_is_no_change)
{
	double zeros[60] = {0};

	for (size_t count = 0; count <= 60; count += 20)
		cr_expect_eq(mh_signed_rank_p(zeros, count, MH_GREATER), 1.0, "%zu zeros", count);
}

Test(signed_rank, too_few_differences_have_no_bound)
{
	double differences[] = {1, 2, 3, 4, 5};
	struct mh_interval shift;

	cr_assert_eq(mh_signed_rank_shift(differences, 5, 0.95, &shift), 0);
	cr_expect_not(shift.attained);
	cr_expect_eq(shift.estimate, 3.0, "%g", shift.estimate);
	cr_expect(isinf(shift.lower) && isinf(shift.upper));
	cr_assert_eq(mh_signed_rank_shift(differences, 5, 0.9, &shift), 0);
	cr_expect(shift.attained);
	cr_expect_eq(mh_signed_rank_shift(differences, 0, 0.9, &shift), -EINVAL);
}

/* The same ranks by libRmath, and by counting as for ties: a tie of ranks that does not change W+ nor its tail. */
Test(signed_rank, both_ways_of_counting_agree)
{
	double differences[MH_SIGNED_RANK_EXACT_MAX];

	for (size_t i = 0; i < MH_SIGNED_RANK_EXACT_MAX; i++)
		differences[i] = (i % 3 ? 1.0 : -1.0) * (double)(i + 2);
	for (size_t count = 20; count <= MH_SIGNED_RANK_EXACT_MAX; count++) {
		double plain = mh_signed_rank_p(differences, count, MH_GREATER), tied;

		differences[0] = -3; /* the ranks 1 and 2 become 1.5 and 1.5: by continuity nearly the same p */
		tied = mh_signed_rank_p(differences, count, MH_GREATER);
		differences[0] = -2;
		cr_expect_lt(fabs(tied / plain - 1), 0.02, "%zu: %.6g and %.6g", count, tied, plain);
	}
}
