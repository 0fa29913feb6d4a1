/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One thread, started with the first timer, and a list by time. A callback runs as in the kernel's softirq: it must not
 * sleep. timers.lock guards all of it and every timer's fields but the module's own use of @expires; no callback runs
 * under it.
 */
#include "core/kapi_timer.h"

#include <errno.h>
#include <string.h>

#include <memhp/kapi_time.h>

#include "base/assert.h"
#include "base/thread.h"
#include "core/kapi_count.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_thread.h"
#include "core/kapi_time.h"
#include "core/kapi_wait.h"

/* How long a callback may still run when its module goes. */
#define END_NS_MAX UINT64_C(2000000000)

static struct {
	struct mh_mutex lock;
	struct mh_condition changed; /* the first timer, stop, or running */
	struct timer_list *first;
	struct timer_list *running; /* may be freed by its callback: only compared */
	void (*running_function)(struct timer_list *timer);
	bool made, started, stop;
	struct mh_thread thread;
} timers = {.lock = MH_MUTEX_INIT};

static _Thread_local bool is_timer_thread;

static bool comes_before(const struct timer_list *a, const struct timer_list *b)
{
	return (long)(a->expires - b->expires) < 0;
}

/* timers.lock is held, here and below. Equal ones keep the order of arming. */
static void insert(struct timer_list *timer)
{
	struct timer_list **link = &timers.first;

	while (*link && !comes_before(timer, *link))
		link = &(*link)->next;
	timer->next = *link;
	*link = timer;
	timer->pending = 1;
}

static struct timer_list **find(const struct timer_list *timer)
{
	struct timer_list **link = &timers.first;

	while (*link && *link != timer)
		link = &(*link)->next;
	return link;
}

static bool take_out(struct timer_list *timer)
{
	struct timer_list **link = find(timer);

	if (!*link)
		return false;
	*link = timer->next;
	timer->pending = 0;
	return true;
}

static void run_first(void)
{
	struct timer_list *timer = timers.first;
	void (*function)(struct timer_list * timer) = timer->function;
	const char *name = timer->name, *where = timer->where;

	(void)take_out(timer);
	timers.running = timer;
	timers.running_function = function;
	mh_mutex_unlock(&timers.lock);
	mh_kapi_softirq_enter(name, where);
	function(timer);
	mh_kapi_softirq_leave();
	mh_kapi_thread_end_held("the callback of", name);
	mh_mutex_lock(&timers.lock);
	timers.running = NULL;
	mh_condition_broadcast(&timers.changed);
}

static void timers_run(void *data)
{
	(void)data;
	is_timer_thread = true;
	mh_mutex_lock(&timers.lock);
	while (!timers.stop) {
		uint64_t due = timers.first ? mh_kapi_jiffies_ns(timers.first->expires) : MH_KAPI_NEVER;

		/* False: due. */
		if (!mh_kapi_condition_wait(&timers.changed, &timers.lock, due))
			run_first();
	}
	mh_mutex_unlock(&timers.lock);
}

static void make(void)
{
	if (timers.made)
		return;
	mh_condition_init(&timers.changed);
	timers.made = true;
}

static void start(void)
{
	make();
	if (timers.started)
		return;
	timers.stop = false;
	/* A timer cannot refuse; without one thread more the process is at its end. */
	MH_ASSERT(mh_thread_start(&timers.thread, "timers", -1, timers_run, NULL, NULL) == 0);
	timers.started = true;
}

void memhp_timer_setup(struct timer_list *timer, void (*function)(struct timer_list *timer), const char *name,
		       const char *where)
{
	bool pending;

	mh_mutex_lock(&timers.lock);
	/* Its fields may hold anything, so it is looked for by its address. */
	pending = take_out(timer);
	memset(timer, 0, sizeof(*timer));
	timer->function = function;
	timer->name = name;
	timer->where = where;
	mh_mutex_unlock(&timers.lock);
	if (pending)
		mh_kapi_report(MH_KAPI_RULE_USE, "timer '%s' is set up at %s while it is pending", name, where);
}

/* What forbids to arm; NULL: nothing. */
static const char *objection(const struct timer_list *timer, bool fresh)
{
	if (!timer->function)
		return "and was never set up";
	return fresh && timer->pending ? "by add_timer() while it is pending" : NULL;
}

int mh_kapi_timer_arm(struct timer_list *timer, unsigned long expires, int fresh, const char *name, const char *where)
{
	const char *objected;
	int was_pending;

	mh_mutex_lock(&timers.lock);
	objected = timer->shut ? NULL : objection(timer, fresh);
	was_pending = timer->pending;
	if (!timer->shut && timer->function) {
		start();
		(void)take_out(timer);
		timer->expires = expires;
		timer->name = name;
		timer->where = where;
		insert(timer);
		mh_condition_broadcast(&timers.changed);
	}
	mh_mutex_unlock(&timers.lock);
	if (objected)
		mh_kapi_report(MH_KAPI_RULE_USE, "timer '%s' is armed at %s %s", name, where, objected);
	return was_pending;
}

