/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sleeping until another thread wakes: states of a thread, queues of waiters, completions, semaphores. Zeroed storage
 * is an empty queue. For the headers below kernel/linux/.
 */
#ifndef MEMHP_KAPI_WAIT_H
#define MEMHP_KAPI_WAIT_H

#include <memhp/kapi_thread.h>
#include <memhp/kapi_tsan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* States of a thread, and sets of those that a waker means. */
#define MEMHP_RUNNING         0u
#define MEMHP_INTERRUPTIBLE   1u
#define MEMHP_UNINTERRUPTIBLE 2u
#define MEMHP_SLEEPING        3u

#define MEMHP_TIMEOUT_NEVER (~0ul >> 1) /* LONG_MAX jiffies */

MEMHP_EXPORT void memhp_set_state(unsigned state);
/*
 * Until woken, or at most @timeout jiffies; at once when the state is MEMHP_RUNNING, which it is afterwards. Return:
 * jiffies that are left.
 */
MEMHP_EXPORT long memhp_schedule(long timeout, const char *where);
/* 1: @task slept in one of @states. */
MEMHP_EXPORT int memhp_wake_task(struct task_struct *task, unsigned states);

struct memhp_waiter {
	struct memhp_waiter *next, *previous;
	struct task_struct *task; /* NULL: in no queue */
	int exclusive;
};

struct memhp_wait_head {
	struct memhp_waiter *first, *last;
};

/* Puts this thread into the queue, unless it is there, and sets its state: from here on it is woken. */
MEMHP_EXPORT void memhp_wait_prepare(struct memhp_wait_head *head, struct memhp_waiter *waiter, unsigned state,
				     int exclusive);
/* Takes it out and sets it running. */
MEMHP_EXPORT void memhp_wait_finish(struct memhp_wait_head *head, struct memhp_waiter *waiter);
/* All that are not exclusive, and @exclusive of those that are; 0: all. */
MEMHP_EXPORT void memhp_wake(struct memhp_wait_head *head, unsigned states, int exclusive);
MEMHP_EXPORT int memhp_wait_is_waited(struct memhp_wait_head *head);

struct memhp_completion {
	unsigned done; /* ~0u: for all that ever wait */
	struct memhp_wait_head waiters;
};

/* One waiter, or with @all every one until the completion is initialised again. */
MEMHP_EXPORT void memhp_complete(struct memhp_completion *completion, int all);
/* Jiffies that are left, at least 1; 0: it was not completed in @timeout jiffies. */
MEMHP_EXPORT long memhp_completion_wait(struct memhp_completion *completion, long timeout, const char *where);
/* 1: done; with @take it is as if waited for. */
MEMHP_EXPORT int memhp_completion_try(struct memhp_completion *completion, int take);
MEMHP_EXPORT void memhp_completion_init(struct memhp_completion *completion);

struct memhp_semaphore {
	unsigned long word; /* twice the count, and a bit of core/kapi_semaphore.c */
};

/* Any thread may give what another took. 1: taken; 0: not in @timeout jiffies. */
MEMHP_EXPORT int memhp_down(struct memhp_semaphore *semaphore, long timeout, const char *where);
MEMHP_EXPORT int memhp_down_try(struct memhp_semaphore *semaphore);
MEMHP_EXPORT void memhp_up(struct memhp_semaphore *semaphore);

#ifdef __cplusplus
}
#endif

#endif
