/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that know RCU: each is registered with every liburcu flavour while it runs.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stddef.h>

#include "base/error.h"

struct mh_thread {
	pthread_t thread;
	void (*run)(void *data);
	void *data;
	char name[16]; /* as shown by ps -L; cut to 15 letters */
};

/**
 * mh_thread_start - run @run(@data) in a new thread, registered for RCU
 * @thread: must stay where it is until mh_thread_join
 * @cpu: logical CPU number to bind to, or -1
 *
 * Signals are blocked in the new thread: they are the main thread's. Return: 0, -EAGAIN or -EINVAL with a sentence.
 */
int mh_thread_start(struct mh_thread *thread, const char *name, int cpu, void (*run)(void *data), void *data,
		    struct mh_error *reterr);
void mh_thread_join(struct mh_thread *thread);

/*
 * @end is called when this thread ends, while it is still registered for RCU; one @end a thread, the last one set.
 * Never in a thread that mh_thread_start() has not started, which ends with the process.
 */
void mh_thread_at_end(void (*end)(void));

/* The CPU this thread is bound to alone, or -1. */
int mh_thread_bound_cpu(void);
/* The CPU this thread is running on; -1 where the kernel does not tell. It may be another by the next line. */
int mh_thread_current_cpu(void);
/* Logical CPUs this process may run on; at least 1. */
unsigned mh_thread_cpu_count(void);

/**
 * mh_thread_cpus - the numbers of the logical CPUs this process may run on
 * @ret_cpus: malloc'ed, ascending, @ret_count entries
 *
 * Return: 0, -ENOMEM, or what sched_getaffinity says.
 */
int mh_thread_cpus(unsigned **ret_cpus, size_t *ret_count);

#endif
