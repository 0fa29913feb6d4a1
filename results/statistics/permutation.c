/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Permutations of whole runs. Of n pairs t = r sqrt((n-1) / (1-r^2)) with r = sum(d) / sqrt(n sum(d^2)); of two
 * samples, with a variance common to both, t = r sqrt((N-2) / (1-r^2)) with r the correlation of values and labels. Of
 * samples of equal size that is Welch's t, too.
 *
 * Source: Ludbrook and Dudley 1998 (permutation tests); Knuth, TAOCP 4A, 7.2.1.3 (combinations).
 */
#include "results/statistics/permutation.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "base/rng.h"

static int allocate(struct mh_permutation *permutation)
{
	if (permutation->variable_count == 0 || permutation->variable_count > MH_MAX_T_VARIABLES ||
	    permutation->run_count < 2)
		return -EINVAL;
	permutation->rows = malloc(permutation->run_count * permutation->variable_count * sizeof(*permutation->rows));
	permutation->scratch = malloc(permutation->run_count * sizeof(*permutation->scratch));
	if (permutation->rows && permutation->scratch)
		return 0;
	mh_permutation_release(permutation);
	return -ENOMEM;
}

/* Writes @values of one variable into their rows, less @mean, so that the sum of their squares becomes 1 / @size; all 0
 * when there is no spread. */
static void fill_variable(struct mh_permutation *permutation, size_t variable, const double *values, double mean,
			  double size)
{
	double squares = 0, scale;

	for (size_t run = 0; run < permutation->run_count; run++)
		squares += (values[run] - mean) * (values[run] - mean);
	scale = squares > 0 ? 1 / sqrt(squares * size) : 0;
	for (size_t run = 0; run < permutation->run_count; run++)
		permutation->rows[run * permutation->variable_count + variable] = (values[run] - mean) * scale;
}

int mh_permutation_init_paired(const struct mh_max_t_paired *data, struct mh_permutation *ret_permutation)
{
	struct mh_permutation permutation = {
		.run_count = data->pair_count,
		.variable_count = data->variable_count,
		.seed = data->seed,
		.degrees = (double)data->pair_count - 1,
		.p_min = exp2(1 - (double)data->pair_count), /* all flipped is as far from 0 as none */
	};
	int ret = allocate(&permutation);

	if (ret < 0)
		return ret;
	for (size_t v = 0; v < data->variable_count; v++)
		fill_variable(&permutation, v, data->differences + v * data->pair_count, 0, (double)data->pair_count);
	*ret_permutation = permutation;
	return 0;
}

static double mean_of(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum / (double)count;
}

static int fill_two_samples(struct mh_permutation *permutation, const struct mh_max_t_unpaired *data)
{
	size_t n = data->base_count, m = data->candidate_count;
	double *pooled = malloc((n + m) * sizeof(*pooled));

	if (!pooled)
		return -ENOMEM;
	for (size_t v = 0; v < data->variable_count; v++) {
		memcpy(pooled, data->candidate + v * m, m * sizeof(*pooled));
		memcpy(pooled + m, data->base + v * n, n * sizeof(*pooled));
		fill_variable(permutation, v, pooled, mean_of(pooled, n + m), (double)n * (double)m / (double)(n + m));
	}
	free(pooled);
	return 0;
}

int mh_permutation_init_unpaired(const struct mh_max_t_unpaired *data, struct mh_permutation *ret_permutation)
{
	size_t n = data->base_count, m = data->candidate_count;
	struct mh_permutation permutation = {
		.run_count = n + m,
		.variable_count = data->variable_count,
		.chosen_count = m,
		.seed = data->seed,
		.degrees = (double)(n + m) - 2,
		/* Of equal sizes the labels exchanged are as far from 0. */
		.p_min = (n == m ? 2 : 1) / choose((double)(n + m), (double)m),
	};
	int ret = n < 2 || m < 2 ? -EINVAL : allocate(&permutation);

	if (ret < 0)
		return ret;
	ret = fill_two_samples(&permutation, data);
	if (ret < 0) {
		mh_permutation_release(&permutation);
		return ret;
	}
	*ret_permutation = permutation;
	return 0;
}

void mh_permutation_release(struct mh_permutation *permutation)
{
	free(permutation->rows);
	free(permutation->scratch);
	permutation->rows = NULL;
	permutation->scratch = NULL;
}

static void add_row(const struct mh_permutation *permutation, size_t run, double sign, double *sums)
{
	const double *row = &permutation->rows[run * permutation->variable_count];

	for (size_t v = 0; v < permutation->variable_count; v++)
		sums[v] += sign * row[v];
}

static void make_sizes(double *sums, size_t count)
{
	for (size_t v = 0; v < count; v++)
		sums[v] = fabs(sums[v]);
}

/* Bit i of @flips: the sign of run i; 64 runs a word. */
static void sum_flipped(const struct mh_permutation *permutation, const uint64_t *flips, double *ret_statistics)
{
	memset(ret_statistics, 0, permutation->variable_count * sizeof(*ret_statistics));
	for (size_t run = 0; run < permutation->run_count; run++)
		add_row(permutation, run, flips[run / 64] >> (run % 64) & 1 ? -1 : 1, ret_statistics);
	make_sizes(ret_statistics, permutation->variable_count);
}

