/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who waits for whom, by two witnesses: the mutex that a held thread said it waits for, whose owner the C library
 * knows; and what each thread's trace has begun and not ended.
 */
#include "bench/engine/hang.h"

#define NOBODY UINT32_MAX

static bool is_at_work(const struct mh_album *album, unsigned index)
{
	return album->stills[index].state == MH_STILL_HELD && album->stills[index].busy_since;
}

static bool is_hotplug(const struct mh_album *album, unsigned index)
{
	return album->copies[index].worker.workload && album->copies[index].worker.workload->kind->hotplug;
}

static void tell_worker(struct mh_stream *out, const struct mh_album *album, unsigned index)
{
	mh_stream_print(out, "worker %u of '%s'", album->copies[index].worker.index,
			album->copies[index].workload->name);
}

static unsigned worker_of_thread(const struct mh_album *album, int thread_id)
{
	for (unsigned i = 0; i < album->phase->worker_count; i++)
		if (album->stills[i].state == MH_STILL_HELD && album->stills[i].hold.thread_id == thread_id)
			return i;
	return NOBODY;
}

static void tell_holder(struct mh_stream *out, const struct mh_album *album, unsigned holder)
{
	if (holder == NOBODY) {
		mh_stream_print(out, ", which none of those that answer has");
		return;
	}
	mh_stream_print(out, ", which ");
	tell_worker(out, album, holder);
	mh_stream_print(out, " has");
}

static void tell_mutex(struct mh_stream *out, const struct mh_album *album, const struct mh_mutex *mutex)
{
	const char *name = mh_machine_lock_name(album->phase->run->machine, mutex);
	int owner = mh_mutex_owner(mutex);
	unsigned holder = worker_of_thread(album, owner);

	mh_stream_print(out, ", waits for %s", name ? name : "a lock");
	if (holder == NOBODY && owner)
		mh_stream_print(out, ", which thread %d has", owner);
	else
		tell_holder(out, album, holder);
}

/* Whether the lock of @index's operation is the one that @other has. */
static bool has_lock_of(const struct mh_album *album, unsigned other, unsigned index)
{
	const bool global = album->phase->run->scenario->machine.hotplug_lock == MH_HOTPLUG_LOCK_GLOBAL;

	return other != index && is_at_work(album, other) && is_hotplug(album, other) && album->stills[other].locked &&
	       (global || album->copies[other].operation.node == album->copies[index].operation.node);
}

/* One that polls for the lock awaits no mutex. */
static void tell_lock(struct mh_stream *out, const struct mh_album *album, unsigned index)
{
	unsigned holder = 0;

	while (holder < album->phase->worker_count && !has_lock_of(album, holder, index))
		holder++;
	mh_stream_print(out, ", waits for the hotplug lock");
	tell_holder(out, album, holder < album->phase->worker_count ? holder : NOBODY);
}

/* A lock for readers and writers knows no owners; what changes or walks such a chain waits for its walks. */
static bool may_wait_for_chain(const struct mh_album *album, unsigned index)
{
	const struct mh_workload_kind *kind = album->copies[index].workload->kind;

	return album->phase->run->scenario->chain.type == MH_CHAIN_RWLOCK && !kind->hotplug && !kind->uses_pages;
}

/* An unregister waits for all walks that could still call the listener. */
static void tell_walkers(struct mh_stream *out, const struct mh_album *album)
{
	const char *separator = ", that is for ";

	mh_stream_print(out, ", waits for the walks of the chain to end");
	for (unsigned i = 0; i < album->phase->worker_count; i++) {
		if (!is_at_work(album, i) || !album->stills[i].walking)
			continue;
		mh_stream_print(out, "%s", separator);
		tell_worker(out, album, i);
		separator = " and ";
	}
}

void mh_album_tell_wait(struct mh_stream *out, const struct mh_album *album, unsigned index)
{
	const struct mh_still *still = &album->stills[index];

	if (!is_at_work(album, index))
		return;
	if (still->hold.awaited)
		tell_mutex(out, album, still->hold.awaited);
	else if (is_hotplug(album, index) && !still->locked)
		tell_lock(out, album, index);
	else if ((still->stamped && still->last.kind == MH_STAMP_GRACE_BEGIN) || may_wait_for_chain(album, index))
		tell_walkers(out, album);
	else if (still->stamped && still->last.kind == MH_STAMP_DRAIN_BEGIN)
		mh_stream_print(out, ", waits for other threads to empty their lists of free pages");
	else if (still->stamped && still->last.kind == MH_STAMP_MIGRATE_BEGIN)
		mh_stream_print(out, ", waits for the block's pages to be moved away");
}
