/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrivals in order, into a ring when due.
 */
#include "bench/engine/pace.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* A worker's share of max_outstanding is cut to this: 8 MiB of ring. */
#define OUTSTANDING_MAX (1u << 20)

static uint32_t power_of_two_above(uint32_t count)
{
	uint32_t size = 1;

	while (size <= count)
		size *= 2;
	return size;
}

int mh_pace_init(struct mh_pace *pace, const struct mh_pace_config *config, struct mh_error *reterr)
{
	uint64_t outstanding = config->outstanding ? config->outstanding : 1;

	*pace = (struct mh_pace){.arrival = config->arrival};
	if (config->arrival == MH_ARRIVAL_CLOSED)
		return 0;
	pace->interval_ticks = (double)mh_clock_ticks_of_ns(config->clock, 1000000000u) / config->rate;
	pace->outstanding = outstanding > OUTSTANDING_MAX ? OUTSTANDING_MAX : (uint32_t)outstanding;
	pace->size = power_of_two_above(pace->outstanding);
	pace->waiting = calloc(pace->size, sizeof(pace->waiting[0]));
	if (!pace->waiting)
		return mh_error_set(reterr, -ENOMEM, "no memory for %u waiting arrivals", pace->outstanding);
	mh_rng_init(&pace->rng, config->seed, config->stream, config->worker);
	return 0;
}

void mh_pace_release(struct mh_pace *pace)
{
	free(pace->waiting);
	pace->waiting = NULL;
}

static double gap(struct mh_pace *pace)
{
	if (pace->arrival == MH_ARRIVAL_CONSTANT)
		return pace->interval_ticks;
	/* Poisson arrivals: exponential gaps. */
	return -log(mh_rng_unit(&pace->rng)) * pace->interval_ticks;
}

void mh_pace_start(struct mh_pace *pace, uint64_t origin_ticks)
{
	pace->origin = origin_ticks;
	pace->next = pace->arrival == MH_ARRIVAL_CLOSED ? 0 : gap(pace);
}

static uint64_t next_ticks(const struct mh_pace *pace)
{
	return pace->origin + (uint64_t)pace->next;
}

static void collect_due(struct mh_pace *pace, uint64_t now)
{
	while (next_ticks(pace) <= now) {
		if (pace->count < pace->outstanding)
			pace->waiting[(pace->head + pace->count++) & (pace->size - 1)] = next_ticks(pace);
		else
			pace->dropped++;
		pace->next += gap(pace);
	}
}

bool mh_pace_due(struct mh_pace *pace, uint64_t now, uint64_t *ret_intended)
{
	if (pace->arrival == MH_ARRIVAL_CLOSED) {
		*ret_intended = now;
		return true;
	}
	collect_due(pace, now);
	if (!pace->count) {
		*ret_intended = next_ticks(pace);
		return false;
	}
	*ret_intended = pace->waiting[pace->head & (pace->size - 1)];
	pace->head++;
	pace->count--;
	return true;
}
