/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of counts: one a name, in order, and never longer than what is read again. */
#include "bench/engine/count_list.h"

#include <criterion/criterion.h>

#include "results/run_json.h"

Test(count_list, is_sorted_and_has_one_a_name)
{
	struct mh_result result;

	mh_result_init(&result);
	mh_count_list_add(&result, NULL, 3, "%s/b", "steady");
	mh_count_list_add(&result, NULL, 1, "steady/a");
	mh_count_list_add(&result, "by time", 4, "steady/b");
	mh_count_list_settle(&result);
	cr_assert_eq(result.count_count, 2);
	cr_expect_str_eq(result.counts[0].name, "steady/a");
	cr_expect_null(result.counts[0].inexact);
	cr_expect_str_eq(result.counts[1].name, "steady/b");
	cr_expect_eq(result.counts[1].value, 7);
	cr_expect_str_eq(result.counts[1].inexact, "by time");
	mh_result_release(&result);
}

Test(count_list, tells_what_finds_no_room)
{
	struct mh_result result;

	mh_result_init(&result);
	for (unsigned i = 0; i < MH_RUN_JSON_LIST_MAX - 1; i++)
		mh_count_list_add(&result, NULL, 1, "c%u", i);
	cr_expect_eq(result.warning_count, 0);
	for (unsigned i = 0; i < 3; i++)
		mh_count_list_add(&result, NULL, 1, "d%u", i);
	cr_expect_eq(result.warning_count, 1);
	mh_count_list_settle(&result);
	cr_expect_eq(result.count_count, MH_RUN_JSON_LIST_MAX);
	mh_result_release(&result);
}
