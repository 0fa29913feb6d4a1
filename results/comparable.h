/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Can two sets of runs be held against each other at all? What differs beyond what the sides were given to differ in
 * would be found as a difference of theirs.
 */
#ifndef RESULTS_COMPARABLE_H
#define RESULTS_COMPARABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "results/result.h"

struct mh_comparison {
	struct mh_result *base, *candidate; /* all runs of each side, of all cells */
	size_t base_count, candidate_count;
};

/* Every run has its twin: the same pair of the same cell, side A in the base and B in the candidate, one treatment. */
bool mh_comparison_is_paired(const struct mh_comparison *comparison);

/* Not all runs have the same seed: then exact counts differ for that reason alone. */
bool mh_comparison_seeds_differ(const struct mh_comparison *comparison);

/**
 * mh_comparison_check - refuse what cannot be compared
 *
 * Scaled by --time-scale, of another mode or emulated, another environment (the sentence names the first fact that
 * differs), the same series with another precision, no cell or no series in common. Return: 0; -EXDEV with a sentence.
 */
int mh_comparison_check(const struct mh_comparison *comparison, struct mh_error *reterr);

/**
 * mh_comparison_keep_common - take out of every run what not all runs of its cell have
 *
 * For runs of different scenarios: exact counts go altogether, for they are of what each of them did. Return: how many
 * series were taken out, each name counted once a cell.
 */
size_t mh_comparison_keep_common(struct mh_comparison *comparison);

/* Takes exact counts out of every run. */
void mh_comparison_drop_counts(struct mh_comparison *comparison);

#endif
