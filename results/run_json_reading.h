/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read run.json share. */
#ifndef RESULTS_RUN_JSON_READING_H
#define RESULTS_RUN_JSON_READING_H

#include <stddef.h>

#include "results/json_get.h"
#include "results/result.h"

/* What a part reads from and into. */
struct mh_reading {
	struct mh_json_get get;
	struct mh_result *result;
	size_t counts_bytes; /* of all histograms so far */
};

/* Copies into the result: of a key that must be there, and of one that may be absent (NULL). */
const char *mh_reading_text(struct mh_reading *reading, const json_t *object, const char *key);
const char *mh_reading_optional(struct mh_reading *reading, const json_t *object, const char *key);

/* Parts of the document, read from its @root. */
void mh_run_json_read_series(struct mh_reading *reading, const json_t *root);
void mh_run_json_read_counts(struct mh_reading *reading, const json_t *root);
void mh_run_json_read_slos(struct mh_reading *reading, const json_t *root);
void mh_run_json_read_exemplars(struct mh_reading *reading, const json_t *root);

#endif
