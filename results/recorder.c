/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two sets of a recorder and their way to the collector and back.
 *
 * A set is always in exactly one of three hands: the worker's (recorder->filling), the collector's while it merges, or
 *in one of the two slots between them. There are two sets, so each slot holds one at most and is never overwritten:
 *
 *	worker   --published-->  collector  --spare-->  worker
 *
 * Both stores into a slot are releases and both loads acquires: what the worker wrote into the counts happens before
 *the collector reads them, and the zeros that the collector wrote happen before the worker counts on. The worker stores
 *NULL into spare before it publishes, and the collector NULL into published before it gives back, so that neither can
 *meet the other's store of a set with a late store of NULL: each slot has one thread that fills and one that empties
 *it, and it is only filled while empty.
 */
#include "results/recorder.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"

static struct mh_histogram_layout series_layout(const struct mh_series_table *table, size_t series)
{
	return (struct mh_histogram_layout){
		.lowest = 1,
		.highest = table->highest,
		.digits = table->digits[series],
	};
}

static void set_release(struct mh_recorder_set *set)
{
	free(set->histograms);
	mh_histogram_unmap(set->memory, set->bytes);
	*set = (struct mh_recorder_set){0};
}

/* All counts of a set lie in one mapping, so that a thousand threads do not need a hundred thousand of them. */
static int set_init(struct mh_recorder_set *set, const struct mh_series_table *table)
{
	*set = (struct mh_recorder_set){.bytes = table->set_bytes};
	set->histograms = mh_line_calloc(table->count ? table->count : 1, sizeof(*set->histograms));
	set->memory = table->set_bytes ? mh_histogram_map(table->set_bytes) : NULL;
	if (!set->histograms || (table->set_bytes && !set->memory)) {
		set_release(set);
		return -ENOMEM;
	}
	for (size_t i = 0; i < table->count; i++) {
		struct mh_histogram_layout layout = series_layout(table, i);

		/* The table has refused layouts that are none. */
		(void)mh_histogram_place(&set->histograms[i], &layout, (char *)set->memory + table->offsets[i]);
	}
	return 0;
}

int mh_recorder_init(struct mh_recorder *recorder, const struct mh_series_table *table, struct mh_error *reterr)
{
	*recorder = (struct mh_recorder){
		.series_count = table->count,
		.wholes = table->wholes,
		.boundary_ticks = UINT64_MAX,
	};
	for (unsigned i = 0; i < 2; i++) {
		if (set_init(&recorder->sets[i], table) < 0) {
			mh_recorder_release(recorder);
			return mh_error_set(reterr, -ENOMEM, "no memory for the histograms of a thread (%zu bytes)",
					    2 * table->set_bytes);
		}
	}
	recorder->filling = &recorder->sets[0];
	recorder->histograms = recorder->filling->histograms;
	atomic_init(&recorder->published, NULL);
	atomic_init(&recorder->spare, &recorder->sets[1]);
	return 0;
}

void mh_recorder_release(struct mh_recorder *recorder)
{
	for (unsigned i = 0; i < 2; i++)
		set_release(&recorder->sets[i]);
	recorder->filling = NULL;
	recorder->histograms = NULL;
}

void mh_recorder_start(struct mh_recorder *recorder, uint64_t now_ticks, uint64_t interval_ticks)
{
	recorder->interval_ticks = interval_ticks;
	recorder->boundary_ticks = interval_ticks ? now_ticks + interval_ticks : UINT64_MAX;
	recorder->stretched = 0;
}

/* The first boundary behind @now_ticks: after a long pause those between are skipped, not made up for. */
static uint64_t next_boundary(const struct mh_recorder *recorder, uint64_t now_ticks)
{
	uint64_t late = now_ticks - recorder->boundary_ticks;

	return recorder->boundary_ticks + (late / recorder->interval_ticks + 1) * recorder->interval_ticks;
}

