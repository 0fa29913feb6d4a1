/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Works and delayed works: queued, cancelled, waited for. A work's state changes under mh_kapi_works.lock (see
 * kapi_workqueue.h); a delayed one waits in its timer, whose callback moves it into the queue.
 *
 * What a work does may free it: after it was taken out of its queue it is only compared, never looked at.
 */
#include "core/kapi_work.h"

#include <stddef.h>
#include <string.h>

#include <memhp/kapi_time.h>

#include "core/kapi_count.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_timer.h"
#include "core/kapi_workqueue.h"

static struct delayed_work *delayed_of(struct timer_list *timer)
{
	return (struct delayed_work *)(void *)((char *)timer - offsetof(struct delayed_work, timer));
}

static void delayed_fire(struct timer_list *timer)
{
	struct work_struct *work = &delayed_of(timer)->work;

	mh_kapi_works_lock();
	/* Else it was cancelled since the timer ran out. */
	if (work->state == MH_KAPI_WORK_DELAYED)
		(void)mh_kapi_queue_add(work->queue, work);
	mh_kapi_works_unlock();
}

const struct delayed_work *mh_kapi_delayed_work_of(const struct timer_list *timer)
{
	if (timer->function != delayed_fire)
		return NULL;
	return (const struct delayed_work *)(const void *)((const char *)timer - offsetof(struct delayed_work, timer));
}

static void complain(const char *name, const char *where, const char *what)
{
	mh_kapi_report(MH_KAPI_RULE_USE, "work '%s' is %s at %s", name, what, where);
}

void memhp_work_init(struct work_struct *work, work_func_t func, const char *name, const char *where)
{
	struct workqueue_struct *queue;

	mh_kapi_works_lock();
	queue = mh_kapi_queue_of(work);
	if (queue)
		mh_kapi_queue_take(queue, work);
	mh_kapi_works_unlock();
	memset(work, 0, sizeof(*work));
	work->func = func;
	work->name = name;
	work->where = where;
	if (queue)
		complain(name, where, "initialised while it is queued,");
}

void memhp_delayed_work_init(struct delayed_work *work, work_func_t func, const char *name, const char *where)
{
	memhp_work_init(&work->work, func, name, where);
	memhp_timer_setup(&work->timer, delayed_fire, name, where);
}

/* What forbids to queue; NULL: nothing. Under the lock. */
static const char *objection(const struct workqueue_struct *queue, const struct work_struct *work)
{
	if (!work->func)
		return "queued and was never initialised,";
	return mh_kapi_queue_exists(queue) ? NULL : "queued on a workqueue that does not exist,";
}

/* Under the lock. 1: queued. */
static int put(struct workqueue_struct *queue, struct work_struct *work, const char **ret_objection)
{
	*ret_objection = objection(queue, work);
	if (*ret_objection || work->state != MH_KAPI_WORK_IDLE)
		return 0;
	if (mh_kapi_queue_add(queue, work) == 0)
		return 1;
	*ret_objection = "queued, for which no thread can be started,";
	return 0;
}

/* Under the lock: where it is queued, if it will be. */
static void set_place(struct work_struct *work, const char *name, const char *where)
{
	if (work->state != MH_KAPI_WORK_IDLE)
		return;
	work->name = name;
	work->where = where;
}

int memhp_work_queue(struct workqueue_struct *queue, struct work_struct *work, const char *name, const char *where)
{
	const char *objected;
	int queued;

	mh_kapi_count(MH_KAPI_CALL_QUEUE_WORK);
	mh_kapi_works_lock();
	set_place(work, name, where);
	queued = put(queue, work, &objected);
	mh_kapi_works_unlock();
	if (objected)
		complain(name, where, objected);
	return queued;
}

/* Under the lock: as put(), after @delay. */
static int put_delayed(struct workqueue_struct *queue, struct delayed_work *work, unsigned long delay,
		       const char **ret_objection)
{
	*ret_objection = objection(queue, &work->work);
	if (*ret_objection || work->work.state != MH_KAPI_WORK_IDLE)
		return 0;
	if (!delay)
		return put(queue, &work->work, ret_objection);
	work->work.state = MH_KAPI_WORK_DELAYED;
	work->work.queue = queue;
	work->timer.function = delayed_fire; /* of a work that was initialised statically */
	(void)mh_kapi_timer_arm(&work->timer, memhp_jiffies() + delay, 0, work->work.name, work->work.where);
	return 1;
}

/* Under the lock: takes it out of its queue. 1: it was pending. */
static int take(struct work_struct *work)
{
	struct workqueue_struct *queue = mh_kapi_queue_of(work);
	int pending = work->state == MH_KAPI_WORK_QUEUED || work->state == MH_KAPI_WORK_DELAYED;

	if (queue)
		mh_kapi_queue_take(queue, work);
	if (pending)
		work->state = MH_KAPI_WORK_IDLE;
	return pending;
}

/* Under the lock: out of its timer, too. The timer's callback may still be on its way to find the work idle. */
static int take_delayed(struct delayed_work *work, const char *where)
{
	(void)mh_kapi_timer_delete(&work->timer, 0, where);
	return take(&work->work);
}

