/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting, naming, binding and joining threads. A new thread registers for RCU before it runs and unregisters after,
 * so that no grace period ever waits for a thread that is gone.
 */
#include "base/thread.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/rcu.h"

#define CPUS_MAX 65536 /* bound of the masks that we ask the kernel with; Linux 6.1 allows 8192 */

static _Thread_local void (*at_end)(void);

void mh_thread_at_end(void (*end)(void))
{
	at_end = end;
}

static void *thread_main(void *data)
{
	struct mh_thread *thread = data;

	(void)pthread_setname_np(pthread_self(), thread->name);
	mh_rcu_thread_register();
	thread->run(thread->data);
	if (at_end)
		at_end();
	mh_rcu_thread_unregister();
	return NULL;
}

/* All but those that a thread brings upon itself: a handler for these must run in the thread at fault. */
static void block_signals(sigset_t *ret_before)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
	sigset_t blocked;

	sigfillset(&blocked);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		sigdelset(&blocked, own[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, ret_before);
}

static int attributes_bind(pthread_attr_t *attributes, int cpu)
{
	cpu_set_t *cpus = CPU_ALLOC((size_t)cpu + 1);
	size_t size = CPU_ALLOC_SIZE((size_t)cpu + 1);

	if (!cpus)
		return -ENOMEM;
	CPU_ZERO_S(size, cpus);
	CPU_SET_S((size_t)cpu, size, cpus);
	int ret = -pthread_attr_setaffinity_np(attributes, size, cpus);

	CPU_FREE(cpus);
	return ret;
}

static int thread_create(struct mh_thread *thread, int cpu)
{
	pthread_attr_t attributes;
	sigset_t before;
	int ret = -pthread_attr_init(&attributes);

	if (ret < 0)
		return ret;
	if (cpu >= 0)
		ret = attributes_bind(&attributes, cpu);
	if (ret == 0) {
		block_signals(&before);
		ret = -pthread_create(&thread->thread, &attributes, thread_main, thread);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	pthread_attr_destroy(&attributes);
	return ret;
}

int mh_thread_start(struct mh_thread *thread, const char *name, int cpu, void (*run)(void *data), void *data,
		    struct mh_error *reterr)
{
	if (cpu < -1 || cpu >= CPUS_MAX)
		return mh_error_set(reterr, -EINVAL, "thread '%s': there is no CPU %d", name, cpu);
	thread->run = run;
	thread->data = data;
	snprintf(thread->name, sizeof(thread->name), "%.15s", name);
	int ret = thread_create(thread, cpu);

	if (ret == -EINVAL && cpu >= 0)
		return mh_error_set(reterr, -EINVAL,
				    "thread '%s' cannot be bound to CPU %d: this process may not run there", name, cpu);
	if (ret < 0)
		return mh_error_set(reterr, -EAGAIN, "thread '%s' cannot be started: %s", name, strerror(-ret));
	return 0;
}

void mh_thread_join(struct mh_thread *thread)
{
	bool offline = mh_rcu_wait_begin();

	MH_ASSERT(pthread_join(thread->thread, NULL) == 0);
	mh_rcu_wait_end(offline);
}

/* The CPUs that a thread (0: this one) may run on. */
static int allowed_cpus(pid_t thread, unsigned **ret_cpus, size_t *ret_count)
{
	cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
	size_t size = CPU_ALLOC_SIZE(CPUS_MAX);
	size_t count = 0;
	int ret = set ? 0 : -ENOMEM;

	if (ret == 0 && sched_getaffinity(thread, size, set) < 0)
		ret = -errno;
	unsigned *cpus = ret == 0 ? calloc((size_t)CPU_COUNT_S(size, set) + 1, sizeof(*cpus)) : NULL;

	if (ret == 0 && !cpus)
		ret = -ENOMEM;
	for (size_t cpu = 0; ret == 0 && cpu < size * 8; cpu++)
		if (CPU_ISSET_S(cpu, size, set))
			cpus[count++] = (unsigned)cpu;
	if (set)
		CPU_FREE(set);
	if (ret == 0) {
		*ret_cpus = cpus;
		*ret_count = count;
	}
	return ret;
}

/* The main thread's: it is never bound by us. */
int mh_thread_cpus(unsigned **ret_cpus, size_t *ret_count)
{
	return allowed_cpus(getpid(), ret_cpus, ret_count);
}

unsigned mh_thread_cpu_count(void)
{
	unsigned *cpus;
	size_t count;

	if (mh_thread_cpus(&cpus, &count) < 0)
		return 1;
	free(cpus);
	return count ? (unsigned)count : 1;
}

int mh_thread_bound_cpu(void)
{
	unsigned *cpus;
	size_t count;

	if (allowed_cpus(0, &cpus, &count) < 0)
		return -1;
	int cpu = count == 1 ? (int)cpus[0] : -1;

	free(cpus);
	return cpu;
}

int mh_thread_current_cpu(void)
{
	return sched_getcpu();
}
