/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The median of repeated runs and its exact interval, from the order of their values; and the same bounds for a
 * quantile within a run.
 */
#ifndef RESULTS_STATISTICS_ORDER_INTERVAL_H
#define RESULTS_STATISTICS_ORDER_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#include "results/statistics/interval.h"

/* @sorted: rising. Estimate: the median. The interval covers it with at least @confidence; not attained: too few.
 * Return: 0; -EINVAL no value. */
int mh_order_interval(const double *sorted, size_t count, double confidence, struct mh_interval *ret_median);

/* Ranks from 1 among floor(@effective) values whose values hold the quantile @q with at least @confidence. Below 1 or
 * above floor(@effective): no value is a bound. @effective: at least 1; @q: between 0 and 1. */
void mh_quantile_ranks(double effective, double q, double confidence, double *ret_lower, double *ret_upper);

/**
 * mh_effective_count - how many independent values a run's values are worth, by batch means
 * @means, @counts: of each interval of the run
 * @variance: of single values within the whole run
 *
 * N * variance / (m * variance of the batch means), m values a batch, held within 1 and N. Return: 0; -EINVAL fewer
 * than 2 intervals with values.
 */
int mh_effective_count(const double *means, const uint64_t *counts, size_t interval_count, double variance,
		       double *ret_effective);

#endif
