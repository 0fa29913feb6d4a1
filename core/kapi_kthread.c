/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that modules start. Unlike in the kernel, one that has ended by itself is kept until it is stopped or its
 * module goes, so that a late kthread_stop() finds it.
 *
 * kthreads.lock guards the list and each one's fields but the atomic ones.
 */
#include "core/kapi_kthread.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <memhp/kapi_kthread.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/thread.h"
#include "core/kapi_count.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_thread.h"
#include "core/kapi_time.h"
#include "core/kapi_wait.h"

/* How long a thread may take to stop when its module goes, and between two wakings of it. */
#define END_NS_MAX UINT64_C(2000000000)
#define TURN_NS    UINT64_C(1000000)

struct kthread {
	struct mh_thread thread;
	struct mh_kapi_thread *record; /* its task_struct */
	int (*function)(void *data);
	void *data;
	const char *where; /* started */
	atomic_bool stop;
	bool sleeps; /* it has come as far as waiting to be woken first */
	bool ended;
	int result;
	struct kthread *next;
};

static struct {
	struct mh_mutex lock;
	struct mh_condition changed; /* sleeps, ended */
	bool made;
	struct kthread *first;
} kthreads = {.lock = MH_MUTEX_INIT};

static _Thread_local struct kthread *self_kthread;

static void lock_kthreads(void)
{
	mh_mutex_lock(&kthreads.lock);
	if (!kthreads.made)
		mh_condition_init(&kthreads.changed);
	kthreads.made = true;
}

static void tell(bool *field)
{
	lock_kthreads();
	*field = true;
	mh_condition_broadcast(&kthreads.changed);
	mh_mutex_unlock(&kthreads.lock);
}

static void kthread_run(void *data)
{
	struct kthread *kthread = data;
	int result = -EINTR;

	self_kthread = kthread;
	mh_kapi_thread_adopt(kthread->record);
	memhp_set_state(MEMHP_UNINTERRUPTIBLE);
	tell(&kthread->sleeps);
	(void)mh_kapi_sleep_until(MH_KAPI_NEVER);
	if (!atomic_load(&kthread->stop))
		result = kthread->function(kthread->data);
	mh_kapi_thread_end_held("the thread", kthread->record->task.comm);
	kthread->result = result;
	tell(&kthread->ended);
}

/* Has come as far as sleeping: then it is in the list and can be woken. */
static int kthread_start(struct kthread *kthread)
{
	int ret = mh_thread_start(&kthread->thread, kthread->record->task.comm, -1, kthread_run, kthread, NULL);

	if (ret < 0)
		return ret;
	lock_kthreads();
	while (!kthread->sleeps)
		mh_condition_wait(&kthreads.changed, &kthreads.lock);
	kthread->next = kthreads.first;
	kthreads.first = kthread;
	mh_mutex_unlock(&kthreads.lock);
	return 0;
}

static void kthread_free(struct kthread *kthread)
{
	mh_kapi_thread_free(kthread->record);
	free(kthread);
}

static struct kthread *kthread_make(const char *name)
{
	struct kthread *kthread = calloc(1, sizeof(*kthread));

	if (!kthread)
		return NULL;
	kthread->record = mh_kapi_thread_make(name);
	if (!kthread->record) {
		free(kthread);
		return NULL;
	}
	kthread->record->kept = true;
	return kthread;
}

struct task_struct *memhp_kthread_new(int (*function)(void *data), void *data, int run, const char *where,
				      const char *format, ...)
{
	char name[MEMHP_COMM_SIZE * 2];
	struct kthread *kthread;
	va_list arguments;

	mh_kapi_count(MH_KAPI_CALL_KTHREAD_CREATE);
	mh_kapi_might_sleep(where);
	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	kthread = kthread_make(name);
	if (!kthread)
		return NULL;
	kthread->function = function;
	kthread->data = data;
	kthread->where = where;
	if (kthread_start(kthread) < 0) {
		kthread_free(kthread);
		return NULL;
	}
	if (run)
		(void)mh_kapi_wake_task(&kthread->record->task, MEMHP_SLEEPING);
	return &kthread->record->task;
}

