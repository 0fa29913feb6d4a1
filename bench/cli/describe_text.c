/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rows say, in words and as JSON. */
#include "bench/cli/describe_text.h"

#include <string.h>

#include "bench/engine/custom.h"

static const char *const type_words[] = {
	[MH_VALUE_BOOL] = "true or false",
	[MH_VALUE_INTEGER] = "whole number",
	[MH_VALUE_UNSIGNED] = "whole number, 0 or more",
	[MH_VALUE_DURATION] = "duration",
	[MH_VALUE_SIZE] = "size",
	[MH_VALUE_RATE] = "rate",
	[MH_VALUE_SHARE] = "share",
	[MH_VALUE_ENUM] = "one of",
	[MH_VALUE_STRING] = "text",
	[MH_VALUE_DISTRIBUTION] = "distribution of durations",
	[MH_VALUE_STRING_LIST] = "text or list of texts",
	[MH_VALUE_RANGES] = "range or list of ranges",
	[MH_VALUE_CUSTOM] = "",
};

/* The next word of "a|b|-c" that is in this version; moves @values behind it. False at the end. */
static bool next_value(const char **values, char *word, size_t size)
{
	while (**values) {
		size_t length = strcspn(*values, "|");
		const char *begin = *values;

		*values += length + ((*values)[length] == '|');
		if (!length || *begin == '-' || length >= size)
			continue;
		memcpy(word, begin, length);
		word[length] = '\0';
		return true;
	}
	return false;
}

static const char *custom_words(const struct mh_schema *schema, const struct mh_schema_row *row)
{
	static const char *const shapes[] = {
		[MH_SHAPE_OTHER] = "",
		[MH_SHAPE_MAP] = "map, see below",
		[MH_SHAPE_LIST_OF_MAPS] = "list of maps, see below",
		[MH_SHAPE_MAP_OF_MAPS] = "map of maps, see below",
	};
	const struct mh_custom *custom = mh_custom_find(schema, row);

	return !custom ? "" : custom->text ? custom->text : shapes[custom->shape];
}

void mh_describe_type(const struct mh_schema *schema, const struct mh_schema_row *row, struct mh_text *out)
{
	const char *values = row->values, *comma = " ";
	char word[64];

	if (row->type == MH_VALUE_CUSTOM)
		mh_text_add(out, "%s", custom_words(schema, row));
	else if (row->type == MH_VALUE_DISTRIBUTION && row->flags & MH_SCHEMA_PLAIN)
		mh_text_add(out, "distribution of numbers");
	else
		mh_text_add(out, "%s", type_words[row->type]);
	while (row->type == MH_VALUE_ENUM && next_value(&values, word, sizeof(word))) {
		mh_text_add(out, "%s%s", comma, word);
		comma = ", ";
	}
	if (row->flags & MH_SCHEMA_POWER_OF_TWO)
		mh_text_add(out, ", power of two");
	if (row->min && row->max)
		mh_text_add(out, ", %s to %s", row->min, row->max);
	else if (row->min || row->max)
		mh_text_add(out, ", at %s %s", row->min ? "least" : "most", row->min ? row->min : row->max);
	if (row->unit && *row->unit)
		mh_text_add(out, " [%s]", row->unit);
}

void mh_describe_rows(const struct mh_schema *schema, FILE *stream)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct mh_schema_row *row = &schema->rows[i];
		struct mh_text type = MH_TEXT_INIT;

		mh_describe_type(schema, row, &type);
		fprintf(stream, "  %-16s %s", row->key, type.data);
		if (row->flags & MH_SCHEMA_REQUIRED)
			fprintf(stream, "; required\n");
		else if (row->default_text)
			fprintf(stream, "; default %s\n", row->default_text);
		else
			fprintf(stream, "\n");
		fprintf(stream, "  %-16s   %s\n", "", row->help);
		mh_text_release(&type);
	}
}

static json_t *values_json(const struct mh_schema_row *row)
{
	const char *values = row->values;
	json_t *list = json_array();
	char word[64];

	while (list && next_value(&values, word, sizeof(word)))
		if (json_array_append_new(list, json_string(word)) < 0)
			break;
	return list;
}

static json_t *row_json(const struct mh_schema *schema, const struct mh_schema_row *row)
{
	struct mh_text type = MH_TEXT_INIT;
	json_t *object;

	mh_describe_type(schema, row, &type);
	object = json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:b, s:s}", "key", row->key, "type", type.data, "unit",
			   row->unit, "default", row->default_text, "min", row->min, "max", row->max, "required",
			   (row->flags & MH_SCHEMA_REQUIRED) != 0, "help", row->help);
	mh_text_release(&type);
	if (object && row->type == MH_VALUE_ENUM && json_object_set_new(object, "values", values_json(row)) < 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

json_t *mh_describe_json(const struct mh_schema *schema)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < schema->count; i++) {
		if (json_array_append_new(list, row_json(schema, &schema->rows[i])) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
