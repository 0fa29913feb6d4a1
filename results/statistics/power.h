/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a number of pairs can find: noise, smallest detectable change, pairs needed.
 *
 * Deviations are of ln differences of pairs. For two samples that are not paired take sqrt(2) times the deviation of
 * one run, and runs a side for pairs. 0.955 is the efficiency of the rank tests against the t test, 3/pi, and 0.9 the
 * power.
 *
 * Source: Lehmann, Nonparametrics, 1975, 4.2; Hampel 1974 (MAD).
 */
#ifndef RESULTS_STATISTICS_POWER_H
#define RESULTS_STATISTICS_POWER_H

#include <stddef.h>
#include <stdint.h>

#define MH_PAIRS_NEEDED_MAX 1000000

/* How strict a test is: one-sided, @alpha over a family. */
struct mh_strictness {
	double alpha;  /* of the whole family at one look */
	size_t family; /* metrics over all cells, at least 1 */
};

/* 1.4826 times the median distance from the median: the standard deviation, if normal, blind to outliers. 0; -EINVAL no
 * value; -ENOMEM. */
int mh_noise_deviation(const double *differences, size_t count, double *ret_deviation);

/* The change (0.05: 5 %) that is found in 9 of 10 gates. NAN without pairs. */
double mh_detectable_change(const struct mh_strictness *strictness, double deviation, size_t pair_count);
/* Pairs that find a @change in 9 of 10 gates, and can reach the level at all; at most MH_PAIRS_NEEDED_MAX. */
size_t mh_pairs_needed(const struct mh_strictness *strictness, double deviation, double change);
/* The least number of pairs of which the signed-rank test can reach the level: family 2^-n < alpha. */
size_t mh_pairs_attainable(const struct mh_strictness *strictness);
/* Two standard errors of a mean difference: what calibrated noise alone makes of the estimate. NAN without pairs. */
double mh_noise_floor(double deviation, size_t pair_count);

#endif
