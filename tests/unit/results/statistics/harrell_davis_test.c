/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quantiles of few values against scipy's hdquantiles and the definition of their error. */
#include "results/statistics/harrell_davis.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "table.h"

static void expect_estimate(struct table_row *row, const struct mh_quantile_estimate *estimate)
{
	table_expect(row, "quantile", estimate->value);
	table_expect(row, "error", estimate->error);
}

static void check_values(struct table_row *row)
{
	size_t count;
	const double *sorted = table_list(row, &count);
	struct mh_quantile_estimate estimate = {0};

	cr_assert_eq(mh_harrell_davis(sorted, count, table_number(row), &estimate), 0);
	expect_estimate(row, &estimate);
}

Test(harrell_davis, equals_scipy)
{
	table_check("harrell_davis.txt", "values", 60, check_values);
}

static void check_buckets(struct table_row *row)
{
	size_t count;
	const double *middles = table_list(row, &count), *list = table_list(row, &count);
	uint64_t counts[TABLE_NUMBERS_MAX];
	struct mh_quantile_estimate estimate = {0};

	for (size_t i = 0; i < count; i++)
		counts[i] = (uint64_t)list[i];
	cr_assert_eq(mh_harrell_davis_buckets(middles, counts, count, table_number(row), &estimate), 0);
	expect_estimate(row, &estimate);
}

Test(harrell_davis, of_buckets_equals_its_definition)
{
	table_check("harrell_davis.txt", "buckets", 30, check_buckets);
}

Test(harrell_davis, of_one_value_is_that_value)
{
	double value = 7;
	struct mh_quantile_estimate estimate;

	cr_assert_eq(mh_harrell_davis(&value, 1, 0.99, &estimate), 0);
	cr_expect_eq(estimate.value, 7.0);
	cr_expect_eq(estimate.error, 0.0);
}

Test(harrell_davis, refuses_no_value_and_no_quantile)
{
	double value = 7;
	uint64_t none = 0;
	struct mh_quantile_estimate estimate;

	cr_expect_eq(mh_harrell_davis(&value, 0, 0.5, &estimate), -EINVAL);
	cr_expect_eq(mh_harrell_davis(&value, 1, 0, &estimate), -EINVAL);
	cr_expect_eq(mh_harrell_davis(&value, 1, 1, &estimate), -EINVAL);
	cr_expect_eq(mh_harrell_davis_buckets(&value, &none, 1, 0.5, &estimate), -EINVAL);
}