int memhp_timer_arm(struct timer_list *timer, unsigned long expires, int fresh, const char *name, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_MOD_TIMER);
	return mh_kapi_timer_arm(timer, expires, fresh, name, where);
}

int memhp_timer_reduce(struct timer_list *timer, unsigned long expires, const char *name, const char *where)
{
	bool sooner;

	mh_kapi_count(MH_KAPI_CALL_MOD_TIMER);
	mh_mutex_lock(&timers.lock);
	sooner = !timer->pending || (long)(expires - timer->expires) < 0;
	mh_mutex_unlock(&timers.lock);
	return sooner ? mh_kapi_timer_arm(timer, expires, 0, name, where) : 1;
}

int memhp_timer_is_pending(struct timer_list *timer)
{
	int pending;

	mh_mutex_lock(&timers.lock);
	pending = timer->pending;
	mh_mutex_unlock(&timers.lock);
	return pending;
}

int mh_kapi_timer_delete(struct timer_list *timer, unsigned how, const char *where)
{
	bool pending, own = false;

	mh_mutex_lock(&timers.lock);
	pending = take_out(timer);
	if (how & MEMHP_TIMER_SHUT)
		timer->shut = 1;
	if (how & MEMHP_TIMER_WAIT) {
		own = is_timer_thread && timers.running == timer;
		while (!own && timers.running == timer)
			mh_condition_wait(&timers.changed, &timers.lock);
		/* Its callback may have armed it again meanwhile. */
		pending |= !own && take_out(timer);
	}
	mh_mutex_unlock(&timers.lock);
	if (own)
		mh_kapi_report(MH_KAPI_RULE_USE,
			       "a timer's callback waits at %s for its own end: the kernel would hang", where);
	return pending;
}

int memhp_timer_delete(struct timer_list *timer, unsigned how, const char *where)
{
	mh_kapi_count(how & MEMHP_TIMER_WAIT ? MH_KAPI_CALL_TIMER_DELETE_SYNC : MH_KAPI_CALL_TIMER_DELETE);
	return mh_kapi_timer_delete(timer, how, where);
}

void mh_kapi_timer_wait(const struct timer_list *timer)
{
	mh_mutex_lock(&timers.lock);
	while (timers.running == timer)
		mh_condition_wait(&timers.changed, &timers.lock);
	mh_mutex_unlock(&timers.lock);
}

struct timer_list *mh_kapi_timer_take(bool (*match)(const struct timer_list *timer, const void *data), const void *data)
{
	struct timer_list *timer;

	mh_mutex_lock(&timers.lock);
	for (timer = timers.first; timer; timer = timer->next)
		if (match(timer, data))
			break;
	if (timer)
		(void)take_out(timer);
	mh_mutex_unlock(&timers.lock);
	return timer;
}

bool mh_kapi_timer_is_idle(void)
{
	bool idle;

	mh_mutex_lock(&timers.lock);
	idle = !timers.running && (!timers.first || mh_kapi_jiffies_ns(timers.first->expires) > mh_kapi_now_ns());
	mh_mutex_unlock(&timers.lock);
	return idle;
}

void mh_kapi_timer_recount(void)
{
	mh_mutex_lock(&timers.lock);
	if (timers.made)
		mh_condition_broadcast(&timers.changed);
	mh_mutex_unlock(&timers.lock);
}

static bool is_of(const struct timer_list *timer, const void *data)
{
	return mh_kapi_is_of(data, (const void *)(uintptr_t)timer->function);
}

/* False: a callback of the module still runs. */
static bool wait_for_end(const struct mh_kapi_leaving *leaving)
{
	bool in_time = true;

	mh_mutex_lock(&timers.lock);
	while (in_time && timers.running && mh_kapi_is_of(leaving, (const void *)(uintptr_t)timers.running_function))
		in_time = mh_condition_wait_for(&timers.changed, &timers.lock, END_NS_MAX);
	mh_mutex_unlock(&timers.lock);
	return in_time;
}

int mh_kapi_timer_unload(const struct mh_kapi_leaving *leaving, struct mh_error *reterr)
{
	struct timer_list *timer;

	while ((timer = mh_kapi_timer_take(is_of, leaving)))
		mh_kapi_report(MH_KAPI_RULE_USE, "module '%s' is unloaded with the timer '%s' pending, armed at %s",
			       leaving->name, timer->name, timer->where);
	if (!wait_for_end(leaving))
		return mh_error_set(reterr, -EBUSY, "module '%s': a timer's callback of it does not end",
				    leaving->name);
	return 0;
}

void mh_kapi_timer_stop(void)
{
	bool started;

	mh_mutex_lock(&timers.lock);
	started = timers.started;
	timers.stop = true;
	timers.started = false;
	if (started)
		mh_condition_broadcast(&timers.changed);
	mh_mutex_unlock(&timers.lock);
	if (started)
		mh_thread_join(&timers.thread);
}
