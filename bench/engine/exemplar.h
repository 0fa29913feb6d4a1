/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst operations of a worker, with their stamps: what a tail consists of. One worker's own.
 *
 * The worst are those that their callers waited for longest, from the intended start: in an open loop a short operation
 * behind a slow one belongs to the tail as much. In a closed loop nothing waits, and response is service. Beside them
 * the one operation of each series that had its longest value, which need not be among them: a listener that took a
 * hundred times as long as ever may be short all the same.
 */
#ifndef BENCH_ENGINE_EXEMPLAR_H
#define BENCH_ENGINE_EXEMPLAR_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/engine/class.h"
#include "bench/engine/peak.h"
#include "core/machine.h"
#include "faults/firing.h"

#define MH_EXEMPLAR_STAMPS  128 /* kept of one operation; @cut counts the rest */
#define MH_EXEMPLAR_FIRINGS 8   /* of the faults that fired in it; @fault_count counts all */

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

/* Did its thread lose the CPU meanwhile? (base/switch_mark.h) */
enum mh_switched { MH_SWITCHED_UNKNOWN, MH_SWITCHED_NO, MH_SWITCHED_YES };

/* What stands beside an operation that is kept. */
struct mh_exemplar_note {
	struct mh_times times;
	enum mh_class class;
	enum mh_switched switched;
	const struct mh_firing *firings; /* of the operation */
	unsigned firing_count;
};

struct mh_exemplar {
	struct mh_times times;
	uint64_t index; /* of the operation in the phase */
	uint32_t block;
	uint32_t stamp_count, cut;
	int32_t result;
	uint8_t online, outcome, class, switched;
	uint16_t fault_count, firing_count;
	struct mh_firing firings[MH_EXEMPLAR_FIRINGS];
	struct mh_stamp stamps[MH_EXEMPLAR_STAMPS];
};

struct mh_exemplars {
	struct mh_exemplar *items; /* not sorted */
	unsigned count, capacity;
	unsigned least;           /* index of the shortest response, once full */
	uint64_t threshold_ticks; /* only longer responses are looked at */
	struct mh_peaks peaks;
	struct mh_exemplar *of_series; /* by id of the whole; of those that have a longest value in @peaks */
};

/* @capacity: 0: nothing is kept, of no series either. 0 or -ENOMEM. */
int mh_exemplars_init(struct mh_exemplars *exemplars, unsigned capacity, unsigned series_count);
void mh_exemplars_release(struct mh_exemplars *exemplars);
/* One of the same sizes, empty. 0 or -ENOMEM. */
int mh_exemplars_init_like(struct mh_exemplars *exemplars, const struct mh_exemplars *of);
/* Into one made so. The worker of @from stands still. */
void mh_exemplars_copy(struct mh_exemplars *to, const struct mh_exemplars *from);
/* Forgets all. */
void mh_exemplars_clear(struct mh_exemplars *exemplars);

/* One comparison, and a look at the notes, for all but the worst. */
static inline bool mh_exemplars_want(const struct mh_exemplars *exemplars, const struct mh_times *times)
{
	return mh_times_response(times) > exemplars->threshold_ticks || exemplars->peaks.note_count;
}

/* Keeps an operation that is wanted, in each place that wants it. */
void mh_exemplars_keep(struct mh_exemplars *exemplars, const struct mh_operation *operation,
		       const struct mh_exemplar_note *note);

#endif
