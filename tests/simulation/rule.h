/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rule that a gate judges one metric by, with the functions that it uses: PASS by the upper bound, else REGRESSED
 * by test and estimate, else another look.
 */
#ifndef TESTS_SIMULATION_RULE_H
#define TESTS_SIMULATION_RULE_H

#include <stddef.h>
#include <stdint.h>

#include "results/statistics/looks.h"

enum outcome { PASS, REGRESSED, UNDECIDED, OUTCOMES };

struct rule {
	uint64_t looks[MH_LOOKS_MAX]; /* pairs */
	size_t look_count;
	double levels[MH_LOOKS_MAX]; /* of PASS, by mh_look_levels */
	double alpha;                /* of REGRESSED: over all looks and the family; once initialised, at one look */
	size_t family;
	double tolerance, floor; /* 0.05: 5 % */
	double noise;            /* calibrated deviation of differences; NAN: none */
};

/* Splits alpha over the looks, leaves out those that cannot reach it, and fills in the levels of the others. */
void rule_init(struct rule *rule);

/* @differences: as many as the last look has; what is seen grows from look to look. @ret_pairs: at the decision. */
enum outcome rule_judge(const struct rule *rule, const double *differences, size_t *ret_pairs);

/* A gate of rule->family metrics, a row of differences each: REGRESSED if any is by Holm's p, PASS if all do. */
enum outcome rule_judge_family(const struct rule *rule, const double *const *differences, size_t *ret_pairs);

#endif