void mh_recorder_hand_over(struct mh_recorder *recorder, uint64_t now_ticks)
{
	if (recorder->interval_ticks == 0)
		return; /* not started: boundary_ticks is the end of time */
	/* Acquire: the collector's zeros come before our counts. */
	struct mh_recorder_set *spare = atomic_load_explicit(&recorder->spare, memory_order_acquire);

	recorder->boundary_ticks = next_boundary(recorder, now_ticks);
	if (!spare) {
		recorder->stretched++;
		return;
	}
	/* Relaxed: the collector refills spare only after it has acquired the publication below. */
	atomic_store_explicit(&recorder->spare, NULL, memory_order_relaxed);
	/* Release: our counts come before the collector's reading of them. */
	atomic_store_explicit(&recorder->published, recorder->filling, memory_order_release);
	recorder->filling = spare;
	recorder->histograms = spare->histograms;
}

/* One table, one layout; and 2^64 values take centuries to record. */
static void collect_values(struct mh_collection *collection, size_t series, const struct mh_histogram *values)
{
	(void)mh_histogram_merge(&collection->interval[series], values);
	(void)mh_histogram_merge(&collection->total[series], values);
}

/* Adds a set to both histograms of each series, and of the series that it is a part of, and empties it. */
static void collect_set(const struct mh_recorder *recorder, struct mh_recorder_set *set,
			struct mh_collection *collection)
{
	for (size_t i = 0; i < recorder->series_count; i++) {
		struct mh_histogram *histogram = &set->histograms[i];

		if (histogram->count == 0)
			continue;
		collect_values(collection, i, histogram);
		if (recorder->wholes[i] != MH_SERIES_WHOLE)
			collect_values(collection, (size_t)recorder->wholes[i], histogram);
		mh_histogram_clear(histogram);
	}
}

bool mh_recorder_collect(struct mh_recorder *recorder, struct mh_collection *collection)
{
	/* Acquire: pairs with the worker's release in mh_recorder_hand_over. */
	struct mh_recorder_set *set = atomic_load_explicit(&recorder->published, memory_order_acquire);

	if (!set)
		return false;
	collect_set(recorder, set, collection);
	/* Relaxed: the worker publishes again only after it has acquired the spare set below. */
	atomic_store_explicit(&recorder->published, NULL, memory_order_relaxed);
	/* Release: our zeros come before the worker's next counts. */
	atomic_store_explicit(&recorder->spare, set, memory_order_release);
	return true;
}

void mh_recorder_finish(struct mh_recorder *recorder, struct mh_collection *collection)
{
	(void)mh_recorder_collect(recorder, collection);
	/* The worker has stopped, and what stopped it ordered its counts before us. */
	collect_set(recorder, recorder->filling, collection);
	recorder->boundary_ticks = UINT64_MAX;
}

int mh_collection_init(struct mh_collection *collection, const struct mh_series_table *table, struct mh_error *reterr)
{
	*collection = (struct mh_collection){.count = table->count};
	if (set_init(&collection->interval_set, table) < 0 || set_init(&collection->total_set, table) < 0) {
		mh_collection_release(collection);
		return mh_error_set(reterr, -ENOMEM, "no memory for the collected histograms (%zu bytes)",
				    2 * table->set_bytes);
	}
	collection->interval = collection->interval_set.histograms;
	collection->total = collection->total_set.histograms;
	return 0;
}

void mh_collection_release(struct mh_collection *collection)
{
	set_release(&collection->interval_set);
	set_release(&collection->total_set);
	*collection = (struct mh_collection){0};
}

void mh_collection_next_interval(struct mh_collection *collection)
{
	for (size_t i = 0; i < collection->count; i++)
		mh_histogram_clear(&collection->interval[i]);
}

void mh_collection_clear(struct mh_collection *collection)
{
	mh_collection_next_interval(collection);
	for (size_t i = 0; i < collection->count; i++)
		mh_histogram_clear(&collection->total[i]);
}
