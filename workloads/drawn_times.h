/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Durations drawn before the phase begins, so that a step picks one by its operation's draw and pays for no logarithm.
 */
#ifndef WORKLOADS_DRAWN_TIMES_H
#define WORKLOADS_DRAWN_TIMES_H

#include <stdint.h>

#include "base/clock.h"
#include "base/distribution.h"

#define MH_DRAWN_TIMES 2048u /* a power of two */

struct mh_drawn_times {
	float ticks[MH_DRAWN_TIMES];
};

/* @distribution: of ns. */
void mh_drawn_times_init(struct mh_drawn_times *times, const struct mh_distribution *distribution,
			 const struct mh_clock *clock, struct mh_rng *rng);
double mh_drawn_times_mean(const struct mh_drawn_times *times); /* ticks */

/* In ticks. Equal draws give equal times. */
static inline uint64_t mh_drawn_time(const struct mh_drawn_times *times, uint64_t draw)
{
	return (uint64_t)times->ticks[draw % MH_DRAWN_TIMES];
}

#endif
