/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both tails of a statistic's distribution without a change, and the p value that they make.
 */
#ifndef RESULTS_STATISTICS_TAILS_H
#define RESULTS_STATISTICS_TAILS_H

#include <stddef.h>

#include "results/statistics/interval.h"

struct mh_tails {
	double at_least, at_most; /* chance of such a statistic or a greater one; or a smaller one */
};

/* Two-sided: twice the smaller tail, so that it agrees with the intervals. In (0, 1]. */
double mh_tails_p(const struct mh_tails *tails, enum mh_alternative alternative);

/* Of a statistic in steps of 1 by the normal distribution, half a step nearer to the mean. */
struct mh_tails mh_tails_normal(double statistic, double mean, double deviation);

/* What an interval leaves out on one side; a rounding error more, so that 1 of 20 is within 5 %. */
double mh_tail_of_confidence(double confidence);

/* The largest rank k with P(statistic <= k - 1) within @tail, by the normal distribution; 0: none. */
size_t mh_rank_normal(double tail, double mean, double deviation);

#endif
