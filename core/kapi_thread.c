/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of threads. registry.lock guards the list of them; it is taken before a record's lock.
 */
#include "core/kapi_thread.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/thread.h"
#include "core/kapi_count.h"
#include "core/kapi_lock.h"
#include "core/kapi_percpu.h"
#include "core/kapi_rcu.h"
#include "core/kapi_report.h"

static struct {
	struct mh_mutex lock;
	struct mh_kapi_thread *first;
} registry = {.lock = MH_MUTEX_INIT};

_Thread_local struct mh_kapi_thread *mh_kapi_self_record;

static void registry_add(struct mh_kapi_thread *thread)
{
	mh_mutex_lock(&registry.lock);
	thread->next = registry.first;
	thread->link = &registry.first;
	if (thread->next)
		thread->next->link = &thread->next;
	registry.first = thread;
	mh_mutex_unlock(&registry.lock);
}

static void registry_remove(struct mh_kapi_thread *thread)
{
	mh_mutex_lock(&registry.lock);
	*thread->link = thread->next;
	if (thread->next)
		thread->next->link = thread->link;
	mh_mutex_unlock(&registry.lock);
}

/* Whoever waits for what is held by nobody would wait for ever. */
static void let_go(struct mh_kapi_thread *self, const char *what, const char *name)
{
	while (self->held_count) {
		struct mh_kapi_held held = self->held[self->held_count - 1];
		char text[MH_KAPI_HELD_TEXT];

		mh_kapi_held_remove(self, &self->held[self->held_count - 1]);
		if (mh_kapi_held_is_gone(&held))
			continue;
		mh_kapi_held_text(&held, text, sizeof(text));
		mh_kapi_report(held.kind == MH_KAPI_RCU || held.kind == MH_KAPI_SRCU ? MH_KAPI_RULE_USE
										     : MH_KAPI_RULE_LOCK,
			       "%s '%s' ends with %s", what, name, text);
		if (held.kind <= MH_KAPI_RWSEM)
			mh_kapi_lock_let_go(&held);
		else
			mh_kapi_rcu_let_go(&held);
		if (held.kind == MH_KAPI_PREEMPT_OFF)
			mh_kapi_cpu_let_go(self);
	}
}

void mh_kapi_thread_end_held(const char *what, const char *name)
{
	if (mh_kapi_self_record)
		let_go(mh_kapi_self_record, what, name);
}

void mh_kapi_thread_free(struct mh_kapi_thread *record)
{
	mh_condition_release(&record->woken);
	mh_mutex_release(&record->lock);
	free(record);
}

static void thread_end(void)
{
	struct mh_kapi_thread *self = mh_kapi_self_record;

	let_go(self, "thread", self->task.comm);
	mh_kapi_cpu_give(self);
	mh_kapi_count_leave(self);
	registry_remove(self);
	mh_kapi_self_record = NULL;
	if (!self->kept)
		mh_kapi_thread_free(self);
}

struct mh_kapi_thread *mh_kapi_thread_make(const char *name)
{
	struct mh_kapi_thread *record = calloc(1, sizeof(*record));

	if (!record)
		return NULL;
	record->cpu = -1;
	snprintf(record->task.comm, sizeof(record->task.comm), "%.15s", name);
	mh_mutex_init(&record->lock);
	mh_condition_init(&record->woken);
	return record;
}

void mh_kapi_thread_adopt(struct mh_kapi_thread *record)
{
	record->task.pid = (int)gettid();
	registry_add(record);
	mh_kapi_self_record = record;
	mh_thread_at_end(thread_end);
}

static __attribute__((noinline)) struct mh_kapi_thread *thread_new(void)
{
	char name[16] = "";
	struct mh_kapi_thread *record;

	(void)prctl(PR_GET_NAME, name);
	record = mh_kapi_thread_make(name);
	MH_ASSERT(record); /* of a lock call that cannot fail */
	mh_kapi_thread_adopt(record);
	return record;
}

struct mh_kapi_thread *mh_kapi_self(void)
{
	return __builtin_expect(mh_kapi_self_record != NULL, 1) ? mh_kapi_self_record : thread_new();
}

void mh_kapi_threads_each(void (*each)(struct mh_kapi_thread *thread, void *data), void *data)
{
	mh_mutex_lock(&registry.lock);
	for (struct mh_kapi_thread *thread = registry.first; thread; thread = thread->next)
		each(thread, data);
	mh_mutex_unlock(&registry.lock);
}

struct task_struct *memhp_current(void)
{
	return &mh_kapi_self()->task;
}
