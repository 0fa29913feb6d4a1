/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rank tests have in common: alternatives, and an estimate with its interval.
 */
#ifndef RESULTS_STATISTICS_INTERVAL_H
#define RESULTS_STATISTICS_INTERVAL_H

#include <stdbool.h>

/* What is held against "no change": the candidate's values, or the differences, are greater, less, or either. */
enum mh_alternative { MH_GREATER, MH_LESS, MH_TWO_SIDED };

struct mh_interval {
	double estimate, lower, upper;
	bool attained; /* false: too few values for any bound at that level; lower and upper are infinite */
};

#endif
