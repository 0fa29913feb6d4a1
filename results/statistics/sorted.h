/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values in rising order: their median, and an interval from one rank to its mirror.
 */
#ifndef RESULTS_STATISTICS_SORTED_H
#define RESULTS_STATISTICS_SORTED_H

#include <stddef.h>

#include "results/statistics/interval.h"

void mh_sort_values(double *values, size_t count);
/* @count: at least 1. */
double mh_sorted_median(const double *sorted, size_t count);
/* The median, and the @rank-th value from either end; rank 0: no value is a bound. */
struct mh_interval mh_sorted_interval(const double *sorted, size_t count, size_t rank);

#endif
