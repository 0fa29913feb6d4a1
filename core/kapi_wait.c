/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread sleeps by its state, as in the kernel: it sets a state, looks at what it waits for, and schedules; a waker
 * that comes in between sets the state back, and the thread does not sleep.
 *
 * Why no wake-up is lost: the thread's setting of its state and the waker's look at it are read-modify-writes of one
 * word, so one comes first. If the waker's does, the thread's acquires what the waker did before, and its look finds
 * it; else the waker finds the state and wakes.
 *
 * Locks: the lock of the queue's place (kapi_park.c) guards the queue's links and a completion's count; under it the
 * record's lock of who is woken.
 */
#include "core/kapi_wait.h"

#include <memhp/kapi_time.h>

#include "core/kapi_count.h"
#include "core/kapi_park.h"
#include "core/kapi_sleep.h"
#include "core/kapi_thread.h"
#include "core/kapi_time.h"

void memhp_set_state(unsigned state)
{
	/* Sequentially consistent read-modify-write: see the head of this file. */
	(void)__atomic_exchange_n(&memhp_current()->__state, state, __ATOMIC_SEQ_CST);
}

static unsigned state_of(struct task_struct *task)
{
	return __atomic_load_n(&task->__state, __ATOMIC_RELAXED);
}

bool mh_kapi_condition_wait(struct mh_condition *condition, struct mh_mutex *lock, uint64_t deadline_ns)
{
	uint64_t now;

	if (deadline_ns == MH_KAPI_NEVER) {
		mh_condition_wait(condition, lock);
		return true;
	}
	now = mh_kapi_now_ns();
	if (now >= deadline_ns)
		return false;
	/* Too early by the scale's rounding is seen at the next turn. */
	(void)mh_condition_wait_for(condition, lock, mh_kapi_real_ns(deadline_ns - now) + 1);
	return true;
}

bool mh_kapi_sleep_until(uint64_t deadline_ns)
{
	struct mh_kapi_thread *self = mh_kapi_self();
	bool in_time = true;

	mh_mutex_lock(&self->lock);
	while (in_time && state_of(&self->task) != MEMHP_RUNNING)
		in_time = mh_kapi_condition_wait(&self->woken, &self->lock, deadline_ns);
	mh_mutex_unlock(&self->lock);
	if (!in_time)
		memhp_set_state(MEMHP_RUNNING);
	return in_time;
}

uint64_t mh_kapi_timeout_ns(long timeout)
{
	if (timeout == (long)MEMHP_TIMEOUT_NEVER)
		return MH_KAPI_NEVER;
	return timeout <= 0 ? 0 : mh_kapi_jiffies_ns(memhp_jiffies() + (unsigned long)timeout);
}

static long sleep_for(long timeout, const char *where)
{
	unsigned long end = memhp_jiffies() + (unsigned long)timeout;
	long left;

	if (state_of(memhp_current()) == MEMHP_RUNNING) {
		mh_yield();
		return timeout;
	}
	mh_kapi_might_sleep(where);
	(void)mh_kapi_sleep_until(mh_kapi_timeout_ns(timeout));
	if (timeout == (long)MEMHP_TIMEOUT_NEVER)
		return timeout;
	left = (long)(end - memhp_jiffies());
	return left > 0 ? left : 0;
}

long memhp_schedule(long timeout, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_SCHEDULE);
	return sleep_for(timeout, where);
}

int mh_kapi_wake_task(struct task_struct *task, unsigned states)
{
	struct mh_kapi_thread *thread = mh_kapi_thread_of(task);
	int woken = 0;

	mh_mutex_lock(&thread->lock);
	/* A read-modify-write that changes nothing: see the head of this file. */
	if (__atomic_fetch_or(&task->__state, 0, __ATOMIC_SEQ_CST) & states) {
		__atomic_store_n(&task->__state, MEMHP_RUNNING, __ATOMIC_SEQ_CST);
		mh_condition_signal(&thread->woken);
		woken = 1;
	}
	mh_mutex_unlock(&thread->lock);
	return woken;
}

int memhp_wake_task(struct task_struct *task, unsigned states)
{
	mh_kapi_count(MH_KAPI_CALL_WAKE_UP_PROCESS);
	return mh_kapi_wake_task(task, states);
}

/* Exclusive waiters come last, in the order of their coming; the others first, so that a waker meets them all. */
static void queue_add(struct memhp_wait_head *head, struct memhp_waiter *waiter)
{
	struct memhp_waiter *before = waiter->exclusive ? head->last : NULL;

	waiter->previous = before;
	waiter->next = before ? NULL : head->first;
	*(before ? &before->next : &head->first) = waiter;
	*(waiter->next ? &waiter->next->previous : &head->last) = waiter;
}

static void queue_remove(struct memhp_wait_head *head, struct memhp_waiter *waiter)
{
	*(waiter->previous ? &waiter->previous->next : &head->first) = waiter->next;
	*(waiter->next ? &waiter->next->previous : &head->last) = waiter->previous;
	waiter->task = NULL;
}

