/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting semaphores: nobody owns one, and no signal ends a wait. DEFINE_SEMAPHORE takes its count from Linux 6.4 on.
 */
#ifndef MEMHP_LINUX_SEMAPHORE_H
#define MEMHP_LINUX_SEMAPHORE_H

#include <linux/errno.h>
#include <linux/sched.h>

struct semaphore {
	struct memhp_semaphore memhp;
};

#define __SEMAPHORE_INITIALIZER(name, count)                                                                           \
	{                                                                                                              \
		.memhp = { 2ul * (count) }                                                                             \
	}
#if MEMHP_COMPAT == 61
#define DEFINE_SEMAPHORE(name) struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)
#else
#define DEFINE_SEMAPHORE(name, count) struct semaphore name = __SEMAPHORE_INITIALIZER(name, count)
#endif

static inline void sema_init(struct semaphore *semaphore, int count)
{
	semaphore->memhp.word = 2ul * (unsigned long)count;
}

#define down(semaphore)                  ((void)memhp_down(&(semaphore)->memhp, MAX_SCHEDULE_TIMEOUT, MEMHP_HERE))
#define down_interruptible(semaphore)    (down(semaphore), 0)
#define down_killable(semaphore)         (down(semaphore), 0)
#define down_timeout(semaphore, timeout) (memhp_down(&(semaphore)->memhp, timeout, MEMHP_HERE) ? 0 : -ETIME)
/* As in the kernel 0 means taken. */
#define down_trylock(semaphore) (!memhp_down_try(&(semaphore)->memhp))
#define up(semaphore)           memhp_up(&(semaphore)->memhp)

#endif
