/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Full: the shortest is replaced, and the threshold rises to the next shortest.
 */
#include "bench/engine/exemplar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int mh_exemplars_init(struct mh_exemplars *exemplars, unsigned capacity)
{
	*exemplars = (struct mh_exemplars){.capacity = capacity, .threshold_ticks = capacity ? 0 : UINT64_MAX};
	if (!capacity)
		return 0;
	exemplars->items = calloc(capacity, sizeof(exemplars->items[0]));
	return exemplars->items ? 0 : -ENOMEM;
}

void mh_exemplars_release(struct mh_exemplars *exemplars)
{
	free(exemplars->items);
	*exemplars = (struct mh_exemplars){.threshold_ticks = UINT64_MAX};
}

void mh_exemplars_copy(struct mh_exemplars *to, const struct mh_exemplars *from)
{
	struct mh_exemplar *items = to->items;

	*to = *from;
	to->items = items;
	if (items)
		memcpy(items, from->items, from->count * sizeof(items[0]));
}

static uint64_t response_at(const struct mh_exemplars *exemplars, unsigned index)
{
	return mh_times_response(&exemplars->items[index].times);
}

static void find_least(struct mh_exemplars *exemplars)
{
	unsigned least = 0;

	for (unsigned i = 1; i < exemplars->count; i++)
		if (response_at(exemplars, i) < response_at(exemplars, least))
			least = i;
	exemplars->least = least;
	exemplars->threshold_ticks = response_at(exemplars, least);
}

void mh_exemplars_keep(struct mh_exemplars *exemplars, const struct mh_operation *operation,
		       const struct mh_times *times)
{
	const struct mh_trace *trace = operation->trace;
	bool full = exemplars->count == exemplars->capacity;
	struct mh_exemplar *item = &exemplars->items[full ? exemplars->least : exemplars->count++];
	uint32_t kept = trace->count < MH_EXEMPLAR_STAMPS ? trace->count : MH_EXEMPLAR_STAMPS;

	*item = (struct mh_exemplar){
		.times = *times,
		.index = operation->identity.index,
		.block = operation->block,
		.stamp_count = kept,
		.cut = trace->count - kept,
		.result = operation->result,
		.online = operation->online,
		.outcome = (uint8_t)operation->outcome,
		.fault_count = (uint16_t)operation->fault_count,
	};
	if (kept)
		memcpy(item->stamps, trace->stamps, kept * sizeof(item->stamps[0]));
	if (exemplars->count == exemplars->capacity)
		find_least(exemplars);
}
