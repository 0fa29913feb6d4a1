/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paired samples: the exact signed-rank test with Pratt's zeros, and the Hodges-Lehmann shift of the differences.
 * Pure functions; any thread but libRmath's one (no locale, no state of ours).
 *
 * Source: Wilcoxon 1945; Pratt 1959; Hodges and Lehmann 1963.
 */
#ifndef RESULTS_STATISTICS_SIGNED_RANK_H
#define RESULTS_STATISTICS_SIGNED_RANK_H

#include <stddef.h>

#include "results/statistics/interval.h"

#define MH_SIGNED_RANK_EXACT_MAX 50 /* differences; above, the normal approximation with ties and continuity */

/**
 * mh_signed_rank_p - chance of so great a sum of ranks without any change
 * @differences: @count finite numbers, candidate - base
 *
 * Return: p in (0, 1]; 1 when all differences are zero or there are none; NAN when memory ran out.
 */
double mh_signed_rank_p(const double *differences, size_t count, enum mh_alternative alternative);

/* The least p that @count differences can reach one-sided: 2^-count. */
double mh_signed_rank_p_min(size_t count);

/**
 * mh_signed_rank_shift - the median of the Walsh averages, and an exact interval of at least @confidence, two-sided
 * @confidence: 0 … 1; a one-sided 95 % bound is one end of the two-sided 90 %
 *
 * Return: 0; -EINVAL no difference; -ENOMEM.
 */
int mh_signed_rank_shift(const double *differences, size_t count, double confidence, struct mh_interval *ret_shift);

#endif
