/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After the watchdog's end: what the threads do, and what they had recorded.
 *
 * A *still* is a worker as it stood at one moment. Threads that have ended are read as they are. One that has not is
 * held by a signal while its still is made, one thread at a time: nobody else writes what is its own. All memory is
 * allocated before and all is printed after, because the held thread may have the allocator's or a stream's lock.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hold.h"
#include "bench/engine/run_private.h"

#define HISTORY_LINES 20 /* of the end of the history */

enum state { STATE_ENDED, STATE_HELD, STATE_SILENT };

/* What stands beside a worker's copy. */
struct still {
	struct mh_hold hold;
	struct mh_stamp last; /* of the operation under way */
	bool stamped;
	enum state state;
	uint64_t busy_since, held_ticks;
};

/* All that making the stills of a phase needs. Not freed: threads go on with it. */
struct album {
	struct mh_phase *phase;
	struct still *stills;
	struct mh_worker_run *copies;
	unsigned silent, held;
};

static int prepare_copy(struct mh_worker_run *copy, const struct mh_worker_run *worker)
{
	int ret = mh_history_init_like(&copy->history, &worker->history);

	return ret < 0 ? ret : mh_exemplars_init_like(&copy->exemplars, &worker->exemplars);
}

static int prepare(struct album *album)
{
	unsigned count = album->phase->worker_count;
	size_t size = count * sizeof(album->copies[0]);
	int ret = mh_hold_prepare();

	album->stills = calloc(count, sizeof(album->stills[0]));
	album->copies = aligned_alloc(_Alignof(struct mh_worker_run), size);
	if (!album->stills || !album->copies)
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

static void note_operation(struct still *still, const struct mh_worker_run *worker)
{
	still->busy_since = atomic_load_explicit(&worker->busy_since, memory_order_relaxed);
	still->held_ticks = mh_clock_ticks(worker->shared->clock);
	still->stamped = worker->trace.count > 0;
	if (still->stamped)
		still->last = worker->trace.stamps[worker->trace.count - 1];
}

static void take_values(struct album *album, struct mh_worker_run *worker)
{
	if (album->phase->shared.recorded)
		mh_recorder_finish(&worker->recorder, &album->phase->run->collection);
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
static void take_still(struct album *album, unsigned index)
{
	struct mh_worker_run *worker = &album->phase->workers[index];
	struct still *still = &album->stills[index];

	/* Acquire: pairs with the release at the end of the worker's thread. */
	if (atomic_load_explicit(&worker->finished, memory_order_acquire)) {
		still->state = STATE_ENDED;
	} else if (mh_hold_begin(&still->hold, &worker->thread)) {
		still->state = STATE_HELD;
		note_operation(still, worker);
		album->held++;
	} else {
		still->state = STATE_SILENT;
		album->silent++;
		name_copy(&album->copies[index], worker);
		if (album->phase->shared.recorded)
			(void)mh_recorder_collect(&worker->recorder, &album->phase->run->collection);
		return;
	}
	take_values(album, worker);
	copy_worker(&album->copies[index], worker);
	if (still->state != STATE_HELD)
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

static bool stands_behind(const struct mh_listener *listener, const struct mh_listener *before)
{
	return !before || listener->priority < before->priority ||
	       (listener->priority == before->priority && listener->sequence > before->sequence);
}

/* The listener that a walk calls after @before (NULL: first), or NULL. Chains change rarely; threads hang. */
static const struct mh_listener *next_listener(const struct mh_chain *chain, const struct mh_listener *before)
{
	const struct mh_listener *next = NULL, *listener;

	for (uint32_t id = 0; (listener = mh_chain_listener(chain, id)); id++)
		if (atomic_load(&listener->sequence) && stands_behind(listener, before) &&
		    (!next || stands_behind(next, listener)))
			next = listener;
	return next;
}

static const struct mh_listener *listener_of(const struct mh_chain *chain, const struct mh_stamp *stamp)
{
	switch ((enum mh_stamp_kind)stamp->kind) {
	case MH_STAMP_CALL_BEGIN:
		return mh_chain_listener(chain, stamp->listener);
	case MH_STAMP_WALK_BEGIN:
		return next_listener(chain, NULL);
	case MH_STAMP_CALLED:
		return next_listener(chain, mh_chain_listener(chain, stamp->listener));
	default:
		return NULL;
	}
}

static void tell_place(struct mh_stream *out, const struct mh_worker_run *copy, const struct still *still)
{
	const struct mh_listener *listener;

	if (!copy->worker.workload->kind->hotplug)
		return;
	mh_stream_print(out, ", %s of block %u", copy->operation.online ? "online" : "offline", copy->operation.block);
	if (!still->stamped) {
		mh_stream_print(out, ", before its first event");
		return;
	}
	listener = listener_of(mh_machine_event_chain(copy->shared->machine, still->last.event), &still->last);
	if (listener)
		mh_stream_print(out, ", %s, in listener '%s'", mh_event_kernel_names[still->last.event],
				listener->name);
	else
		mh_stream_print(out, ", in no listener");
}

static void tell_worker(struct mh_stream *out, const struct mh_worker_run *copy, const struct still *still)
{
	const struct mh_phase_shared *shared = copy->shared;

	mh_stream_print(out, "watchdog: phase '%s', workload '%s', worker %u: ",
			shared->scenario->phases[shared->phase].name, copy->workload->name, copy->worker.index);
	if (still->state == STATE_ENDED) {
		mh_stream_print(out, "has ended\n");
	} else if (still->state == STATE_SILENT) {
		mh_stream_print(out, "does not answer, its stack is not known\n");
	} else if (!still->busy_since) {
		mh_stream_print(out, "between two operations\n");
	} else {
		mh_stream_print(out, "for %.3f s in operation %llu",
				(double)mh_clock_ns(shared->clock, still->held_ticks - still->busy_since) / 1e9,
				(unsigned long long)copy->operation.identity.index);
		tell_place(out, copy, still);
		mh_stream_print(out, "\n");
	}
}

struct history_line {
	const struct mh_history *history;
	uint64_t back;
};

/* The newest operation of all that stand before those taken; false when there is none. */
static bool take_newest(struct album *album, uint64_t *taken, struct history_line *ret_line)
{
	uint64_t newest = 0;
	unsigned owner = 0;

	for (unsigned i = 0; i < album->phase->worker_count; i++) {
		uint64_t start = mh_history_start(&album->copies[i].history, taken[i]);

		if (start > newest) {
			newest = start;
			owner = i;
		}
	}
	if (!newest)
		return false;
	*ret_line = (struct history_line){&album->copies[owner].history, taken[owner]++};
	return true;
}

static void tell_history(struct mh_stream *out, struct album *album)
{
	struct history_line lines[HISTORY_LINES];
	unsigned count = 0;
	uint64_t *taken = calloc(album->phase->worker_count, sizeof(taken[0]));

	while (taken && count < HISTORY_LINES && take_newest(album, taken, &lines[count]))
		count++;
	free(taken);
	mh_stream_print(out, "watchdog: the last %u operations of the history%s\n", count,
			album->phase->run->scenario->verify.history.kind == MH_HISTORY_OFF ? " (verify.history is off)"
											   : "");
	while (count-- > 0)
		mh_history_write_one(lines[count].history, lines[count].back, out);
}

static void tell(struct album *album)
{
	const struct mh_run_request *request = album->phase->run->request;
	int fd = request->open_dump ? dup(request->open_dump(request->data)) : -1;
	struct mh_stream out = {.file = fd >= 0 ? fdopen(fd, "w") : NULL};

	if (!out.file)
		return;
	for (unsigned i = 0; i < album->phase->worker_count; i++) {
		tell_worker(&out, &album->copies[i], &album->stills[i]);
		fflush(out.file); /* the stack goes to the descriptor itself */
		if (album->stills[i].state == STATE_HELD)
			mh_hold_print(&album->stills[i].hold, fd);
	}
	tell_history(&out, album);
	fclose(out.file);
}

static void tell_coverage(const struct album *album)
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
	struct album album = {.phase = phase};
	int ret = prepare(&album);

	if (ret < 0) {
		(void)mh_result_add_status_reason(phase->run->result, "phase '%s': its numbers are lost: %s",
						  phase->scenario->name, strerror(-ret));
		return ret;
	}
	for (unsigned i = 0; i < phase->worker_count; i++)
		take_still(&album, i);
	recount(&phase->run->collection);
	tell(&album);
	tell_coverage(&album);
	phase->workers = album.copies;
	return 0;
}
