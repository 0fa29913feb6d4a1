/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A queue of works and the threads that do them: the inside of core/kapi_work.c.
 *
 * One lock guards all queues and works, mh_kapi_works.lock; no work runs under it. It comes before the timers' lock.
 */
#ifndef CORE_KAPI_WORKQUEUE_H
#define CORE_KAPI_WORKQUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include <memhp/kapi_work.h>

#include "base/sync.h"
#include "base/thread.h"

/* Threads of one queue at most: so many works may wait for each other. */
#define MH_KAPI_WORKERS_MAX 64

enum mh_kapi_work_state {
	MH_KAPI_WORK_IDLE,
	MH_KAPI_WORK_QUEUED,
	MH_KAPI_WORK_DELAYED,
	MH_KAPI_WORK_CANCELLED, /* someone waits for its end: it cannot be queued, not even by itself */
};

struct mh_kapi_worker {
	struct mh_thread thread;
	struct workqueue_struct *queue;
	struct work_struct *work; /* that it does; NULL: none. May be freed meanwhile: only compared */
	unsigned long sequence;   /* of the work */
	work_func_t func;
	const char *name, *where;
	struct mh_kapi_worker *next;
};

struct workqueue_struct {
	char name[24];
	const char *where; /* made; NULL: always there */
	unsigned active_max, workers_count, idle;
	struct mh_kapi_worker *workers;
	struct work_struct *first, **last;
	unsigned long sequence; /* works ever queued */
	bool stop;
	struct mh_condition added;
	struct workqueue_struct *next; /* of all */
};

struct mh_kapi_works {
	struct mh_mutex lock;
	struct mh_condition done; /* a work was done or taken out */
	struct workqueue_struct *queues;
};

extern struct mh_kapi_works mh_kapi_works;

/* The lock, with all that it guards made. */
void mh_kapi_works_lock(void);
void mh_kapi_works_unlock(void);

/* All of these under the lock. */
bool mh_kapi_queue_exists(const struct workqueue_struct *queue);
/* -EAGAIN: no thread could be started, and it has none. */
int mh_kapi_queue_add(struct workqueue_struct *queue, struct work_struct *work);
/* The queue in which @work waits; NULL: none. It is looked for by address alone. */
struct workqueue_struct *mh_kapi_queue_of(const struct work_struct *work);
void mh_kapi_queue_take(struct workqueue_struct *queue, struct work_struct *work);
/* One that does @work; NULL: none. */
struct mh_kapi_worker *mh_kapi_worker_of(const struct work_struct *work);
/* Works queued up to @sequence that wait or run. */
bool mh_kapi_queue_is_busy(const struct workqueue_struct *queue, unsigned long sequence);

/* The delayed work whose timer @timer is; NULL: it is none. */
const struct delayed_work *mh_kapi_delayed_work_of(const struct timer_list *timer);

/* The worker that this thread is; NULL: none. */
struct mh_kapi_worker *mh_kapi_worker_self(void);

/* Ends the threads of @queue, which has no work left. Without the lock. */
void mh_kapi_queue_stop(struct workqueue_struct *queue);

#endif
