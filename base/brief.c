/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for a brief lock, and taking its favour away.
 */
#include "base/brief.h"

#include "base/assert.h"
#include "base/sync.h"

void mh_brief_init(struct mh_brief *brief)
{
	mh_mutex_init(&brief->mutex);
	atomic_init(&brief->inside, 0);
}

void mh_brief_init_favouring(struct mh_brief *brief)
{
	mh_brief_init(brief);
	if (mh_fence_prepare())
		atomic_init(&brief->mutex.word, MH_BRIEF_FAVOURS);
}

void mh_brief_release(struct mh_brief *brief)
{
	MH_ASSERT(!atomic_load_explicit(&brief->inside, memory_order_relaxed));
	mh_mutex_release(&brief->mutex);
}

/* One alone is the first. Relaxed: what those before did, the wait for them orders. */
static bool take_favour(struct mh_brief *brief)
{
	uint32_t favours = MH_BRIEF_FAVOURS;

	return atomic_compare_exchange_strong_explicit(&brief->mutex.word, &favours, mh_mutex_thread,
						       memory_order_relaxed, memory_order_relaxed);
}

/* The lock is this thread's but for one who entered before. The fence stands between the word that was changed and the
 * look at @inside, as the other one between the two of who enters (mh_brief_enter_favoured). */
static void wait_for_favoured(struct mh_brief *brief)
{
	unsigned turns = 0;

	mh_fence_all();
	/* The acquire pairs with the release of who leaves: what was done in it is seen. */
	while (atomic_load_explicit(&brief->inside, memory_order_acquire))
		mh_spin_turn(&turns);
}

/* Without the bit: nobody sleeps. */
static void wait_for_word(struct mh_brief *brief)
{
	unsigned turns = 0;
	uint32_t nobody = 0;

	/* Looked at before it is tried: a failed try would take the line from who is to unlock. */
	while (atomic_load_explicit(&brief->mutex.word, memory_order_relaxed) ||
	       !atomic_compare_exchange_strong_explicit(&brief->mutex.word, &nobody, mh_mutex_thread,
							memory_order_acquire, memory_order_relaxed)) {
		nobody = 0;
		mh_spin_turn(&turns);
	}
}

void mh_brief_lock_slow(struct mh_brief *brief)
{
	mh_mutex_awaited = &brief->mutex;
	if (take_favour(brief))
		wait_for_favoured(brief);
	else
		wait_for_word(brief);
	mh_mutex_awaited = NULL;
}

#if MH_MUTEX_TOLD
static void lock_told(struct mh_brief *brief)
{
	if (!mh_mutex_take(&brief->mutex))
		mh_brief_lock_slow(brief);
}

void mh_brief_lock(struct mh_brief *brief)
{
	__tsan_mutex_pre_lock(brief, 0);
	lock_told(brief);
	__tsan_mutex_post_lock(brief, 0, 0);
}

void mh_brief_unlock(struct mh_brief *brief)
{
	(void)__tsan_mutex_pre_unlock(brief, 0);
	mh_brief_give(brief);
	__tsan_mutex_post_unlock(brief, 0);
}

void mh_brief_enter(struct mh_brief *brief)
{
	__tsan_mutex_pre_lock(brief, 0);
	if (!mh_brief_enter_favoured(brief))
		lock_told(brief);
	__tsan_mutex_post_lock(brief, 0, 0);
}

void mh_brief_leave(struct mh_brief *brief)
{
	(void)__tsan_mutex_pre_unlock(brief, 0);
	if (!mh_brief_leave_favoured(brief))
		mh_brief_give(brief);
	__tsan_mutex_post_unlock(brief, 0);
}
#endif
