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

void mh_mutex_init(struct mh_mutex *mutex)
{
	MH_ASSERT(pthread_mutex_init(&mutex->mutex, NULL) == 0);
}

void mh_mutex_release(struct mh_mutex *mutex)
{
	MH_ASSERT(pthread_mutex_destroy(&mutex->mutex) == 0);
}

_Thread_local struct mh_mutex *mh_mutex_awaited;

int mh_mutex_owner(const struct mh_mutex *mutex)
{
#if defined(__GLIBC__)
	/* Relaxed: only told. glibc keeps it for its own checks, whatever the kind of the mutex. */
	return __atomic_load_n(&mutex->mutex.__data.__owner, __ATOMIC_RELAXED);
#else
	(void)mutex;
	return 0;
#endif
}

void mh_mutex_lock_slow(struct mh_mutex *mutex)
{
	bool offline = mh_rcu_wait_begin();

	mh_mutex_awaited = mutex;
	MH_ASSERT(pthread_mutex_lock(&mutex->mutex) == 0);
	mh_mutex_awaited = NULL;
	mh_rcu_wait_end(offline);
}

void mh_condition_init(struct mh_condition *condition)
{
	pthread_condattr_t attributes;

	MH_ASSERT(pthread_condattr_init(&attributes) == 0);
	MH_ASSERT(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
	MH_ASSERT(pthread_cond_init(&condition->condition, &attributes) == 0);
	pthread_condattr_destroy(&attributes);
}

void mh_condition_release(struct mh_condition *condition)
{
	MH_ASSERT(pthread_cond_destroy(&condition->condition) == 0);
}

void mh_condition_wait(struct mh_condition *condition, struct mh_mutex *mutex)
{
	bool offline = mh_rcu_wait_begin();

	MH_ASSERT(pthread_cond_wait(&condition->condition, &mutex->mutex) == 0);
	mh_rcu_wait_end(offline);
}

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

bool mh_condition_wait_for(struct mh_condition *condition, struct mh_mutex *mutex, uint64_t timeout_ns)
{
	struct timespec deadline = deadline_after(timeout_ns);
	bool offline = mh_rcu_wait_begin();
	int ret = pthread_cond_timedwait(&condition->condition, &mutex->mutex, &deadline);

	mh_rcu_wait_end(offline);
	MH_ASSERT(ret == 0 || ret == ETIMEDOUT);
	return ret == 0;
}

void mh_condition_signal(struct mh_condition *condition)
{
	pthread_cond_signal(&condition->condition);
}

void mh_condition_broadcast(struct mh_condition *condition)
{
	pthread_cond_broadcast(&condition->condition);
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
