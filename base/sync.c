/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The slow paths of locks, and sleeping. Each wait stands between mh_rcu_wait_begin and mh_rcu_wait_end: a thread that
 * reads under qsbr and waits for a lock whose holder waits for a qsbr grace period would otherwise wait for itself.
 *
 * A pthread call that fails here was used wrongly (a lock taken twice, a lock released by a stranger): assertions.
 */
#include "base/sync.h"

#include <errno.h>
#include <sched.h>
#include <time.h>

#include "base/assert.h"
#include "base/rcu.h"

#define NS_PER_S 1000000000u

/* Now on CLOCK_MONOTONIC plus @ns, not beyond what time_t holds. */
static struct timespec deadline_after(uint64_t ns)
{
	struct timespec deadline;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += (time_t)(ns / NS_PER_S);
	deadline.tv_nsec += (long)(ns % NS_PER_S);
	if (deadline.tv_nsec >= (long)NS_PER_S) {
		deadline.tv_nsec -= NS_PER_S;
		deadline.tv_sec++;
	}
	return deadline;
}

void mh_rwlock_init(struct mh_rwlock *rwlock)
{
	pthread_rwlockattr_t attributes;

	MH_ASSERT(pthread_rwlockattr_init(&attributes) == 0);
	/* PREFER_WRITER_NP alone is read as "prefer readers" by glibc: only the non-recursive kind lets writers pass.
	 */
	MH_ASSERT(pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
	MH_ASSERT(pthread_rwlock_init(&rwlock->rwlock, &attributes) == 0);
	pthread_rwlockattr_destroy(&attributes);
}

void mh_rwlock_release(struct mh_rwlock *rwlock)
{
	MH_ASSERT(pthread_rwlock_destroy(&rwlock->rwlock) == 0);
}

void mh_rwlock_read_lock_slow(struct mh_rwlock *rwlock)
{
	bool offline = mh_rcu_wait_begin();

	MH_ASSERT(pthread_rwlock_rdlock(&rwlock->rwlock) == 0);
	mh_rcu_wait_end(offline);
}

void mh_rwlock_write_lock_slow(struct mh_rwlock *rwlock)
{
	bool offline = mh_rcu_wait_begin();

	MH_ASSERT(pthread_rwlock_wrlock(&rwlock->rwlock) == 0);
	mh_rcu_wait_end(offline);
}

void mh_sleep_ns(uint64_t ns)
{
	struct timespec deadline = deadline_after(ns);
	bool offline = mh_rcu_wait_begin();

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL) == EINTR)
		continue; /* the deadline is absolute: a signal does not lengthen the sleep */
	mh_rcu_wait_end(offline);
}

void mh_yield(void)
{
	bool offline = mh_rcu_wait_begin();

	sched_yield();
	mh_rcu_wait_end(offline);
}

void mh_spin_turn(unsigned *turns)
{
	if (*turns < MH_SPIN_TURNS) {
		++*turns;
		mh_cpu_relax();
	} else {
		mh_yield();
	}
}
