/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a JSON document that nobody vouches for: each value by its key and type, the first thing that is wrong is
 * kept with the place where it was found, and everything after it reads as empty.
 */
#ifndef RESULTS_JSON_GET_H
#define RESULTS_JSON_GET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"

struct mh_json_get {
	const char *name; /* of the document, for messages */
	char place[128];  /* "series[3]", for messages; "" at the top */
	size_t list_max;  /* items that any list may have */
	int ret;          /* 0, or the first failure */
	struct mh_error *reterr;
};

/**
 * mh_json_get_begin - parse a document and check what it says it is
 * @schema: "memhp-bench/run"
 *
 * Duplicate keys are refused. Return: the root, to be released with json_decref(); NULL and get->ret on failure.
 */
json_t *mh_json_get_begin(struct mh_json_get *get, const char *text, size_t length, const char *schema);

/* Keeps the first failure; -EINVAL for whoever wants to return it. */
int mh_json_get_fail(struct mh_json_get *get, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says where the values that follow are looked for. */
void mh_json_get_place(struct mh_json_get *get, const char *list, size_t index);

/* Of a key that must be there. Texts live as long as the document. */
const char *mh_json_get_text(struct mh_json_get *get, const json_t *object, const char *key);
uint64_t mh_json_get_u64(struct mh_json_get *get, const json_t *object, const char *key);
json_t *mh_json_get_object(struct mh_json_get *get, const json_t *object, const char *key);
json_t *mh_json_get_list(struct mh_json_get *get, const json_t *object, const char *key);

/* Of a key that may be absent or null: the answer is then @absent (NULL for texts). */
const char *mh_json_get_optional_text(struct mh_json_get *get, const json_t *object, const char *key);
uint64_t mh_json_get_optional_u64(struct mh_json_get *get, const json_t *object, const char *key, uint64_t absent);
int64_t mh_json_get_optional_i64(struct mh_json_get *get, const json_t *object, const char *key, int64_t absent);
double mh_json_get_optional_double(struct mh_json_get *get, const json_t *object, const char *key, double absent);
bool mh_json_get_optional_bool(struct mh_json_get *get, const json_t *object, const char *key, bool absent);

/* The index of a text among @count words; -1 and a failure when it is none of them. */
int mh_json_get_word(struct mh_json_get *get, const json_t *object, const char *key, const char *const *words,
		     int count);

#endif
