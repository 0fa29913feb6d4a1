/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counts of a run in the terminal report: the exact ones, then the others under the sentence that says why. */
#include <string.h>

#include "results/show_private.h"

#define VALUE_WIDTH 14

static void show_count(const struct mh_show *show, const struct mh_result_count *count)
{
	char value[MH_SHOW_CELL];

	mh_text_add(show->text, "%*s  ", VALUE_WIDTH, mh_show_exact(value, count->value));
	mh_show_clean(show, count->name);
	mh_text_add(show->text, "\n");
}

/* NULL: the exact ones. */
static void show_those_with(const struct mh_show *show, const struct mh_result *result, const char *inexact)
{
	for (size_t i = 0; i < result->count_count; i++) {
		const char *why = result->counts[i].inexact;

		if (inexact ? why && strcmp(why, inexact) == 0 : !why)
			show_count(show, &result->counts[i]);
	}
}

/* Whether the sentence of count @index stood at one before. */
static bool was_told(const struct mh_result *result, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (result->counts[i].inexact && strcmp(result->counts[i].inexact, result->counts[index].inexact) == 0)
			return true;
	return false;
}

void mh_show_counts(const struct mh_show *show, const struct mh_result *result)
{
	if (!result->count_count)
		return;
	mh_text_add(show->text, "\ncounts:\n");
	show_those_with(show, result, NULL);
	for (size_t i = 0; i < result->count_count; i++) {
		if (!result->counts[i].inexact || was_told(result, i))
			continue;
		mh_text_add(show->text, "not exact: ");
		mh_show_paragraph(show, result->counts[i].inexact, 0);
		show_those_with(show, result, result->counts[i].inexact);
	}
}
