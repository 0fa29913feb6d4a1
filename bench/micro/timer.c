/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/timer.h"

#include <sys/resource.h>

static uint64_t read_ticks(const struct mh_clock *clock)
{
	return mh_clock_ticks(clock);
}

static long count_preemptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

void mh_timer_init(struct mh_timer *timer)
{
	mh_clock_init(&timer->clock, MH_CLOCK_TSC);
	timer->ticks = read_ticks;
	timer->preemptions = count_preemptions;
}
