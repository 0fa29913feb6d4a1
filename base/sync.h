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

#include "base/mutex.h"

/* Prefers writers, as the kernel's rwsem does for our purpose: a reader that comes after a waiting writer waits. */
struct mh_rwlock {
	pthread_rwlock_t rwlock;
};

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
