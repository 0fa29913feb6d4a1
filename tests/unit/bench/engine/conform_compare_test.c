/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expected beside got.
 */
#include "bench/engine/conform_compare.h"

#include <criterion/criterion.h>

static void expect_text(const char *expected, const char *got, unsigned count, const char *table)
{
	json_t *left = json_loads(expected, 0, NULL), *right = json_loads(got, 0, NULL);
	struct mh_text text = MH_TEXT_INIT;
	unsigned differ = mh_conform_compare(left, right, &text);

	cr_expect_eq(differ, count, "%u keys differ, expected %u", differ, count);
	cr_expect_str_eq(text.data, table, "got:\n%sexpected:\n%s", text.data, table);
	mh_text_release(&text);
	json_decref(left);
	json_decref(right);
}

Test(conform_compare, the_same_is_no_difference)
{
	expect_text("{\"trace\": [[0, \"ONLINE\"]], \"zones\": {\"a\": 1, \"b\": 2}}",
		    "{\"zones\": {\"b\": 2, \"a\": 1}, \"trace\": [[0, \"ONLINE\"]]}", 0, "");
}

Test(conform_compare, lists_are_shown_item_by_item)
{
	expect_text("{\"trace\": [[0, \"GOING_ONLINE\"], [1, \"ONLINE\"]]}", "{\"trace\": [[0, \"GOING_ONLINE\"]]}", 1,
		    "  trace:\n"
		    "    expected            got\n"
		    "    [0,\"GOING_ONLINE\"]  [0,\"GOING_ONLINE\"]\n"
		    "  > [1,\"ONLINE\"]        -\n");
}

Test(conform_compare, of_objects_only_what_differs)
{
	expect_text("{\"final\": {\"state\": \"online\", \"zones\": {\"3/Normal\": {\"present\": 7, \"spanned\": 9}}}}",
		    "{\"final\": {\"state\": \"online\", \"zones\": {\"3/Normal\": {\"present\": 8, \"spanned\": 9}}, "
		    "\"zone\": null}}",
		    1,
		    "  final:\n"
		    "                            expected  got\n"
		    "  > zones.3/Normal.present  7         8\n"
		    "  > zone                    -         null\n");
}

Test(conform_compare, a_key_that_one_lacks_differs)
{
	expect_text("{\"reason\": null}", "{\"ret\": -16}", 2,
		    "  reason:\n"
		    "    expected  got\n"
		    "  > null      -\n"
		    "  ret:\n"
		    "    expected  got\n"
		    "  > -         -16\n");
}
