/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of bars: all that we are held to, each once, each about benchmarks that are there. */
#include <criterion/criterion.h>

#include <string.h>

#include "bench/micro/bar_measure.h"

/* The bars of the specification; B1e is for orientation only. */
static const char *const ids[] = {"B1a", "B1b", "B1c", "B1d", "B1f", "B1g", "B2a", "B2b", "B2c",
				  "B3a", "B3b", "B3c", "B4a", "B4b", "B4c", "B4d", "B4e", "B4f",
				  "B4g", "B4h", "B4i", "B5a", "B5b", "B5c", "B6a", "B6b"};
#define ID_LENGTH 3

static bool is_known(const char *id)
{
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (strncmp(id, ids[i], ID_LENGTH) == 0 && (id[ID_LENGTH] == '\0' || id[ID_LENGTH] == '-'))
			return true;
	return false;
}

Test(bars, are_all_there)
{
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		bool found = false;

		for (const struct mh_bar *bar = mh_bars; bar->id; bar++)
			found |= strncmp(bar->id, ids[i], ID_LENGTH) == 0;
		cr_expect(found, "no bar %s", ids[i]);
	}
}

Test(bars, have_ids_of_the_specification_each_once_and_in_order)
{
	for (const struct mh_bar *bar = mh_bars; bar->id; bar++) {
		cr_expect(is_known(bar->id), "'%s' is no bar's id, nor one with a suffix", bar->id);
		cr_expect_null(strchr(bar->id, ' '), "'%s' is more than a word", bar->id);
		for (const struct mh_bar *other = mh_bars; other < bar; other++) {
			cr_expect_str_neq(other->id, bar->id, "two bars are called %s", bar->id);
			cr_expect(strncmp(other->id, bar->id, ID_LENGTH) <= 0, "%s stands before %s", other->id,
				  bar->id);
		}
	}
}

Test(bars, say_what_is_measured)
{
	for (const struct mh_bar *bar = mh_bars; bar->id; bar++) {
		bool figure = bar->kind == MH_BAR_FIGURE, ratio = bar->kind == MH_BAR_RATIO;

		cr_expect(bar->says && bar->says[0], "%s", bar->id);
		cr_expect_gt(bar->bar, 0, "%s", bar->id);
		cr_expect_eq(bar->figure != NULL, figure, "%s", bar->id);
		cr_expect_eq(bar->of != NULL, !figure, "%s", bar->id);
		cr_expect_eq(bar->to != NULL, ratio, "%s", bar->id);
		cr_expect(!bar->absent || ratio, "%s", bar->id);
	}
}

static void expect_there(const struct mh_instances *instances, const struct mh_bar *bar, const char *name)
{
	if (name && strncmp(name, MH_BAR_RIVAL, strlen(MH_BAR_RIVAL)) != 0)
		cr_expect_not_null(mh_instances_find(instances, name), "%s: there is no benchmark '%s'", bar->id, name);
}

Test(bars, are_about_benchmarks_that_are_there)
{
	struct mh_instances instances = {0};
	struct mh_error error = {.text = ""};

	cr_assert_eq(mh_instances_add_built_in(&instances, &error), 0, "%s", error.text);
	for (const struct mh_bar *bar = mh_bars; bar->id; bar++) {
		expect_there(&instances, bar, bar->of);
		expect_there(&instances, bar, bar->to);
		expect_there(&instances, bar, bar->absent);
	}
	mh_instances_release(&instances);
}
