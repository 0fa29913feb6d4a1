/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts of rare things on two sides: the exact conditional binomial test, and whether it may be used.
 *
 * Source: Przyborowski and Wilenski 1940; Fisher 1950 (index of dispersion).
 */
#ifndef RESULTS_STATISTICS_RATES_H
#define RESULTS_STATISTICS_RATES_H

#include <stddef.h>
#include <stdint.h>

#include "results/statistics/interval.h"

#define MH_DISPERSION_MAX 1.5 /* variance over mean across runs, above which a rate is a run statistic like others */

struct mh_rate {
	uint64_t count;
	double exposure; /* operations, or seconds */
};

/* The candidate's rate against the base's. Two-sided: twice the smaller tail. p in (0, 1]; 1 without exposure or
 * counts. */
double mh_rate_p(const struct mh_rate *base, const struct mh_rate *candidate, enum mh_alternative alternative);
/* Variance of @counts over their mean, about 1 when events are independent; 0 when all are 0 or there is one run. */
double mh_dispersion_index(const uint64_t *counts, size_t run_count);

#endif
