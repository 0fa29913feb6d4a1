/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the stills show: each thread with its place, whom it waits for and its stack, then the end of the history.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/engine/hang.h"

#define HISTORY_LINES 20 /* of the end of the history */

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

static void tell_place(struct mh_stream *out, const struct mh_worker_run *copy, const struct mh_still *still)
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

static void tell_worker(struct mh_stream *out, const struct mh_album *album, unsigned index)
{
	const struct mh_worker_run *copy = &album->copies[index];
	const struct mh_still *still = &album->stills[index];
	const struct mh_phase_shared *shared = copy->shared;

	mh_stream_print(out, "watchdog: phase '%s', workload '%s', worker %u: ",
			shared->scenario->phases[shared->phase].name, copy->workload->name, copy->worker.index);
	if (still->state == MH_STILL_ENDED) {
		mh_stream_print(out, "has ended\n");
	} else if (still->state == MH_STILL_SILENT) {
		mh_stream_print(out, "does not answer, its stack is not known\n");
	} else if (!still->busy_since) {
		mh_stream_print(out, "between two operations\n");
	} else {
		mh_stream_print(out, "for %.3f s in operation %llu",
				(double)mh_clock_ns(shared->clock, still->held_ticks - still->busy_since) / 1e9,
				(unsigned long long)copy->operation.identity.index);
		tell_place(out, copy, still);
		mh_album_tell_wait(out, album, index);
		mh_stream_print(out, "\n");
	}
}

struct history_line {
	const struct mh_history *history;
	uint64_t back;
};

/* The newest operation of all that stand before those taken; false when there is none. */
static bool take_newest(struct mh_album *album, uint64_t *taken, struct history_line *ret_line)
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

static void tell_history(struct mh_stream *out, struct mh_album *album)
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

void mh_album_tell(struct mh_album *album)
{
	const struct mh_run_request *request = album->phase->run->request;
	int fd = request->open_dump ? dup(request->open_dump(request->data)) : -1;
	struct mh_stream out = {.file = fd >= 0 ? fdopen(fd, "w") : NULL};

	if (!out.file)
		return;
	for (unsigned i = 0; i < album->phase->worker_count; i++) {
		tell_worker(&out, album, i);
		fflush(out.file); /* the stack goes to the descriptor itself */
		if (album->stills[i].state == MH_STILL_HELD)
			mh_hold_print(&album->stills[i].hold, fd);
	}
	tell_history(&out, album);
	fclose(out.file);
}
