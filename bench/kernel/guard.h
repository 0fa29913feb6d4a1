/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process that stays when ours is killed, and then puts back what is still noted in the journal.
 */
#ifndef BENCH_KERNEL_GUARD_H
#define BENCH_KERNEL_GUARD_H

#include <sys/types.h>

#include "bench/kernel/journal.h"

struct mh_kernel_guard {
	int life_fd; /* it waits until the other end of this pipe is closed, which the kernel does for the dead */
	pid_t process;
};

/* Before anything is changed. @journal and @tree outlive it. 0, or -errno with a sentence. */
int mh_kernel_guard_start(struct mh_kernel_journal *journal, const struct mh_kernel_tree *tree,
			  struct mh_kernel_guard *ret_guard, struct mh_error *reterr);
/* When the journal is undone: it has nothing to do, and ends. What is noted still, it puts back before. */
void mh_kernel_guard_stop(struct mh_kernel_guard *guard);

#endif
