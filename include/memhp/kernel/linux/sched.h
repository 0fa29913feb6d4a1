/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The thread itself: its states, and giving up the CPU. Of struct task_struct there are comm and pid, the thread's, and
 * nothing else; there are no signals.
 */
#ifndef MEMHP_LINUX_SCHED_H
#define MEMHP_LINUX_SCHED_H

#include <linux/kernel.h>
#include <linux/memhp_types.h>
#include <linux/preempt.h>
#include <memhp/kapi_wait.h>

#define current memhp_current()

#define TASK_COMM_LEN        MEMHP_COMM_SIZE
#define TASK_RUNNING         MEMHP_RUNNING
#define TASK_INTERRUPTIBLE   MEMHP_INTERRUPTIBLE
#define TASK_UNINTERRUPTIBLE MEMHP_UNINTERRUPTIBLE
#define TASK_KILLABLE        MEMHP_UNINTERRUPTIBLE
#define TASK_IDLE            MEMHP_UNINTERRUPTIBLE
#define TASK_NORMAL          MEMHP_SLEEPING

#define MAX_SCHEDULE_TIMEOUT ((long)MEMHP_TIMEOUT_NEVER)

#define set_current_state(state)   memhp_set_state(state)
#define __set_current_state(state) memhp_set_state(state)
#define get_current_state()        READ_ONCE(memhp_current()->__state)
#define task_is_running(task)      (READ_ONCE((task)->__state) == TASK_RUNNING)

#define schedule()                ((void)memhp_schedule(MAX_SCHEDULE_TIMEOUT, MEMHP_HERE))
#define io_schedule()             schedule()
#define schedule_timeout(timeout) memhp_schedule(timeout, MEMHP_HERE)
#define schedule_timeout_interruptible(timeout)                                                                        \
	(memhp_set_state(TASK_INTERRUPTIBLE), memhp_schedule(timeout, MEMHP_HERE))
#define schedule_timeout_uninterruptible(timeout)                                                                      \
	(memhp_set_state(TASK_UNINTERRUPTIBLE), memhp_schedule(timeout, MEMHP_HERE))
#define schedule_timeout_killable(timeout) schedule_timeout_uninterruptible(timeout)
#define schedule_timeout_idle(timeout)     schedule_timeout_uninterruptible(timeout)

#define wake_up_process(task)     memhp_wake_task(task, MEMHP_SLEEPING)
#define wake_up_state(task, mask) memhp_wake_task(task, mask)

/* Unlike the kernel always a yield of the CPU; 1: something may have run. */
#define cond_resched() (memhp_cond_resched(MEMHP_HERE), 1)
#define yield()        memhp_cond_resched(MEMHP_HERE)
#define need_resched() 0

#define signal_pending(task)       ((void)(task), 0)
#define fatal_signal_pending(task) ((void)(task), 0)

static inline int task_pid_nr(const struct task_struct *task)
{
	return task->pid;
}

#endif
