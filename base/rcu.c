/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domains: their flavours, who may read in them, their grace periods, and one reclaimer thread each for mh_rcu_call.
 *
 * Locks: domain->call_lock guards the queue; the reclaimer never holds it while it waits for a grace period, so that a
 * reader may call from inside its section. domain->srcu_lock is srcu.c's.
 */
#include "base/rcu.h"

#include <errno.h>
#include <stdio.h>

#include "base/assert.h"

const char *const mh_rcu_flavour_names[MH_RCU_FLAVOURS] = {"memb", "qsbr", "bp", "mb", "srcu"};

_Thread_local unsigned mh_rcu_qsbr_depth;
_Thread_local unsigned mh_rcu_qsbr_entered;
_Thread_local bool mh_rcu_thread_registered;

static _Thread_local struct mh_rcu_domain *reclaiming; /* the domain whose reclaimer this thread is */

int mh_rcu_domain_init(struct mh_rcu_domain *domain, enum mh_rcu_flavour flavour, struct mh_error *reterr)
{
	static _Atomic uint64_t last_id; /* a name for caches, it orders nothing */

	if ((unsigned)flavour >= MH_RCU_FLAVOURS)
		return mh_error_set(reterr, -EINVAL, "there is no RCU flavour %d", (int)flavour);
	*domain = (struct mh_rcu_domain){.flavour = flavour};
	domain->id = atomic_fetch_add_explicit(&last_id, 1, memory_order_relaxed) + 1;
	domain->calls_tail = &domain->calls;
	mh_mutex_init(&domain->srcu_lock);
	mh_mutex_init(&domain->call_lock);
	mh_condition_init(&domain->call_added);
	mh_condition_init(&domain->call_done);
	return 0;
}

void mh_rcu_domain_release(struct mh_rcu_domain *domain)
{
	MH_ASSERT(reclaiming != domain);
	mh_mutex_lock(&domain->call_lock);
	domain->call_stop = true;
	mh_condition_signal(&domain->call_added);
	mh_mutex_unlock(&domain->call_lock);
	if (domain->reclaimer_started)
		mh_thread_join(&domain->reclaimer);
	if (domain->flavour == MH_RCU_SRCU)
		mh_srcu_domain_release(domain);
	mh_condition_release(&domain->call_done);
	mh_condition_release(&domain->call_added);
	mh_mutex_release(&domain->call_lock);
	mh_mutex_release(&domain->srcu_lock);
}

void mh_rcu_thread_register(void)
{
	MH_ASSERT(!mh_rcu_thread_registered);
	urcu_memb_register_thread();
	urcu_mb_register_thread();
	urcu_qsbr_register_thread();
	urcu_qsbr_thread_offline();      /* until it enters a qsbr domain: see the head of rcu.h */
	mh_rcu_thread_registered = true; /* bp registers a thread at its first read, by itself */
}

void mh_rcu_thread_unregister(void)
{
	MH_ASSERT(mh_rcu_thread_registered);
	MH_ASSERT(mh_rcu_qsbr_depth == 0);
	MH_ASSERT(mh_rcu_qsbr_entered == 0);
	mh_srcu_thread_unregister();
	urcu_qsbr_unregister_thread();
	urcu_mb_unregister_thread();
	urcu_memb_unregister_thread();
	mh_rcu_thread_registered = false;
}

void mh_rcu_thread_enter(struct mh_rcu_domain *domain)
{
	MH_ASSERT(mh_rcu_thread_registered);
	if (domain->flavour == MH_RCU_QSBR && mh_rcu_qsbr_entered++ == 0)
		urcu_qsbr_thread_online();
}

void mh_rcu_thread_leave(struct mh_rcu_domain *domain)
{
	if (domain->flavour != MH_RCU_QSBR)
		return;
	MH_ASSERT(mh_rcu_qsbr_entered > 0);
	MH_ASSERT(mh_rcu_qsbr_depth == 0);
	if (--mh_rcu_qsbr_entered == 0)
		urcu_qsbr_thread_offline();
}

bool mh_rcu_thread_reads(struct mh_rcu_domain *domain)
{
	switch (domain->flavour) {
	case MH_RCU_MEMB:
		return urcu_memb_read_ongoing();
	case MH_RCU_QSBR:
		return mh_rcu_qsbr_depth > 0;
	case MH_RCU_BP:
		return urcu_bp_read_ongoing();
	case MH_RCU_MB:
		return urcu_mb_read_ongoing();
	default:
		return mh_srcu_thread_reads(domain);
	}
}

bool mh_rcu_wait_begin(void)
{
	if (mh_rcu_qsbr_entered == 0 || mh_rcu_qsbr_depth > 0)
		return false;
	urcu_qsbr_thread_offline();
	return true;
}

void mh_rcu_wait_end(bool offline)
{
	if (offline)
		urcu_qsbr_thread_online();
}

/*
 * Whatever the flavour, the caller is offline under qsbr meanwhile: else a thread that waits for memb readers would
 * hold up qsbr grace periods, and two such threads each other. urcu_qsbr_synchronize_rcu leaves an offline caller
 * offline.
 */
void mh_rcu_synchronize(struct mh_rcu_domain *domain)
{
	MH_ASSERT(!mh_rcu_thread_reads(domain)); /* it would wait for itself */
	bool offline = mh_rcu_wait_begin();

	switch (domain->flavour) {
	case MH_RCU_MEMB:
		urcu_memb_synchronize_rcu();
		break;
	case MH_RCU_QSBR:
		urcu_qsbr_synchronize_rcu();
		break;
	case MH_RCU_BP:
		urcu_bp_synchronize_rcu();
		break;
	case MH_RCU_MB:
		urcu_mb_synchronize_rcu();
		break;
	default:
		mh_srcu_synchronize(domain);
	}
#if MH_RCU_TSAN
	__tsan_acquire(&domain->tsan_tag);
#endif
	mh_rcu_wait_end(offline);
	atomic_fetch_add_explicit(&domain->grace_periods, 1, memory_order_relaxed); /* a counter, it orders nothing */
}

