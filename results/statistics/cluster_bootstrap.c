/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A draw is how often each run was drawn; its quantiles are those of the sums of counts. */
#include "results/statistics/cluster_bootstrap.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "base/rng.h"

#define ALL_DRAWS_RUNS_MAX 5 /* 5^5 = 3,125 draws */

struct bootstrap {
	const struct mh_clusters *clusters;
	const double *quantiles;
	size_t quantile_count;
	uint64_t *sums; /* of one draw, by bucket */
	size_t draw_count;
	double *drawn;   /* [quantile * draw_count + draw] */
	double *without; /* [quantile * run_count + run]: of all runs but that one */
};

static void add_run(struct bootstrap *bootstrap, size_t run, uint64_t times)
{
	const struct mh_clusters *clusters = bootstrap->clusters;

	for (size_t i = 0; i < clusters->bucket_count; i++)
		bootstrap->sums[i] += times * clusters->counts[run * clusters->bucket_count + i];
}

static uint64_t total_of(const struct bootstrap *bootstrap)
{
	uint64_t total = 0;

	for (size_t i = 0; i < bootstrap->clusters->bucket_count; i++)
		total += bootstrap->sums[i];
	return total;
}

/* Of the sums. NAN: they are empty. */
static double quantile_of(const struct bootstrap *bootstrap, double q, uint64_t total)
{
	const struct mh_clusters *clusters = bootstrap->clusters;
	const double wanted = q * (double)total;
	double below = 0;

	for (size_t i = 0; i < clusters->bucket_count; i++) {
		const double count = (double)bootstrap->sums[i];

		if (count > 0 && below + count >= wanted)
			return clusters->lows[i] + clusters->widths[i] * (wanted - below) / count;
		below += count;
	}
	return NAN;
}

/* @ret_values: a quantile every @stride. */
static void read_quantiles(const struct bootstrap *bootstrap, double *ret_values, size_t stride)
{
	const uint64_t total = total_of(bootstrap);

	for (size_t i = 0; i < bootstrap->quantile_count; i++)
		ret_values[i * stride] = quantile_of(bootstrap, bootstrap->quantiles[i], total);
}

static void clear(struct bootstrap *bootstrap)
{
	memset(bootstrap->sums, 0, bootstrap->clusters->bucket_count * sizeof(*bootstrap->sums));
}

static void add_all(struct bootstrap *bootstrap)
{
	clear(bootstrap);
	for (size_t run = 0; run < bootstrap->clusters->run_count; run++)
		add_run(bootstrap, run, 1);
}

static bool draws_all(const struct mh_clusters *clusters)
{
	return clusters->run_count <= ALL_DRAWS_RUNS_MAX;
}

/* Draw number @draw of all there are, or a random one. */
static void draw(struct bootstrap *bootstrap, size_t number, struct mh_rng *rng)
{
	const size_t run_count = bootstrap->clusters->run_count;
	uint64_t times[MH_CLUSTER_RUNS_MAX] = {0};

	for (size_t i = 0; i < run_count; i++, number /= run_count)
		times[draws_all(bootstrap->clusters) ? number % run_count : mh_rng_below(rng, run_count)]++;
	clear(bootstrap);
	for (size_t run = 0; run < run_count; run++)
		if (times[run])
			add_run(bootstrap, run, times[run]);
}

static void draw_often(struct bootstrap *bootstrap)
{
	struct mh_rng rng;

	mh_rng_init(&rng, 0, "cluster-bootstrap", 0);
	for (size_t i = 0; i < bootstrap->draw_count; i++) {
		draw(bootstrap, i, &rng);
		read_quantiles(bootstrap, &bootstrap->drawn[i], bootstrap->draw_count);
	}
}

static void leave_out_each(struct bootstrap *bootstrap)
{
	const size_t run_count = bootstrap->clusters->run_count;

	for (size_t left_out = 0; left_out < run_count; left_out++) {
		clear(bootstrap);
		for (size_t run = 0; run < run_count; run++)
			if (run != left_out)
				add_run(bootstrap, run, 1);
		read_quantiles(bootstrap, &bootstrap->without[left_out], run_count);
	}
}

