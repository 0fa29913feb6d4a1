/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst operations of a worker, with their stamps: what a tail consists of. One worker's own.
 *
 * The worst are those that their callers waited for longest, from the intended start: in an open loop a short operation
 * behind a slow one belongs to the tail as much. In a closed loop nothing waits, and response is service.
 */
#ifndef BENCH_ENGINE_EXEMPLAR_H
#define BENCH_ENGINE_EXEMPLAR_H

#include <stdint.h>

#include "core/machine.h"

#define MH_EXEMPLAR_STAMPS 128 /* kept of one operation; @cut counts the rest */

/* When an operation was due, began and ended, in ticks and in this order: wait, service, and both: response. */
struct mh_times {
	uint64_t intended, start, done;
};

static inline uint64_t mh_times_wait(const struct mh_times *times)
{
	return times->start - times->intended;
}

static inline uint64_t mh_times_service(const struct mh_times *times)
{
	return times->done - times->start;
}

static inline uint64_t mh_times_response(const struct mh_times *times)
{
	return times->done - times->intended;
}

struct mh_exemplar {
	struct mh_times times;
	uint64_t index; /* of the operation in the phase */
	uint32_t block;
	uint32_t stamp_count, cut;
	int32_t result;
	uint8_t online, outcome;
	uint16_t fault_count;
	struct mh_stamp stamps[MH_EXEMPLAR_STAMPS];
};

struct mh_exemplars {
	struct mh_exemplar *items; /* not sorted */
	unsigned count, capacity;
	unsigned least;           /* index of the shortest response, once full */
	uint64_t threshold_ticks; /* only longer responses are looked at */
};

int mh_exemplars_init(struct mh_exemplars *exemplars, unsigned capacity);
void mh_exemplars_release(struct mh_exemplars *exemplars);
/* Into one of the same capacity. The worker of @from stands still. */
void mh_exemplars_copy(struct mh_exemplars *to, const struct mh_exemplars *from);
void mh_exemplars_keep(struct mh_exemplars *exemplars, const struct mh_operation *operation,
		       const struct mh_times *times);

/* One comparison for all but the worst. */
static inline void mh_exemplars_offer(struct mh_exemplars *exemplars, const struct mh_operation *operation,
				      const struct mh_times *times)
{
	if (__builtin_expect(mh_times_response(times) > exemplars->threshold_ticks, 0))
		mh_exemplars_keep(exemplars, operation, times);
}

#endif
