/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What forbids to sleep besides locks, and the report of who does it. */
#include "core/kapi_sleep.h"

#include "core/kapi_count.h"
#include "core/kapi_percpu.h"
#include "core/kapi_report.h"
#include "core/kapi_thread.h"

void mh_kapi_might_sleep(const char *where)
{
	struct mh_kapi_thread *self = mh_kapi_self_if_any();
	const struct mh_kapi_held *held = self ? mh_kapi_held_atomic(self) : NULL;
	char text[MH_KAPI_HELD_TEXT];

	if (__builtin_expect(held == NULL, 1))
		return;
	mh_kapi_held_text(held, text, sizeof(text));
	mh_kapi_report(MH_KAPI_RULE_SLEEP, "what may sleep is called at %s with %s", where, text);
}

void memhp_might_sleep(const char *where)
{
	mh_kapi_might_sleep(where);
}

void memhp_cond_resched(const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_COND_RESCHED);
	mh_kapi_might_sleep(where);
	mh_yield();
}

int memhp_in_atomic(void)
{
	struct mh_kapi_thread *self = mh_kapi_self_if_any();

	return self && mh_kapi_held_atomic(self);
}

static void enter(enum mh_kapi_held_kind kind, const char *name, const char *where)
{
	mh_kapi_held_enter(mh_kapi_self(),
			   &(struct mh_kapi_held){.name = name, .where = where, .kind = kind, .depth = 1});
}

static void leave(enum mh_kapi_held_kind kind, const char *name, const char *where)
{
	if (!mh_kapi_held_leave(mh_kapi_self(), NULL, kind))
		mh_kapi_report(MH_KAPI_RULE_LOCK, "%s at %s without its begin", name, where);
}

/* The outermost keeps other threads from the CPU, should it be shared. */
void memhp_preempt_disable(const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_PREEMPT_DISABLE);
	enter(MH_KAPI_PREEMPT_OFF, "preempt_disable()", where);
	mh_kapi_cpu_hold(mh_kapi_self());
}

void memhp_preempt_enable(const char *where)
{
	leave(MH_KAPI_PREEMPT_OFF, "preempt_enable()", where);
	if (!mh_kapi_held_find(mh_kapi_self(), NULL, MH_KAPI_PREEMPT_OFF))
		mh_kapi_cpu_let_go(mh_kapi_self());
}

void memhp_bh_disable(const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_LOCAL_BH_DISABLE);
	enter(MH_KAPI_BH_OFF, "local_bh_disable()", where);
}

void memhp_bh_enable(const char *where)
{
	leave(MH_KAPI_BH_OFF, "local_bh_enable()", where);
}

int memhp_irqs_disabled(void)
{
	struct mh_kapi_thread *self = mh_kapi_self_if_any();

	return self && mh_kapi_held_find(self, NULL, MH_KAPI_IRQ_OFF);
}

unsigned long memhp_irq_save(const char *where)
{
	unsigned long before = memhp_irqs_disabled();

	mh_kapi_count(MH_KAPI_CALL_LOCAL_IRQ_SAVE);
	if (!before)
		enter(MH_KAPI_IRQ_OFF, "local_irq_disable()", where);
	return before;
}

void memhp_irq_restore(unsigned long flags)
{
	if (!flags && memhp_irqs_disabled())
		(void)mh_kapi_held_leave(mh_kapi_self(), NULL, MH_KAPI_IRQ_OFF);
}

void mh_kapi_softirq_enter(const char *name, const char *where)
{
	enter(MH_KAPI_SOFTIRQ, name, where);
}

void mh_kapi_softirq_leave(void)
{
	(void)mh_kapi_held_leave(mh_kapi_self(), NULL, MH_KAPI_SOFTIRQ);
}
