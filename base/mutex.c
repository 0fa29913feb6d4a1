/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for a mutex or a condition, by futex: private ones, of this process. Each wait stands between
 * mh_rcu_wait_begin and mh_rcu_wait_end, as all in base/sync.c.
 */
#include "base/mutex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/rcu.h"
#include "base/sync.h"

#define NS_PER_S 1000000000u

_Thread_local uint32_t mh_mutex_thread;
_Thread_local struct mh_mutex *mh_mutex_awaited;

/* Returns at once where the word is not @expected. False: @timeout, which may be NULL, ran out. */
static bool sleep_on(_Atomic uint32_t *word, uint32_t expected, const struct timespec *timeout)
{
	return syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout, NULL, 0) == 0 || errno != ETIMEDOUT;
}

static void wake(_Atomic uint32_t *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static void renumber(void)
{
	mh_mutex_thread = (uint32_t)gettid();
}

static void renumber_in_children(void)
{
	(void)pthread_atfork(NULL, NULL, renumber);
}

uint32_t mh_mutex_number_thread(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, renumber_in_children);
	renumber();
	return mh_mutex_thread;
}

void mh_mutex_init(struct mh_mutex *mutex)
{
	atomic_init(&mutex->word, 0);
	atomic_init(&mutex->urgent, 0);
	atomic_init(&mutex->kind, 0);
}

void mh_mutex_init_lasting(struct mh_mutex *mutex)
{
	mh_mutex_init(mutex);
	if (mh_fence_prepare())
		atomic_init(&mutex->kind, MH_MUTEX_LASTING);
}

void mh_mutex_release(struct mh_mutex *mutex)
{
	MH_ASSERT(mh_mutex_owner(mutex) == 0);
}

/* With the bit of those who wait: others may sleep still, of whom nobody else knows. The acquire as in
 * mh_mutex_trylock. */
static bool take_from(struct mh_mutex *mutex, uint32_t word)
{
	return atomic_compare_exchange_strong_explicit(&mutex->word, &word, mh_mutex_thread | MH_MUTEX_AWAITED,
						       memory_order_acquire, memory_order_relaxed);
}

/* @slept: a mutex that is handed over is this thread's too. */
static bool take_awaited(struct mh_mutex *mutex, bool slept)
{
	return take_from(mutex, 0) || (slept && take_from(mutex, MH_MUTEX_AWAITED));
}

/* Until the word changes; not at all on one that this thread could take. */
static void sleep_for(struct mh_mutex *mutex, bool slept)
{
	uint32_t word = atomic_load_explicit(&mutex->word, memory_order_relaxed);

	if (!word || (slept && word == MH_MUTEX_AWAITED))
		return;
	/* Relaxed: the kernel compares the word once more under a lock of its own before the thread sleeps. */
	if (!(word & MH_MUTEX_AWAITED) &&
	    !atomic_compare_exchange_strong_explicit(&mutex->word, &word, word | MH_MUTEX_AWAITED, memory_order_relaxed,
						     memory_order_relaxed))
		return;
	(void)sleep_on(&mutex->word, word | MH_MUTEX_AWAITED, NULL);
}

static bool is_lasting(const struct mh_mutex *mutex)
{
	return atomic_load_explicit(&mutex->kind, memory_order_relaxed) & MH_MUTEX_LASTING;
}

/* From here on each unlock sees that somebody waits, or was done before the word is looked at again: the fence stands
 * between the count and that look, as the other one between the two of an unlock (mh_mutex_give). */
static void begin_to_wait(struct mh_mutex *mutex)
{
	mh_mutex_awaited = mutex;
	if (!is_lasting(mutex))
		return;
	/* Relaxed: the fence orders it. */
	atomic_fetch_add_explicit(&mutex->kind, MH_MUTEX_WAITER, memory_order_relaxed);
	mh_fence_all();
}

/* With the mutex. Relaxed: who sleeps is counted by itself, and this thread's own unlock comes later. */
static void end_to_wait(struct mh_mutex *mutex)
{
	if (is_lasting(mutex))
		atomic_fetch_sub_explicit(&mutex->kind, MH_MUTEX_WAITER, memory_order_relaxed);
	mh_mutex_awaited = NULL;
}

