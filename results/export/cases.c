/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of cases and suites, and their texts. */
#include "results/export/cases.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mh_cases_release(struct mh_export_cases *cases)
{
	for (size_t i = 0; i < cases->text_count; i++)
		free(cases->texts[i]);
	free(cases->texts);
	free(cases->suites);
	free(cases->items);
	*cases = (struct mh_export_cases){0};
}

/* The list with room for one more, or NULL. */
static void *make_room(void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	size_t larger = *capacity ? 2 * *capacity : 16;
	void *moved = reallocarray(items, larger, size);

	if (moved)
		*capacity = larger;
	return moved;
}

struct mh_export_case *mh_cases_add(struct mh_export_cases *cases, const struct mh_export_case *one)
{
	struct mh_export_case *items = make_room(cases->items, cases->count, &cases->capacity, sizeof(*items));

	if (!items) {
		cases->failed = true;
		return NULL;
	}
	cases->items = items;
	items[cases->count] = *one;
	return &items[cases->count++];
}

struct mh_export_suite *mh_cases_add_suite(struct mh_export_cases *cases, const char *name)
{
	struct mh_export_suite *suites =
		make_room(cases->suites, cases->suite_count, &cases->suite_capacity, sizeof(*suites));

	if (!suites) {
		cases->failed = true;
		return NULL;
	}
	cases->suites = suites;
	suites[cases->suite_count] = (struct mh_export_suite){.name = name};
	return &suites[cases->suite_count++];
}

void mh_cases_add_property(struct mh_export_suite *suite, const char *name, const char *value)
{
	if (value && suite->property_count < MH_SUITE_PROPERTIES_MAX)
		suite->properties[suite->property_count++] = (struct mh_suite_property){name, value};
}

const char *mh_cases_text(struct mh_export_cases *cases, const char *format, ...)
{
	char **texts = make_room(cases->texts, cases->text_count, &cases->text_capacity, sizeof(*texts));
	va_list arguments;
	int length;

	if (!texts) {
		cases->failed = true;
		return "";
	}
	cases->texts = texts;
	va_start(arguments, format);
	length = vasprintf(&texts[cases->text_count], format, arguments);
	va_end(arguments);
	if (length < 0) {
		cases->failed = true;
		return "";
	}
	return texts[cases->text_count++];
}

size_t mh_cases_count(const struct mh_export_cases *cases, const char *suite, enum mh_case_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < cases->count; i++)
		count += cases->items[i].outcome == outcome && (!suite || strcmp(cases->items[i].suite, suite) == 0);
	return count;
}
