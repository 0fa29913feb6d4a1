/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histograms of one thread, filled without a lock and handed to a collector an interval at a time.
 *
 * Nouns: a *series table* names the histograms, the same for all threads of a run. A *set* is one histogram a series. A
 * *recorder* belongs to one worker and has two sets: the worker fills one while the other is the collector's or waits
 * to be filled. A *collection* is the collector's: what came in during this interval, and since its beginning.
 *
 * Legal order: mh_series_table_init; a recorder a worker (mh_recorder_init) and a collection; mh_recorder_start before
 * each phase; in the worker mh_recorder_record for each value and mh_recorder_tick once an operation; meanwhile in one
 * collector thread mh_recorder_collect for each recorder, then read collection->interval and
 * mh_collection_next_interval; when the workers have stopped mh_recorder_finish for each recorder; read
 * collection->total; mh_collection_clear before the next phase.
 *
 * A series may be *split*: its parts are series of their own, a value is recorded in one of them, and the collection
 * adds each part to the whole as well, which nobody records.
 *
 * Nothing is lost: where the collector is late and has not given a set back, the worker goes on with the one it has,
 * and that interval becomes longer. Nothing waits for anybody.
 */
#ifndef RESULTS_RECORDER_H
#define RESULTS_RECORDER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "results/histogram.h"

#define MH_SERIES_MAX 4096
#define MH_SERIES_NAME_MAX                                                                                             \
	120 /* bytes; with a phase's name and a class in front and behind it still fits a .hlog tag */

#define MH_SERIES_WHOLE (-1) /* a part of none */

struct mh_series_table {
	char **names;     /* "service", "cb.slab", "response/faulted": without the phase; owned */
	uint8_t *digits;  /* of each */
	size_t *offsets;  /* bytes from the beginning of a set's counts, of each */
	int16_t *wholes;  /* of each: the series that it is a part of, or MH_SERIES_WHOLE */
	size_t count;     /* series; an index below it is a series' id */
	size_t set_bytes; /* of counts in one set; mapped, touched on use only */
	uint64_t highest; /* ns, of all */
};

/* Empty; @highest: ns, as in struct mh_histogram_layout. */
void mh_series_table_init(struct mh_series_table *table, uint64_t highest);
/**
 * mh_series_table_add - add a series
 * @name: becomes the tag behind "PHASE/"; unique
 *
 * Before the first recorder. Return: its id, 0 …; -EINVAL a name that no tag can carry or digits out of range; -EEXIST;
 * -ENOSPC beyond MH_SERIES_MAX; -ENOMEM.
 */
int mh_series_table_add(struct mh_series_table *table, const char *name, unsigned digits, struct mh_error *reterr);
/**
 * mh_series_table_add_part - add a part of a series
 * @whole: id of a series that is no part itself; the part is called NAME/@suffix and has the same precision
 *
 * Return: as mh_series_table_add.
 */
int mh_series_table_add_part(struct mh_series_table *table, unsigned whole, const char *suffix,
			     struct mh_error *reterr);
/* The id of @name, or -ENOENT. */
int mh_series_table_find(const struct mh_series_table *table, const char *name);
void mh_series_table_release(struct mh_series_table *table);
/* Bytes that @threads recorders and one collection can touch at most: for a prediction of memory. */
uint64_t mh_series_table_bytes_max(const struct mh_series_table *table, uint64_t threads);

struct mh_recorder_set {
	struct mh_histogram *histograms; /* by series id */
	void *memory;                    /* of all counts */
	size_t bytes;
};

struct mh_recorder {
	/* The worker's alone, but before start and after finish. */
	struct mh_histogram *histograms; /* of the set being filled */
	struct mh_recorder_set *filling;
	uint64_t boundary_ticks; /* first time that belongs to the next interval */
	uint64_t interval_ticks;
	size_t series_count;
	const int16_t *wholes; /* the table's */
	uint64_t stretched;    /* boundaries at which no spare set was there, and the interval went on */
	struct mh_recorder_set sets[2];
	/* A filled set on its way to the collector. */
	_Alignas(128) _Atomic(struct mh_recorder_set *) published;
	/* A cleared set on its way back. */
	_Alignas(128) _Atomic(struct mh_recorder_set *) spare;
};

/* Maps all memory now, so that none is allocated while values are recorded. 0 or -ENOMEM. @table outlives it. */
int mh_recorder_init(struct mh_recorder *recorder, const struct mh_series_table *table, struct mh_error *reterr);
void mh_recorder_release(struct mh_recorder *recorder); /* safe on a zeroed struct */

/* Before the workers begin a phase. @interval_ticks: in ticks of the clock whose readings go to mh_recorder_tick; 0: no
 * interval ends before the phase does. */
void mh_recorder_start(struct mh_recorder *recorder, uint64_t now_ticks, uint64_t interval_ticks);

/* The worker: one value in ns of a series. True when it is the longest that the set being filled has of it. */
static inline bool mh_recorder_record(struct mh_recorder *recorder, unsigned series, uint64_t value_ns)
{
	struct mh_histogram *histogram = &recorder->histograms[series];
	bool longest = value_ns > histogram->max;

	mh_histogram_record(histogram, value_ns);
	return longest;
}

void mh_recorder_hand_over(struct mh_recorder *recorder, uint64_t now_ticks);

/* The worker, once an operation, after its values are recorded. @now_ticks: a reading that it has anyway. */
static inline void mh_recorder_tick(struct mh_recorder *recorder, uint64_t now_ticks)
{
	if (__builtin_expect(now_ticks >= recorder->boundary_ticks, 0))
		mh_recorder_hand_over(recorder, now_ticks);
}

struct mh_collection {
	struct mh_histogram *interval, *total; /* by series id */
	size_t count;
	struct mh_recorder_set interval_set, total_set;
};

int mh_collection_init(struct mh_collection *collection, const struct mh_series_table *table, struct mh_error *reterr);
void mh_collection_release(struct mh_collection *collection); /* safe on a zeroed struct */

/* The collector, at any time: true when the worker had handed a set over; its values are in interval and total now. */
bool mh_recorder_collect(struct mh_recorder *recorder, struct mh_collection *collection);

/* The collector, when the worker has stopped (joined, or both have passed a barrier): takes all that is left. */
void mh_recorder_finish(struct mh_recorder *recorder, struct mh_collection *collection);

void mh_collection_next_interval(struct mh_collection *collection); /* empties interval */
void mh_collection_clear(struct mh_collection *collection);         /* empties interval and total */

#endif
