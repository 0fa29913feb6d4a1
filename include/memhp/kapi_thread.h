/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module's view of its thread, and the contexts in which it must not sleep. For the headers below kernel/linux/.
 */
#ifndef MEMHP_KAPI_THREAD_H
#define MEMHP_KAPI_THREAD_H

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEMHP_COMM_SIZE 16

/* What a module may read of a thread; the host's own part follows it in memory. */
struct task_struct {
	unsigned int __state; /* TASK_*; by its own thread and by who wakes it */
	int pid;              /* of the thread */
	char comm[MEMHP_COMM_SIZE];
};

/* The calling thread's; valid until it ends. */
MEMHP_EXPORT struct task_struct *memhp_current(void);

/* Reports when the thread holds what forbids to sleep. */
MEMHP_EXPORT void memhp_might_sleep(const char *where);
/* The thread may be taken off its CPU after at most this. */
MEMHP_EXPORT void memhp_cond_resched(const char *where);
/* Non-zero where sleeping is forbidden. */
MEMHP_EXPORT int memhp_in_atomic(void);
MEMHP_EXPORT int memhp_irqs_disabled(void);

/* Each nests; an end without its begin is reported. */
MEMHP_EXPORT void memhp_preempt_disable(const char *where);
MEMHP_EXPORT void memhp_preempt_enable(const char *where);
MEMHP_EXPORT void memhp_bh_disable(const char *where);
MEMHP_EXPORT void memhp_bh_enable(const char *where);
/* Interrupts are off or on: 1 when they were off before. No signal or thread is kept away. */
MEMHP_EXPORT unsigned long memhp_irq_save(const char *where);
MEMHP_EXPORT void memhp_irq_restore(unsigned long flags);

#ifdef __cplusplus
}
#endif

#endif
