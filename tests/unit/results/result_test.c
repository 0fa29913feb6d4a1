/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of a result, its status, and the names of runs. */
#include "results/result.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "sample.h"

Test(result, copies_texts)
{
	struct mh_result result;
	char text[] = "mine";

	mh_result_init(&result);
	const char *copy = mh_result_text(&result, text);

	text[0] = 'X';
	cr_expect_str_eq(copy, "mine");
	cr_expect_null(mh_result_text(&result, NULL));
	cr_expect_str_eq(mh_result_format(&result, "%d of %s", 3, "ten"), "3 of ten");
	mh_result_release(&result);
}

Test(result, keeps_a_list_that_grows)
{
	struct mh_result result;

	mh_result_init(&result);
	for (uint64_t i = 0; i < 1000; i++)
		mh_result_add_fault(&result)->fired = i;
	cr_assert_eq(result.fault_count, 1000u);
	for (uint64_t i = 0; i < 1000; i++)
		cr_assert_eq(result.faults[i].fired, i, "%lu is %lu", i, result.faults[i].fired);
	mh_result_release(&result);
}

Test(result, takes_a_series_once)
{
	struct mh_histogram golden = sample_golden();
	struct mh_result result;

	mh_result_init(&result);
	cr_expect_eq(mh_result_add_series(&result, "a/b", &golden), 0);
	cr_expect_eq(mh_result_add_series(&result, "a/b", &golden), -EEXIST);
	cr_expect_eq(mh_result_add_series(&result, "a b", &golden), -EINVAL);
	cr_expect_eq(result.series_count, 1u);
	cr_expect(mh_histogram_equal(&mh_result_find_series(&result, "a/b")->histogram, &golden));
	cr_expect_null(mh_result_find_series(&result, "a/c"));
	mh_histogram_release(&golden);
	mh_result_release(&result);
}

Test(result, status_only_gets_worse)
{
	struct mh_result result;

	mh_result_init(&result);
	cr_expect_eq(result.status, MH_RUN_OK);
	mh_result_raise_status(&result, MH_RUN_INVALID);
	cr_expect_eq(result.status, MH_RUN_INVALID);
	mh_result_raise_status(&result, MH_RUN_ABORTED);
	cr_expect_eq(result.status, MH_RUN_ABORTED);
	mh_result_raise_status(&result, MH_RUN_INVALID);
	cr_expect_eq(result.status, MH_RUN_ABORTED);
	mh_result_raise_status(&result, MH_RUN_INCORRECT);
	mh_result_raise_status(&result, MH_RUN_ABORTED);
	cr_expect_eq(result.status, MH_RUN_INCORRECT);
}

Test(result, counts_the_four_outcomes_together)
{
	struct mh_result_ops ops = {.ok = 1, .fail = 20, .expected_fail = 300, .unexpected = 4000};

	cr_expect_eq(mh_result_ops_total(&ops), 4321u);
}

/* Source: the time part of a ULID: 1469918176385 ms is 01ARYZ6S41. */
Test(run_id, holds_the_time_and_is_never_the_same)
{
	char a[MH_RUN_ID_TEXT], b[MH_RUN_ID_TEXT];

	cr_assert_eq(mh_run_id(UINT64_C(1469918176385000000), a), 0);
	cr_assert_eq(mh_run_id(UINT64_C(1469918176385000000), b), 0);
	cr_expect_eq(strncmp(a, "01ARYZ6S41", 10), 0, "%s", a);
	cr_expect_eq(strlen(a), 26u);
	cr_expect_eq(strspn(a, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26u, "%s", a);
	cr_expect_str_neq(a, b);
}

Test(run_id, sorts_by_time)
{
	char a[MH_RUN_ID_TEXT], b[MH_RUN_ID_TEXT];

	cr_assert_eq(mh_run_id(UINT64_C(1767225600000000000), a), 0);
	cr_assert_eq(mh_run_id(UINT64_C(1767225600001000000), b), 0);
	cr_expect_lt(strcmp(a, b), 0, "%s %s", a, b);
}
