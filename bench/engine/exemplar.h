/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst operations of a worker, with their stamps: what a tail consists of. One worker's own.
 */
#ifndef BENCH_ENGINE_EXEMPLAR_H
#define BENCH_ENGINE_EXEMPLAR_H

#include <stdint.h>

#include "core/machine.h"

#define MH_EXEMPLAR_STAMPS 128 /* kept of one operation; @cut counts the rest */

struct mh_exemplar {
	uint64_t service_ticks, start_ticks;
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
	unsigned least;           /* index of the shortest, once full */
	uint64_t threshold_ticks; /* only longer operations are looked at */
};

int mh_exemplars_init(struct mh_exemplars *exemplars, unsigned capacity);
void mh_exemplars_release(struct mh_exemplars *exemplars);
/* Into one of the same capacity. The worker of @from stands still. */
void mh_exemplars_copy(struct mh_exemplars *to, const struct mh_exemplars *from);
void mh_exemplars_keep(struct mh_exemplars *exemplars, const struct mh_operation *operation, uint64_t start_ticks,
		       uint64_t service_ticks);

/* One comparison for all but the worst. */
static inline void mh_exemplars_offer(struct mh_exemplars *exemplars, const struct mh_operation *operation,
				      uint64_t start_ticks, uint64_t service_ticks)
{
	if (__builtin_expect(service_ticks > exemplars->threshold_ticks, 0))
		mh_exemplars_keep(exemplars, operation, start_ticks, service_ticks);
}

#endif
