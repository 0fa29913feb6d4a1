/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plain increments of the worker's own arrays, after the operation and outside of what is measured. */
#include "bench/engine/tally.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"

#include "core/notifier.h"

/* Listeners that register while the phase runs. */
#define LISTENERS_ROOM 256u

static uint32_t count_ids(const struct mh_chain *chain)
{
	uint32_t count = 0;

	while (chain && mh_chain_listener(chain, count))
		count++;
	return count;
}

int mh_tally_init(struct mh_tally *tally, struct mh_machine *machine)
{
	uint32_t memory = count_ids(mh_machine_chain(machine)), node = count_ids(mh_machine_node_chain(machine));

	*tally = (struct mh_tally){.listeners = (memory > node ? memory : node) + LISTENERS_ROOM};
	tally->calls = mh_line_calloc((size_t)tally->listeners * MH_EVENT_COUNT, sizeof(tally->calls[0]));
	return tally->calls ? 0 : -ENOMEM;
}

void mh_tally_release(struct mh_tally *tally)
{
	free(tally->calls);
	*tally = (struct mh_tally){.listeners = 0};
}

static void add_call(struct mh_tally *tally, const struct mh_stamp *stamp)
{
	if (__builtin_expect(stamp->listener < tally->listeners, 1))
		tally->calls[(size_t)stamp->listener * MH_EVENT_COUNT + stamp->event]++;
	else
		tally->others[stamp->event]++;
}

void mh_tally_add(struct mh_tally *tally, const struct mh_operation *operation)
{
	const struct mh_trace *trace = operation->trace;
	const struct mh_stamp *end = trace->stamps + trace->count;
	uint64_t walks = 0, locks = 0;

	if (!tally->calls)
		return;
	/* Most are calls; the rest is counted in registers, since a count in memory that changes again and again is
	 * waited for each time. */
	for (const struct mh_stamp *stamp = trace->stamps; stamp < end; stamp++) {
		if (stamp->kind == MH_STAMP_CALLED) {
			add_call(tally, stamp);
			continue;
		}
		walks += stamp->kind == MH_STAMP_WALK_BEGIN;
		locks += stamp->kind == MH_STAMP_LOCKED;
	}
	tally->walks += walks;
	tally->locks += locks;
	tally->operations[operation->online][operation->outcome]++;
	tally->interrupted += operation->outcome == MH_OUTCOME_SIGNAL && operation->fault_count == 0;
}
