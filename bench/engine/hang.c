/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After the watchdog's end: what the threads do, and what they had recorded.
 *
 * A *still* is a worker as it stood at one moment. Threads that have ended are read as they are. One that has not is
 * held by a signal while its still is made, one thread at a time: nobody else writes what is its own. All memory is
 * allocated before and all is printed after, because the held thread may have the allocator's or a stream's lock.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/hang.h"

static int prepare_copy(struct mh_worker_run *copy, const struct mh_worker_run *worker)
{
	int ret = mh_history_init_like(&copy->history, &worker->history);

	return ret < 0 ? ret : mh_exemplars_init_like(&copy->exemplars, &worker->exemplars);
}

static int prepare(struct mh_album *album)
{
	unsigned count = album->phase->worker_count;
	size_t size = count * sizeof(album->copies[0]);
	int ret = mh_hold_prepare();

	album->stills = calloc(count, sizeof(album->stills[0]));
	album->copies = aligned_alloc(_Alignof(struct mh_worker_run), size);
	album->phase->firings_taken = calloc(count, sizeof(album->phase->firings_taken[0]));
	if (!album->stills || !album->copies || !album->phase->firings_taken)
		return -ENOMEM;
	memset(album->copies, 0, size);
	for (unsigned i = 0; ret == 0 && i < count; i++)
		ret = prepare_copy(&album->copies[i], &album->phase->workers[i]);
	return ret;
}

/* The worker stands still, or has ended. */
static void copy_worker(struct mh_worker_run *copy, struct mh_worker_run *worker)
{
	struct mh_history history = copy->history;
	struct mh_exemplars exemplars = copy->exemplars;

	mh_history_copy(&history, &worker->history);
	mh_exemplars_copy(&exemplars, &worker->exemplars);
	memcpy(copy, worker, sizeof(*copy));
	copy->history = history;
	copy->exemplars = exemplars;
	copy->recorder = (struct mh_recorder){.stretched = worker->recorder.stretched};
}

/* What the thread is in, by what its operation has begun and not ended. */
static void note_stamp(struct mh_still *still, const struct mh_stamp *stamp)
{
	if (stamp->kind == MH_STAMP_LOCKED)
		still->locked = true;
	if (stamp->kind == MH_STAMP_WALK_BEGIN)
		still->walking = true;
	if (stamp->kind == MH_STAMP_WALK_END)
		still->walking = false;
}

static void note_operation(struct mh_still *still, const struct mh_worker_run *worker)
{
	still->busy_since = atomic_load_explicit(&worker->busy_since, memory_order_relaxed);
	still->held_ticks = mh_clock_ticks(worker->shared->clock);
	still->stamped = worker->trace.count > 0;
	if (still->stamped)
		still->last = worker->trace.stamps[worker->trace.count - 1];
	for (uint32_t i = 0; i < worker->trace.count; i++)
		note_stamp(still, &worker->trace.stamps[i]);
}

static void take_values(struct mh_album *album, struct mh_worker_run *worker)
{
	if (album->phase->shared.recorded)
		mh_recorder_finish(&worker->recorder, &album->phase->run->collection);
}

/* How many of its firings are whole; a silent thread may be writing one. */
static void take_firings(struct mh_album *album, unsigned index)
{
	const struct mh_phase *phase = album->phase;

	if (phase->fault_set)
		phase->firings_taken[index] = mh_fault_set_kept(phase->fault_set, phase->workers[index].workload_index,
								phase->workers[index].worker.index);
}

static void name_copy(struct mh_worker_run *copy, const struct mh_worker_run *worker)
{
	copy->shared = worker->shared;
	copy->workload = worker->workload;
	copy->workload_index = worker->workload_index;
	copy->worker.index = worker->worker.index;
	copy->series = worker->series;
}

/* Between two operations it may have been held while it noted the last one. */
static void drop_unfinished(struct mh_worker_run *copy)
{
	copy->history.operation_count -= copy->history.operation_count > 0;
	mh_exemplars_clear(&copy->exemplars);
}

/* What a thread hands over by itself may be taken although it gives no answer. */
static void take_still(struct mh_album *album, unsigned index)
{
	struct mh_worker_run *worker = &album->phase->workers[index];
	struct mh_still *still = &album->stills[index];

	/* Acquire: pairs with the release at the end of the worker's thread. */
	if (atomic_load_explicit(&worker->finished, memory_order_acquire)) {
		still->state = MH_STILL_ENDED;
	} else if (mh_hold_begin(&still->hold, &worker->thread)) {
		still->state = MH_STILL_HELD;
		note_operation(still, worker);
		album->held++;
	} else {
		still->state = MH_STILL_SILENT;
		album->silent++;
		name_copy(&album->copies[index], worker);
		if (album->phase->shared.recorded)
			(void)mh_recorder_collect(&worker->recorder, &album->phase->run->collection);
		return;
	}
	take_values(album, worker);
	take_firings(album, index);
	copy_worker(&album->copies[index], worker);
	if (still->state != MH_STILL_HELD)
		return;
	mh_hold_end(&still->hold);
	/* A thread that ends hands its checks in itself. */
	atomic_fetch_add(&mh_machine_check(album->phase->run->machine)->checked,
			 album->copies[index].operation.check.checked);
	if (!still->busy_since)
		drop_unfinished(&album->copies[index]);
}

/* A thread may have been held between the stores of one value. */
static void recount(struct mh_collection *collection)
{
	for (size_t i = 0; i < collection->count; i++) {
		mh_histogram_recount(&collection->interval[i]);
		mh_histogram_recount(&collection->total[i]);
	}
}

static void tell_coverage(const struct mh_album *album)
{
	const struct mh_phase *phase = album->phase;

	(void)mh_result_add_status_reason(
		phase->run->result,
		"phase '%s': its numbers cover the operations that had ended when the watchdog looked; %u of %u "
		"threads were still in one%s",
		phase->scenario->name, album->held + album->silent, phase->worker_count,
		album->silent ? ", and of those that gave no answer only what they had handed over is in the series"
			      : "");
}

int mh_phase_salvage(struct mh_phase *phase)
{
	struct mh_album album = {.phase = phase};
	int ret = prepare(&album);

	if (ret < 0) {
		(void)mh_result_add_status_reason(phase->run->result, "phase '%s': its numbers are lost: %s",
						  phase->scenario->name, strerror(-ret));
		return ret;
	}
	for (unsigned i = 0; i < phase->worker_count; i++)
		take_still(&album, i);
	recount(&phase->run->collection);
	mh_album_tell(&album);
	tell_coverage(&album);
	phase->workers = album.copies;
	return 0;
}
