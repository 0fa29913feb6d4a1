/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a JSON document by the house rules: exact integers, those above 2^53 also as a string, finite numbers, null
 * for what is not available, valid UTF-8. A failure is remembered and told once, at the end.
 */
#ifndef RESULTS_JSON_PUT_H
#define RESULTS_JSON_PUT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"

struct mh_json_put {
	bool failed; /* memory ran out */
};

/* Each sets @key of @object; NULL for an @object that could not be made is passed through. */
void mh_json_put_text(struct mh_json_put *put, json_t *object, const char *key, const char *text); /* NULL: null */
void mh_json_put_u64(struct mh_json_put *put, json_t *object, const char *key, uint64_t value);
void mh_json_put_i64(struct mh_json_put *put, json_t *object, const char *key, int64_t value);
void mh_json_put_double(struct mh_json_put *put, json_t *object, const char *key, double value); /* not finite: null */
void mh_json_put_bool(struct mh_json_put *put, json_t *object, const char *key, bool value);
void mh_json_put_null(struct mh_json_put *put, json_t *object, const char *key);

/* New, empty ones under @key, owned by @object. */
json_t *mh_json_put_object(struct mh_json_put *put, json_t *object, const char *key);
json_t *mh_json_put_list(struct mh_json_put *put, json_t *object, const char *key);

/* At the end of @list. */
json_t *mh_json_add_object(struct mh_json_put *put, json_t *list);
void mh_json_add_text(struct mh_json_put *put, json_t *list, const char *text);
void mh_json_add_i64(struct mh_json_put *put, json_t *list, int64_t value);   /* MH_NOT_AVAILABLE: null; below 2^53 */
void mh_json_add_double(struct mh_json_put *put, json_t *list, double value); /* finite */

/* Appends the document, indented, with a newline at its end; releases @root. 0 or -ENOMEM. */
int mh_json_finish(struct mh_json_put *put, json_t *root, struct mh_text *text, struct mh_error *reterr);

#endif
