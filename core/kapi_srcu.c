/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SRCU of modules: an SRCU domain for each srcu_struct, made by init_srcu_struct() or, where it was defined statically,
 * at its first use; freed by cleanup_srcu_struct() or with its module.
 *
 * domains.lock guards the list and the making; a srcu_struct's pointer is read without.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/kapi_rcu.h"
#include "core/kapi_count.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_thread.h"

struct srcu_domain {
	struct mh_rcu_domain rcu;
	struct srcu_struct *srcu;
	const char *name, *where; /* of its init, or its first use */
	struct srcu_domain *next;
};

static struct {
	struct mh_mutex lock;
	struct srcu_domain *first;
	struct srcu_domain *abandoned; /* a thread is inside of a section of each: never freed */
} domains = {.lock = MH_MUTEX_INIT};

/* Under the lock. NULL: no memory. */
static struct srcu_domain *domain_new(struct srcu_struct *srcu, const char *name, const char *where)
{
	struct srcu_domain *domain = calloc(1, sizeof(*domain));

	if (!domain)
		return NULL;
	MH_ASSERT(mh_rcu_domain_init(&domain->rcu, MH_RCU_SRCU, NULL) == 0);
	domain->srcu = srcu;
	domain->name = name;
	domain->where = where;
	domain->next = domains.first;
	domains.first = domain;
	/* Release: who reads the pointer without the lock finds the domain whole. */
	__atomic_store_n(&srcu->memhp_domain, domain, __ATOMIC_RELEASE);
	return domain;
}

static struct srcu_domain *domain_at_first_use(struct srcu_struct *srcu, const char *name, const char *where)
{
	struct srcu_domain *domain;
	bool defined;

	mh_mutex_lock(&domains.lock);
	defined = srcu->memhp_defined != 0;
	domain = __atomic_load_n(&srcu->memhp_domain, __ATOMIC_RELAXED);
	if (!domain)
		domain = domain_new(srcu, name, where);
	MH_ASSERT(domain); /* of a read lock, which cannot fail */
	mh_mutex_unlock(&domains.lock);
	if (!defined)
		mh_kapi_report(MH_KAPI_RULE_USE, "srcu_struct '%s' is used at %s before its init or after its cleanup",
			       name, where);
	return domain;
}

static struct srcu_domain *domain_of(struct srcu_struct *srcu, const char *name, const char *where)
{
	/* Acquire: pairs with the release of domain_new(). */
	struct srcu_domain *domain = __atomic_load_n(&srcu->memhp_domain, __ATOMIC_ACQUIRE);

	return __builtin_expect(domain != NULL, 1) ? domain : domain_at_first_use(srcu, name, where);
}

int memhp_srcu_init(struct srcu_struct *srcu, const char *name, const char *where)
{
	struct srcu_domain *domain;

	mh_kapi_count(MH_KAPI_CALL_SRCU_INIT);
	mh_mutex_lock(&domains.lock);
	srcu->memhp_defined = 1;
	srcu->memhp_name = name;
	domain = domain_new(srcu, name, where);
	mh_mutex_unlock(&domains.lock);
	return domain ? 0 : -ENOMEM;
}

struct reading {
	const struct srcu_struct *srcu;
	const char *where; /* a section that is open; NULL: none */
};

static void look_for_reader(struct mh_kapi_thread *thread, void *data)
{
	struct reading *reading = data;

	mh_mutex_lock(&thread->lock);
	for (unsigned i = 0; i < thread->held_count; i++)
		if (thread->held[i].object == reading->srcu && thread->held[i].kind == MH_KAPI_SRCU)
			reading->where = thread->held[i].where;
	mh_mutex_unlock(&thread->lock);
}

static void domain_unlink(struct srcu_domain *domain)
{
	struct srcu_domain **link = &domains.first;

	mh_mutex_lock(&domains.lock);
	while (*link != domain)
		link = &(*link)->next;
	*link = domain->next;
	mh_mutex_unlock(&domains.lock);
}

static void domain_abandon(struct srcu_domain *domain)
{
	mh_mutex_lock(&domains.lock);
	domain->next = domains.abandoned;
	domains.abandoned = domain;
	mh_mutex_unlock(&domains.lock);
}

/* With a reader left it stays for ever: the reader will write to it. */
static void domain_free(struct srcu_domain *domain, const char *what, const char *where)
{
	struct reading reading = {.srcu = domain->srcu};

	mh_kapi_threads_each(look_for_reader, &reading);
	domain_unlink(domain);
	if (reading.where) {
		mh_kapi_report(MH_KAPI_RULE_USE, "srcu_struct '%s' is %s at %s with a read section open, begun at %s",
			       domain->name, what, where, reading.where);
		domain_abandon(domain);
		return;
	}
	mh_rcu_domain_release(&domain->rcu);
	free(domain);
}

void memhp_srcu_cleanup(struct srcu_struct *srcu, const char *where)
{
	struct srcu_domain *domain = __atomic_exchange_n(&srcu->memhp_domain, NULL, __ATOMIC_ACQ_REL);

	srcu->memhp_defined = 0;
	mh_kapi_count(MH_KAPI_CALL_SRCU_CLEANUP);
	if (!domain)
		return;
	if (mh_kapi_rcu_pending(&domain->rcu))
		mh_kapi_report(MH_KAPI_RULE_USE,
			       "srcu_struct '%s' is cleaned up at %s with callbacks pending: srcu_barrier() is missing",
			       domain->name, where);
	domain_free(domain, "cleaned up", where);
}

