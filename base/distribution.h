/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The distributions of a scenario: of durations (ns) or plain numbers.
 */
#ifndef BASE_DISTRIBUTION_H
#define BASE_DISTRIBUTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

enum mh_distribution_kind {
	MH_DISTRIBUTION_CONSTANT,    /* a = value */
	MH_DISTRIBUTION_UNIFORM,     /* a = min, b = max, both reachable */
	MH_DISTRIBUTION_EXPONENTIAL, /* a = mean */
	MH_DISTRIBUTION_LOGNORMAL,   /* a = median, b = sigma of the logarithm */
	MH_DISTRIBUTION_PARETO,      /* a = min, b = alpha, c = cap (draws above are cut to it) */
	MH_DISTRIBUTION_EMPIRICAL,   /* quantiles, linear between them */
};

struct mh_distribution {
	enum mh_distribution_kind kind;
	double a, b, c;    /* ns where it is a duration */
	double *quantiles; /* MH_DISTRIBUTION_EMPIRICAL: @quantile_count values at equal steps from 0 to 1; owned */
	size_t quantile_count;
};

/* A draw, never negative. A constant draws nothing from @rng. */
double mh_distribution_draw(const struct mh_distribution *distribution, struct mh_rng *rng);
double mh_distribution_mean(const struct mh_distribution *distribution);
void mh_distribution_release(struct mh_distribution *distribution);

#endif
