/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lock that is held for a moment, in which nobody sleeps: who comes meanwhile spins, then yields. As nobody is to be
 * woken, a store unlocks.
 *
 * It may favour a party: threads that never want it at the same time, since another lock lets one of them through at a
 * time. These enter and leave, all others lock and unlock. Until the first of the others comes nobody is to be kept
 * out, and to enter is a store and a look; that first one takes the favour away for good, at the price of a fence in
 * every thread.
 */
#ifndef BASE_BRIEF_H
#define BASE_BRIEF_H

#include "base/mutex.h"

struct mh_brief {
	struct mh_mutex mutex;   /* of which the word alone is used: for who asks what a thread waits for */
	_Atomic uint32_t inside; /* 1: one of the favoured party is in it by that favour alone */
};

/* In the word: as in a mutex that is handed over, taken for all but some, and nobody's. */
#define MH_BRIEF_FAVOURS MH_MUTEX_AWAITED

void mh_brief_init(struct mh_brief *brief);
/* Where the kernel refuses a fence in every thread it favours nobody: to enter is to lock. */
void mh_brief_init_favouring(struct mh_brief *brief);
void mh_brief_release(struct mh_brief *brief);
void mh_brief_lock_slow(struct mh_brief *brief);

static inline bool mh_brief_enter_favoured(struct mh_brief *brief)
{
	atomic_store_explicit(&brief->inside, 1, memory_order_relaxed);
	/* The store before the load, against who takes the favour away and has every thread pass a fence before it
	 * looks at @inside (mh_brief_lock_slow): if this load misses that, the fence found the store done, and is
	 * waited for this one to leave. In the other order, or without either fence, both could be in it. */
	mh_fence_light();
	if (__builtin_expect(atomic_load_explicit(&brief->mutex.word, memory_order_relaxed) == MH_BRIEF_FAVOURS, 1))
		return true;
	/* The release as in mh_brief_leave_favoured: it may be this store that is read there. */
	atomic_store_explicit(&brief->inside, 0, memory_order_release);
	return false;
}

/* Return: whether it was entered by favour alone. */
static inline bool mh_brief_leave_favoured(struct mh_brief *brief)
{
	if (__builtin_expect(!atomic_load_explicit(&brief->inside, memory_order_relaxed), 0))
		return false;
	/* The release pairs with the acquire of who took the favour away and waits for this one. */
	atomic_store_explicit(&brief->inside, 0, memory_order_release);
	return true;
}

static inline void mh_brief_give(struct mh_brief *brief)
{
	/* The release pairs with the acquire of the next lock. */
	atomic_store_explicit(&brief->mutex.word, 0, memory_order_release);
}

#if MH_MUTEX_TOLD
void mh_brief_lock(struct mh_brief *brief);
void mh_brief_unlock(struct mh_brief *brief);
void mh_brief_enter(struct mh_brief *brief);
void mh_brief_leave(struct mh_brief *brief);
#else
static inline void mh_brief_lock(struct mh_brief *brief)
{
	if (__builtin_expect(!mh_mutex_take(&brief->mutex), 0))
		mh_brief_lock_slow(brief);
}

static inline void mh_brief_unlock(struct mh_brief *brief)
{
	mh_brief_give(brief);
}

static inline void mh_brief_enter(struct mh_brief *brief)
{
	if (__builtin_expect(!mh_brief_enter_favoured(brief), 0))
		mh_brief_lock(brief);
}

static inline void mh_brief_leave(struct mh_brief *brief)
{
	if (__builtin_expect(!mh_brief_leave_favoured(brief), 0))
		mh_brief_give(brief);
}
#endif

#endif