int memhp_srcu_read_lock(struct srcu_struct *srcu, const char *name, const char *where)
{
	struct srcu_domain *domain = domain_of(srcu, name, where);
	struct mh_kapi_held held = {.object = srcu, .name = name, .where = where, .kind = MH_KAPI_SRCU, .depth = 1};

	mh_kapi_count(MH_KAPI_CALL_SRCU_READ_LOCK);
	held.index = mh_rcu_read_lock(&domain->rcu);
	mh_kapi_held_add(mh_kapi_self(), &held);
	return (int)held.index;
}

static struct mh_kapi_held *section_of(const struct srcu_struct *srcu, int index)
{
	struct mh_kapi_thread *self = mh_kapi_self();

	for (unsigned i = self->held_count; i > 0; i--) {
		struct mh_kapi_held *held = &self->held[i - 1];

		if (held->object == srcu && held->kind == MH_KAPI_SRCU && (int)held->index == index)
			return held;
	}
	return NULL;
}

void memhp_srcu_read_unlock(struct srcu_struct *srcu, int index, const char *where)
{
	struct srcu_domain *domain = __atomic_load_n(&srcu->memhp_domain, __ATOMIC_ACQUIRE);
	struct mh_kapi_held *held = section_of(srcu, index);

	if (!held || !domain) {
		mh_kapi_report(MH_KAPI_RULE_USE,
			       "srcu_read_unlock() at %s by thread '%s' without its srcu_read_lock(), or with an index "
			       "that it did not give",
			       where, mh_kapi_self()->task.comm);
		return;
	}
	mh_kapi_held_remove(mh_kapi_self(), held);
	mh_rcu_read_unlock(&domain->rcu, (unsigned)index);
}

void mh_kapi_srcu_let_go(const struct mh_kapi_held *held)
{
	const struct srcu_struct *srcu = held->object;
	struct srcu_domain *domain = __atomic_load_n(&srcu->memhp_domain, __ATOMIC_ACQUIRE);

	if (domain)
		mh_rcu_read_unlock(&domain->rcu, held->index);
}

int memhp_srcu_read_held(const struct srcu_struct *srcu)
{
	struct mh_kapi_thread *self = mh_kapi_self_if_any();

	return self && mh_kapi_held_find(self, srcu, MH_KAPI_SRCU);
}

static bool waits_for_itself(const struct srcu_struct *srcu, const char *what, const char *where)
{
	const struct mh_kapi_held *held = mh_kapi_held_find(mh_kapi_self(), srcu, MH_KAPI_SRCU);

	if (!held)
		return false;
	mh_kapi_report(MH_KAPI_RULE_USE, "%s at %s inside of the read section that began at %s: the kernel would hang",
		       what, where, held->where);
	return true;
}

void memhp_srcu_synchronize(struct srcu_struct *srcu, const char *name, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_SYNCHRONIZE_SRCU);
	if (waits_for_itself(srcu, "synchronize_srcu()", where))
		return;
	mh_kapi_might_sleep(where);
	mh_rcu_synchronize(&domain_of(srcu, name, where)->rcu);
}

void memhp_srcu_barrier(struct srcu_struct *srcu, const char *name, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_SRCU_BARRIER);
	if (mh_kapi_rcu_in_callback("srcu_barrier()", where) || waits_for_itself(srcu, "srcu_barrier()", where))
		return;
	mh_kapi_might_sleep(where);
	mh_rcu_barrier(&domain_of(srcu, name, where)->rcu);
}

void memhp_srcu_call(struct srcu_struct *srcu, struct memhp_rcu_head *head,
		     void (*function)(struct memhp_rcu_head *head), const char *name, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_CALL_SRCU);
	head->func = function;
	head->memhp_free = NULL;
	mh_kapi_rcu_call(&(struct mh_kapi_call){&domain_of(srcu, name, where)->rcu, head, where});
}

static struct srcu_domain *domain_of_module(const struct mh_kapi_leaving *leaving)
{
	struct srcu_domain *domain;

	mh_mutex_lock(&domains.lock);
	for (domain = domains.first; domain; domain = domain->next)
		if (mh_kapi_is_of(leaving, domain->where))
			break;
	mh_mutex_unlock(&domains.lock);
	return domain;
}

/* As in the kernel what was defined statically ends with its module; what was initialised, its module must clean up. */
void mh_kapi_srcu_unload(const struct mh_kapi_leaving *leaving)
{
	struct srcu_domain *domain;

	while ((domain = domain_of_module(leaving))) {
		if (!mh_kapi_is_of(leaving, domain->srcu))
			mh_kapi_report(MH_KAPI_RULE_USE,
				       "module '%s' is unloaded without cleanup_srcu_struct() of '%s', from %s",
				       leaving->name, domain->name, domain->where);
		domain_free(domain, "left behind", domain->where);
	}
}
