/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plain types: one small function each in a table by enum mh_value_type. Every sentence begins with the key, since
 * a value of -D has no line to point at.
 */
#include "bench/engine/value.h"

#include "base/units.h"
#include "bench/engine/custom.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ENUM_WORDS_MAX 32

struct value_type {
	const char *wanted; /* "a duration such as 10ms" */
	bool text;          /* only text will do */
	int (*read)(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node, void *value);
};

static int value_refuse(struct mh_binder *binder, const struct mh_node *node, const char *key,
			const struct mh_error *error)
{
	mh_diagnose(&binder->reader->diagnostics, node->place, "%s: %s", key, error->text);
	return -EINVAL;
}

static int range_refuse(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;

	if (row->min && row->max)
		mh_diagnose(diagnostics, node->place, "%s: '%s' is out of range, %s to %s", row->key, node->text,
			    row->min, row->max);
	else if (row->min)
		mh_diagnose(diagnostics, node->place, "%s: '%s' is out of range, at least %s", row->key, node->text,
			    row->min);
	else
		mh_diagnose(diagnostics, node->place, "%s: '%s' is out of range, at most %s", row->key, node->text,
			    row->max);
	return -EINVAL;
}

bool mh_value_is_text(struct mh_binder *binder, const struct mh_node *node, const char *key, const char *wanted)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;

	if (node->broken)
		return false;
	if (node->kind != MH_NODE_SCALAR)
		mh_diagnose(diagnostics, node->place, "%s: must be %s, not %s", key, wanted, mh_node_kind_name(node));
	else if (!*node->text && !node->quoted)
		mh_diagnose(diagnostics, node->place, "%s: has no value, must be %s", key, wanted);
	else
		return true;
	return false;
}

static int bool_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node, void *value)
{
	bool yes = strcmp(node->text, "true") == 0;

	if (!yes && strcmp(node->text, "false") != 0) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: '%s' is neither true nor false", row->key,
			    node->text);
		return -EINVAL;
	}
	*(bool *)value = yes;
	return 0;
}

static int integer_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
			void *value)
{
	int64_t number, min = INT64_MIN, max = INT64_MAX;
	struct mh_error error = {0};

	if (mh_parse_integer(node->text, &number, &error) < 0)
		return value_refuse(binder, node, row->key, &error);
	if ((row->min && mh_parse_integer(row->min, &min, &error) < 0) ||
	    (row->max && mh_parse_integer(row->max, &max, &error) < 0))
		return value_refuse(binder, node, row->key, &error);
	if (number < min || number > max)
		return range_refuse(binder, row, node);
	*(int64_t *)value = number;
	return 0;
}

typedef int unsigned_parser(const char *text, uint64_t *ret_value, struct mh_error *reterr);

/* Counts, durations, sizes and shares differ in their parser only. */
static int unsigned_read_by(unsigned_parser *parse, struct mh_binder *binder, const struct mh_schema_row *row,
			    const struct mh_node *node, void *value)
{
	uint64_t number, min = 0, max = UINT64_MAX;
	struct mh_error error = {0};

	if (parse(node->text, &number, &error) < 0)
		return value_refuse(binder, node, row->key, &error);
	if ((row->min && parse(row->min, &min, &error) < 0) || (row->max && parse(row->max, &max, &error) < 0))
		return value_refuse(binder, node, row->key, &error);
	if (number < min || number > max)
		return range_refuse(binder, row, node);
	if ((row->flags & MH_SCHEMA_POWER_OF_TWO) && (!number || (number & (number - 1)))) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: '%s' is no power of two", row->key,
			    node->text);
		return -EINVAL;
	}
	*(uint64_t *)value = number;
	return 0;
}

static int unsigned_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
			 void *value)
{
	return unsigned_read_by(mh_parse_unsigned, binder, row, node, value);
}

static int duration_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
			 void *value)
{
	int ret = unsigned_read_by(mh_parse_duration, binder, row, node, value);

	if (ret == 0 && (row->flags & MH_SCHEMA_SCALED))
		*(uint64_t *)value = (uint64_t)((double)*(uint64_t *)value * binder->time_scale);
	return ret;
}

static int size_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node, void *value)
{
	return unsigned_read_by(mh_parse_size, binder, row, node, value);
}

static int share_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
		      void *value)
{
	return unsigned_read_by(mh_parse_share, binder, row, node, value);
}

static int rate_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node, void *value)
{
	double rate, min = 0, max = 1e12;
	struct mh_error error = {0};

	if (mh_parse_rate(node->text, &rate, &error) < 0)
		return value_refuse(binder, node, row->key, &error);
	if ((row->min && mh_parse_rate(row->min, &min, &error) < 0) ||
	    (row->max && mh_parse_rate(row->max, &max, &error) < 0))
		return value_refuse(binder, node, row->key, &error);
	if (rate < min || rate > max || rate <= 0) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: '%s' is out of range, %s to %s", row->key,
			    node->text, row->min ? row->min : "more than 0/s", row->max ? row->max : "1000000000000/s");
		return -EINVAL;
	}
	*(double *)value = rate;
	return 0;
}

int mh_enum_find(const char *values, const char *word, bool *ret_absent)
{
	const size_t length = strlen(word);
	int index = 0;

	for (const char *at = values; *at || index == 0; index++) {
		size_t size = strcspn(at, "|");
		bool absent = *at == '-';

		if (size - absent == length && strncmp(at + absent, word, length) == 0) {
			*ret_absent = absent;
			return index;
		}
		if (!at[size])
			break;
		at += size + 1;
	}
	return -1;
}

