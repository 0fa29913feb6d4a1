/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From tails to p values. */
#include "results/statistics/tails.h"

#include <float.h>
#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "base/assert.h"

double mh_tails_p(const struct mh_tails *tails, enum mh_alternative alternative)
{
	double p = alternative == MH_GREATER ? tails->at_least
		   : alternative == MH_LESS  ? tails->at_most
					     : 2 * fmin(tails->at_least, tails->at_most);

	return fmax(fmin(p, 1), DBL_MIN);
}

struct mh_tails mh_tails_normal(double statistic, double mean, double deviation)
{
	if (!(deviation > 0))
		return (struct mh_tails){1, 1};
	return (struct mh_tails){
		.at_least = pnorm(statistic - 0.5, mean, deviation, 0, 0),
		.at_most = pnorm(statistic + 0.5, mean, deviation, 1, 0),
	};
}

double mh_tail_of_confidence(double confidence)
{
	MH_ASSERT(confidence >= 0 && confidence <= 1);
	return (1 - confidence) / 2 * (1 + 1e-12);
}

size_t mh_rank_normal(double tail, double mean, double deviation)
{
	return tail > 0 ? (size_t)fmax(floor(fmin(qnorm(tail, mean, deviation, 1, 0) + 0.5, mean + 0.5)), 0) : 0;
}