/* Under the lock. NULL: @task is none of ours, or was stopped. */
static struct kthread **find(const struct task_struct *task)
{
	struct kthread **link = &kthreads.first;

	while (*link && &(*link)->record->task != task)
		link = &(*link)->next;
	return *link ? link : NULL;
}

static struct kthread *take(const struct task_struct *task)
{
	struct kthread *kthread = NULL, **link;

	lock_kthreads();
	link = find(task);
	if (link) {
		kthread = *link;
		*link = kthread->next;
	}
	mh_mutex_unlock(&kthreads.lock);
	return kthread;
}

static int kthread_join(struct kthread *kthread)
{
	int result;

	mh_thread_join(&kthread->thread);
	result = kthread->result;
	kthread_free(kthread);
	return result;
}

static void ask_to_stop(struct kthread *kthread)
{
	atomic_store(&kthread->stop, true);
	(void)mh_kapi_wake_task(&kthread->record->task, MEMHP_SLEEPING);
}

int memhp_kthread_stop(struct task_struct *task, const char *where)
{
	struct kthread *kthread;

	mh_kapi_might_sleep(where);
	if (self_kthread && &self_kthread->record->task == task) {
		mh_kapi_report(MH_KAPI_RULE_USE, "thread '%s' stops itself at %s: the kernel would hang", task->comm,
			       where);
		return -EDEADLK;
	}
	kthread = take(task);
	if (!kthread) {
		mh_kapi_report(MH_KAPI_RULE_USE, "kthread_stop() at %s of what is no thread, or was stopped before",
			       where);
		return -ESRCH;
	}
	ask_to_stop(kthread);
	return kthread_join(kthread);
}

int memhp_kthread_should_stop(const char *where)
{
	if (self_kthread)
		return atomic_load(&self_kthread->stop);
	mh_kapi_report(MH_KAPI_RULE_USE, "kthread_should_stop() at %s in a thread that kthread_create() has not made",
		       where);
	return 1;
}

void *memhp_kthread_data(struct task_struct *task, const char *where)
{
	struct kthread **link;
	void *data = NULL;

	lock_kthreads();
	link = find(task);
	if (link)
		data = (*link)->data;
	mh_mutex_unlock(&kthreads.lock);
	if (!link)
		mh_kapi_report(MH_KAPI_RULE_USE, "kthread_data() at %s of what is no thread, or was stopped", where);
	return data;
}

static struct kthread *first_of(const struct mh_kapi_leaving *leaving)
{
	struct kthread *kthread;

	lock_kthreads();
	for (kthread = kthreads.first; kthread; kthread = kthread->next)
		if (mh_kapi_is_of(leaving, (const void *)(uintptr_t)kthread->function))
			break;
	mh_mutex_unlock(&kthreads.lock);
	return kthread;
}

static bool has_ended(const struct kthread *kthread)
{
	bool ended;

	lock_kthreads();
	ended = kthread->ended;
	mh_mutex_unlock(&kthreads.lock);
	return ended;
}

/* Wakes it until it ends: it may wait for what nobody will do any more, more than once. */
static bool stop_in_time(struct kthread *kthread)
{
	uint64_t end = mh_clock_monotonic_ns() + END_NS_MAX;

	while (!has_ended(kthread)) {
		if (mh_clock_monotonic_ns() > end)
			return false;
		ask_to_stop(kthread);
		mh_sleep_ns(TURN_NS);
	}
	return true;
}

int mh_kapi_kthread_unload(const struct mh_kapi_leaving *leaving, struct mh_error *reterr)
{
	struct kthread *kthread;

	while ((kthread = first_of(leaving))) {
		const char *name = kthread->record->task.comm;

		if (!has_ended(kthread))
			mh_kapi_report(MH_KAPI_RULE_USE,
				       "module '%s' is unloaded with the thread '%s' running, started at %s",
				       leaving->name, name, kthread->where);
		if (!stop_in_time(kthread))
			return mh_error_set(reterr, -EBUSY, "module '%s': its thread '%s' does not stop", leaving->name,
					    name);
		(void)kthread_join(take(&kthread->record->task));
	}
	return 0;
}