void mh_enum_refuse(struct mh_binder *binder, struct mh_place place, const char *key, const char *values,
		    const char *word)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	char *copy = mh_arena_copy(&binder->reader->arena, values, strlen(values)), *rest = NULL;
	const char *words[ENUM_WORDS_MAX], *nearest;
	struct mh_text list = MH_TEXT_INIT;
	size_t count = 0;

	if (!copy) {
		diagnostics->failed = true;
		return;
	}
	for (char *at = strtok_r(copy, "|", &rest); at && count < ENUM_WORDS_MAX; at = strtok_r(NULL, "|", &rest)) {
		if (*at == '-')
			continue;
		mh_text_add(&list, "%s%s", count ? ", " : "", at);
		words[count++] = at;
	}
	nearest = mh_text_nearest(word, words, count);
	if (nearest)
		mh_diagnose(diagnostics, place, "%s: unknown value '%s' (did you mean '%s'?)", key, word, nearest);
	else
		mh_diagnose(diagnostics, place, "%s: unknown value '%s' (there %s %s)", key, word,
			    count == 1 ? "is only" : "are", list.data);
	mh_text_release(&list);
}

static int enum_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node, void *value)
{
	bool absent = false;
	int index = mh_enum_find(row->values, node->text, &absent);

	if (index < 0 || !*node->text) {
		mh_enum_refuse(binder, node->place, row->key, row->values, node->text);
		return -EINVAL;
	}
	if (absent) {
		mh_diagnose(&binder->reader->diagnostics, node->place,
			    "%s: '%s' is documented, but not in this version", row->key, node->text);
		return -EINVAL;
	}
	*(int *)value = index;
	return 0;
}

static int string_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
		       void *value)
{
	char *copy = strdup(node->text);

	(void)binder;
	(void)row;
	if (!copy)
		return -ENOMEM;
	*(char **)value = copy;
	return 0;
}

static int distribution_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
			     void *value)
{
	struct mh_node *resolved;

	return mh_distribution_read(binder, row->key, row->flags & MH_SCHEMA_PLAIN, node, value, &resolved);
}

static int string_list_add(struct mh_string_list *list, const char *text)
{
	char **items = reallocarray(list->items, list->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count] = strdup(text);
	if (!items[list->count])
		return -ENOMEM;
	list->count++;
	return 0;
}

static void string_list_release(struct mh_string_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct mh_string_list){0};
}

static int string_list_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
			    void *value)
{
	const size_t count = node->kind == MH_NODE_LIST ? node->count : 1;
	struct mh_string_list list = {0};
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++) {
		const struct mh_node *item = node->kind == MH_NODE_LIST ? node->items[i] : node;

		ret = mh_value_is_text(binder, item, row->key, "text or a list of texts") ? 0 : -EINVAL;
		if (ret == 0)
			ret = string_list_add(&list, item->text);
	}
	if (ret < 0) {
		string_list_release(&list);
		return ret;
	}
	*(struct mh_string_list *)value = list;
	return 0;
}

static int ranges_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
		       void *value)
{
	return mh_ranges_read(binder, row, node, value);
}

static const struct value_type value_types[] = {
	[MH_VALUE_BOOL] = {"true or false", true, bool_read},
	[MH_VALUE_INTEGER] = {"a whole number", true, integer_read},
	[MH_VALUE_UNSIGNED] = {"a whole number", true, unsigned_read},
	[MH_VALUE_DURATION] = {"a duration such as 10ms", true, duration_read},
	[MH_VALUE_SIZE] = {"a size such as 128MiB", true, size_read},
	[MH_VALUE_RATE] = {"a rate such as 2000/s", true, rate_read},
	[MH_VALUE_SHARE] = {"a share such as 1%", true, share_read},
	[MH_VALUE_ENUM] = {"a word", true, enum_read},
	[MH_VALUE_STRING] = {"text", true, string_read},
	[MH_VALUE_DISTRIBUTION] = {"a distribution", false, distribution_read},
	[MH_VALUE_STRING_LIST] = {"text or a list of texts", false, string_list_read},
	[MH_VALUE_RANGES] = {"a range such as 0-7", false, ranges_read},
};

int mh_value_read(struct mh_binder *binder, const struct mh_schema *schema, const struct mh_schema_row *row,
		  const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	const struct value_type *type;

	*ret_resolved = (struct mh_node *)node;
	if (row->type == MH_VALUE_CUSTOM)
		return mh_custom_read(binder, schema, row, node, value, ret_resolved);
	if (row->type == MH_VALUE_DISTRIBUTION)
		return mh_distribution_read(binder, row->key, row->flags & MH_SCHEMA_PLAIN, node, value, ret_resolved);
	type = &value_types[row->type];
	if (type->text && !mh_value_is_text(binder, node, row->key, type->wanted))
		return -EINVAL;
	return type->read(binder, row, node, value);
}

void mh_value_release(const struct mh_schema *schema, const struct mh_schema_row *row, void *value)
{
	switch (row->type) {
	case MH_VALUE_STRING:
		free(*(char **)value);
		break;
	case MH_VALUE_DISTRIBUTION:
		mh_distribution_release(value);
		break;
	case MH_VALUE_STRING_LIST:
		string_list_release(value);
		break;
	case MH_VALUE_RANGES:
		free(((struct mh_range_list *)value)->items);
		break;
	case MH_VALUE_CUSTOM:
		mh_custom_release(schema, row, value);
		break;
	default:
		break;
	}
}
