/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The band is as wide, in standard errors, as the greatest |t| of all quantiles is under the permutations of max_t,
 * once the estimated shift of each quantile is taken out of the data. All quantiles are permuted together, so that what
 * they have in common makes the band narrower.
 */
#include "results/statistics/shift_function.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "results/statistics/mann_whitney.h"
#include "results/statistics/permutation.h"
#include "results/statistics/signed_rank.h"
#include "results/statistics/sorted.h"

const double mh_shift_quantiles[MH_SHIFT_QUANTILES] = {.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99, .999};

struct greatest {
	double *statistics; /* of each permutation the greatest */
	size_t count, variable_count;
};

static void keep_greatest(void *context, const double *statistics)
{
	struct greatest *greatest = context;
	double most = 0;

	for (size_t v = 0; v < greatest->variable_count; v++)
		most = fmax(most, statistics[v]);
	greatest->statistics[greatest->count++] = most;
}

/* The |t| that the greatest of all variables keeps within with @confidence; infinite: too few runs. 0 or -ENOMEM. */
static int critical_t(const struct mh_permutation *permutation, double confidence, double *ret_t)
{
	struct greatest greatest = {.variable_count = permutation->variable_count};
	double rank;

	greatest.statistics = malloc(MH_MAX_T_ALL_MAX * sizeof(*greatest.statistics));
	if (!greatest.statistics)
		return -ENOMEM;
	mh_permutation_each(permutation, keep_greatest, &greatest);
	mh_sort_values(greatest.statistics, greatest.count);
	rank = ceil(confidence * (1 + (double)greatest.count));
	*ret_t = rank > (double)greatest.count || permutation->p_min > 1 - confidence
			 ? INFINITY
			 : mh_permutation_t(permutation, greatest.statistics[(size_t)rank - 1]);
	free(greatest.statistics);
	return 0;
}

/* @t standard errors to both sides. */
static void widen(struct mh_interval *shift, double t, double error)
{
	shift->attained = isfinite(t);
	shift->lower = shift->attained ? shift->estimate - t * error : -INFINITY;
	shift->upper = shift->attained ? shift->estimate + t * error : INFINITY;
}

static double squares_about_mean(const double *values, size_t count)
{
	double mean = 0, squares = 0;

	for (size_t i = 0; i < count; i++)
		mean += values[i] / (double)count;
	for (size_t i = 0; i < count; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	return squares;
}

/* A copy of @count values, each less the shift of its variable, of which it has @run_count. */
static double *without_shifts(const double *values, size_t run_count, size_t variable_count,
			      const struct mh_interval *shifts)
{
	double *copy = malloc(run_count * variable_count * sizeof(*copy));

	for (size_t i = 0; copy && i < run_count * variable_count; i++)
		copy[i] = values[i] - shifts[i / run_count].estimate;
	return copy;
}

static int paired_critical_t(const struct mh_max_t_paired *data, double confidence, const struct mh_interval *shifts,
			     double *ret_t)
{
	struct mh_max_t_paired centred = *data;
	struct mh_permutation permutation;
	double *differences = without_shifts(data->differences, data->pair_count, data->variable_count, shifts);
	int ret;

	if (!differences)
		return -ENOMEM;
	centred.differences = differences;
	ret = mh_permutation_init_paired(&centred, &permutation);
	if (ret == 0) {
		ret = critical_t(&permutation, confidence, ret_t);
		mh_permutation_release(&permutation);
	}
	free(differences);
	return ret;
}

int mh_shift_function_paired(const struct mh_max_t_paired *data, double confidence, struct mh_interval *ret_shifts)
{
	size_t n = data->pair_count;
	double t;
	int ret;

	if (data->variable_count > MH_MAX_T_VARIABLES || n < 2)
		return -EINVAL;
	for (size_t v = 0; v < data->variable_count; v++) {
		ret = mh_signed_rank_shift(data->differences + v * n, n, confidence, &ret_shifts[v]);
		if (ret < 0)
			return ret;
	}
	ret = paired_critical_t(data, confidence, ret_shifts, &t);
	if (ret < 0)
		return ret;
	for (size_t v = 0; v < data->variable_count; v++) {
		double squares = squares_about_mean(data->differences + v * n, n);

		widen(&ret_shifts[v], t, sqrt(squares / (double)(n - 1) / (double)n));
	}
	return 0;
}

static int unpaired_critical_t(const struct mh_max_t_unpaired *data, double confidence,
			       const struct mh_interval *shifts, double *ret_t)
{
	struct mh_max_t_unpaired centred = *data;
	struct mh_permutation permutation;
	double *candidate = without_shifts(data->candidate, data->candidate_count, data->variable_count, shifts);
	int ret;

	if (!candidate)
		return -ENOMEM;
	centred.candidate = candidate;
	ret = mh_permutation_init_unpaired(&centred, &permutation);
	if (ret == 0) {
		ret = critical_t(&permutation, confidence, ret_t);
		mh_permutation_release(&permutation);
	}
	free(candidate);
	return ret;
}

static double difference_error(const double *base, size_t n, const double *candidate, size_t m)
{
	double squares = squares_about_mean(base, n) + squares_about_mean(candidate, m);

	return sqrt(squares / (double)(n + m - 2) * (1 / (double)n + 1 / (double)m));
}

int mh_shift_function_unpaired(const struct mh_max_t_unpaired *data, double confidence, struct mh_interval *ret_shifts)
{
	size_t n = data->base_count, m = data->candidate_count;
	double t;
	int ret;

	if (data->variable_count > MH_MAX_T_VARIABLES || n < 2 || m < 2)
		return -EINVAL;
	for (size_t v = 0; v < data->variable_count; v++) {
		struct mh_two_samples samples = {data->base + v * n, data->candidate + v * m, n, m};

		ret = mh_mann_whitney_shift(&samples, confidence, &ret_shifts[v]);
		if (ret < 0)
			return ret;
	}
	ret = unpaired_critical_t(data, confidence, ret_shifts, &t);
	if (ret < 0)
		return ret;
	for (size_t v = 0; v < data->variable_count; v++)
		widen(&ret_shifts[v], t, difference_error(data->base + v * n, n, data->candidate + v * m, m));
	return 0;
}
