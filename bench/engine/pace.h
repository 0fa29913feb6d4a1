/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a worker's next operation is to start. In a closed loop at once; in an open loop at times that do not depend on
 * how long operations take, so that a slow one is not hidden by the operations that it kept from starting.
 *
 * An arrival that finds @outstanding others waiting is dropped and counted: the run says so instead of growing slow.
 * One worker's own; not shared.
 */
#ifndef BENCH_ENGINE_PACE_H
#define BENCH_ENGINE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/rng.h"
#include "bench/engine/scenario.h"

struct mh_pace {
	int arrival;                /* enum mh_arrival */
	double interval_ticks;      /* mean, of this worker; of a burst: while arrivals come */
	double next;                /* the next arrival, in ticks since @origin */
	double arrivals;            /* before @next; ramp and burst reckon from it, so that no error adds up */
	double rate_from, rate_to;  /* ramp: arrivals a tick */
	double span;                /* ramp: ticks from one to the other */
	double burst_on, burst_off; /* ticks */
	uint64_t origin;
	uint64_t *waiting;          /* ring of intended starts that are due */
	uint32_t size, head, count; /* of the ring; size is a power of two above outstanding */
	uint32_t outstanding;       /* most that may wait */
	uint64_t dropped;
	struct mh_rng rng;
};

struct mh_pace_config {
	int arrival;
	double rate;      /* per second, of this worker; unused when closed */
	double rate_from; /* the same, at the begin of a ramp */
	uint64_t span_ns; /* ramp: until @rate is reached */
	uint64_t burst_on_ns, burst_off_ns;
	uint64_t outstanding; /* of this worker */
	const struct mh_clock *clock;
	uint64_t seed;
	const char *stream;
	uint64_t worker;
};

/* What worker @worker of @workers has of @total: total / workers, the first total % workers one more. */
static inline uint64_t mh_pace_share(uint64_t total, unsigned workers, unsigned worker)
{
	return total / workers + (worker < total % workers);
}

int mh_pace_init(struct mh_pace *pace, const struct mh_pace_config *config, struct mh_error *reterr);
void mh_pace_release(struct mh_pace *pace);
void mh_pace_start(struct mh_pace *pace, uint64_t origin_ticks);

/* Of arrivals that do not wait for the operation before. */
bool mh_pace_due_open(struct mh_pace *pace, uint64_t now, uint64_t *ret_intended);

/**
 * mh_pace_due - the intended start of the next operation, if it is due
 * @now: ticks
 * @ret_intended: ticks; set also when not due: when the next arrival comes
 *
 * Return: true: start now; false: nothing is due before @ret_intended.
 */
static inline bool mh_pace_due(struct mh_pace *pace, uint64_t now, uint64_t *ret_intended)
{
	if (__builtin_expect(pace->arrival != MH_ARRIVAL_CLOSED, 0))
		return mh_pace_due_open(pace, now, ret_intended);
	*ret_intended = now;
	return true;
}

#endif
