/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Callbacks of modules after a grace period, of RCU and of every srcu_struct. They run in the domain's reclaimer as in
 * the kernel's softirq: they must not sleep.
 *
 * calls.lock guards the list of those that wait; no callback runs under it.
 */
#include "core/kapi_rcu.h"

#include <errno.h>

#include "base/clock.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_thread.h"

/* How long callbacks of a module may wait for their grace period when it goes, and between two looks. */
#define END_NS_MAX UINT64_C(2000000000)
#define TURN_NS    UINT64_C(100000)
/* In a head that waits, with its address: what a head holds before is anything. */
#define PENDING_MARK 0x52435550454e4455ul

static struct {
	struct mh_mutex lock;
	struct memhp_rcu_head *first; /* wait for their grace period, or run */
	unsigned count;
} calls = {.lock = MH_MUTEX_INIT};

static _Thread_local bool is_in_callback;

MH_STATIC_ASSERT(sizeof(struct mh_rcu_head) == sizeof(((struct memhp_rcu_head *)0)->memhp_queue),
		 "one lies in the other");

static unsigned long mark_of(const struct memhp_rcu_head *head)
{
	return PENDING_MARK ^ (unsigned long)(uintptr_t)head;
}

static bool list_add(struct memhp_rcu_head *head)
{
	bool added;

	mh_mutex_lock(&calls.lock);
	added = head->memhp_pending != mark_of(head);
	if (added) {
		head->memhp_pending = mark_of(head);
		head->memhp_next = calls.first;
		head->memhp_link = &calls.first;
		if (head->memhp_next)
			head->memhp_next->memhp_link = &head->memhp_next;
		calls.first = head;
		calls.count++;
	}
	mh_mutex_unlock(&calls.lock);
	return added;
}

/* Before its callback: that may free the head, or call it again. */
static void list_remove(struct memhp_rcu_head *head)
{
	mh_mutex_lock(&calls.lock);
	head->memhp_pending = 0;
	*head->memhp_link = head->memhp_next;
	if (head->memhp_next)
		head->memhp_next->memhp_link = head->memhp_link;
	mh_mutex_unlock(&calls.lock);
}

static void call_ended(void)
{
	mh_mutex_lock(&calls.lock);
	calls.count--;
	mh_mutex_unlock(&calls.lock);
}

static void run(struct mh_rcu_head *queued)
{
	struct memhp_rcu_head *head = (struct memhp_rcu_head *)(void *)queued;
	void (*function)(struct memhp_rcu_head * head) = head->func;
	const char *where = head->memhp_where;

	list_remove(head);
	if (head->memhp_free) {
		head->memhp_free(head->memhp_object);
	} else {
		is_in_callback = true;
		mh_kapi_softirq_enter("call_rcu()", where);
		function(head);
		mh_kapi_softirq_leave();
		is_in_callback = false;
		mh_kapi_thread_end_held("the callback of", "call_rcu()");
	}
	call_ended();
}

void mh_kapi_rcu_call(const struct mh_kapi_call *call)
{
	struct memhp_rcu_head *head = call->head;

	if (!list_add(head)) {
		mh_kapi_report(MH_KAPI_RULE_USE,
			       "call_rcu() at %s of a head that waits for its callback already, from %s", call->where,
			       head->memhp_where);
		return;
	}
	head->memhp_where = call->where;
	head->memhp_domain = call->domain;
	if (mh_rcu_call(call->domain, (struct mh_rcu_head *)(void *)head->memhp_queue, run) == 0)
		return;
	list_remove(head);
	call_ended();
	mh_kapi_report(MH_KAPI_RULE_USE, "call_rcu() at %s: %u callbacks wait already, this one never runs",
		       call->where, MH_RCU_CALLS_MAX);
}

unsigned mh_kapi_rcu_pending(const struct mh_rcu_domain *domain)
{
	unsigned count = 0;

	mh_mutex_lock(&calls.lock);
	for (const struct memhp_rcu_head *head = calls.first; head; head = head->memhp_next)
		count += head->memhp_domain == domain;
	mh_mutex_unlock(&calls.lock);
	return count;
}

bool mh_kapi_rcu_in_callback(const char *what, const char *where)
{
	if (is_in_callback)
		mh_kapi_report(MH_KAPI_RULE_USE, "%s at %s in a callback of call_rcu(): the kernel would hang", what,
			       where);
	return is_in_callback;
}

bool mh_kapi_rcu_is_idle(void)
{
	unsigned count;

	mh_mutex_lock(&calls.lock);
	count = calls.count;
	mh_mutex_unlock(&calls.lock);
	return count == 0;
}

/* Callbacks of the module that wait, and where the newest comes from. What kfree_rcu() frees needs no code of it. */
static unsigned pending_of(const struct mh_kapi_leaving *leaving, const char **ret_where)
{
	unsigned count = 0;

	mh_mutex_lock(&calls.lock);
	for (const struct memhp_rcu_head *head = calls.first; head; head = head->memhp_next)
		if (!head->memhp_free && mh_kapi_is_of(leaving, (const void *)(uintptr_t)head->func)) {
			*ret_where = head->memhp_where;
			count++;
		}
	mh_mutex_unlock(&calls.lock);
	return count;
}

int mh_kapi_rcu_unload(const struct mh_kapi_leaving *leaving, struct mh_error *reterr)
{
	uint64_t end = mh_clock_monotonic_ns() + END_NS_MAX;
	const char *where = "";
	unsigned count = pending_of(leaving, &where);

	if (count)
		mh_kapi_report(MH_KAPI_RULE_USE,
			       "module '%s' is unloaded with %u callbacks of call_rcu() pending, one from %s: "
			       "rcu_barrier() is missing",
			       leaving->name, count, where);
	while (!mh_kapi_rcu_is_idle()) {
		if (mh_clock_monotonic_ns() > end)
			return mh_error_set(reterr, -EBUSY, "module '%s': a grace period of its RCU does not end",
					    leaving->name);
		mh_sleep_ns(TURN_NS);
	}
	mh_kapi_srcu_unload(leaving);
	return 0;
}
