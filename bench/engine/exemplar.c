/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Full: the shortest is replaced, and the threshold rises to the next shortest.
 */
#include "bench/engine/exemplar.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/line.h"

int mh_exemplars_init(struct mh_exemplars *exemplars, unsigned capacity, unsigned series_count)
{
	int ret;

	*exemplars = (struct mh_exemplars){.capacity = capacity, .threshold_ticks = capacity ? 0 : UINT64_MAX};
	if (!capacity)
		return 0;
	ret = mh_peaks_init(&exemplars->peaks, series_count);
	exemplars->items = mh_line_calloc(capacity, sizeof(exemplars->items[0]));
	/* Not touched before a series has its first value. */
	exemplars->of_series = mh_line_calloc(series_count ? series_count : 1, sizeof(exemplars->of_series[0]));
	if (ret == 0 && exemplars->items && exemplars->of_series)
		return 0;
	mh_exemplars_release(exemplars);
	return -ENOMEM;
}

int mh_exemplars_init_like(struct mh_exemplars *exemplars, const struct mh_exemplars *of)
{
	return mh_exemplars_init(exemplars, of->capacity, of->peaks.series_count);
}

void mh_exemplars_release(struct mh_exemplars *exemplars)
{
	free(exemplars->items);
	free(exemplars->of_series);
	mh_peaks_release(&exemplars->peaks);
	*exemplars = (struct mh_exemplars){.threshold_ticks = UINT64_MAX};
}

void mh_exemplars_copy(struct mh_exemplars *to, const struct mh_exemplars *from)
{
	const unsigned series_count = from->peaks.series_count;

	to->count = from->count;
	to->least = from->least;
	to->threshold_ticks = from->threshold_ticks;
	if (!to->items)
		return;
	memcpy(to->items, from->items, from->count * sizeof(to->items[0]));
	memcpy(to->of_series, from->of_series, series_count * sizeof(to->of_series[0]));
	memcpy(to->peaks.longest_ns, from->peaks.longest_ns, series_count * sizeof(to->peaks.longest_ns[0]));
}

void mh_exemplars_clear(struct mh_exemplars *exemplars)
{
	exemplars->count = 0;
	for (unsigned i = 0; i < exemplars->peaks.series_count; i++)
		exemplars->peaks.longest_ns[i] = 0;
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

static void fill(struct mh_exemplar *item, const struct mh_operation *operation, const struct mh_exemplar_note *note)
{
	const struct mh_trace *trace = operation->trace;
	uint32_t stamps = trace->count < MH_EXEMPLAR_STAMPS ? trace->count : MH_EXEMPLAR_STAMPS;
	unsigned firings = note->firing_count < MH_EXEMPLAR_FIRINGS ? note->firing_count : MH_EXEMPLAR_FIRINGS;

	item->times = note->times;
	item->index = operation->identity.index;
	item->block = operation->block;
	item->stamp_count = stamps;
	item->cut = trace->count - stamps;
	item->result = operation->result;
	item->online = operation->online;
	item->outcome = (uint8_t)operation->outcome;
	item->class = (uint8_t)note->class;
	item->switched = (uint8_t)note->switched;
	item->fault_count = (uint16_t)operation->fault_count;
	item->firing_count = (uint16_t)firings;
	if (firings)
		memcpy(item->firings, note->firings, firings * sizeof(item->firings[0]));
	if (stamps)
		memcpy(item->stamps, trace->stamps, stamps * sizeof(item->stamps[0]));
}

void mh_exemplars_keep(struct mh_exemplars *exemplars, const struct mh_operation *operation,
		       const struct mh_exemplar_note *note)
{
	struct mh_peaks *peaks = &exemplars->peaks;

	for (unsigned i = 0; i < peaks->note_count; i++)
		fill(&exemplars->of_series[peaks->noted[i]], operation, note);
	peaks->note_count = 0;
	if (mh_times_response(&note->times) <= exemplars->threshold_ticks)
		return;
	if (exemplars->count < exemplars->capacity)
		fill(&exemplars->items[exemplars->count++], operation, note);
	else
		fill(&exemplars->items[exemplars->least], operation, note);
	if (exemplars->count == exemplars->capacity)
		find_least(exemplars);
}
