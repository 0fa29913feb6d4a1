/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workqueues as modules see them: made, flushed, destroyed; and what is left of works and queues when a module goes.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "core/kapi_count.h"
#include "core/kapi_rcu.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_timer.h"
#include "core/kapi_work.h"
#include "core/kapi_workqueue.h"

/* How long works may still run when their module goes. */
#define END_NS_MAX UINT64_C(2000000000)
/* What mh_kapi_quiesce() waits at most, and between two looks. */
#define QUIESCE_NS_MAX  UINT64_C(5000000000)
#define QUIESCE_TURN_NS 20000u

struct workqueue_struct *memhp_queue_new(const char *where, int active_max, const char *format, ...)
{
	struct workqueue_struct *queue = calloc(1, sizeof(*queue));
	va_list arguments;

	mh_kapi_count(MH_KAPI_CALL_QUEUE_CREATE);
	if (!queue)
		return NULL;
	va_start(arguments, format);
	vsnprintf(queue->name, sizeof(queue->name), format, arguments);
	va_end(arguments);
	queue->where = where;
	queue->active_max =
		active_max > 0 && active_max < MH_KAPI_WORKERS_MAX ? (unsigned)active_max : MH_KAPI_WORKERS_MAX;
	queue->last = &queue->first;
	mh_condition_init(&queue->added);
	mh_kapi_works_lock();
	queue->next = mh_kapi_works.queues;
	mh_kapi_works.queues = queue;
	mh_kapi_works_unlock();
	return queue;
}

/* A queue that waits for one of its own works waits for ever. */
static bool waits_for_itself(const struct workqueue_struct *queue, const char *where, const char *what)
{
	const struct mh_kapi_worker *self = mh_kapi_worker_self();

	if (!self || self->queue != queue)
		return false;
	mh_kapi_report(MH_KAPI_RULE_USE, "work '%s' %s its own workqueue '%s' at %s: the kernel would hang", self->name,
		       what, queue->name, where);
	return true;
}

static bool exists(const struct workqueue_struct *queue, const char *where, const char *what)
{
	bool found;

	mh_kapi_works_lock();
	found = mh_kapi_queue_exists(queue);
	mh_kapi_works_unlock();
	if (!found)
		mh_kapi_report(MH_KAPI_RULE_USE, "what is no workqueue, or none any more, is %s at %s", what, where);
	return found;
}

static void flush(struct workqueue_struct *queue, int drain, const char *where)
{
	unsigned long sequence;

	mh_kapi_might_sleep(where);
	if (!exists(queue, where, "flushed") || waits_for_itself(queue, where, "flushes"))
		return;
	mh_kapi_works_lock();
	sequence = drain ? ~0ul : queue->sequence;
	while (mh_kapi_queue_is_busy(queue, sequence))
		mh_condition_wait(&mh_kapi_works.done, &mh_kapi_works.lock);
	mh_kapi_works_unlock();
}

void memhp_queue_flush(struct workqueue_struct *queue, int drain, const char *where)
{
	mh_kapi_count(drain ? MH_KAPI_CALL_QUEUE_DRAIN : MH_KAPI_CALL_QUEUE_FLUSH);
	flush(queue, drain, where);
}

static void queue_end(struct workqueue_struct *queue)
{
	struct workqueue_struct **link = &mh_kapi_works.queues;

	mh_kapi_queue_stop(queue);
	mh_kapi_works_lock();
	while (*link != queue)
		link = &(*link)->next;
	*link = queue->next;
	mh_kapi_works_unlock();
	mh_condition_release(&queue->added);
	free(queue);
}

static bool waits_for_queue(const struct timer_list *timer, const void *data)
{
	const struct delayed_work *work = mh_kapi_delayed_work_of(timer);

	return work && work->work.queue == data;
}

void memhp_queue_free(struct workqueue_struct *queue, const char *where)
{
	struct timer_list *timer;

	mh_kapi_count(MH_KAPI_CALL_QUEUE_DESTROY);
	mh_kapi_might_sleep(where);
	if (!exists(queue, where, "destroyed") || waits_for_itself(queue, where, "destroys"))
		return;
	while ((timer = mh_kapi_timer_take(waits_for_queue, queue)))
		mh_kapi_report(
			MH_KAPI_RULE_USE,
			"workqueue '%s' is destroyed at %s while the delayed work '%s' waits for it, queued at %s",
			queue->name, where, timer->name, timer->where);
	flush(queue, 1, where);
	queue_end(queue);
}

struct leftover {
	const char *name, *where;
};

