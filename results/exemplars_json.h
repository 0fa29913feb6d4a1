/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exemplars within a JSON document, for the writers of documents. */
#ifndef RESULTS_EXEMPLARS_JSON_H
#define RESULTS_EXEMPLARS_JSON_H

#include "results/json_put.h"
#include "results/result.h"

/* One exemplar, as keys of @object. */
void mh_exemplar_put(struct mh_json_put *put, json_t *object, const struct mh_result_exemplar *exemplar);
/* Sets "exemplars" and "repro" of @root. */
void mh_exemplars_put(struct mh_json_put *put, json_t *root, const struct mh_result *result);

#endif
