/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads. Unlike the kernel's, one that has ended by itself stays until kthread_stop() or the end of its module; where
 * a thread runs is the host's choice.
 */
#ifndef MEMHP_LINUX_KTHREAD_H
#define MEMHP_LINUX_KTHREAD_H

#include <linux/errno.h>
#include <linux/sched.h>
#include <memhp/kapi_kthread.h>

/* As in the kernel an error is a pointer that IS_ERR() knows. */
static inline struct task_struct *memhp_kthread_or_error(struct task_struct *task)
{
	return task ? task : (struct task_struct *)(long)-ENOMEM;
}

#define kthread_create(function, data, format, ...)                                                                    \
	memhp_kthread_or_error(memhp_kthread_new(function, data, 0, MEMHP_HERE, format, ##__VA_ARGS__))
#define kthread_create_on_node(function, data, node, format, ...)                                                      \
	((void)(node), kthread_create(function, data, format, ##__VA_ARGS__))
#define kthread_run(function, data, format, ...)                                                                       \
	memhp_kthread_or_error(memhp_kthread_new(function, data, 1, MEMHP_HERE, format, ##__VA_ARGS__))

#define kthread_stop(task)      memhp_kthread_stop(task, MEMHP_HERE)
#define kthread_should_stop()   (memhp_kthread_should_stop(MEMHP_HERE) != 0)
#define kthread_data(task)      memhp_kthread_data(task, MEMHP_HERE)
#define kthread_bind(task, cpu) ((void)(task), (void)(cpu))

/* The record of a thread stays until kthread_stop(): nothing to count. */
#define get_task_struct(task) (task)
#define put_task_struct(task) ((void)(task))

#endif
