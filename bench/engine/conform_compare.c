/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two values side by side: rows first, to know how wide the left column is, then the table. */
#include "bench/engine/conform_compare.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 80
#define WIDTH_MAX 70 /* of the left column; longer values push the right one out */
#define ABSENT    "-"

struct row {
	char path[PATH_SIZE];
	char *expected, *got; /* malloc'ed; NULL: absent */
	bool differs;
};

struct table {
	const char *expected_name, *got_name; /* above the columns */
	struct row *rows;
	size_t count, capacity;
};

static char *value_text(const json_t *value)
{
	return value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS) : NULL;
}

static bool is_same(const json_t *expected, const json_t *got)
{
	return expected && got && json_equal(expected, got);
}

static void row_append(struct table *table, const char *path, const json_t *expected, const json_t *got)
{
	struct row *row;

	if (table->count == table->capacity) {
		size_t wanted = table->capacity ? 2 * table->capacity : 32;
		struct row *larger = realloc(table->rows, wanted * sizeof(*larger));

		if (!larger)
			return;
		table->rows = larger;
		table->capacity = wanted;
	}
	row = &table->rows[table->count++];
	*row = (struct row){
		.expected = value_text(expected), .got = value_text(got), .differs = !is_same(expected, got)};
	snprintf(row->path, sizeof(row->path), "%s", path);
}

static void list_rows(struct table *table, const json_t *expected, const json_t *got)
{
	size_t count =
		json_array_size(expected) > json_array_size(got) ? json_array_size(expected) : json_array_size(got);

	for (size_t i = 0; i < count; i++)
		row_append(table, "", json_array_get(expected, i), json_array_get(got, i));
}

static void rows(struct table *table, const char *path, const json_t *expected, const json_t *got);

static void member_rows(struct table *table, const char *path, const char *key, const json_t *expected,
			const json_t *got)
{
	char longer[PATH_SIZE];

	if (is_same(expected, got))
		return;
	snprintf(longer, sizeof(longer), "%.30s%s%.40s", path, *path ? "." : "", key);
	rows(table, longer, expected, got);
}

/* Only the members that differ: those of @expected first, then what @got has besides. */
static void object_rows(struct table *table, const char *path, const json_t *expected, const json_t *got)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)expected, key, value)
		member_rows(table, path, key, value, json_object_get(got, key));
	json_object_foreach((json_t *)got, key, value) if (!json_object_get(expected, key))
		member_rows(table, path, key, NULL, value);
}

/* Depth: objects in objects only as deep as the recordings have them; the rest in one row. */
static void rows(struct table *table, const char *path, const json_t *expected, const json_t *got)
{
	if (json_is_object(expected) && json_is_object(got) && strlen(path) < PATH_SIZE / 2)
		object_rows(table, path, expected, got);
	else if (json_is_array(expected) && json_is_array(got) && !*path)
		list_rows(table, expected, got);
	else
		row_append(table, path, expected, got);
}

static int path_width(const struct table *table)
{
	size_t width = 0;

	for (size_t i = 0; i < table->count; i++)
		width = strlen(table->rows[i].path) > width ? strlen(table->rows[i].path) : width;
	return width ? (int)width + 2 : 0;
}

static int expected_width(const struct table *table)
{
	size_t width = strlen(table->expected_name);

	for (size_t i = 0; i < table->count; i++) {
		const char *text = table->rows[i].expected;
		size_t length = text ? strlen(text) : 0;

		width = length > width ? length : width;
	}
	return width > WIDTH_MAX ? WIDTH_MAX : (int)width;
}

static void table_show(const struct table *table, const char *key, struct mh_text *text)
{
	const int left = path_width(table), middle = expected_width(table);

	mh_text_add(text, "  %s:\n    %-*s%-*s  %s\n", key, left, "", middle, table->expected_name, table->got_name);
	for (size_t i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		mh_text_add(text, "  %c %-*s%-*s  %s\n", row->differs ? '>' : ' ', left, row->path, middle,
			    row->expected ? row->expected : ABSENT, row->got ? row->got : ABSENT);
	}
}

static void table_release(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		free(table->rows[i].expected);
		free(table->rows[i].got);
	}
	free(table->rows);
}

/* @names: of the columns; its rows are made anew. */
static unsigned key_compare(const struct table *names, const char *key, const json_t *expected, const json_t *got,
			    struct mh_text *text)
{
	struct table table = *names;

	if (is_same(expected, got))
		return 0;
	rows(&table, "", expected, got);
	table_show(&table, key, text);
	table_release(&table);
	return 1;
}

unsigned mh_conform_compare_sides(const json_t *left, const json_t *right, const char *left_name,
				  const char *right_name, struct mh_text *text)
{
	const struct table names = {.expected_name = left_name, .got_name = right_name};
	unsigned count = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)left, key, value) count +=
		key_compare(&names, key, value, json_object_get(right, key), text);
	json_object_foreach((json_t *)right, key, value) if (!json_object_get(left, key)) count +=
		key_compare(&names, key, NULL, value, text);
	return count;
}

unsigned mh_conform_compare(const json_t *expected, const json_t *got, struct mh_text *text)
{
	return mh_conform_compare_sides(expected, got, "expected", "got", text);
}
