/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test of rates against scipy, and the dispersion index of known counts. */
#include "results/statistics/rates.h"

#include <criterion/criterion.h>

#include "table.h"

static struct mh_rate read_rate(struct table_row *row)
{
	uint64_t count = (uint64_t)table_number(row);

	return (struct mh_rate){count, table_number(row)};
}

static void check_rate(struct table_row *row)
{
	struct mh_rate base = read_rate(row), candidate = read_rate(row);

	table_expect(row, "p of greater", mh_rate_p(&base, &candidate, MH_GREATER));
	table_expect(row, "p of less", mh_rate_p(&base, &candidate, MH_LESS));
	table_expect(row, "two-sided p", mh_rate_p(&base, &candidate, MH_TWO_SIDED));
}

Test(rates, p_equals_scipy)
{
	table_check("rates.txt", "rate", 50, check_rate);
}

Test(rates, nothing_counted_or_nothing_done_is_no_change)
{
	struct mh_rate none = {0, 10}, idle = {5, 0}, some = {5, 10};

	cr_expect_eq(mh_rate_p(&none, &none, MH_GREATER), 1.0);
	cr_expect_eq(mh_rate_p(&idle, &some, MH_GREATER), 1.0);
	cr_expect_eq(mh_rate_p(&some, &idle, MH_TWO_SIDED), 1.0);
	cr_expect_lt(mh_rate_p(&none, &some, MH_GREATER), 0.05);
}

Test(rates, dispersion_is_variance_over_mean)
{
	uint64_t counts[] = {2, 4, 6, 8}, zeros[] = {0, 0, 0};

	cr_expect_float_eq(mh_dispersion_index(counts, 4), 20.0 / 3 / 5, 1e-15);
	cr_expect_eq(mh_dispersion_index(zeros, 3), 0.0);
	cr_expect_eq(mh_dispersion_index(counts, 1), 0.0);
}
