/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signed-rank test. Its statistic W+ is the sum of the ranks of |difference| over the positive ones; without a
 * change each rank counts or does not with chance 1/2.
 *
 * libRmath knows the distribution of the ranks 1 … n. With ties or zeros the ranks are others, and all 2^n sums are
 * counted: ranks are doubled to be whole, and counts up to 2^50 are exact in a double.
 */
#include "results/statistics/signed_rank.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "base/assert.h"
#include "results/statistics/midranks.h"
#include "results/statistics/sorted.h"
#include "results/statistics/tails.h"

#define DOUBLED_SUM_MAX (MH_SIGNED_RANK_EXACT_MAX * (MH_SIGNED_RANK_EXACT_MAX + 1)) /* 2 (1 + … + n) */

struct signed_ranks {
	uint64_t *doubled; /* ranks of the differences that are not zero */
	size_t count;
	uint64_t positive_sum; /* 2 W+ */
	bool plain;            /* 1 … count */
};

/* Pratt: zeros take part in the ranking and are left out after it. */
static int rank_differences(const double *differences, size_t count, struct signed_ranks *ret_ranks)
{
	double *sizes = malloc((count + 1) * sizeof(*sizes));
	uint64_t *doubled = malloc((count + 1) * sizeof(*doubled));
	bool tied = false;

	*ret_ranks = (struct signed_ranks){.doubled = doubled};
	if (!sizes || !doubled)
		goto free_both;
	for (size_t i = 0; i < count; i++)
		sizes[i] = fabs(differences[i]);
	if (mh_midranks(sizes, count, doubled, &tied) < 0)
		goto free_both;
	for (size_t i = 0; i < count; i++) {
		ret_ranks->positive_sum += differences[i] > 0 ? doubled[i] : 0;
		if (differences[i] != 0)
			doubled[ret_ranks->count++] = doubled[i];
	}
	ret_ranks->plain = !tied && ret_ranks->count == count;
	free(sizes);
	return 0;

free_both:
	free(sizes);
	free(doubled);
	return -ENOMEM;
}

static struct mh_tails plain_tails(double sum, double count)
{
	struct mh_tails tails = {
		.at_least = psignrank(sum - 1, count, 0, 0),
		.at_most = psignrank(sum, count, 1, 0),
	};

	signrank_free();
	return tails;
}

static struct mh_tails counted_tails(const struct signed_ranks *ranks)
{
	double ways[DOUBLED_SUM_MAX + 1] = {1}; /* by sum */
	struct mh_tails tails = {0};
	uint64_t most = 0;

	for (size_t i = 0; i < ranks->count; i++) {
		most += ranks->doubled[i];
		for (uint64_t sum = most; sum >= ranks->doubled[i]; sum--)
			ways[sum] += ways[sum - ranks->doubled[i]];
	}
	for (uint64_t sum = 0; sum <= most; sum++) {
		tails.at_least += sum >= ranks->positive_sum ? ways[sum] : 0;
		tails.at_most += sum <= ranks->positive_sum ? ways[sum] : 0;
	}
	tails.at_least = ldexp(tails.at_least, -(int)ranks->count);
	tails.at_most = ldexp(tails.at_most, -(int)ranks->count);
	return tails;
}

/*
 * Mean and variance of W+ are half the sum of the ranks and a quarter of the sum of their squares. Without zeros these
 * are n(n+1)/4 and n(n+1)(2n+1)/24 - sum(t^3 - t)/48, t the sizes of the groups of ties.
 */
static struct mh_tails normal_tails(const struct signed_ranks *ranks)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < ranks->count; i++) {
		double rank = (double)ranks->doubled[i] / 2;

		sum += rank;
		squares += rank * rank;
	}
	return mh_tails_normal((double)ranks->positive_sum / 2, sum / 2, sqrt(squares) / 2);
}

double mh_signed_rank_p(const double *differences, size_t count, enum mh_alternative alternative)
{
	struct signed_ranks ranks;
	struct mh_tails tails;

	if (count == 0)
		return 1;
	if (rank_differences(differences, count, &ranks) < 0)
		return NAN;
	if (count > MH_SIGNED_RANK_EXACT_MAX)
		tails = normal_tails(&ranks);
	else if (ranks.plain)
		tails = plain_tails((double)ranks.positive_sum / 2, (double)count);
	else
		tails = counted_tails(&ranks);
	free(ranks.doubled);
	return mh_tails_p(&tails, alternative);
}

double mh_signed_rank_p_min(size_t count)
{
	return exp2(-(double)count);
}

/* The largest k with P(W+ <= k - 1) within @tail; 0: none. */
static size_t bound_rank(size_t count, double tail)
{
	double n = (double)count, rank; /* the first sum whose chance reaches the tail, so rank - 1 is within it */

	if (count > MH_SIGNED_RANK_EXACT_MAX)
		return mh_rank_normal(tail, n * (n + 1) / 4, sqrt(n * (n + 1) * (2 * n + 1) / 24));
	rank = qsignrank(tail, n, 1, 0);
	if (psignrank(rank, n, 1, 0) <= tail)
		rank++;
	signrank_free();
	return (size_t)rank;
}

/* The means of all pairs of differences, each with itself, too. */
static size_t walsh_averages(const double *differences, size_t count, double *ret_averages)
{
	size_t written = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = i; j < count; j++)
			ret_averages[written++] = (differences[i] + differences[j]) / 2;
	return written;
}

int mh_signed_rank_shift(const double *differences, size_t count, double confidence, struct mh_interval *ret_shift)
{
	size_t rank = count ? bound_rank(count, mh_tail_of_confidence(confidence)) : 0, averages_count;
	double *averages;

	if (count == 0)
		return -EINVAL;
	averages = malloc(count * (count + 1) / 2 * sizeof(*averages));
	if (!averages)
		return -ENOMEM;
	averages_count = walsh_averages(differences, count, averages);
	mh_sort_values(averages, averages_count);
	*ret_shift = mh_sorted_interval(averages, averages_count, rank);
	free(averages);
	return 0;
}