static void prepare_locked(struct memhp_wait_head *head, struct memhp_waiter *waiter, unsigned state)
{
	if (!waiter->task) {
		waiter->task = memhp_current();
		queue_add(head, waiter);
	}
	memhp_set_state(state);
}

void memhp_wait_prepare(struct memhp_wait_head *head, struct memhp_waiter *waiter, unsigned state, int exclusive)
{
	struct mh_kapi_park *park = mh_kapi_park_of(head);

	mh_kapi_count(MH_KAPI_CALL_PREPARE_TO_WAIT);
	mh_mutex_lock(&park->lock);
	if (!waiter->task)
		waiter->exclusive = exclusive;
	prepare_locked(head, waiter, state);
	mh_mutex_unlock(&park->lock);
}

void memhp_wait_finish(struct memhp_wait_head *head, struct memhp_waiter *waiter)
{
	struct mh_kapi_park *park = mh_kapi_park_of(head);

	memhp_set_state(MEMHP_RUNNING);
	mh_mutex_lock(&park->lock);
	if (waiter->task)
		queue_remove(head, waiter);
	mh_mutex_unlock(&park->lock);
}

/* A waiter that is woken leaves the queue: the next waker is for others. */
static void wake_locked(struct memhp_wait_head *head, unsigned states, int exclusive)
{
	struct memhp_waiter *next;

	for (struct memhp_waiter *waiter = head->first; waiter; waiter = next) {
		int counts = waiter->exclusive;

		next = waiter->next;
		if (!mh_kapi_wake_task(waiter->task, states))
			continue;
		queue_remove(head, waiter);
		if (counts && --exclusive == 0)
			return;
	}
}

void memhp_wake(struct memhp_wait_head *head, unsigned states, int exclusive)
{
	struct mh_kapi_park *park = mh_kapi_park_of(head);

	mh_kapi_count(MH_KAPI_CALL_WAKE_UP);
	mh_mutex_lock(&park->lock);
	wake_locked(head, states, exclusive);
	mh_mutex_unlock(&park->lock);
}

int memhp_wait_is_waited(struct memhp_wait_head *head)
{
	struct mh_kapi_park *park = mh_kapi_park_of(head);
	int waited;

	mh_mutex_lock(&park->lock);
	waited = head->first != NULL;
	mh_mutex_unlock(&park->lock);
	return waited;
}

#define DONE_FOR_ALL (~0u)

void memhp_completion_init(struct memhp_completion *completion)
{
	struct mh_kapi_park *park = mh_kapi_park_of(&completion->waiters);

	mh_mutex_lock(&park->lock);
	completion->done = 0;
	mh_mutex_unlock(&park->lock);
}

/* All under the place's lock: the waiter may free the completion as soon as it got it. */
void memhp_complete(struct memhp_completion *completion, int all)
{
	struct mh_kapi_park *park = mh_kapi_park_of(&completion->waiters);

	mh_kapi_count(MH_KAPI_CALL_COMPLETE);
	mh_mutex_lock(&park->lock);
	if (all)
		completion->done = DONE_FOR_ALL;
	else if (completion->done != DONE_FOR_ALL)
		completion->done++;
	wake_locked(&completion->waiters, MEMHP_SLEEPING, all ? 0 : 1);
	mh_mutex_unlock(&park->lock);
}

static int take_done(struct memhp_completion *completion)
{
	if (!completion->done)
		return 0;
	if (completion->done != DONE_FOR_ALL)
		completion->done--;
	return 1;
}

int memhp_completion_try(struct memhp_completion *completion, int take)
{
	struct mh_kapi_park *park = mh_kapi_park_of(&completion->waiters);
	int done;

	mh_mutex_lock(&park->lock);
	done = take ? take_done(completion) : completion->done != 0;
	mh_mutex_unlock(&park->lock);
	return done;
}

/* Taken, and this thread out of the queue; or else in the queue and not running. */
static int take_or_prepare(struct memhp_completion *completion, struct memhp_waiter *waiter)
{
	struct mh_kapi_park *park = mh_kapi_park_of(&completion->waiters);
	int done;

	mh_mutex_lock(&park->lock);
	done = take_done(completion);
	if (!done)
		prepare_locked(&completion->waiters, waiter, MEMHP_UNINTERRUPTIBLE);
	else if (waiter->task)
		queue_remove(&completion->waiters, waiter);
	mh_mutex_unlock(&park->lock);
	return done;
}

long memhp_completion_wait(struct memhp_completion *completion, long timeout, const char *where)
{
	struct memhp_waiter waiter = {.exclusive = 1};

	mh_kapi_count(MH_KAPI_CALL_WAIT_FOR_COMPLETION);
	mh_kapi_might_sleep(where);
	while (!take_or_prepare(completion, &waiter)) {
		if (timeout <= 0) {
			memhp_wait_finish(&completion->waiters, &waiter);
			/* It may have been completed between the look and the leave. */
			return memhp_completion_try(completion, 1);
		}
		timeout = sleep_for(timeout, where);
	}
	return timeout > 0 ? timeout : 1;
}
