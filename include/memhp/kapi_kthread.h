/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads of a module's own. For the headers below kernel/linux/. */
#ifndef MEMHP_KAPI_KTHREAD_H
#define MEMHP_KAPI_KTHREAD_H

#include <memhp/kapi_wait.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A thread that waits to be woken before it runs @function; @run: it is. NULL: it cannot be started. */
MEMHP_EXPORT struct task_struct *memhp_kthread_new(int (*function)(void *data), void *data, int run, const char *where,
						   const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Tells it to stop, wakes it and waits for its end. Return: what its function did; -EINTR: it was never woken. */
MEMHP_EXPORT int memhp_kthread_stop(struct task_struct *task, const char *where);
/* Of this thread; in any other it is reported. */
MEMHP_EXPORT int memhp_kthread_should_stop(const char *where);
MEMHP_EXPORT void *memhp_kthread_data(struct task_struct *task, const char *where);

#ifdef __cplusplus
}
#endif

#endif
