/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.json: a result as one JSON document and back.
 *
 * Integers are exact; one above 2^53 is also given as a string under its key with "_s" behind, and readers prefer that
 * one. Numbers are finite, lists are never omitted, what is not available is null.
 */
#ifndef RESULTS_RUN_JSON_H
#define RESULTS_RUN_JSON_H

#include "base/error.h"
#include "base/text.h"
#include "results/result.h"

#define MH_RUN_JSON_SIZE_MAX   (256u << 20) /* bytes of a file that is read */
#define MH_RUN_JSON_LIST_MAX   65536        /* items of any list */
#define MH_RUN_JSON_SERIES_MAX 16384
#define MH_RUN_JSON_COUNTS_MAX (1u << 30) /* bytes of counts of all histograms together */

/* Appends the document. 0; -ENOMEM; -EINVAL a result that failed, or a text that is not UTF-8. */
int mh_run_json_write(const struct mh_result *result, struct mh_text *text, struct mh_error *reterr);

/* The same list of exemplars as a document of its own, for tools that want no more: exemplars.json. */
int mh_exemplars_json_save(const struct mh_result *result, const char *path, struct mh_error *reterr);

/* Writes it to @path, whole or not at all. */
int mh_run_json_save(const struct mh_result *result, const char *path, struct mh_error *reterr);

/**
 * mh_run_json_read - read a document
 * @name: what errors call it
 * @ret_result: to be released; untouched on failure
 *
 * Unknown keys are ignored, as the format demands of readers; a known one of the wrong type or out of range is not.
 * Return: 0; -EINVAL no JSON, another schema or version, a wrong or missing key, a histogram that contradicts its
 * series; -EFBIG; -ENOMEM; each with a sentence.
 */
int mh_run_json_read(const char *text, size_t length, const char *name, struct mh_result *ret_result,
		     struct mh_error *reterr);
int mh_run_json_load(const char *path, struct mh_result *ret_result, struct mh_error *reterr);

#endif
