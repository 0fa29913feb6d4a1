/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU of modules: one SRCU domain for all of them, which shares its grace periods with nobody. So a synchronize_rcu()
 * inside a callback returns, whatever keeps the chain that called it.
 */
#include "core/kapi_rcu.h"

#include "core/kapi_count.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_thread.h"
#include "core/machine_private.h"

static struct mh_rcu_domain domain;
static struct mh_mutex making = MH_MUTEX_INIT;
static atomic_bool made;
static atomic_bool leaked; /* a thread has gone on inside of a section that nobody can close */

static struct mh_rcu_domain *rcu_domain(void)
{
	/* Acquire: pairs with the release below, which publishes the domain whole. */
	if (__builtin_expect(atomic_load_explicit(&made, memory_order_acquire), 1))
		return &domain;
	mh_mutex_lock(&making);
	if (!atomic_load_explicit(&made, memory_order_relaxed)) {
		MH_ASSERT(mh_rcu_domain_init(&domain, MH_RCU_SRCU, NULL) == 0);
		atomic_store_explicit(&made, true, memory_order_release);
	}
	mh_mutex_unlock(&making);
	return &domain;
}

void memhp_rcu_read_lock(const char *where)
{
	struct mh_kapi_held held = {.name = "rcu_read_lock()", .where = where, .kind = MH_KAPI_RCU, .depth = 1};
	struct mh_kapi_thread *self = mh_kapi_self();

	mh_kapi_count(MH_KAPI_CALL_RCU_READ_LOCK);
	/* Only the outermost is one for the domain. */
	if (!mh_kapi_held_find(self, NULL, MH_KAPI_RCU))
		held.index = mh_rcu_read_lock(rcu_domain());
	mh_kapi_held_enter(self, &held);
}

void memhp_rcu_read_unlock(const char *where)
{
	struct mh_kapi_thread *self = mh_kapi_self();
	struct mh_kapi_held *held = mh_kapi_held_find(self, NULL, MH_KAPI_RCU);
	unsigned index = held ? held->index : 0;
	bool outermost = held && held->depth == 1;

	if (!held) {
		mh_kapi_report(MH_KAPI_RULE_USE, "rcu_read_unlock() at %s without its rcu_read_lock()", where);
		return;
	}
	(void)mh_kapi_held_leave(self, NULL, MH_KAPI_RCU);
	if (outermost)
		mh_rcu_read_unlock(&domain, index);
}

int memhp_rcu_read_held(void)
{
	struct mh_kapi_thread *self = mh_kapi_self_if_any();

	return self && mh_kapi_held_find(self, NULL, MH_KAPI_RCU);
}

void memhp_rcu_check(int allowed, const char *what, const char *where)
{
	if (__builtin_expect(!allowed, 0))
		mh_kapi_report(MH_KAPI_RULE_USE, "%s at %s outside of a read section and of what else would protect it",
			       what, where);
}

/* A grace period would wait for this thread, which waits for it. */
static bool waits_for_itself(const char *what, const char *where)
{
	struct mh_kapi_thread *self = mh_kapi_self();
	const struct mh_kapi_held *held = mh_kapi_held_find(self, NULL, MH_KAPI_RCU);

	if (!held)
		return false;
	mh_kapi_report(MH_KAPI_RULE_USE, "%s at %s inside of the read section that began at %s: the kernel would hang",
		       what, where, held->where);
	return true;
}

static void synchronize(const char *where)
{
	if (waits_for_itself("synchronize_rcu()", where))
		return;
	mh_kapi_might_sleep(where);
	mh_rcu_synchronize(rcu_domain());
}

void memhp_rcu_synchronize(const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_SYNCHRONIZE_RCU);
	synchronize(where);
}

void memhp_rcu_barrier(const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_RCU_BARRIER);
	if (mh_kapi_rcu_in_callback("rcu_barrier()", where) || waits_for_itself("rcu_barrier()", where))
		return;
	mh_kapi_might_sleep(where);
	mh_rcu_barrier(rcu_domain());
}

void memhp_rcu_call(struct memhp_rcu_head *head, void (*function)(struct memhp_rcu_head *head), const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_CALL_RCU);
	head->func = function;
	head->memhp_free = NULL;
	mh_kapi_rcu_call(&(struct mh_kapi_call){rcu_domain(), head, where});
}

void memhp_rcu_free(struct memhp_rcu_head *head, const void *object, void (*function)(const void *object),
		    const char *where)
{
	if (!object)
		return;
	mh_kapi_count(MH_KAPI_CALL_KFREE_RCU);
	if (!head) {
		synchronize(where);
		function(object);
		return;
	}
	head->func = NULL;
	head->memhp_free = function;
	head->memhp_object = object;
	mh_kapi_rcu_call(&(struct mh_kapi_call){rcu_domain(), head, where});
}

void mh_kapi_rcu_let_go(const struct mh_kapi_held *held)
{
	if (held->kind == MH_KAPI_RCU)
		mh_rcu_read_unlock(&domain, held->index);
	else if (held->kind == MH_KAPI_SRCU)
		mh_kapi_srcu_let_go(held);
}

/* The newest read section of this thread; NULL: none. */
static struct mh_kapi_held *open_section(struct mh_kapi_thread *self)
{
	for (unsigned i = self->held_count; i > 0; i--)
		if (self->held[i - 1].kind == MH_KAPI_RCU || self->held[i - 1].kind == MH_KAPI_SRCU)
			return &self->held[i - 1];
	return NULL;
}

void mh_kapi_rcu_operation_end(void)
{
	struct mh_kapi_thread *self = mh_kapi_self();
	struct mh_kapi_held *found;
	char text[MH_KAPI_HELD_TEXT];

	while ((found = open_section(self))) {
		struct mh_kapi_held held = *found;

		mh_kapi_held_text(&held, text, sizeof(text));
		mh_kapi_report(MH_KAPI_RULE_USE, "an operation ends with %s", text);
		mh_kapi_held_remove(self, found);
		mh_kapi_rcu_let_go(&held);
	}
	mh_kapi_count_settle(self, mh_operation_current->trace);
}

void mh_kapi_rcu_leak(void)
{
	atomic_store(&leaked, true);
}

void mh_kapi_rcu_stop(void)
{
	if (!atomic_load(&made) || atomic_load(&leaked))
		return;
	mh_rcu_domain_release(&domain);
	atomic_store(&made, false);
}
