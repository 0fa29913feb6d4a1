/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values out of a JSON document. */
#include "results/json_get.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"

#define SCHEMA_VERSION 1

int mh_json_get_fail(struct mh_json_get *get, const char *format, ...)
{
	char what[512];
	va_list arguments;

	if (get->ret < 0)
		return get->ret;
	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	get->ret = mh_error_set(get->reterr, -EINVAL, "'%s': %s%s%s", get->name, get->place, get->place[0] ? ": " : "",
				what);
	return get->ret;
}

void mh_json_get_place(struct mh_json_get *get, const char *list, size_t index)
{
	snprintf(get->place, sizeof(get->place), "%s[%zu]", list, index);
}

static void check_schema(struct mh_json_get *get, const json_t *root, const char *schema)
{
	if (!json_is_object(root)) {
		mh_json_get_fail(get, "the document is no object");
		return;
	}
	const char *found = json_string_value(json_object_get(root, "schema"));

	if (!found || strcmp(found, schema) != 0) {
		mh_json_get_fail(get, "its schema is '%.100s', not '%s'", found ? found : "missing", schema);
		return;
	}
	uint64_t version = mh_json_get_u64(get, root, "schema_version");

	if (get->ret == 0 && version != SCHEMA_VERSION)
		mh_json_get_fail(get, "its schema_version is %llu, this program reads %d", (unsigned long long)version,
				 SCHEMA_VERSION);
}

json_t *mh_json_get_begin(struct mh_json_get *get, const char *text, size_t length, const char *schema)
{
	json_error_t error;
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);

	if (!root) {
		mh_json_get_fail(get, "no valid JSON at line %d, column %d: %s", error.line, error.column, error.text);
		return NULL;
	}
	check_schema(get, root, schema);
	if (get->ret == 0)
		return root;
	json_decref(root);
	return NULL;
}

/* The value of @key if it is there and not null. */
static json_t *optional_value(const struct mh_json_get *get, const json_t *object, const char *key)
{
	json_t *value = get->ret < 0 ? NULL : json_object_get(object, key);

	return value && !json_is_null(value) ? value : NULL;
}

static json_t *required_value(struct mh_json_get *get, const json_t *object, const char *key)
{
	json_t *value = optional_value(get, object, key);

	if (!value)
		mh_json_get_fail(get, "'%s' is missing", key);
	return value;
}

static const char *text_of(struct mh_json_get *get, const json_t *value, const char *key)
{
	if (value && json_is_string(value) && strlen(json_string_value(value)) == json_string_length(value))
		return json_string_value(value);
	mh_json_get_fail(get, "'%s' is no text", key);
	return NULL;
}

const char *mh_json_get_text(struct mh_json_get *get, const json_t *object, const char *key)
{
	const char *text = text_of(get, required_value(get, object, key), key);

	return text ? text : "";
}

const char *mh_json_get_optional_text(struct mh_json_get *get, const json_t *object, const char *key)
{
	json_t *value = optional_value(get, object, key);

	return value ? text_of(get, value, key) : NULL;
}

/* A whole number from KEY_s, if that is there, or from @value. */
static uint64_t u64_of(struct mh_json_get *get, const json_t *object, const json_t *value, const char *key)
{
	char name[128];
	uint64_t number = 0;

	snprintf(name, sizeof(name), "%s_s", key);
	const char *digits = mh_json_get_optional_text(get, object, name);

	if (digits) {
		if (mh_parse_unsigned(digits, &number, NULL) < 0)
			mh_json_get_fail(get, "'%s' is '%.40s', no whole number of 64 bits", name, digits);
		return number;
	}
	if (json_is_integer(value) && json_integer_value(value) >= 0)
		return (uint64_t)json_integer_value(value);
	mh_json_get_fail(get, "'%s' is no whole number from 0 on", key);
	return 0;
}

uint64_t mh_json_get_u64(struct mh_json_get *get, const json_t *object, const char *key)
{
	json_t *value = required_value(get, object, key);

	return value ? u64_of(get, object, value, key) : 0;
}

uint64_t mh_json_get_optional_u64(struct mh_json_get *get, const json_t *object, const char *key, uint64_t absent)
{
	json_t *value = optional_value(get, object, key);

	return value ? u64_of(get, object, value, key) : absent;
}

int64_t mh_json_get_optional_i64(struct mh_json_get *get, const json_t *object, const char *key, int64_t absent)
{
	json_t *value = optional_value(get, object, key);

	if (!value)
		return absent;
	if (!json_is_integer(value))
		mh_json_get_fail(get, "'%s' is no whole number", key);
	return json_integer_value(value);
}

double mh_json_get_optional_double(struct mh_json_get *get, const json_t *object, const char *key, double absent)
{
	json_t *value = optional_value(get, object, key);

	if (!value)
		return absent;
	if (!json_is_number(value))
		mh_json_get_fail(get, "'%s' is no number", key);
	return json_number_value(value);
}

bool mh_json_get_optional_bool(struct mh_json_get *get, const json_t *object, const char *key, bool absent)
{
	json_t *value = optional_value(get, object, key);

	if (!value)
		return absent;
	if (!json_is_boolean(value))
		mh_json_get_fail(get, "'%s' is neither true nor false", key);
	return json_is_true(value);
}

json_t *mh_json_get_object(struct mh_json_get *get, const json_t *object, const char *key)
{
	json_t *value = required_value(get, object, key);

	if (value && !json_is_object(value))
		mh_json_get_fail(get, "'%s' is no object", key);
	return value;
}

json_t *mh_json_get_list(struct mh_json_get *get, const json_t *object, const char *key)
{
	json_t *value = required_value(get, object, key);

	if (value && !json_is_array(value))
		mh_json_get_fail(get, "'%s' is no list", key);
	else if (value && json_array_size(value) > get->list_max)
		mh_json_get_fail(get, "'%s' has %zu items, more than %zu", key, json_array_size(value), get->list_max);
	return get->ret < 0 ? NULL : value;
}

int mh_json_get_word(struct mh_json_get *get, const json_t *object, const char *key, const char *const *words,
		     int count)
{
	const char *text = mh_json_get_text(get, object, key);

	for (int i = 0; i < count; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	mh_json_get_fail(get, "'%s' is '%.100s', which is no such word", key, text);
	return -1;
}