int memhp_delayed_work_queue(struct workqueue_struct *queue, struct delayed_work *work, unsigned long delay,
			     const char *name, const char *where)
{
	const char *objected;
	int queued;

	mh_kapi_count(MH_KAPI_CALL_QUEUE_DELAYED_WORK);
	mh_kapi_works_lock();
	set_place(&work->work, name, where);
	queued = put_delayed(queue, work, delay, &objected);
	mh_kapi_works_unlock();
	if (objected)
		complain(name, where, objected);
	return queued;
}

int memhp_delayed_work_change(struct workqueue_struct *queue, struct delayed_work *work, unsigned long delay,
			      const char *name, const char *where)
{
	const char *objected;
	int pending;

	mh_kapi_count(MH_KAPI_CALL_MOD_DELAYED_WORK);
	mh_kapi_works_lock();
	pending = take_delayed(work, where);
	set_place(&work->work, name, where);
	(void)put_delayed(queue, work, delay, &objected);
	mh_kapi_works_unlock();
	if (objected)
		complain(name, where, objected);
	return pending;
}

static bool is_own(const struct work_struct *work)
{
	return mh_kapi_worker_self() && mh_kapi_worker_self()->work == work;
}

static void complain_of_self(const char *where)
{
	mh_kapi_report(MH_KAPI_RULE_USE, "work '%s' waits at %s for its own end: the kernel would hang",
		       mh_kapi_worker_self()->name, where);
}

/* The lock is held, and given up meanwhile. A work that queues itself again is kept from it. */
static void wait_for_end(struct work_struct *work)
{
	work->state = MH_KAPI_WORK_CANCELLED;
	work->cancels++;
	while (mh_kapi_worker_of(work))
		mh_condition_wait(&mh_kapi_works.done, &mh_kapi_works.lock);
	/* The last of several that wait: from here on it may be queued. */
	if (--work->cancels == 0)
		work->state = MH_KAPI_WORK_IDLE;
}

int memhp_work_cancel(struct work_struct *work, int wait, const char *where)
{
	bool own = wait && is_own(work);
	int pending;

	mh_kapi_count(wait ? MH_KAPI_CALL_CANCEL_WORK_SYNC : MH_KAPI_CALL_CANCEL_WORK);
	if (wait)
		mh_kapi_might_sleep(where);
	mh_kapi_works_lock();
	pending = take(work);
	if (wait && !own)
		wait_for_end(work);
	mh_kapi_works_unlock();
	if (own)
		complain_of_self(where);
	return pending;
}

int memhp_delayed_work_cancel(struct delayed_work *work, int wait, const char *where)
{
	bool own = wait && is_own(&work->work);
	int pending;

	mh_kapi_count(wait ? MH_KAPI_CALL_CANCEL_DELAYED_WORK_SYNC : MH_KAPI_CALL_CANCEL_DELAYED_WORK);
	if (wait)
		mh_kapi_might_sleep(where);
	mh_kapi_works_lock();
	pending = take_delayed(work, where);
	if (wait && !own)
		wait_for_end(&work->work);
	mh_kapi_works_unlock();
	/* From here on nobody looks at the work any more: it may be freed. */
	mh_kapi_timer_wait(&work->timer);
	if (own)
		complain_of_self(where);
	return pending;
}

/* Under the lock: is the instance of @work that was queued as @sequence, or one before it, not done yet? */
static bool is_undone(const struct work_struct *work, const struct workqueue_struct *queue, unsigned long sequence)
{
	const struct mh_kapi_worker *worker = mh_kapi_worker_of(work);

	if (worker && worker->queue == queue && worker->sequence <= sequence)
		return true;
	return mh_kapi_queue_of(work) == queue && work->sequence <= sequence;
}

static int flush(struct work_struct *work, const char *where)
{
	struct workqueue_struct *queue;
	struct mh_kapi_worker *worker;
	unsigned long sequence;
	bool own = is_own(work);

	mh_kapi_might_sleep(where);
	if (own) {
		complain_of_self(where);
		return 0;
	}
	mh_kapi_works_lock();
	worker = mh_kapi_worker_of(work);
	queue = mh_kapi_queue_of(work);
	sequence = queue ? work->sequence : worker ? worker->sequence : 0;
	if (!queue && worker)
		queue = worker->queue;
	while (queue && is_undone(work, queue, sequence))
		mh_condition_wait(&mh_kapi_works.done, &mh_kapi_works.lock);
	mh_kapi_works_unlock();
	return queue != NULL;
}

int memhp_work_flush(struct work_struct *work, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_FLUSH_WORK);
	return flush(work, where);
}

int memhp_delayed_work_flush(struct delayed_work *work, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_FLUSH_DELAYED_WORK);
	mh_kapi_works_lock();
	if (work->work.state == MH_KAPI_WORK_DELAYED) {
		(void)mh_kapi_timer_delete(&work->timer, 0, where);
		(void)mh_kapi_queue_add(work->work.queue, &work->work);
	}
	mh_kapi_works_unlock();
	return flush(&work->work, where);
}

int memhp_work_is_pending(struct work_struct *work)
{
	int pending;

	mh_kapi_works_lock();
	pending = work->state != MH_KAPI_WORK_IDLE;
	mh_kapi_works_unlock();
	return pending;
}
