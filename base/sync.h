/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every way to block. Nothing above base/ calls pthread_*, nanosleep or futex: one seam for a deterministic scheduler,
 * and the one place where a thread that reads under qsbr is taken offline while it waits (mh_rcu_wait_begin).
 */
#ifndef BASE_SYNC_H
#define BASE_SYNC_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct mh_mutex {
	pthread_mutex_t mutex;
};

struct mh_condition {
	pthread_cond_t condition; /* CLOCK_MONOTONIC */
};

/* Prefers writers, as the kernel's rwsem does for our purpose: a reader that comes after a waiting writer waits. */
struct mh_rwlock {
	pthread_rwlock_t rwlock;
};

void mh_mutex_init(struct mh_mutex *mutex);
void mh_mutex_release(struct mh_mutex *mutex);
void mh_mutex_lock_slow(struct mh_mutex *mutex);

/* An uncontended lock does not wait, so qsbr need not hear of it; only the slow path goes offline. */
static inline void mh_mutex_lock(struct mh_mutex *mutex)
{
	if (__builtin_expect(pthread_mutex_trylock(&mutex->mutex) != 0, 0))
		mh_mutex_lock_slow(mutex);
}

/* The mutex that this thread waits for, or NULL; written by this thread alone, read in it by whoever holds it
 * (base/hold.h). */
extern _Thread_local struct mh_mutex *mh_mutex_awaited;

/* The thread (as gettid() numbers it) that has the mutex; 0: nobody, or it cannot be told. A snapshot; any thread. */
int mh_mutex_owner(const struct mh_mutex *mutex);

static inline bool mh_mutex_trylock(struct mh_mutex *mutex)
{
	return pthread_mutex_trylock(&mutex->mutex) == 0;
}

static inline void mh_mutex_unlock(struct mh_mutex *mutex)
{
	pthread_mutex_unlock(&mutex->mutex);
}

void mh_condition_init(struct mh_condition *condition);
void mh_condition_release(struct mh_condition *condition);
void mh_condition_wait(struct mh_condition *condition, struct mh_mutex *mutex);
/* False when @timeout_ns ran out first. */
bool mh_condition_wait_for(struct mh_condition *condition, struct mh_mutex *mutex, uint64_t timeout_ns);
void mh_condition_signal(struct mh_condition *condition);
void mh_condition_broadcast(struct mh_condition *condition);

void mh_rwlock_init(struct mh_rwlock *rwlock);
void mh_rwlock_release(struct mh_rwlock *rwlock);
void mh_rwlock_read_lock_slow(struct mh_rwlock *rwlock);
void mh_rwlock_write_lock_slow(struct mh_rwlock *rwlock);

static inline void mh_rwlock_read_lock(struct mh_rwlock *rwlock)
{
	if (__builtin_expect(pthread_rwlock_tryrdlock(&rwlock->rwlock) != 0, 0))
		mh_rwlock_read_lock_slow(rwlock);
}

static inline void mh_rwlock_write_lock(struct mh_rwlock *rwlock)
{
	if (__builtin_expect(pthread_rwlock_trywrlock(&rwlock->rwlock) != 0, 0))
		mh_rwlock_write_lock_slow(rwlock);
}

static inline void mh_rwlock_unlock(struct mh_rwlock *rwlock)
{
	pthread_rwlock_unlock(&rwlock->rwlock);
}

void mh_sleep_ns(uint64_t ns);
void mh_yield(void);

/* One turn of a wait that is expected to be short: pauses, then yields after MH_SPIN_TURNS. */
#define MH_SPIN_TURNS 128
void mh_spin_turn(unsigned *turns);

static inline void mh_cpu_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

#endif