/* From the skewness of what each run alone moves. */
static double acceleration(const double *without, size_t count)
{
	double mean = 0, squares = 0, cubes = 0;

	for (size_t i = 0; i < count; i++)
		mean += without[i] / (double)count;
	for (size_t i = 0; i < count; i++) {
		const double moved = mean - without[i];

		squares += moved * moved;
		cubes += moved * moved * moved;
	}
	return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

static int compare(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* How far the draws' middle lies beside the estimate, in deviations. Draws that equal it count half. */
static double bias(const double *sorted, size_t count, double estimate)
{
	double below = 0;

	for (size_t i = 0; i < count; i++)
		below += sorted[i] < estimate ? 1 : sorted[i] == estimate ? 0.5 : 0;
	return qnorm(below / (double)count, 0, 1, 1, 0);
}

static double bound(const double *sorted, size_t count, double z0, double z, double a)
{
	const double shifted = z0 + (z0 + z) / (1 - a * (z0 + z));
	const double rank = floor(pnorm(shifted, 0, 1, 1, 0) * (double)(count + 1));

	return sorted[rank < 1 ? 0 : rank > (double)count ? count - 1 : (size_t)rank - 1];
}

static void bound_quantile(struct bootstrap *bootstrap, size_t index, double confidence, struct mh_interval *interval)
{
	const size_t count = bootstrap->draw_count, run_count = bootstrap->clusters->run_count;
	double *sorted = &bootstrap->drawn[index * count];
	const double a = acceleration(&bootstrap->without[index * run_count], run_count);
	const double z = qnorm((1 + confidence) / 2, 0, 1, 1, 0);
	double z0;

	qsort(sorted, count, sizeof(*sorted), compare);
	z0 = bias(sorted, count, interval->estimate);
	interval->lower = interval->upper = interval->estimate;
	interval->attained = true;
	/* All draws on one side of the estimate: they say nothing of the other. */
	if (!isfinite(z0))
		return;
	interval->lower = fmin(bound(sorted, count, z0, -z, a), interval->estimate);
	interval->upper = fmax(bound(sorted, count, z0, z, a), interval->estimate);
}

static int estimate(struct bootstrap *bootstrap, struct mh_interval *ret_intervals)
{
	uint64_t total;

	for (size_t run = 0; run < bootstrap->clusters->run_count; run++) {
		clear(bootstrap);
		add_run(bootstrap, run, 1);
		if (!total_of(bootstrap))
			return -EINVAL;
	}
	add_all(bootstrap);
	total = total_of(bootstrap);
	for (size_t i = 0; i < bootstrap->quantile_count; i++)
		ret_intervals[i] = (struct mh_interval){quantile_of(bootstrap, bootstrap->quantiles[i], total),
							-INFINITY, INFINITY, false};
	return 0;
}

static void bound_all(struct bootstrap *bootstrap, double confidence, struct mh_interval *intervals)
{
	draw_often(bootstrap);
	leave_out_each(bootstrap);
	for (size_t i = 0; i < bootstrap->quantile_count; i++)
		bound_quantile(bootstrap, i, confidence, &intervals[i]);
}

static size_t draws_of(const struct mh_clusters *clusters)
{
	size_t draws = 1;

	for (size_t i = 0; draws_all(clusters) && i < clusters->run_count; i++)
		draws *= clusters->run_count;
	return draws_all(clusters) ? draws : MH_CLUSTER_DRAWS;
}

int mh_cluster_quantiles(const struct mh_clusters *clusters, const double *quantiles, size_t quantile_count,
			 double confidence, struct mh_interval *ret_intervals)
{
	struct bootstrap bootstrap = {.clusters = clusters,
				      .quantiles = quantiles,
				      .quantile_count = quantile_count,
				      .draw_count = draws_of(clusters)};
	int ret = -ENOMEM;

	if (clusters->run_count > MH_CLUSTER_RUNS_MAX || !clusters->run_count)
		return -EINVAL;
	bootstrap.sums = calloc(clusters->bucket_count + 1, sizeof(*bootstrap.sums));
	bootstrap.drawn = calloc(quantile_count * bootstrap.draw_count + 1, sizeof(*bootstrap.drawn));
	bootstrap.without = calloc(quantile_count * clusters->run_count + 1, sizeof(*bootstrap.without));
	if (bootstrap.sums && bootstrap.drawn && bootstrap.without)
		ret = estimate(&bootstrap, ret_intervals);
	if (ret == 0 && clusters->run_count > 1)
		bound_all(&bootstrap, confidence, ret_intervals);
	free(bootstrap.sums);
	free(bootstrap.drawn);
	free(bootstrap.without);
	return ret;
}
