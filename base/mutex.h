/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mutex of one word, and conditions: what the C library's would be if it knew no kinds, was inlined and told its
 * owner. An operation on an empty block takes two locks that nobody else wants; by the library's calls these were a
 * ninth of its instructions.
 *
 * The word is 0, or the number of the thread that has the mutex, with MH_MUTEX_AWAITED once somebody sleeps for it.
 * Who comes by takes a free mutex before those who were woken for it, which is fast, until one of them has waited for
 * MH_MUTEX_PATIENCE_NS: while there is such a one, each unlock hands the mutex over to the sleepers, the longest asleep
 * first. The word between is MH_MUTEX_AWAITED alone: free for them, taken for all others.
 *
 * An unlock is a compare-and-swap, which waits for all stores before it. For a mutex that outlives its unlocks
 * (mh_mutex_init_lasting) it is a store while nobody waits: who begins to wait is counted, has every other thread pass
 * a fence, and only then looks at the word again and sleeps.
 */
#ifndef BASE_MUTEX_H
#define BASE_MUTEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fence.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MH_MUTEX_TOLD 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define MH_MUTEX_TOLD 1
#endif
#ifndef MH_MUTEX_TOLD
#define MH_MUTEX_TOLD 0 /* 1: ThreadSanitizer is told of each lock, so that it finds a wrong order of them */
#endif

#define MH_MUTEX_AWAITED (UINT32_C(1) << 31)

/* About as long as a thread that is woken may take to run; so that a thread that takes a mutex without pause, as a
 * storm of operations does, cannot keep another from it for ever. */
#define MH_MUTEX_PATIENCE_NS 1000000u

struct mh_mutex {
	_Atomic uint32_t word;
	_Atomic uint32_t urgent; /* how many have waited for longer than MH_MUTEX_PATIENCE_NS */
	_Atomic uint32_t kind;   /* 0; or MH_MUTEX_LASTING, and MH_MUTEX_WAITER for each who waits */
};

#define MH_MUTEX_LASTING UINT32_C(1)
#define MH_MUTEX_WAITER  UINT32_C(2)

/* For one that is static; mh_mutex_init makes the same. */
#define MH_MUTEX_INIT                                                                                                  \
	{                                                                                                              \
		0, 0, 0                                                                                                \
	}

struct mh_condition {
	_Atomic uint32_t signals; /* so far; what a waiter sleeps on */
	_Atomic uint32_t waiters; /* changed under the mutex */
};

void mh_mutex_init(struct mh_mutex *mutex);
/* Its unlocks look at it once more when another thread may have it already: not for one that whoever takes it next may
 * free. Waiting for it costs a fence in every thread; where the kernel refuses that, it is a mutex like others. */
void mh_mutex_init_lasting(struct mh_mutex *mutex);
void mh_mutex_release(struct mh_mutex *mutex);
void mh_mutex_lock_slow(struct mh_mutex *mutex);
void mh_mutex_unlock_slow(struct mh_mutex *mutex);
void mh_mutex_wake(struct mh_mutex *mutex);

/* This thread's number as gettid() has it; 0 until it first takes a mutex. */
extern _Thread_local uint32_t mh_mutex_thread __attribute__((tls_model("initial-exec")));
uint32_t mh_mutex_number_thread(void);

/* The mutex that this thread waits for, or NULL; written by this thread alone, read in it by whoever holds it
 * (base/hold.h). */
extern _Thread_local struct mh_mutex *mh_mutex_awaited;

/* The thread (as gettid() numbers it) that has the mutex; 0: nobody. A snapshot; any thread. */
static inline int mh_mutex_owner(const struct mh_mutex *mutex)
{
	/* Relaxed: only told. */
	return (int)(atomic_load_explicit(&mutex->word, memory_order_relaxed) & ~MH_MUTEX_AWAITED);
}

static inline bool mh_mutex_take(struct mh_mutex *mutex)
{
	uint32_t self = mh_mutex_thread, nobody = 0;

	if (__builtin_expect(!self, 0))
		self = mh_mutex_number_thread();
	/* The acquire pairs with the release of the unlock before: what was done under the mutex is seen under it. */
	return atomic_compare_exchange_strong_explicit(&mutex->word, &nobody, self, memory_order_acquire,
						       memory_order_relaxed);
}

static inline bool mh_mutex_is_lasting_unawaited(const struct mh_mutex *mutex)
{
	return atomic_load_explicit(&mutex->kind, memory_order_relaxed) == MH_MUTEX_LASTING;
}

static inline void mh_mutex_give_by_exchange(struct mh_mutex *mutex)
{
	uint32_t self = mh_mutex_thread;

	/* Not a store: who begins to sleep in between has set a bit before, or finds the word changed.
	 * The release pairs with the acquire of the next lock. */
	if (__builtin_expect(!atomic_compare_exchange_strong_explicit(&mutex->word, &self, 0, memory_order_release,
								      memory_order_relaxed),
			     0))
		mh_mutex_unlock_slow(mutex);
}

static inline void mh_mutex_give(struct mh_mutex *mutex)
{
	if (!mh_mutex_is_lasting_unawaited(mutex)) {
		mh_mutex_give_by_exchange(mutex);
		return;
	}
	/* The release as above. */
	atomic_store_explicit(&mutex->word, 0, memory_order_release);
	/* The store before the load, against who counts itself and has every thread pass a fence before it looks at the
	 * word (mh_mutex_lock_slow): if this load misses the count, that fence found the store done, and the word is
	 * seen to be free. In the other order, or without either fence, both could miss the other's, and who waits
	 * would sleep beside a free mutex. */
	mh_fence_light();
	if (__builtin_expect(!mh_mutex_is_lasting_unawaited(mutex), 0))
		mh_mutex_wake(mutex);
}

#if MH_MUTEX_TOLD
bool mh_mutex_trylock(struct mh_mutex *mutex);
void mh_mutex_lock(struct mh_mutex *mutex);
void mh_mutex_unlock(struct mh_mutex *mutex);

/* The sanitizer's interface; its header is not everywhere where it is. Flags as there. */
#define MH_TOLD_TRY    0x10u
#define MH_TOLD_FAILED 0x20u
void __tsan_mutex_pre_lock(void *mutex, unsigned flags);
void __tsan_mutex_post_lock(void *mutex, unsigned flags, int recursion);
int __tsan_mutex_pre_unlock(void *mutex, unsigned flags);
void __tsan_mutex_post_unlock(void *mutex, unsigned flags);
#else
static inline bool mh_mutex_trylock(struct mh_mutex *mutex)
{
	return mh_mutex_take(mutex);
}

/* An uncontended lock does not wait, so qsbr need not hear of it; only the slow path goes offline. */
static inline void mh_mutex_lock(struct mh_mutex *mutex)
{
	if (__builtin_expect(!mh_mutex_take(mutex), 0))
		mh_mutex_lock_slow(mutex);
}

static inline void mh_mutex_unlock(struct mh_mutex *mutex)
{
	mh_mutex_give(mutex);
}
#endif

void mh_condition_init(struct mh_condition *condition);
void mh_condition_release(struct mh_condition *condition);
/* Gives @mutex back while it waits. May return without a signal: look again at what was waited for. */
void mh_condition_wait(struct mh_condition *condition, struct mh_mutex *mutex);
/* False when @timeout_ns ran out first. */
bool mh_condition_wait_for(struct mh_condition *condition, struct mh_mutex *mutex, uint64_t timeout_ns);
/* What is waited for was changed under the mutex; it may have been given back since. */
void mh_condition_signal(struct mh_condition *condition);
void mh_condition_broadcast(struct mh_condition *condition);

#endif
