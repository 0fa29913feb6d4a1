/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Made-up differences of pairs of runs, on the log scale.
 */
#ifndef TESTS_SIMULATION_NOISE_H
#define TESTS_SIMULATION_NOISE_H

#include <stddef.h>

#include "base/rng.h"

enum noise { NORMAL, HEAVY /* Laplace's: the same deviation, more outliers */ };

double noise_draw(struct mh_rng *rng, enum noise noise); /* deviation 1 */

/* @count differences about ln(1 + @change); @run_deviation is of one run, so that of a difference is sqrt(2) times it.
 */
void noise_fill(struct mh_rng *rng, enum noise noise, double change, double run_deviation, double *ret_differences,
		size_t count);

#endif
