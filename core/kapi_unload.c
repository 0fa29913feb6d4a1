/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks each family what it has of the module. */
#include "core/kapi_unload.h"

#include <dlfcn.h>
#include <stdatomic.h>

#include "core/kapi_kthread.h"
#include "core/kapi_percpu.h"
#include "core/kapi_rcu.h"
#include "core/kapi_report.h"
#include "core/kapi_thread.h"
#include "core/kapi_timer.h"
#include "core/kapi_work.h"
#include "core/module.h"

/* Modules whose code may still call us: the last one ends our threads. */
static atomic_uint loaded;

bool mh_kapi_is_of(const struct mh_kapi_leaving *leaving, const void *pointer)
{
	Dl_info info;

	return pointer && dladdr(pointer, &info) && info.dli_fbase == leaving->base;
}

struct finding {
	const struct mh_kapi_leaving *leaving;
	bool found, own;
	struct mh_kapi_held held;
};

static void take_held(struct mh_kapi_thread *thread, void *data)
{
	struct finding *finding = data;

	mh_mutex_lock(&thread->lock);
	for (unsigned i = 0; i < thread->held_count && !finding->found; i++) {
		struct mh_kapi_held *held = &thread->held[i];

		if (mh_kapi_held_is_gone(held) || !mh_kapi_is_of(finding->leaving, held->where))
			continue;
		finding->held = *held;
		finding->own = thread == mh_kapi_self_if_any();
		finding->found = true;
		mh_kapi_held_disown(held);
	}
	mh_mutex_unlock(&thread->lock);
}

/* No lock: a section of a reader, or a callback that runs. */
static bool is_no_lock(const struct mh_kapi_held *held)
{
	return held->kind == MH_KAPI_RCU || held->kind == MH_KAPI_SRCU || held->kind == MH_KAPI_SOFTIRQ;
}

static void end_one(const struct finding *finding)
{
	char text[MH_KAPI_HELD_TEXT];

	mh_kapi_held_text(&finding->held, text, sizeof(text));
	mh_kapi_report(is_no_lock(&finding->held) ? MH_KAPI_RULE_USE : MH_KAPI_RULE_LOCK,
		       "module '%s' is unloaded with %s", finding->leaving->name, text);
	if (finding->own && finding->held.kind == MH_KAPI_PREEMPT_OFF)
		mh_kapi_cpu_let_go(mh_kapi_self());
	if (finding->own)
		mh_kapi_rcu_let_go(&finding->held);
	else if (finding->held.kind == MH_KAPI_RCU)
		mh_kapi_rcu_leak();
}

/* One at a time, for a report may not be made under the locks of the list. Bounded by what is held: each turn takes
 * one.
 */
static void end_held(const struct mh_kapi_leaving *leaving)
{
	struct finding finding = {.leaving = leaving};

	for (;;) {
		finding.found = false;
		mh_kapi_threads_each(take_held, &finding);
		if (!finding.found)
			return;
		end_one(&finding);
	}
}

/* Who starts what comes before what is started: a thread arms timers, a timer queues work. */
static int end_all(const struct mh_kapi_leaving *leaving, struct mh_error *reterr)
{
	int ret = mh_kapi_kthread_unload(leaving, reterr);

	if (ret == 0)
		ret = mh_kapi_timer_unload(leaving, reterr);
	if (ret == 0)
		ret = mh_kapi_work_unload(leaving, reterr);
	/* Before the callbacks, which may wait for a section that is open. */
	if (ret == 0)
		end_held(leaving);
	if (ret == 0)
		ret = mh_kapi_rcu_unload(leaving, reterr);
	if (ret == 0)
		mh_kapi_percpu_unload(leaving);
	return ret;
}

static void stop_threads(void)
{
	mh_kapi_timer_stop();
	mh_kapi_work_stop();
	mh_kapi_rcu_stop();
}

void mh_kapi_load(void)
{
	atomic_fetch_add(&loaded, 1);
}

int mh_kapi_unload(const char *path, const void *symbol, struct mh_error *reterr)
{
	char name[64];
	struct mh_kapi_leaving leaving = {.name = name};
	Dl_info info = {.dli_fbase = NULL};
	int ret;

	mh_module_name(path, name, sizeof(name));
	(void)dladdr(symbol, &info);
	leaving.base = info.dli_fbase;
	ret = end_all(&leaving, reterr);
	/* One that stays mapped is never unloaded, and may need our threads for ever. */
	if (ret == 0 && atomic_fetch_sub(&loaded, 1) == 1)
		stop_threads();
	return ret;
}
