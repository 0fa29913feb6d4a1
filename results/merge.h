/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two executions of the same run added up: histograms bucket by bucket, counts by counts; never an average of
 * percentiles. Which runs of which folders are the same is the caller's to know.
 */
#ifndef RESULTS_MERGE_H
#define RESULTS_MERGE_H

#include "base/error.h"
#include "results/result.h"

/**
 * mh_merge_agrees - whether two runs are of the same experiment
 *
 * That is the scenario, what was made of it (of the same cell), the seed, the program, the mode, the scale of
 * time, and the precision of each series.
 * Return: 0; -EXDEV they are not, with a sentence that says in what they differ.
 */
int mh_merge_agrees(const struct mh_result *a, const struct mh_result *b, struct mh_error *reterr);

/**
 * mh_result_merge - add @from to @to
 * @to: of the same cell; afterwards as if both had been one run, @from's phases behind its own
 *
 * Thresholds are judged anew. Return: 0; -EXDEV the two do not agree, or a series has another precision; -EOVERFLOW a
 * count beyond 64 bits; -EINVAL a threshold that cannot be read; -ENOMEM; with a sentence. On failure @to is of no use.
 */
int mh_result_merge(struct mh_result *to, const struct mh_result *from, struct mh_error *reterr);

#endif