/* One batch: a grace period for all that waits now. call_lock is held, and given up meanwhile. */
static void reclaim_batch(struct mh_rcu_domain *domain)
{
	struct mh_rcu_head *head = domain->calls;
	uint64_t ran = 0;

	domain->calls = NULL;
	domain->calls_tail = &domain->calls;
	mh_mutex_unlock(&domain->call_lock);
	mh_rcu_synchronize(domain);
	while (head) {
		struct mh_rcu_head *next = head->next; /* @done frees the head */

		head->done(head);
		head = next;
		ran++;
	}
	mh_mutex_lock(&domain->call_lock);
	domain->calls_done += ran;
	mh_condition_broadcast(&domain->call_done);
}

static void reclaimer_run(void *data)
{
	struct mh_rcu_domain *domain = data;

	reclaiming = domain;
	mh_mutex_lock(&domain->call_lock);
	for (;;) {
		if (domain->calls)
			reclaim_batch(domain);
		else if (domain->call_stop)
			break;
		else
			mh_condition_wait(&domain->call_added, &domain->call_lock);
	}
	mh_mutex_unlock(&domain->call_lock);
}

/* call_lock is held. */
static int reclaimer_start(struct mh_rcu_domain *domain)
{
	char name[32];

	snprintf(name, sizeof(name), "reclaim/%s", mh_rcu_flavour_names[domain->flavour]);
	int ret = mh_thread_start(&domain->reclaimer, name, -1, reclaimer_run, domain, NULL);

	domain->reclaimer_started = ret == 0;
	return ret;
}

int mh_rcu_prepare_call(struct mh_rcu_domain *domain)
{
	int ret = 0;

	mh_mutex_lock(&domain->call_lock);
	if (!domain->reclaimer_started && reclaimer_start(domain) < 0)
		ret = -EAGAIN;
	mh_mutex_unlock(&domain->call_lock);
	return ret;
}

int mh_rcu_call(struct mh_rcu_domain *domain, struct mh_rcu_head *head, void (*done)(struct mh_rcu_head *head))
{
	int ret = 0;

	mh_mutex_lock(&domain->call_lock);
	MH_ASSERT(!domain->call_stop || reclaiming == domain); /* a done function may call again, even at the end */
	if (domain->calls_queued - domain->calls_done >= MH_RCU_CALLS_MAX)
		ret = -EAGAIN;
	else if (!domain->reclaimer_started && reclaimer_start(domain) < 0)
		ret = -EAGAIN;
	if (ret == 0) {
		head->next = NULL;
		head->done = done;
		*domain->calls_tail = head;
		domain->calls_tail = &head->next;
		domain->calls_queued++;
		mh_condition_signal(&domain->call_added);
	}
	mh_mutex_unlock(&domain->call_lock);
	return ret;
}

void mh_rcu_barrier(struct mh_rcu_domain *domain)
{
	MH_ASSERT(reclaiming != domain);
	MH_ASSERT(!mh_rcu_thread_reads(domain));
	mh_mutex_lock(&domain->call_lock);
	uint64_t queued = domain->calls_queued;

	while (domain->calls_done < queued)
		mh_condition_wait(&domain->call_done, &domain->call_lock);
	mh_mutex_unlock(&domain->call_lock);
}

#if MH_RCU_TSAN
unsigned mh_rcu_read_lock(struct mh_rcu_domain *domain)
{
	switch (domain->flavour) {
	case MH_RCU_MEMB:
		urcu_memb_read_lock();
		return 0;
	case MH_RCU_QSBR:
		MH_DEBUG_ASSERT(mh_rcu_qsbr_entered);
		mh_rcu_qsbr_depth++;
		urcu_qsbr_read_lock();
		return 0;
	case MH_RCU_BP:
		urcu_bp_read_lock();
		return 0;
	case MH_RCU_MB:
		urcu_mb_read_lock();
		return 0;
	default:
		return mh_srcu_read_lock(domain);
	}
}

/* The tag carries to the updater what the section did: ThreadSanitizer does not see liburcu's own ordering. */
void mh_rcu_read_unlock(struct mh_rcu_domain *domain, unsigned index)
{
	__tsan_release(&domain->tsan_tag);
	switch (domain->flavour) {
	case MH_RCU_MEMB:
		urcu_memb_read_unlock();
		break;
	case MH_RCU_QSBR:
		urcu_qsbr_read_unlock();
		mh_rcu_qsbr_depth--;
		break;
	case MH_RCU_BP:
		urcu_bp_read_unlock();
		break;
	case MH_RCU_MB:
		urcu_mb_read_unlock();
		break;
	default:
		mh_srcu_read_unlock(domain, index);
	}
}
#else
unsigned mh_rcu_read_lock_slow(struct mh_rcu_domain *domain)
{
	switch (domain->flavour) {
	case MH_RCU_BP:
		urcu_bp_read_lock();
		return 0;
	case MH_RCU_MB:
		urcu_mb_read_lock();
		return 0;
	default:
		return mh_srcu_read_lock(domain);
	}
}

void mh_rcu_read_unlock_slow(struct mh_rcu_domain *domain, unsigned index)
{
	switch (domain->flavour) {
	case MH_RCU_BP:
		urcu_bp_read_unlock();
		break;
	case MH_RCU_MB:
		urcu_mb_read_unlock();
		break;
	default:
		mh_srcu_read_unlock(domain, index);
	}
}
#endif
