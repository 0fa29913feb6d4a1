/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A signal for one's own thread when a write has lasted too long: the kernel offlines a block with a pinned page for
 * ever, and only a signal ends that (-EINTR, and CANCEL to all listeners).
 */
#ifndef BENCH_KERNEL_DEADLINE_H
#define BENCH_KERNEL_DEADLINE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"

struct mh_kernel_deadline {
	timer_t timer;
	volatile sig_atomic_t fired; /* set by the handler, in the thread that armed it */
};

/* In the thread that will write; @deadline stays where it is until release. 0, or -errno with a sentence. */
int mh_kernel_deadline_init(struct mh_kernel_deadline *deadline, struct mh_error *reterr);
void mh_kernel_deadline_release(struct mh_kernel_deadline *deadline);

/* From @ns on, above 0, a system call of this thread that waits is interrupted, until it is disarmed. */
void mh_kernel_deadline_arm(struct mh_kernel_deadline *deadline, uint64_t ns);
/* Whether it fired. */
bool mh_kernel_deadline_disarm(struct mh_kernel_deadline *deadline);

#endif
