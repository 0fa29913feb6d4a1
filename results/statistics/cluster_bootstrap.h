/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intervals for quantiles of the values of several runs together. The runs are drawn again, whole, because the values
 * of a run resemble each other: drawing values would promise far too much.
 *
 * Bias-corrected and accelerated (Efron 1987); of 5 runs and fewer all draws there are, of more MH_CLUSTER_DRAWS of a
 * fixed seed. Below MH_CLUSTER_RUNS_SOUND runs the confidence is approximate: it covers somewhat less.
 */
#ifndef RESULTS_STATISTICS_CLUSTER_BOOTSTRAP_H
#define RESULTS_STATISTICS_CLUSTER_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

#include "results/statistics/interval.h"

#define MH_CLUSTER_DRAWS      4999
#define MH_CLUSTER_RUNS_MAX   256
#define MH_CLUSTER_RUNS_SOUND 10

struct mh_clusters {
	size_t run_count, bucket_count;
	const double *lows, *widths; /* of each bucket, rising */
	const uint64_t *counts;      /* [run * bucket_count + bucket] */
};

/**
 * mh_cluster_quantiles - each @quantiles (between 0 and 1) of all values, interpolated within its bucket
 * @confidence: two-sided, of each by itself
 * @ret_intervals: @quantile_count of them; not attained: of fewer than 2 runs
 *
 * Return: 0; -EINVAL a run without values, no run, or more than MH_CLUSTER_RUNS_MAX runs; -ENOMEM.
 */
int mh_cluster_quantiles(const struct mh_clusters *clusters, const double *quantiles, size_t quantile_count,
			 double confidence, struct mh_interval *ret_intervals);

#endif