/* A pending work of the module, taken out; false: none. */
static bool take_work(const struct mh_kapi_leaving *leaving, struct leftover *ret)
{
	bool found = false;

	mh_kapi_works_lock();
	for (struct workqueue_struct *queue = mh_kapi_works.queues; queue && !found; queue = queue->next)
		for (struct work_struct *work = queue->first; work && !found; work = work->next) {
			if (!mh_kapi_is_of(leaving, (const void *)(uintptr_t)work->func))
				continue;
			*ret = (struct leftover){work->name, work->where};
			mh_kapi_queue_take(queue, work);
			found = true;
		}
	mh_kapi_works_unlock();
	return found;
}

static struct mh_kapi_worker *runs(const struct mh_kapi_leaving *leaving)
{
	for (struct workqueue_struct *queue = mh_kapi_works.queues; queue; queue = queue->next)
		for (struct mh_kapi_worker *worker = queue->workers; worker; worker = worker->next)
			if (worker->work && mh_kapi_is_of(leaving, (const void *)(uintptr_t)worker->func))
				return worker;
	return NULL;
}

/* Waits for the end of a work of the module that runs; true: there was one. */
static bool wait_for_running(const struct mh_kapi_leaving *leaving, struct leftover *ret, bool *ret_ended)
{
	uint64_t end = mh_clock_monotonic_ns() + END_NS_MAX;
	struct mh_kapi_worker *worker;
	bool found;

	mh_kapi_works_lock();
	worker = runs(leaving);
	found = worker != NULL;
	if (found)
		*ret = (struct leftover){worker->name, worker->where};
	while (runs(leaving) && mh_clock_monotonic_ns() < end)
		(void)mh_condition_wait_for(&mh_kapi_works.done, &mh_kapi_works.lock, END_NS_MAX);
	*ret_ended = !runs(leaving);
	mh_kapi_works_unlock();
	return found;
}

static struct workqueue_struct *queue_of(const struct mh_kapi_leaving *leaving)
{
	struct workqueue_struct *queue;

	mh_kapi_works_lock();
	for (queue = mh_kapi_works.queues; queue; queue = queue->next)
		if (mh_kapi_is_of(leaving, queue->where))
			break;
	mh_kapi_works_unlock();
	return queue;
}

static bool delays_work_of(const struct timer_list *timer, const void *data)
{
	const struct delayed_work *work = mh_kapi_delayed_work_of(timer);

	return work && mh_kapi_is_of(data, (const void *)(uintptr_t)work->work.func);
}

static void report(const struct mh_kapi_leaving *leaving, const char *what, const char *name, const char *where)
{
	mh_kapi_report(MH_KAPI_RULE_USE, "module '%s' is unloaded with the %s '%s', from %s", leaving->name, what, name,
		       where);
}

int mh_kapi_work_unload(const struct mh_kapi_leaving *leaving, struct mh_error *reterr)
{
	struct workqueue_struct *queue;
	struct timer_list *timer;
	struct leftover left;
	bool ended;

	while ((timer = mh_kapi_timer_take(delays_work_of, leaving)))
		report(leaving, "delayed work pending", timer->name, timer->where);
	while (take_work(leaving, &left))
		report(leaving, "work pending", left.name, left.where);
	if (wait_for_running(leaving, &left, &ended))
		report(leaving, "work running", left.name, left.where);
	if (!ended)
		return mh_error_set(reterr, -EBUSY, "module '%s': its work '%s' does not end", leaving->name,
				    left.name);
	while (take_work(leaving, &left)) /* queued by what ran */
		report(leaving, "work pending", left.name, left.where);
	while ((queue = queue_of(leaving))) {
		report(leaving, "workqueue", queue->name, queue->where);
		queue_end(queue);
	}
	return 0;
}

/* No work is queued or runs. */
static bool is_idle(void)
{
	bool busy = false;

	mh_kapi_works_lock();
	for (struct workqueue_struct *queue = mh_kapi_works.queues; queue && !busy; queue = queue->next)
		busy = mh_kapi_queue_is_busy(queue, ~0ul);
	mh_kapi_works_unlock();
	return !busy;
}

bool mh_kapi_quiesce(void)
{
	uint64_t end = mh_clock_monotonic_ns() + QUIESCE_NS_MAX;

	/* Timers first: one that was due has queued its work by the time that works are looked at. */
	while (!(mh_kapi_timer_is_idle() && is_idle() && mh_kapi_rcu_is_idle())) {
		if (mh_clock_monotonic_ns() > end)
			return false;
		mh_sleep_ns(QUIESCE_TURN_NS);
	}
	return true;
}

void mh_kapi_work_stop(void)
{
	for (unsigned i = MEMHP_QUEUE_SYSTEM; i <= MEMHP_QUEUE_FREEZABLE; i++)
		mh_kapi_queue_stop(memhp_system_queue((enum memhp_system_queue)i));
}
