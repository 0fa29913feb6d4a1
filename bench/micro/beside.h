/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that does one thing over and over beside a benchmark, on another CPU. Started before the loop and stopped
 * after it, outside of what is timed: it must not disturb the instances that this one is compared with.
 */
#ifndef BENCH_MICRO_BESIDE_H
#define BENCH_MICRO_BESIDE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/thread.h"

struct mh_beside {
	void (*turn)(void *data);  /* over and over */
	void (*begin)(void *data); /* in its thread, before the first turn; may be NULL */
	void (*end)(void *data);   /* and after the last; may be NULL */
	void *data;
	/* Its own: */
	struct mh_thread thread;
	atomic_bool running, stop;
	bool preempted; /* once it has stopped: another program had its CPU meanwhile */
};

/* Returns when it has begun. 0; -ENODEV when this process may run on one CPU alone; -EAGAIN; with a sentence. */
int mh_beside_start(struct mh_beside *beside, struct mh_error *reterr);
void mh_beside_stop(struct mh_beside *beside);

#endif
