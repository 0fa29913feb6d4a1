/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of durations that a thread draws when it begins. */
#include "workloads/drawn_times.h"

void mh_drawn_times_init(struct mh_drawn_times *times, const struct mh_distribution *distribution,
			 const struct mh_clock *clock, struct mh_rng *rng)
{
	double ticks_per_ns = (double)mh_clock_ticks_of_ns(clock, UINT64_C(1000000000)) / 1e9;

	for (unsigned i = 0; i < MH_DRAWN_TIMES; i++)
		times->ticks[i] = (float)(mh_distribution_draw(distribution, rng) * ticks_per_ns);
}

double mh_drawn_times_mean(const struct mh_drawn_times *times)
{
	double sum = 0;

	for (unsigned i = 0; i < MH_DRAWN_TIMES; i++)
		sum += times->ticks[i];
	return sum / MH_DRAWN_TIMES;
}
