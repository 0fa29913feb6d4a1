/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quantiles of few values: weighted by the beta distribution, with their standard error.
 *
 * Source: Harrell and Davis 1982; Maritz and Jarrett 1978. The incomplete beta function is libRmath's.
 */
#ifndef RESULTS_STATISTICS_HARRELL_DAVIS_H
#define RESULTS_STATISTICS_HARRELL_DAVIS_H

#include <stddef.h>
#include <stdint.h>

struct mh_quantile_estimate {
	double value, error; /* error: standard error of the value */
};

/* @sorted: rising. @q: between 0 and 1. 0; -EINVAL no value or no such quantile. */
int mh_harrell_davis(const double *sorted, size_t count, double q, struct mh_quantile_estimate *ret_quantile);

/* The same of values in buckets: @middles rising, @counts beside them (NULL: 1 each), N their sum. */
int mh_harrell_davis_buckets(const double *middles, const uint64_t *counts, size_t bucket_count, double q,
			     struct mh_quantile_estimate *ret_quantile);

#endif
