/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each value is weighed by the chance that the quantile's order statistic falls on it: the part of the beta
 * distribution with a = (N+1) q and b = (N+1) (1-q) that lies between the shares of values before and after it.
 */
#include "results/statistics/harrell_davis.h"

#include <errno.h>
#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

/* Mean and variance of weighed values, one after the other. Source: Chan, Golub and LeVeque 1983. */
struct moments {
	double weight, mean, squares;
};

static void add_weighed(struct moments *moments, double value, double weight)
{
	double distance = value - moments->mean, sum = moments->weight + weight;

	if (!(weight > 0))
		return;
	moments->squares += distance * distance * moments->weight * weight / sum;
	moments->mean += distance * weight / sum;
	moments->weight = sum;
}

/* @counts: NULL when each is 1. */
static uint64_t count_at(const uint64_t *counts, size_t index)
{
	return counts ? counts[index] : 1;
}

/* Both tails of the beta distribution, so that small weights far from the quantile are not differences near 1. */
struct tails {
	double below, above;
};

static struct tails beta_tails(double share, double total, double q)
{
	double a = (total + 1) * q, b = (total + 1) * (1 - q);

	return (struct tails){pbeta(share, a, b, 1, 0), pbeta(share, a, b, 0, 0)};
}

static double weight_between(const struct tails *before, const struct tails *after)
{
	return after->below < 0.5 ? after->below - before->below : before->above - after->above;
}

static double total_of(const uint64_t *counts, size_t bucket_count)
{
	double total = 0;

	for (size_t i = 0; i < bucket_count; i++)
		total += (double)count_at(counts, i);
	return total;
}

int mh_harrell_davis_buckets(const double *middles, const uint64_t *counts, size_t bucket_count, double q,
			     struct mh_quantile_estimate *ret_quantile)
{
	double total = total_of(counts, bucket_count), passed = 0;
	struct tails before = {.above = 1}, after;
	struct moments moments = {0};

	if (!(total > 0) || !(q > 0 && q < 1))
		return -EINVAL;
	for (size_t i = 0; i < bucket_count; i++) {
		if (count_at(counts, i) == 0)
			continue;
		passed += (double)count_at(counts, i);
		after = beta_tails(passed / total, total, q);
		add_weighed(&moments, middles[i], weight_between(&before, &after));
		before = after;
	}
	*ret_quantile = (struct mh_quantile_estimate){moments.mean, sqrt(moments.squares)};
	return 0;
}

int mh_harrell_davis(const double *sorted, size_t count, double q, struct mh_quantile_estimate *ret_quantile)
{
	return mh_harrell_davis_buckets(sorted, NULL, count, q, ret_quantile);
}
