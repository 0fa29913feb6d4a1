/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starting, turning, stopping. */
#include "bench/micro/beside.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>

static long preemptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

static void run(void *data)
{
	struct mh_beside *beside = data;
	long before;

	if (beside->begin)
		beside->begin(beside->data);
	before = preemptions();
	/* Release: what begin did is there for who sees it running. */
	atomic_store_explicit(&beside->running, true, memory_order_release);
	/* Relaxed: only that it ends; the join orders the rest. */
	while (!atomic_load_explicit(&beside->stop, memory_order_relaxed))
		beside->turn(beside->data);
	beside->preempted = preemptions() != before;
	if (beside->end)
		beside->end(beside->data);
}

/* The last of the process's CPUs that this thread is not on: benchmarks begin at the first. -1: there is none. */
static int other_cpu(void)
{
	int here = mh_thread_current_cpu(), other = -1;
	unsigned *cpus;
	size_t count;

	if (mh_thread_cpus(&cpus, &count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if ((int)cpus[i] != here)
			other = (int)cpus[i];
	free(cpus);
	return other;
}

int mh_beside_start(struct mh_beside *beside, struct mh_error *reterr)
{
	int cpu = other_cpu(), ret;

	if (cpu < 0)
		return mh_error_set(reterr, -ENODEV, "one CPU: a thread beside the measured one needs another");
	atomic_init(&beside->running, false);
	atomic_init(&beside->stop, false);
	ret = mh_thread_start(&beside->thread, "beside", cpu, run, beside, reterr);
	if (ret < 0)
		return ret;
	while (!atomic_load_explicit(&beside->running, memory_order_acquire))
		sched_yield();
	return 0;
}

void mh_beside_stop(struct mh_beside *beside)
{
	atomic_store_explicit(&beside->stop, true, memory_order_relaxed);
	mh_thread_join(&beside->thread);
}
