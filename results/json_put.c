/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values into a JSON document. */
#include "results/json_put.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/environment.h"

#define EXACT_MAX (UINT64_C(1) << 53) /* above it a reader that keeps doubles loses digits */

static void put_value(struct mh_json_put *put, json_t *object, const char *key, json_t *value)
{
	/* jansson takes the reference even when it fails, and fails on NULL. */
	if (json_object_set_new(object, key, value) < 0)
		put->failed = true;
}

/* A string value; bytes that are no UTF-8 become '?': a strange name must not cost the whole document. */
static json_t *text_value(const char *text)
{
	size_t length = strlen(text), valid = mh_utf8_valid_prefix(text, length);

	if (valid == length)
		return json_stringn(text, length);
	struct mh_text clean = MH_TEXT_INIT;

	while (length > 0) {
		mh_text_append(&clean, text, valid);
		text += valid;
		length -= valid;
		if (length > 0) {
			mh_text_append(&clean, "?", 1);
			text++;
			length--;
		}
		valid = mh_utf8_valid_prefix(text, length);
	}
	json_t *value = clean.failed ? NULL : json_stringn(clean.data, clean.length);

	mh_text_release(&clean);
	return value;
}

void mh_json_put_text(struct mh_json_put *put, json_t *object, const char *key, const char *text)
{
	put_value(put, object, key, text ? text_value(text) : json_null());
}

/* The exact digits under KEY_s. */
static void put_digits(struct mh_json_put *put, json_t *object, const char *key, const char *digits)
{
	char name[128];

	snprintf(name, sizeof(name), "%s_s", key);
	put_value(put, object, name, json_string(digits));
}

void mh_json_put_u64(struct mh_json_put *put, json_t *object, const char *key, uint64_t value)
{
	char digits[32];

	put_value(put, object, key, value <= INT64_MAX ? json_integer((json_int_t)value) : json_real((double)value));
	if (value <= EXACT_MAX)
		return;
	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	put_digits(put, object, key, digits);
}

void mh_json_put_i64(struct mh_json_put *put, json_t *object, const char *key, int64_t value)
{
	char digits[32];

	put_value(put, object, key, json_integer(value));
	if (value <= (int64_t)EXACT_MAX && value >= -(int64_t)EXACT_MAX)
		return;
	snprintf(digits, sizeof(digits), "%" PRId64, value);
	put_digits(put, object, key, digits);
}

void mh_json_put_double(struct mh_json_put *put, json_t *object, const char *key, double value)
{
	put_value(put, object, key, isfinite(value) ? json_real(value) : json_null());
}

void mh_json_put_bool(struct mh_json_put *put, json_t *object, const char *key, bool value)
{
	put_value(put, object, key, json_boolean(value));
}

void mh_json_put_null(struct mh_json_put *put, json_t *object, const char *key)
{
	put_value(put, object, key, json_null());
}

json_t *mh_json_put_object(struct mh_json_put *put, json_t *object, const char *key)
{
	json_t *value = json_object();

	put_value(put, object, key, value);
	return put->failed ? NULL : value;
}

json_t *mh_json_put_list(struct mh_json_put *put, json_t *object, const char *key)
{
	json_t *value = json_array();

	put_value(put, object, key, value);
	return put->failed ? NULL : value;
}

json_t *mh_json_add_object(struct mh_json_put *put, json_t *list)
{
	json_t *value = json_object();

	if (json_array_append_new(list, value) < 0)
		put->failed = true;
	return put->failed ? NULL : value;
}

void mh_json_add_text(struct mh_json_put *put, json_t *list, const char *text)
{
	if (json_array_append_new(list, text_value(text)) < 0)
		put->failed = true;
}

void mh_json_add_i64(struct mh_json_put *put, json_t *list, int64_t value)
{
	if (json_array_append_new(list, value == MH_NOT_AVAILABLE ? json_null() : json_integer(value)) < 0)
		put->failed = true;
}

void mh_json_add_double(struct mh_json_put *put, json_t *list, double value)
{
	if (json_array_append_new(list, json_real(value)) < 0)
		put->failed = true;
}

static int append_bytes(const char *bytes, size_t length, void *data)
{
	struct mh_text *text = data;

	mh_text_append(text, bytes, length);
	return text->failed ? -1 : 0;
}

int mh_json_finish(struct mh_json_put *put, json_t *root, struct mh_text *text, struct mh_error *reterr)
{
	/* 17 significant digits bring any double back as it was. */
	if (!put->failed && json_dump_callback(root, append_bytes, text, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) < 0)
		put->failed = true;
	json_decref(root);
	mh_text_append(text, "\n", 1);
	if (put->failed || text->failed)
		return mh_error_set(reterr, -ENOMEM, "no memory for a JSON document");
	return 0;
}
