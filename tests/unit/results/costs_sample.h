/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations of a made-up kernel whose parts' distributions are known.
 */
#ifndef TESTS_UNIT_RESULTS_COSTS_SAMPLE_H
#define TESTS_UNIT_RESULTS_COSTS_SAMPLE_H

#include "results/costs.h"

struct costs_sample {
	unsigned count;      /* operations of each direction */
	double later_factor; /* by which those of the later half are slower; 1 */
	double common_sigma; /* of the logarithm of a factor that all parts of an operation share; 0 */
	bool node;           /* of the class that concerns a node, instead */
};

/* Costs of such operations; to be released. */
void costs_sample_make(const struct costs_sample *sample, struct mh_costs *ret_costs);

#endif
