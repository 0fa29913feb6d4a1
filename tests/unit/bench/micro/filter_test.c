/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which instances a filter leaves. */
#include "bench/micro/filter.h"

#include <criterion/criterion.h>
#include <errno.h>

static struct mh_instance items[] = {
	{.name = (char *)"chain/walk/1"}, {.name = (char *)"chain/call/3"}, {.name = (char *)"record"}};
static const struct mh_instances instances = {.items = items, .count = 3};

static const struct {
	const char *filter;
	unsigned selected; /* a bit each */
} rows[] = {
	{NULL, 7}, {"all", 7}, {".", 7}, {"chain", 3}, {"walk|record", 5}, {"^record$", 4}, {"-chain", 4}, {"[13]$", 3},
};

Test(filter, takes_what_the_expression_is_found_in)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_selection selection;
		struct mh_error error = {0};
		unsigned selected = 0;

		cr_assert_eq(mh_selection_make(&selection, &instances, rows[i].filter, &error), 0, "%s", error.text);
		for (size_t s = 0; s < selection.count; s++)
			selected |= 1u << (selection.items[s] - items);
		cr_expect_eq(selected, rows[i].selected, "'%s': %#x, not %#x", rows[i].filter, selected,
			     rows[i].selected);
		mh_selection_release(&selection);
	}
}

Test(filter, that_leaves_nothing_is_an_error)
{
	struct mh_selection selection;
	struct mh_error error = {0};

	cr_expect_eq(mh_selection_make(&selection, &instances, "nothing", &error), -ENOENT);
	cr_expect_str_eq(error.text, "no benchmark has 'nothing': --benchmark_list_tests names them");
	cr_expect_eq(mh_selection_make(&selection, &instances, "-.", &error), -ENOENT);
	cr_expect_str_eq(error.text, "no benchmark is without '.': --benchmark_list_tests names them");
}
