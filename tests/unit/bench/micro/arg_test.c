/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of an argument: lists, powers, steps, and what has none. */
#include "bench/micro/arg.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

/* "8 64 512" */
static const char *values(const struct memhp_bench_arg *arg)
{
	static char text[200];
	size_t length = 0;
	int64_t value;

	text[0] = '\0';
	for (size_t i = 0; i < 20 && mh_arg_value(arg, i, &value); i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%lld", i ? " " : "",
					   (long long)value);
	return text;
}

Test(arg, has_the_values_of_its_list)
{
	const struct memhp_bench_arg arg = MEMHP_BENCH_VALUES("n", 3, -1, 3);

	cr_expect_str_eq(values(&arg), "3 -1 3");
}

/* Source: the ranges that Google Benchmark's user guide shows, Range(8, 8 << 10) by 8, and its borders. */
Test(arg, of_a_range_has_its_ends_and_the_powers_between)
{
	static const struct {
		int64_t first, last, step;
		const char *values;
	} rows[] = {{8, 8192, 8, "8 64 512 4096 8192"},
		    {1, 8, 2, "1 2 4 8"},
		    {0, 8, 2, "0 1 2 4 8"},
		    {3, 3, 2, "3"},
		    {0, 0, 2, "0"},
		    {0, 1, 2, "0 1"},
		    {5, 7, 2, "5 7"},
		    {INT64_MAX / 2 + 1, INT64_MAX, 2, "4611686018427387904 9223372036854775807"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct memhp_bench_arg arg = MEMHP_BENCH_RANGE("n", rows[i].first, rows[i].last, rows[i].step);

		cr_expect_str_eq(values(&arg), rows[i].values, "%lld … %lld: %s, not %s", (long long)rows[i].first,
				 (long long)rows[i].last, values(&arg), rows[i].values);
	}
}

Test(arg, that_is_dense_goes_by_its_step_and_not_beyond_the_last)
{
	const struct memhp_bench_arg exact = MEMHP_BENCH_DENSE(NULL, -2, 4, 3),
				     short_of = MEMHP_BENCH_DENSE(NULL, 0, 5, 2);
	const struct memhp_bench_arg far = MEMHP_BENCH_DENSE(NULL, INT64_MAX - 1, INT64_MAX, 1);

	cr_expect_str_eq(values(&exact), "-2 1 4");
	cr_expect_str_eq(values(&short_of), "0 2 4");
	cr_expect_str_eq(values(&far), "9223372036854775806 9223372036854775807");
}

Test(arg, without_values_or_without_an_end_is_refused)
{
	static const struct {
		struct memhp_bench_arg arg;
		const char *sentence;
	} rows[] = {
		{{.kind = MEMHP_BENCH_ARG_VALUES}, "argument 1 has no values"},
		{{.kind = MEMHP_BENCH_ARG_RANGE, .first = 8, .last = 4, .step = 2}, "argument 1 goes from 8 down to 4"},
		{{.kind = MEMHP_BENCH_ARG_RANGE, .first = 1, .last = 4, .step = 1},
		 "argument 1 has the step 1: use at least 2"},
		{{.kind = MEMHP_BENCH_ARG_RANGE, .first = -1, .last = 4, .step = 2},
		 "argument 1 is a range from -1: use 0 or more"},
		{{.kind = MEMHP_BENCH_ARG_DENSE, .first = 1, .last = 4, .step = 0},
		 "argument 1 has the step 0: use at least 1"},
		{{.kind = (enum memhp_bench_arg_kind)9}, "argument 1 is of kind 9, which there is not"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_error error;

		cr_expect_eq(mh_arg_check(&rows[i].arg, 1, &error), -EINVAL, "row %zu", i);
		cr_expect_str_eq(error.text, rows[i].sentence, "'%s', not '%s'", error.text, rows[i].sentence);
	}
}
