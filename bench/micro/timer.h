/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What benchmarks are timed by: a clock, how it is read, and whether the thread was left alone; a test can bend it. */
#ifndef BENCH_MICRO_TIMER_H
#define BENCH_MICRO_TIMER_H

#include <stdint.h>

#include "base/clock.h"

struct mh_timer {
	struct mh_clock clock;
	uint64_t (*ticks)(const struct mh_clock *clock);
	long (*preemptions)(void); /* of the calling thread, since it began */
};

/* Calibrates for 20 ms. The time-stamp counter, or what mh_clock_init() falls back to. */
void mh_timer_init(struct mh_timer *timer);

#endif
