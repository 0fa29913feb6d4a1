/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of errors: kept in the order found, shown in the order of places.
 */
#include "bench/engine/diagnostics.h"

#include "bench/engine/source_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool diagnostic_is_known(const struct mh_diagnostics *diagnostics, struct mh_place place, const char *text)
{
	for (size_t i = 0; i < diagnostics->count; i++) {
		const struct mh_diagnostic *item = &diagnostics->items[i];

		if (item->place.source == place.source && item->place.line == place.line &&
		    item->place.column == place.column && strcmp(item->text, text) == 0)
			return true;
	}
	return false;
}

static struct mh_diagnostic *diagnostics_grow(struct mh_diagnostics *diagnostics)
{
	if (diagnostics->count == diagnostics->capacity) {
		size_t capacity = diagnostics->capacity ? 2 * diagnostics->capacity : 16;
		struct mh_diagnostic *items = reallocarray(diagnostics->items, capacity, sizeof(*items));

		if (!items)
			return NULL;
		diagnostics->items = items;
		diagnostics->capacity = capacity;
	}
	return &diagnostics->items[diagnostics->count];
}

/* Takes over @text. */
static void diagnostics_add(struct mh_diagnostics *diagnostics, struct mh_place place, bool warning, char *text)
{
	struct mh_diagnostic *item;

	if (!warning)
		diagnostics->errors++;
	if (!text || diagnostic_is_known(diagnostics, place, text)) {
		diagnostics->failed |= !text;
		free(text);
		return;
	}
	item = diagnostics->count < MH_DIAGNOSTICS_MAX ? diagnostics_grow(diagnostics) : NULL;
	if (!item) {
		diagnostics->failed |= diagnostics->count < MH_DIAGNOSTICS_MAX;
		diagnostics->omitted++;
		free(text);
		return;
	}
	*item = (struct mh_diagnostic){
		.place = place, .text = text, .warning = warning, .sequence = (unsigned)diagnostics->count};
	diagnostics->count++;
}

void mh_diagnose(struct mh_diagnostics *diagnostics, struct mh_place place, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	diagnostics_add(diagnostics, place, false, text);
}

void mh_diagnose_warning(struct mh_diagnostics *diagnostics, struct mh_place place, const char *format, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	diagnostics_add(diagnostics, place, true, text);
}

static int compare_unsigned(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

static int diagnostic_compare(const void *a, const void *b)
{
	const struct mh_diagnostic *left = a, *right = b;
	int order = compare_unsigned(left->place.source->order, right->place.source->order);

	if (!order)
		order = compare_unsigned(left->place.line, right->place.line);
	if (!order)
		order = compare_unsigned(left->place.column, right->place.column);
	return order ? order : compare_unsigned(left->sequence, right->sequence);
}

void mh_place_print(struct mh_place place, struct mh_text *out)
{
	mh_source_clean(place.source->name, strlen(place.source->name), out);
	if (place.source->text && place.line)
		mh_text_add(out, ":%u:%u", place.line, place.column);
}

static void diagnostic_write(const struct mh_diagnostic *item, struct mh_text *out)
{
	mh_place_print(item->place, out);
	mh_text_add(out, item->warning ? ": warning: " : ": error: ");
	mh_source_clean(item->text, strlen(item->text), out);
	mh_text_add(out, "\n");
	if (item->place.source->text && item->place.line)
		mh_source_line_show(&item->place, out);
}

void mh_diagnostics_write(struct mh_diagnostics *diagnostics, struct mh_text *out)
{
	if (diagnostics->count)
		qsort(diagnostics->items, diagnostics->count, sizeof(*diagnostics->items), diagnostic_compare);
	for (size_t i = 0; i < diagnostics->count; i++)
		diagnostic_write(&diagnostics->items[i], out);
	if (diagnostics->omitted)
		mh_text_add(out, "... and %zu more\n", diagnostics->omitted);
	if (diagnostics->failed)
		mh_text_add(out, "error: out of memory, not all errors are shown\n");
}

void mh_diagnostics_release(struct mh_diagnostics *diagnostics)
{
	for (size_t i = 0; i < diagnostics->count; i++)
		free(diagnostics->items[i].text);
	free(diagnostics->items);
	*diagnostics = (struct mh_diagnostics){0};
}
