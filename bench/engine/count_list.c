/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What finds no room is told: a count that is missing must not look like one that is 0. */
#include "bench/engine/count_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/run_json.h"

void mh_count_list_add(struct mh_result *result, const char *inexact, uint64_t value, const char *format, ...)
{
	char name[512];
	va_list arguments;

	if (result->count_count >= MH_RUN_JSON_LIST_MAX)
		return;
	if (result->count_count == MH_RUN_JSON_LIST_MAX - 1)
		(void)mh_result_add_warning(result,
					    "more than %u counts: the others are not kept; give the scenario fewer "
					    "listeners or phases",
					    MH_RUN_JSON_LIST_MAX);
	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	(void)mh_result_add_count(result, name, value, inexact);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct mh_result_count *)a)->name, ((const struct mh_result_count *)b)->name);
}

static void merge(struct mh_result_count *into, const struct mh_result_count *count)
{
	into->value += count->value;
	if (!into->inexact)
		into->inexact = count->inexact;
}

void mh_count_list_settle(struct mh_result *result)
{
	struct mh_result_count *counts = result->counts;
	size_t last = 0;

	if (result->failed || result->count_count == 0)
		return;
	qsort(counts, result->count_count, sizeof(counts[0]), compare_names);
	for (size_t i = 1; i < result->count_count; i++)
		if (strcmp(counts[last].name, counts[i].name) == 0)
			merge(&counts[last], &counts[i]);
		else
			counts[++last] = counts[i];
	result->count_count = last + 1;
}
