/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queues of waiters. Unlike the kernel, no signal ends a wait, so the interruptible and killable forms give 0; waiters
 * have no functions of their own.
 */
#ifndef MEMHP_LINUX_WAIT_H
#define MEMHP_LINUX_WAIT_H

#include <linux/sched.h>
#include <linux/spinlock.h>

typedef struct wait_queue_head {
	struct memhp_wait_head memhp;
} wait_queue_head_t;

typedef struct wait_queue_entry {
	struct memhp_waiter memhp;
} wait_queue_entry_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name)                                                                            \
	{                                                                                                              \
		.memhp = { 0 }                                                                                         \
	}
#define DECLARE_WAIT_QUEUE_HEAD(name)         wait_queue_head_t name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)
#define DEFINE_WAIT(name)                     wait_queue_entry_t name = {.memhp = {0}}

static inline void init_waitqueue_head(wait_queue_head_t *head)
{
	head->memhp.first = head->memhp.last = NULL;
}

static inline void init_wait(wait_queue_entry_t *entry)
{
	entry->memhp.task = NULL;
}

#define waitqueue_active(head) memhp_wait_is_waited(&(head)->memhp)
#define wq_has_sleeper(head)   waitqueue_active(head)

#define wake_up(head)                         memhp_wake(&(head)->memhp, TASK_NORMAL, 1)
#define wake_up_nr(head, count)               memhp_wake(&(head)->memhp, TASK_NORMAL, count)
#define wake_up_all(head)                     memhp_wake(&(head)->memhp, TASK_NORMAL, 0)
#define wake_up_interruptible(head)           memhp_wake(&(head)->memhp, TASK_INTERRUPTIBLE, 1)
#define wake_up_interruptible_nr(head, count) memhp_wake(&(head)->memhp, TASK_INTERRUPTIBLE, count)
#define wake_up_interruptible_all(head)       memhp_wake(&(head)->memhp, TASK_INTERRUPTIBLE, 0)

#define prepare_to_wait(head, entry, state)           memhp_wait_prepare(&(head)->memhp, &(entry)->memhp, state, 0)
#define prepare_to_wait_exclusive(head, entry, state) memhp_wait_prepare(&(head)->memhp, &(entry)->memhp, state, 1)
#define finish_wait(head, entry)                      memhp_wait_finish(&(head)->memhp, &(entry)->memhp)

/* The condition is looked at once more after each waking; others may change it meanwhile. */
#define memhp_look(condition)                                                                                          \
	(__extension__({                                                                                               \
		bool memhp_true;                                                                                       \
		MEMHP_PEEK_BEGIN();                                                                                    \
		memhp_true = !!(condition);                                                                            \
		MEMHP_PEEK_END();                                                                                      \
		memhp_true;                                                                                            \
	}))

/* Jiffies left of @timeout, at least 1; 0: the condition was still false at its end. */
#define memhp_wait_event(head, condition, timeout, state, exclusive)                                                   \
	(__extension__({                                                                                               \
		struct memhp_waiter memhp_entry = {0};                                                                 \
		long memhp_left = (timeout);                                                                           \
		bool memhp_come;                                                                                       \
		memhp_might_sleep(MEMHP_HERE);                                                                         \
		for (;;) {                                                                                             \
			memhp_wait_prepare(&(head).memhp, &memhp_entry, state, exclusive);                             \
			memhp_come = memhp_look(condition);                                                            \
			if (memhp_come || !memhp_left)                                                                 \
				break;                                                                                 \
			memhp_left = memhp_schedule(memhp_left, MEMHP_HERE);                                           \
		}                                                                                                      \
		memhp_wait_finish(&(head).memhp, &memhp_entry);                                                        \
		memhp_come && !memhp_left ? 1 : memhp_left;                                                            \
	}))

#define wait_event(head, condition)                                                                                    \
	((void)memhp_wait_event(head, condition, MAX_SCHEDULE_TIMEOUT, TASK_UNINTERRUPTIBLE, 0))
#define wait_event_idle(head, condition)                  wait_event(head, condition)
#define wait_event_timeout(head, condition, timeout)      memhp_wait_event(head, condition, timeout, TASK_UNINTERRUPTIBLE, 0)
#define wait_event_idle_timeout(head, condition, timeout) wait_event_timeout(head, condition, timeout)
#define wait_event_interruptible_timeout(head, condition, timeout)                                                     \
	memhp_wait_event(head, condition, timeout, TASK_INTERRUPTIBLE, 0)
#define wait_event_killable_timeout(head, condition, timeout) wait_event_timeout(head, condition, timeout)
#define wait_event_interruptible(head, condition)                                                                      \
	((void)wait_event_interruptible_timeout(head, condition, MAX_SCHEDULE_TIMEOUT), 0)
#define wait_event_interruptible_exclusive(head, condition)                                                            \
	((void)memhp_wait_event(head, condition, MAX_SCHEDULE_TIMEOUT, TASK_INTERRUPTIBLE, 1), 0)
#define wait_event_killable(head, condition)  (wait_event(head, condition), 0)
#define wait_event_freezable(head, condition) wait_event_interruptible(head, condition)

/* @lock: a spinlock that the caller holds, given back while it sleeps. */
#define wait_event_lock_irq(head, condition, lock)                                                                     \
	do {                                                                                                           \
		struct memhp_waiter memhp_entry = {0};                                                                 \
		for (;;) {                                                                                             \
			memhp_wait_prepare(&(head).memhp, &memhp_entry, TASK_UNINTERRUPTIBLE, 0);                      \
			if (condition)                                                                                 \
				break;                                                                                 \
			spin_unlock_irq(&(lock));                                                                      \
			schedule();                                                                                    \
			spin_lock_irq(&(lock));                                                                        \
		}                                                                                                      \
		memhp_wait_finish(&(head).memhp, &memhp_entry);                                                        \
	} while (0)

#endif
