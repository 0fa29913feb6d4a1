/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The series of a run: their names, precision, and where the counts of each begin within a set. */
#include "results/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/tag.h"

#define COUNTS_ALIGNMENT 128u /* two series never share a line */

void mh_series_table_init(struct mh_series_table *table, uint64_t highest)
{
	*table = (struct mh_series_table){.highest = highest};
}

int mh_series_table_find(const struct mh_series_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->names[i], name) == 0)
			return (int)i;
	return -ENOENT;
}

static int name_check(const struct mh_series_table *table, const char *name, struct mh_error *reterr)
{
	if (!mh_tag_is_valid(name) || strlen(name) > MH_SERIES_NAME_MAX)
		return mh_error_set(reterr, -EINVAL,
				    "series '%s': a name has 1 to %d printable characters without comma and blank",
				    name, MH_SERIES_NAME_MAX);
	if (mh_series_table_find(table, name) >= 0)
		return mh_error_set(reterr, -EEXIST, "series '%s' is there twice", name);
	if (table->count == MH_SERIES_MAX)
		return mh_error_set(reterr, -ENOSPC, "series '%s' is one more than %d", name, MH_SERIES_MAX);
	return 0;
}

/* The four arrays hold MH_SERIES_MAX entries from the first series on. */
static int table_allocate(struct mh_series_table *table)
{
	if (table->names)
		return 0;
	table->names = calloc(MH_SERIES_MAX, sizeof(*table->names));
	table->digits = calloc(MH_SERIES_MAX, sizeof(*table->digits));
	table->offsets = calloc(MH_SERIES_MAX, sizeof(*table->offsets));
	table->wholes = calloc(MH_SERIES_MAX, sizeof(*table->wholes));
	if (table->names && table->digits && table->offsets && table->wholes)
		return 0;
	free(table->names);
	free(table->digits);
	free(table->offsets);
	free(table->wholes);
	mh_series_table_init(table, table->highest);
	return -ENOMEM;
}

int mh_series_table_add(struct mh_series_table *table, const char *name, unsigned digits, struct mh_error *reterr)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = table->highest, .digits = digits};
	size_t bytes = mh_histogram_bytes(&layout);
	int ret = name_check(table, name, reterr);

	if (ret < 0)
		return ret;
	if (bytes == 0)
		return mh_error_set(reterr, -EINVAL, "series '%s': %u digits up to %llu ns are not possible", name,
				    digits, (unsigned long long)table->highest);
	char *copy = strdup(name);

	if (!copy || table_allocate(table) < 0) {
		free(copy);
		return mh_error_set(reterr, -ENOMEM, "no memory for series '%s'", name);
	}
	table->names[table->count] = copy;
	table->digits[table->count] = (uint8_t)digits;
	table->offsets[table->count] = table->set_bytes;
	table->wholes[table->count] = MH_SERIES_WHOLE;
	table->set_bytes += (bytes + COUNTS_ALIGNMENT - 1) / COUNTS_ALIGNMENT * COUNTS_ALIGNMENT;
	return (int)table->count++;
}

int mh_series_table_add_part(struct mh_series_table *table, unsigned whole, const char *suffix, struct mh_error *reterr)
{
	char name[MH_SERIES_NAME_MAX + 2]; /* one too long is refused, not cut */
	int id;

	(void)snprintf(name, sizeof(name), "%s/%s", table->names[whole], suffix);
	id = mh_series_table_add(table, name, table->digits[whole], reterr);
	if (id >= 0)
		table->wholes[id] = (int16_t)whole;
	return id;
}

void mh_series_table_release(struct mh_series_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->names[i]);
	free(table->names);
	free(table->digits);
	free(table->offsets);
	free(table->wholes);
	*table = (struct mh_series_table){0};
}

uint64_t mh_series_table_bytes_max(const struct mh_series_table *table, uint64_t threads)
{
	uint64_t bytes;

	/* Two sets a thread, and the collection's two. */
	if (__builtin_mul_overflow(2 * (uint64_t)table->set_bytes, threads + 1, &bytes))
		return UINT64_MAX;
	return bytes;
}
