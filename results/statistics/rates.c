/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Given the sum of both counts, the candidate's is binomial: each event falls on a side by its share of the exposure,
 * when the rates are equal.
 */
#include "results/statistics/rates.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "results/statistics/tails.h"

double mh_rate_p(const struct mh_rate *base, const struct mh_rate *candidate, enum mh_alternative alternative)
{
	double events = (double)base->count + (double)candidate->count, share;
	struct mh_tails tails;

	if (events == 0 || !(base->exposure > 0) || !(candidate->exposure > 0))
		return 1;
	share = candidate->exposure / (base->exposure + candidate->exposure);
	tails.at_least = pbinom((double)candidate->count - 1, events, share, 0, 0);
	tails.at_most = pbinom((double)candidate->count, events, share, 1, 0);
	return mh_tails_p(&tails, alternative);
}

double mh_dispersion_index(const uint64_t *counts, size_t run_count)
{
	double sum = 0, squares = 0, mean;

	for (size_t i = 0; i < run_count; i++)
		sum += (double)counts[i];
	if (sum == 0 || run_count < 2)
		return 0;
	mean = sum / (double)run_count;
	for (size_t i = 0; i < run_count; i++)
		squares += ((double)counts[i] - mean) * ((double)counts[i] - mean);
	return squares / (double)(run_count - 1) / mean;
}
