/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two samples that are not paired: the exact Mann-Whitney test, with ties, and the Hodges-Lehmann shift.
 *
 * Source: Mann and Whitney 1947; Hodges and Lehmann 1963; Vargha and Delaney 2000.
 */
#ifndef RESULTS_STATISTICS_MANN_WHITNEY_H
#define RESULTS_STATISTICS_MANN_WHITNEY_H

#include <stddef.h>

#include "results/statistics/interval.h"

#define MH_MANN_WHITNEY_EXACT_MAX 60 /* values of both samples together */

struct mh_two_samples {
	const double *base, *candidate; /* finite */
	size_t base_count, candidate_count;
};

/* @alternative: of the candidate against the base. Return: p in (0, 1]; 1 when a sample is empty; NAN without memory.
 */
double mh_mann_whitney_p(const struct mh_two_samples *samples, enum mh_alternative alternative);
/* The least p that can be reached one-sided: 1 / C(n + m, n). */
double mh_mann_whitney_p_min(size_t base_count, size_t candidate_count);
/* Median of the differences candidate - base. 0; -EINVAL a sample is empty; -ENOMEM. */
int mh_mann_whitney_shift(const struct mh_two_samples *samples, double confidence, struct mh_interval *ret_shift);
/* The chance that a value of the candidate exceeds one of the base: U / (n m); 0.5 without a change; NAN when a sample
 * is empty. */
double mh_vargha_delaney(const struct mh_two_samples *samples);

#endif
