/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole runs relabelled: the signs of paired differences flipped, or the labels of two samples dealt anew, and each
 * variable's studentised difference under every such permutation.
 *
 * A statistic is a correlation between 0 and 1: of the values with the labels, or with a constant for pairs. It rises
 * with |t| and needs one sum a permutation, because the sum of squares is the same under all of them.
 */
#ifndef RESULTS_STATISTICS_PERMUTATION_H
#define RESULTS_STATISTICS_PERMUTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/statistics/max_t.h"

/* Correlations that differ by rounding only are equal: permutations that give the same sum add in another order. */
#define MH_PERMUTATION_EQUAL (1 - 1e-10)

struct mh_permutation {
	double *rows;      /* [run * variable_count + variable], scaled so that a sum of rows is a correlation */
	uint64_t *scratch; /* a number a run */
	size_t run_count, variable_count;
	size_t chosen_count; /* runs that carry one label; 0: signs are flipped */
	uint64_t seed;
	double degrees; /* of freedom of t */
	double p_min;   /* the least that can be reached */
};

/* Return: as mh_max_t_paired. */
int mh_permutation_init_paired(const struct mh_max_t_paired *data, struct mh_permutation *ret_permutation);
int mh_permutation_init_unpaired(const struct mh_max_t_unpaired *data, struct mh_permutation *ret_permutation);
void mh_permutation_release(struct mh_permutation *permutation);

/* Without any permutation. */
void mh_permutation_observe(const struct mh_permutation *permutation, double *ret_statistics);

/* Calls @visit with the statistics of each permutation: all there are but the one observed, when there are few enough,
 * or MH_MAX_T_DRAWS of them. Return: how many. */
typedef void mh_permutation_visit(void *context, const double *statistics);
size_t mh_permutation_each(const struct mh_permutation *permutation, mh_permutation_visit *visit, void *context);

/* |t| of a statistic; infinite when the values have no spread beside the difference. */
double mh_permutation_t(const struct mh_permutation *permutation, double statistic);

#endif
