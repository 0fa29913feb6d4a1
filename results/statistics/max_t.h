/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Did the distribution change at all? The greatest of several studentised differences, with run labels permuted, and a
 * p for each that is adjusted for the others at no cost (step-down).
 *
 * Source: Westfall and Young 1993, algorithm 4.1; Phipson and Smyth 2010 (a p of a permutation test is never 0).
 */
#ifndef RESULTS_STATISTICS_MAX_T_H
#define RESULTS_STATISTICS_MAX_T_H

#include <stddef.h>
#include <stdint.h>

#define MH_MAX_T_VARIABLES 16
#define MH_MAX_T_DRAWS     9999   /* where not all permutations are taken */
#define MH_MAX_T_ALL_MAX   100000 /* permutations, up to which all are taken */
#define MH_MAX_T_SIGNS_MAX 13     /* pairs, up to which all sign flips are taken */

/* Rows of values, a variable each: values[variable * run_count + run]. */
struct mh_max_t_paired {
	const double *differences;
	size_t variable_count, pair_count;
	uint64_t seed; /* of the drawn permutations */
};

struct mh_max_t_unpaired {
	const double *base, *candidate;
	size_t variable_count, base_count, candidate_count;
	uint64_t seed;
};

struct mh_max_t {
	double p;                            /* of the whole */
	double adjusted[MH_MAX_T_VARIABLES]; /* of each variable, Westfall-Young */
	size_t permutations;                 /* taken, without the one observed */
};

/* Two-sided; of two samples with a variance common to both. 0; -EINVAL no or too many variables, fewer than 2 runs on a
 * side; -ENOMEM. */
int mh_max_t_paired(const struct mh_max_t_paired *data, struct mh_max_t *ret_result);
int mh_max_t_unpaired(const struct mh_max_t_unpaired *data, struct mh_max_t *ret_result);

#endif
