/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjusted p values against their definitions. */
#include "results/statistics/holm.h"

#include <criterion/criterion.h>

#include "table.h"

static void check(struct table_row *row, int (*adjust)(const double *p, size_t count, double *ret_adjusted))
{
	size_t count;
	const double *p = table_list(row, &count);
	double adjusted[TABLE_NUMBERS_MAX];

	cr_assert_eq(adjust(p, count, adjusted), 0);
	for (size_t i = 0; i < count; i++)
		table_expect(row, "adjusted p", adjusted[i]);
}

static void check_holm(struct table_row *row)
{
	check(row, mh_holm);
}

Test(holm, equals_its_definition)
{
	table_check("adjusted.txt", "holm", 40, check_holm);
}

static void check_benjamini_hochberg(struct table_row *row)
{
	check(row, mh_benjamini_hochberg);
}

Test(holm, benjamini_hochberg_equals_its_definition)
{
	table_check("adjusted.txt", "benjamini_hochberg", 40, check_benjamini_hochberg);
}

Test(holm, adjusts_in_place_and_takes_none)
{
	double p[] = {0.04, 0.01, 0.5};

	cr_assert_eq(mh_holm(p, 3, p), 0);
	cr_expect_float_eq(p[0], 0.08, 1e-15);
	cr_expect_float_eq(p[1], 0.03, 1e-15);
	cr_expect_float_eq(p[2], 0.5, 1e-15);
	cr_expect_eq(mh_holm(p, 0, p), 0);
	cr_expect_eq(mh_benjamini_hochberg(p, 0, p), 0);
}
