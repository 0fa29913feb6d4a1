/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/counters.h"

#include <stdio.h>
#include <string.h>

struct mh_counter *mh_counters_find(const struct mh_counters *counters, const char *name)
{
	for (unsigned i = 0; i < counters->count; i++)
		if (strcmp(counters->items[i].name, name) == 0)
			return (struct mh_counter *)&counters->items[i];
	return NULL;
}

bool mh_counters_set(struct mh_counters *counters, const char *name, double value, unsigned flags)
{
	struct mh_counter *counter = mh_counters_find(counters, name);

	if (!counter) {
		if (!*name || strlen(name) >= MH_COUNTER_NAME_SIZE || counters->count == MH_COUNTERS_MAX)
			return false;
		counter = &counters->items[counters->count++];
		snprintf(counter->name, sizeof(counter->name), "%s", name);
	}
	counter->value = value;
	counter->flags = flags;
	return true;
}

void mh_counters_add(struct mh_counters *sum, const struct mh_counters *from)
{
	for (unsigned i = 0; i < from->count; i++) {
		const struct mh_counter *counter = &from->items[i];
		const struct mh_counter *found = mh_counters_find(sum, counter->name);

		(void)mh_counters_set(sum, counter->name, (found ? found->value : 0) + counter->value, counter->flags);
	}
}

/*
 * What grows with the iterations comes to a sum over the samples, which is then divided by what belongs to all of them;
 * what does not, such as a depth, is the samples' mean.
 */
double mh_counter_finish(const struct mh_counter *counter, const struct mh_counter_base *base)
{
	const unsigned extensive = MEMHP_BENCH_RATE | MEMHP_BENCH_AVG_ITERATIONS | MEMHP_BENCH_PER_ITERATION;
	double value = counter->value;

	if (!(counter->flags & extensive))
		value /= base->samples;
	if (counter->flags & MEMHP_BENCH_PER_ITERATION)
		value *= (double)base->sample_iterations;
	if (counter->flags & MEMHP_BENCH_RATE)
		value /= base->seconds;
	if (counter->flags & MEMHP_BENCH_AVG_THREADS)
		value /= base->threads;
	if (counter->flags & MEMHP_BENCH_AVG_ITERATIONS)
		value /= (double)base->iterations;
	return counter->flags & MEMHP_BENCH_INVERT ? 1 / value : value;
}
