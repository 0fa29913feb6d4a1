/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queues and their workers. A worker is started when work waits and no other is idle, up to the queue's bound, so that
 * works which wait for each other all run; it stays until its queue ends.
 */
#include "core/kapi_workqueue.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/kapi_thread.h"

struct mh_kapi_works mh_kapi_works = {.lock = MH_MUTEX_INIT};

static struct workqueue_struct system_queues[] = {
	[MEMHP_QUEUE_SYSTEM] = {.name = "events"},
	[MEMHP_QUEUE_HIGHPRI] = {.name = "events_highpri"},
	[MEMHP_QUEUE_LONG] = {.name = "events_long"},
	[MEMHP_QUEUE_UNBOUND] = {.name = "events_unbound"},
	[MEMHP_QUEUE_FREEZABLE] = {.name = "events_freezable"},
};

#define SYSTEM_QUEUES (sizeof(system_queues) / sizeof(system_queues[0]))

static _Thread_local struct mh_kapi_worker *self_worker;

static void make(void)
{
	mh_condition_init(&mh_kapi_works.done);
	for (unsigned i = 0; i < SYSTEM_QUEUES; i++) {
		struct workqueue_struct *queue = &system_queues[i];

		queue->active_max = MH_KAPI_WORKERS_MAX;
		queue->last = &queue->first;
		mh_condition_init(&queue->added);
		queue->next = mh_kapi_works.queues;
		mh_kapi_works.queues = queue;
	}
}

void mh_kapi_works_lock(void)
{
	mh_mutex_lock(&mh_kapi_works.lock);
	if (!mh_kapi_works.queues)
		make();
}

void mh_kapi_works_unlock(void)
{
	mh_mutex_unlock(&mh_kapi_works.lock);
}

struct workqueue_struct *memhp_system_queue(enum memhp_system_queue which)
{
	return &system_queues[which];
}

struct mh_kapi_worker *mh_kapi_worker_self(void)
{
	return self_worker;
}

struct work_struct *memhp_work_current(void)
{
	return self_worker ? self_worker->work : NULL;
}

bool mh_kapi_queue_exists(const struct workqueue_struct *queue)
{
	const struct workqueue_struct *other = mh_kapi_works.queues;

	while (other && other != queue)
		other = other->next;
	return other != NULL;
}

/* A work that is queued again while it runs waits for its end, as in the kernel: it never runs twice at a time. */
static struct work_struct *next_of(const struct workqueue_struct *queue)
{
	struct work_struct *work = queue->first;

	while (work && mh_kapi_worker_of(work))
		work = work->next;
	return work;
}

/* The lock is held, and given up while the work runs, which may free itself. */
static void work_run(struct mh_kapi_worker *worker, struct work_struct *work)
{
	mh_kapi_queue_take(worker->queue, work);
	worker->work = work;
	worker->sequence = work->sequence;
	worker->func = work->func;
	worker->name = work->name;
	worker->where = work->where;
	mh_kapi_works_unlock();
	worker->func(work);
	mh_kapi_thread_end_held("the work", worker->name);
	mh_kapi_works_lock();
	worker->work = NULL;
	mh_condition_broadcast(&mh_kapi_works.done);
	if (worker->queue->first)
		mh_condition_broadcast(&worker->queue->added); /* it may be what waited for our end */
}

static void worker_run(void *data)
{
	struct mh_kapi_worker *worker = data;
	struct workqueue_struct *queue = worker->queue;

	self_worker = worker;
	mh_kapi_works_lock();
	for (;;) {
		struct work_struct *work = next_of(queue);

		if (work) {
			work_run(worker, work);
		} else if (queue->stop && !queue->first) {
			break;
		} else {
			queue->idle++;
			mh_condition_wait(&queue->added, &mh_kapi_works.lock);
			queue->idle--;
		}
	}
	mh_kapi_works_unlock();
}

static int worker_start(struct workqueue_struct *queue)
{
	struct mh_kapi_worker *worker = calloc(1, sizeof(*worker));
	char name[40];

	if (!worker)
		return -EAGAIN;
	worker->queue = queue;
	snprintf(name, sizeof(name), "kw/%s", queue->name);
	if (mh_thread_start(&worker->thread, name, -1, worker_run, worker, NULL) < 0) {
		free(worker);
		return -EAGAIN;
	}
	worker->next = queue->workers;
	queue->workers = worker;
	queue->workers_count++;
	return 0;
}

static unsigned waiting(const struct workqueue_struct *queue)
{
	unsigned count = 0;

	for (const struct work_struct *work = queue->first; work; work = work->next)
		count++;
	return count;
}

int mh_kapi_queue_add(struct workqueue_struct *queue, struct work_struct *work)
{
	/* Those that are idle have works before this one to do: woken, they are idle until they have the lock. */
	if (waiting(queue) >= queue->idle && queue->workers_count < queue->active_max && worker_start(queue) < 0 &&
	    !queue->workers_count)
		return -EAGAIN;
	work->state = MH_KAPI_WORK_QUEUED;
	work->queue = queue;
	work->sequence = ++queue->sequence;
	work->next = NULL;
	*queue->last = work;
	queue->last = &work->next;
	mh_condition_signal(&queue->added);
	return 0;
}

struct workqueue_struct *mh_kapi_queue_of(const struct work_struct *work)
{
	for (struct workqueue_struct *queue = mh_kapi_works.queues; queue; queue = queue->next)
		for (const struct work_struct *other = queue->first; other; other = other->next)
			if (other == work)
				return queue;
	return NULL;
}

void mh_kapi_queue_take(struct workqueue_struct *queue, struct work_struct *work)
{
	struct work_struct **link = &queue->first;

	while (*link != work)
		link = &(*link)->next;
	*link = work->next;
	if (!*link)
		queue->last = link;
	work->state = MH_KAPI_WORK_IDLE;
	mh_condition_broadcast(&mh_kapi_works.done);
}

struct mh_kapi_worker *mh_kapi_worker_of(const struct work_struct *work)
{
	for (struct workqueue_struct *queue = mh_kapi_works.queues; queue; queue = queue->next)
		for (struct mh_kapi_worker *worker = queue->workers; worker; worker = worker->next)
			if (worker->work == work)
				return worker;
	return NULL;
}

bool mh_kapi_queue_is_busy(const struct workqueue_struct *queue, unsigned long sequence)
{
	for (const struct mh_kapi_worker *worker = queue->workers; worker; worker = worker->next)
		if (worker->work && worker->sequence <= sequence)
			return true;
	return queue->first && queue->first->sequence <= sequence;
}

void mh_kapi_queue_stop(struct workqueue_struct *queue)
{
	struct mh_kapi_worker *workers;

	mh_kapi_works_lock();
	queue->stop = true;
	mh_condition_broadcast(&queue->added);
	workers = queue->workers;
	mh_kapi_works_unlock();
	while (workers) {
		struct mh_kapi_worker *next = workers->next;

		mh_thread_join(&workers->thread);
		free(workers);
		workers = next;
	}
	mh_kapi_works_lock();
	queue->workers = NULL;
	queue->workers_count = 0;
	queue->stop = false; /* one that is always there starts again when it is needed */
	mh_kapi_works_unlock();
}