void mh_mutex_lock_slow(struct mh_mutex *mutex)
{
	bool offline = mh_rcu_wait_begin(), slept = false, urgent = false;
	uint64_t since_ns = mh_clock_monotonic_ns();

	begin_to_wait(mutex);
	while (!take_awaited(mutex, slept)) {
		sleep_for(mutex, slept);
		slept = true;
		if (!urgent && mh_clock_monotonic_ns() - since_ns > MH_MUTEX_PATIENCE_NS) {
			urgent = true;
			/* Relaxed: an unlock that does not see it yet is followed by another. */
			atomic_fetch_add_explicit(&mutex->urgent, 1, memory_order_relaxed);
		}
	}
	if (urgent)
		atomic_fetch_sub_explicit(&mutex->urgent, 1, memory_order_relaxed);
	end_to_wait(mutex);
	mh_rcu_wait_end(offline);
}

void mh_mutex_unlock_slow(struct mh_mutex *mutex)
{
	/* Relaxed: an urgent thread stays counted until it has the mutex, which is still this thread's. So somebody
	 * comes for one that is handed over. */
	bool hand_over = atomic_load_explicit(&mutex->urgent, memory_order_relaxed) != 0;

	/* The release as in mh_mutex_unlock. */
	atomic_store_explicit(&mutex->word, hand_over ? MH_MUTEX_AWAITED : 0, memory_order_release);
	mh_mutex_wake(mutex);
}

void mh_mutex_wake(struct mh_mutex *mutex)
{
	wake(&mutex->word, 1);
}

#if MH_MUTEX_TOLD
bool mh_mutex_trylock(struct mh_mutex *mutex)
{
	bool taken;

	__tsan_mutex_pre_lock(mutex, MH_TOLD_TRY);
	taken = mh_mutex_take(mutex);
	__tsan_mutex_post_lock(mutex, MH_TOLD_TRY | (taken ? 0 : MH_TOLD_FAILED), 0);
	return taken;
}

void mh_mutex_lock(struct mh_mutex *mutex)
{
	__tsan_mutex_pre_lock(mutex, 0);
	if (!mh_mutex_take(mutex))
		mh_mutex_lock_slow(mutex);
	__tsan_mutex_post_lock(mutex, 0, 0);
}

void mh_mutex_unlock(struct mh_mutex *mutex)
{
	(void)__tsan_mutex_pre_unlock(mutex, 0);
	mh_mutex_give(mutex);
	__tsan_mutex_post_unlock(mutex, 0);
}
#endif

void mh_condition_init(struct mh_condition *condition)
{
	atomic_init(&condition->signals, 0);
	atomic_init(&condition->waiters, 0);
}

void mh_condition_release(struct mh_condition *condition)
{
	/* Who was woken may be on its way still. The acquire orders its last look at the condition before the release.
	 */
	while (atomic_load_explicit(&condition->waiters, memory_order_acquire))
		mh_yield();
}

/*
 * Relaxed: the mutex orders. Who changes what is waited for does so under it, and so either before this
 * waiter looked, or after it is counted and has read @signals, which a signal then changes before or while it sleeps.
 */
static bool wait(struct mh_condition *condition, struct mh_mutex *mutex, const struct timespec *timeout)
{
	bool offline = mh_rcu_wait_begin(), in_time;
	uint32_t signals = atomic_load_explicit(&condition->signals, memory_order_relaxed);

	atomic_fetch_add_explicit(&condition->waiters, 1, memory_order_relaxed);
	mh_mutex_unlock(mutex);
	in_time = sleep_on(&condition->signals, signals, timeout);
	mh_mutex_lock(mutex);
	/* The release for who waits in mh_condition_release. */
	atomic_fetch_sub_explicit(&condition->waiters, 1, memory_order_release);
	mh_rcu_wait_end(offline);
	return in_time;
}

void mh_condition_wait(struct mh_condition *condition, struct mh_mutex *mutex)
{
	(void)wait(condition, mutex, NULL);
}

bool mh_condition_wait_for(struct mh_condition *condition, struct mh_mutex *mutex, uint64_t timeout_ns)
{
	/* Of CLOCK_MONOTONIC. */
	struct timespec timeout = {(time_t)(timeout_ns / NS_PER_S), (long)(timeout_ns % NS_PER_S)};

	return wait(condition, mutex, &timeout);
}

static void signal_to(struct mh_condition *condition, int count)
{
	if (!atomic_load_explicit(&condition->waiters, memory_order_relaxed))
		return;
	atomic_fetch_add_explicit(&condition->signals, 1, memory_order_relaxed);
	wake(&condition->signals, count);
}

void mh_condition_signal(struct mh_condition *condition)
{
	signal_to(condition, 1);
}

void mh_condition_broadcast(struct mh_condition *condition)
{
	signal_to(condition, INT_MAX);
}
