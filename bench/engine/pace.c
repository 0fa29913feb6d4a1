/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrivals in order, into a ring when due.
 */
#include "bench/engine/pace.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/line.h"

/* A worker's share of max_outstanding is cut to this: 8 MiB of ring. */
#define OUTSTANDING_MAX (1u << 20)

static uint32_t power_of_two_above(uint32_t count)
{
	uint32_t size = 1;

	while (size <= count)
		size *= 2;
	return size;
}

static double ticks_of_ns(const struct mh_pace_config *config, uint64_t ns)
{
	return (double)mh_clock_ticks_of_ns(config->clock, ns);
}

static void set_schedule(struct mh_pace *pace, const struct mh_pace_config *config)
{
	double second = ticks_of_ns(config, 1000000000u);

	pace->interval_ticks = second / config->rate;
	pace->rate_from = config->rate_from / second;
	pace->rate_to = config->rate / second;
	pace->span = ticks_of_ns(config, config->span_ns);
	pace->burst_on = ticks_of_ns(config, config->burst_on_ns);
	pace->burst_off = ticks_of_ns(config, config->burst_off_ns);
}

int mh_pace_init(struct mh_pace *pace, const struct mh_pace_config *config, struct mh_error *reterr)
{
	uint64_t outstanding = config->outstanding ? config->outstanding : 1;

	*pace = (struct mh_pace){.arrival = config->arrival};
	if (config->arrival == MH_ARRIVAL_CLOSED)
		return 0;
	set_schedule(pace, config);
	pace->outstanding = outstanding > OUTSTANDING_MAX ? OUTSTANDING_MAX : (uint32_t)outstanding;
	pace->size = power_of_two_above(pace->outstanding);
	pace->waiting = mh_line_calloc(pace->size, sizeof(pace->waiting[0]));
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

/*
 * When the @number-th arrival of a ramp comes. At the rate r(t) = from + slope t, n(t) = from t + slope t^2 / 2 have
 * come by t; solved for t in the form that does not subtract what is nearly equal. After the span it stays at `to`.
 */
static double ramp_time(const struct mh_pace *pace, double number)
{
	double whole = (pace->rate_from + pace->rate_to) / 2 * pace->span;
	double slope, square;

	if (number >= whole)
		return pace->span + (number - whole) / pace->rate_to;
	slope = (pace->rate_to - pace->rate_from) / pace->span;
	square = pace->rate_from * pace->rate_from + 2 * slope * number;
	return 2 * number / (pace->rate_from + sqrt(square > 0 ? square : 0));
}

/* When the @number-th arrival of a burst comes, from 0: at equal distances in the time that is on. */
static double burst_time(const struct mh_pace *pace, double number)
{
	double on = number * pace->interval_ticks;
	/* An arrival that falls on the end of a burst begins the next one, whichever way the quotient was rounded. */
	double bursts = floor(on / pace->burst_on + 1e-9);

	return on + bursts * pace->burst_off;
}

static double next_after(struct mh_pace *pace)
{
	pace->arrivals++;
	switch ((enum mh_arrival)pace->arrival) {
	case MH_ARRIVAL_POISSON: /* exponential gaps */
		return pace->next - log(mh_rng_unit(&pace->rng)) * pace->interval_ticks;
	case MH_ARRIVAL_RAMP:
		return ramp_time(pace, pace->arrivals);
	case MH_ARRIVAL_BURST:
		return burst_time(pace, pace->arrivals - 1);
	default:
		return pace->next + pace->interval_ticks;
	}
}

void mh_pace_start(struct mh_pace *pace, uint64_t origin_ticks)
{
	pace->origin = origin_ticks;
	pace->next = pace->arrivals = 0;
	if (pace->arrival != MH_ARRIVAL_CLOSED)
		pace->next = next_after(pace);
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
		pace->next = next_after(pace);
	}
}

bool mh_pace_due_open(struct mh_pace *pace, uint64_t now, uint64_t *ret_intended)
{
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
