/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `mode: kernel`: one execution of one cell on a real kernel's blocks; into a result.
 */
#ifndef BENCH_KERNEL_RUN_H
#define BENCH_KERNEL_RUN_H

#include "bench/engine/run.h"
#include "bench/kernel/tree.h"

struct mh_kernel_run_request {
	const struct mh_run_request *run;
	const struct mh_kernel_tree *tree;
	const char *blocks; /* "32-35,38": what it may touch; NULL: nothing, it is refused */
	/* Told before anything is changed: what will be. */
	void (*announce)(void *data, const char *text);
};

/**
 * mh_kernel_run_execute - run it, and put everything back
 * @result: initialised; filled as far as the run came
 *
 * What could not be put back is told in the result's status, and by the file restore.sh that is left in the run's
 * folder. From a process that has no other thread. Return: how it ended; @reterr says why where it was refused.
 */
enum mh_run_end mh_kernel_run_execute(const struct mh_kernel_run_request *request, struct mh_result *result,
				      struct mh_error *reterr);

#endif
