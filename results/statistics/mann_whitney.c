/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Mann-Whitney test. Its statistic U counts the pairs in which the candidate's value is the greater one, half where
 * both are equal; U = R - m(m+1)/2, R the sum of the candidate's midranks among all values.
 *
 * libRmath knows the distribution without ties. With ties all choices of one sample's places are counted by their sum
 * of doubled midranks.
 */
#include "results/statistics/mann_whitney.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "results/statistics/midranks.h"
#include "results/statistics/sorted.h"
#include "results/statistics/tails.h"

struct pooled_ranks {
	uint64_t *doubled; /* the base's, then the candidate's */
	size_t base_count, candidate_count, count;
	bool tied;
};

static uint64_t sum_of(const uint64_t *values, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

static int rank_samples(const struct mh_two_samples *samples, struct pooled_ranks *ret_ranks)
{
	size_t count = samples->base_count + samples->candidate_count;
	double *values = malloc((count + 1) * sizeof(*values));
	uint64_t *doubled = malloc((count + 1) * sizeof(*doubled));
	bool tied = false;

	if (!values || !doubled)
		goto free_both;
	memcpy(values, samples->base, samples->base_count * sizeof(*values));
	memcpy(values + samples->base_count, samples->candidate, samples->candidate_count * sizeof(*values));
	if (mh_midranks(values, count, doubled, &tied) < 0)
		goto free_both;
	free(values);
	*ret_ranks = (struct pooled_ranks){doubled, samples->base_count, samples->candidate_count, count, tied};
	return 0;

free_both:
	free(values);
	free(doubled);
	return -ENOMEM;
}

/* Twice U. */
static uint64_t doubled_wins(const struct pooled_ranks *ranks)
{
	uint64_t m = ranks->candidate_count;

	return sum_of(ranks->doubled + ranks->base_count, m) - m * (m + 1);
}

static struct mh_tails plain_tails(double wins, double base_count, double candidate_count)
{
	struct mh_tails tails = {
		.at_least = pwilcox(wins - 1, candidate_count, base_count, 0, 0),
		.at_most = pwilcox(wins, candidate_count, base_count, 1, 0),
	};

	wilcox_free();
	return tails;
}

/* Of choosing @chosen of the ranks: how often each sum comes about. @ways: rows of @width, one for each number chosen.
 */
static void count_sums(const struct pooled_ranks *ranks, size_t chosen, size_t width, double *ways)
{
	memset(ways, 0, (chosen + 1) * width * sizeof(*ways));
	ways[0] = 1;
	for (size_t i = 0; i < ranks->count; i++) {
		uint64_t rank = ranks->doubled[i];

		/* From above, so that no rank is chosen twice. */
		for (size_t row = i + 1 < chosen ? i + 1 : chosen; row > 0; row--)
			for (size_t sum = rank; sum < width; sum++)
				ways[row * width + sum] += ways[(row - 1) * width + sum - rank];
	}
}

static struct mh_tails tails_of_counts(const double *ways, size_t width, uint64_t observed)
{
	double at_least = 0, at_most = 0, all = 0;

	for (size_t sum = 0; sum < width; sum++) {
		all += ways[sum];
		at_least += sum >= observed ? ways[sum] : 0;
		at_most += sum <= observed ? ways[sum] : 0;
	}
	return (struct mh_tails){at_least / all, at_most / all};
}

/* The smaller sample is the one whose places are chosen: less to count, and the other's sum is what remains. */
static int counted_tails(const struct pooled_ranks *ranks, struct mh_tails *ret_tails)
{
	bool base_chosen = ranks->base_count < ranks->candidate_count;
	size_t chosen = base_chosen ? ranks->base_count : ranks->candidate_count;
	size_t width = chosen * (2 * ranks->count - chosen + 1) + 1; /* the doubled sum of the greatest ranks, and 0 */
	double *ways = malloc((chosen + 1) * width * sizeof(*ways));
	struct mh_tails tails;

	if (!ways)
		return -ENOMEM;
	count_sums(ranks, chosen, width, ways);
	tails = tails_of_counts(ways + chosen * width, width,
				sum_of(ranks->doubled + (base_chosen ? 0 : ranks->base_count), chosen));
	free(ways);
	*ret_tails = base_chosen ? (struct mh_tails){.at_least = tails.at_most, .at_most = tails.at_least} : tails;
	return 0;
}

/*
 * The variance of a sum of m of N ranks drawn without return: n m / (N (N-1)) times the sum of their squared distances
 * from the mean. That is n m / 12 ((N+1) - sum(t^3 - t) / (N (N-1))), t the sizes of the groups of ties.
 */
static double wins_deviation(const struct pooled_ranks *ranks)
{
	double count = (double)ranks->count, pairs = (double)ranks->base_count * (double)ranks->candidate_count;
	double squares = 0;

	for (size_t i = 0; i < ranks->count; i++) {
		double distance = ((double)ranks->doubled[i] - (count + 1)) / 2;

		squares += distance * distance;
	}
	return sqrt(pairs * squares / (count * (count - 1)));
}

static struct mh_tails normal_tails(const struct pooled_ranks *ranks)
{
	double pairs = (double)ranks->base_count * (double)ranks->candidate_count;

	return mh_tails_normal((double)doubled_wins(ranks) / 2, pairs / 2, wins_deviation(ranks));
}

double mh_mann_whitney_p(const struct mh_two_samples *samples, enum mh_alternative alternative)
{
	struct pooled_ranks ranks;
	struct mh_tails tails;
	int ret = 0;

	if (samples->base_count == 0 || samples->candidate_count == 0)
		return 1;
	if (rank_samples(samples, &ranks) < 0)
		return NAN;
	if (ranks.count > MH_MANN_WHITNEY_EXACT_MAX)
		tails = normal_tails(&ranks);
	else if (!ranks.tied)
		tails = plain_tails((double)doubled_wins(&ranks) / 2, (double)ranks.base_count,
				    (double)ranks.candidate_count);
	else
		ret = counted_tails(&ranks, &tails);
	free(ranks.doubled);
	return ret < 0 ? NAN : mh_tails_p(&tails, alternative);
}

double mh_mann_whitney_p_min(size_t base_count, size_t candidate_count)
{
	return 1 / choose((double)base_count + (double)candidate_count, (double)base_count);
}

/* The largest k with P(U <= k - 1) within @tail; 0: none. */
static size_t bound_rank(double base_count, double candidate_count, double tail)
{
	double pairs = base_count * candidate_count, count = base_count + candidate_count;
	double rank; /* the first U whose chance reaches the tail, so rank - 1 is within it */

	if (count > MH_MANN_WHITNEY_EXACT_MAX)
		return mh_rank_normal(tail, pairs / 2, sqrt(pairs * (count + 1) / 12));
	rank = qwilcox(tail, candidate_count, base_count, 1, 0);
	if (pwilcox(rank, candidate_count, base_count, 1, 0) <= tail)
		rank++;
	wilcox_free();
	return (size_t)rank;
}

static void all_differences(const struct mh_two_samples *samples, double *ret_differences)
{
	for (size_t i = 0; i < samples->base_count; i++)
		for (size_t j = 0; j < samples->candidate_count; j++)
			ret_differences[i * samples->candidate_count + j] = samples->candidate[j] - samples->base[i];
}

int mh_mann_whitney_shift(const struct mh_two_samples *samples, double confidence, struct mh_interval *ret_shift)
{
	size_t pair_count = samples->base_count * samples->candidate_count, rank;
	double *differences;

	if (pair_count == 0)
		return -EINVAL;
	differences = malloc(pair_count * sizeof(*differences));
	if (!differences)
		return -ENOMEM;
	all_differences(samples, differences);
	mh_sort_values(differences, pair_count);
	rank = bound_rank((double)samples->base_count, (double)samples->candidate_count,
			  mh_tail_of_confidence(confidence));
	*ret_shift = mh_sorted_interval(differences, pair_count, rank);
	free(differences);
	return 0;
}

double mh_vargha_delaney(const struct mh_two_samples *samples)
{
	double wins = 0;

	for (size_t i = 0; i < samples->base_count; i++)
		for (size_t j = 0; j < samples->candidate_count; j++)
			wins += samples->candidate[j] > samples->base[i]    ? 1
				: samples->candidate[j] == samples->base[i] ? 0.5
									    : 0;
	return wins / ((double)samples->base_count * (double)samples->candidate_count);
}
