/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that has run module code: what it holds, and where it sleeps.
 *
 * A record is made when a thread first needs one and ends with the thread; that of a thread which base/thread has not
 * started (main) stays.
 */
#ifndef CORE_KAPI_THREAD_H
#define CORE_KAPI_THREAD_H

#include <stdatomic.h>
#include <stdbool.h>

#include <memhp/kapi_thread.h>

#include "base/sync.h"
#include "core/kapi_held.h"

struct mh_kapi_tally;

struct mh_kapi_thread {
	struct task_struct task;                    /* first: a module's task is this record */
	struct mh_mutex lock;                       /* guards held, held_count; task.__state against who wakes */
	struct mh_condition woken;                  /* task.__state became TASK_RUNNING */
	int cpu;                                    /* its number for smp_processor_id(), -1: none yet */
	bool cpu_is_held;                           /* no other thread is on its CPU: preemption is off */
	bool kept;                                  /* its memory is another's when the thread ends */
	unsigned held_count, lost;                  /* lost: did not fit into held */
	struct mh_kapi_held held[MH_KAPI_HELD_MAX]; /* written by the thread alone */
	uint64_t taken, taken_atomic;               /* so often; atomic: what forbids to sleep. The thread's alone */
	_Atomic(struct mh_kapi_tally *) tally;      /* of core/kapi_count.c; NULL: nothing counted */
	struct mh_kapi_thread *next, **link;        /* of all; under the registry's lock */
};

/* This thread's record. */
struct mh_kapi_thread *mh_kapi_self(void);

/* Of core/kapi_thread.c. */
extern _Thread_local struct mh_kapi_thread *mh_kapi_self_record __attribute__((tls_model("initial-exec")));

/* NULL: this thread has none. Each operation asks. */
static inline struct mh_kapi_thread *mh_kapi_self_if_any(void)
{
	return mh_kapi_self_record;
}

/* For a thread that is going to be started: it takes the record as its first thing. */
struct mh_kapi_thread *mh_kapi_thread_make(const char *name);
void mh_kapi_thread_adopt(struct mh_kapi_thread *record);
/* The thread has ended, or was never started. */
void mh_kapi_thread_free(struct mh_kapi_thread *record);

/* "the work 'x'" has ended in this thread: what it holds is told and let go. */
void mh_kapi_thread_end_held(const char *what, const char *name);

/* @each for every record there is, whose threads go on meanwhile; it must neither block nor call a module. */
void mh_kapi_threads_each(void (*each)(struct mh_kapi_thread *thread, void *data), void *data);

static inline struct mh_kapi_thread *mh_kapi_thread_of(struct task_struct *task)
{
	return (struct mh_kapi_thread *)(void *)task;
}

#endif