static void sum_chosen(const struct mh_permutation *permutation, const uint64_t *runs, double *ret_statistics)
{
	memset(ret_statistics, 0, permutation->variable_count * sizeof(*ret_statistics));
	for (size_t i = 0; i < permutation->chosen_count; i++)
		add_row(permutation, runs[i], 1, ret_statistics);
	make_sizes(ret_statistics, permutation->variable_count);
}

void mh_permutation_observe(const struct mh_permutation *permutation, double *ret_statistics)
{
	size_t summed = permutation->chosen_count ? permutation->chosen_count : permutation->run_count;

	memset(ret_statistics, 0, permutation->variable_count * sizeof(*ret_statistics));
	for (size_t run = 0; run < summed; run++)
		add_row(permutation, run, 1, ret_statistics);
	make_sizes(ret_statistics, permutation->variable_count);
}

static size_t each_flip(const struct mh_permutation *permutation, mh_permutation_visit *visit, void *context)
{
	double statistics[MH_MAX_T_VARIABLES];
	uint64_t flips;

	for (flips = 1; flips < UINT64_C(1) << permutation->run_count; flips++) {
		sum_flipped(permutation, &flips, statistics);
		visit(context, statistics);
	}
	return flips - 1;
}

static size_t draw_flips(const struct mh_permutation *permutation, mh_permutation_visit *visit, void *context)
{
	double statistics[MH_MAX_T_VARIABLES];
	struct mh_rng rng;

	mh_rng_init(&rng, permutation->seed, "permutation/flips", 0);
	for (size_t draw = 0; draw < MH_MAX_T_DRAWS; draw++) {
		for (size_t word = 0; word <= (permutation->run_count - 1) / 64; word++)
			permutation->scratch[word] = mh_rng_u64(&rng);
		sum_flipped(permutation, permutation->scratch, statistics);
		visit(context, statistics);
	}
	return MH_MAX_T_DRAWS;
}

static void first_choice(uint64_t *runs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		runs[i] = i;
}

/* The next choice of @chosen of @count runs in the order of a dictionary. Return: false after the last. */
static bool next_choice(uint64_t *runs, size_t chosen, size_t count)
{
	size_t place = chosen;

	while (place > 0 && runs[place - 1] == count - chosen + place - 1)
		place--;
	if (place == 0)
		return false;
	runs[place - 1]++;
	for (size_t i = place; i < chosen; i++)
		runs[i] = runs[i - 1] + 1;
	return true;
}

static size_t each_choice(const struct mh_permutation *permutation, mh_permutation_visit *visit, void *context)
{
	double statistics[MH_MAX_T_VARIABLES];
	size_t choices = 0;

	first_choice(permutation->scratch, permutation->chosen_count); /* the one observed */
	while (next_choice(permutation->scratch, permutation->chosen_count, permutation->run_count)) {
		sum_chosen(permutation, permutation->scratch, statistics);
		visit(context, statistics);
		choices++;
	}
	return choices;
}

/* The first places of a shuffle are a choice. */
static void shuffle(uint64_t *runs, size_t chosen, size_t count, struct mh_rng *rng)
{
	for (size_t i = 0; i < chosen; i++) {
		size_t other = i + (size_t)mh_rng_below(rng, count - i);
		uint64_t run = runs[i];

		runs[i] = runs[other];
		runs[other] = run;
	}
}

static size_t draw_choices(const struct mh_permutation *permutation, mh_permutation_visit *visit, void *context)
{
	double statistics[MH_MAX_T_VARIABLES];
	struct mh_rng rng;

	mh_rng_init(&rng, permutation->seed, "permutation/choices", 0);
	first_choice(permutation->scratch, permutation->run_count);
	for (size_t draw = 0; draw < MH_MAX_T_DRAWS; draw++) {
		shuffle(permutation->scratch, permutation->chosen_count, permutation->run_count, &rng);
		sum_chosen(permutation, permutation->scratch, statistics);
		visit(context, statistics);
	}
	return MH_MAX_T_DRAWS;
}

size_t mh_permutation_each(const struct mh_permutation *permutation, mh_permutation_visit *visit, void *context)
{
	double runs = (double)permutation->run_count, chosen = (double)permutation->chosen_count;

	if (permutation->chosen_count == 0)
		return permutation->run_count <= MH_MAX_T_SIGNS_MAX ? each_flip(permutation, visit, context)
								    : draw_flips(permutation, visit, context);
	return choose(runs, chosen) <= MH_MAX_T_ALL_MAX ? each_choice(permutation, visit, context)
							: draw_choices(permutation, visit, context);
}

double mh_permutation_t(const struct mh_permutation *permutation, double statistic)
{
	double rest = 1 - statistic * statistic;

	return rest > 1e-14 ? statistic * sqrt(permutation->degrees / rest) : INFINITY;
}
