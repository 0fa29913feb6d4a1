/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row says all of a key: how it is read, checked, shown and explained. The scenario's parser, `describe`, the
 * JSON Schema and the reference page come from these rows; a fault or a workload brings the rows of its own parameters.
 *
 * A row writes its value at @offset of a struct that is zeroed first; the default is written by the same parser, from
 * its text, so that what is documented is what happens.
 */
#ifndef BASE_SCHEMA_H
#define BASE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value is, and the C type that it is written to. */
enum mh_value_type {
	MH_VALUE_BOOL,         /* bool: true or false, nothing else */
	MH_VALUE_INTEGER,      /* int64_t */
	MH_VALUE_UNSIGNED,     /* uint64_t */
	MH_VALUE_DURATION,     /* uint64_t, ns */
	MH_VALUE_SIZE,         /* uint64_t, bytes */
	MH_VALUE_RATE,         /* double, per second */
	MH_VALUE_SHARE,        /* uint64_t, parts per billion */
	MH_VALUE_ENUM,         /* int: index into @values */
	MH_VALUE_STRING,       /* char *, malloc'ed; NULL when absent without default */
	MH_VALUE_DISTRIBUTION, /* struct mh_distribution; of durations unless MH_SCHEMA_PLAIN */
	MH_VALUE_STRING_LIST,  /* struct mh_string_list: one string or a list of them */
	MH_VALUE_RANGES,       /* struct mh_range_list: "3", "0-7", "0-3,8", or a list of those */
	MH_VALUE_CUSTOM,       /* anything else: @read of the engine knows it by its key (maps, lists of maps) */
};

enum mh_schema_flags {
	MH_SCHEMA_REQUIRED = 1,
	MH_SCHEMA_POWER_OF_TWO = 2,
	MH_SCHEMA_PLAIN = 4,  /* a distribution of plain numbers */
	MH_SCHEMA_SCALED = 8, /* --time-scale multiplies it */
};

struct mh_string_list {
	char **items;
	size_t count;
};

struct mh_range {
	int64_t from, to; /* both included */
};

struct mh_range_list {
	struct mh_range *items;
	size_t count;
};

struct mh_schema_row {
	const char *key;
	enum mh_value_type type;
	size_t offset;
	const char *default_text; /* NULL: none; the value stays zero */
	const char *min, *max;    /* in the key's own units, or NULL; both included */
	const char *values; /* MH_VALUE_ENUM: "closed|constant|poisson"; a word with a leading '-' is documented but not
			       in this version, and refused with that reason */
	unsigned flags;     /* enum mh_schema_flags */
	const char *unit;   /* shown by describe: "ns", "bytes", "pages", ""; NULL when the type says it */
	const char *help;   /* one line, no full stop */
};

struct mh_schema {
	const char *name; /* "machine", "workload hotplug-cycle" */
	const struct mh_schema_row *rows;
	size_t count;
	size_t size; /* bytes of the struct that the rows write */
};

static inline bool mh_range_list_has(const struct mh_range_list *list, int64_t value)
{
	for (size_t i = 0; i < list->count; i++)
		if (value >= list->items[i].from && value <= list->items[i].to)
			return true;
	return false;
}

#endif
