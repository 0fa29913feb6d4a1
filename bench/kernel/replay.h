/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recorded cases replayed on the kernel that we run on, with what a stock kernel has: its blocks, its policies and its
 * error injector. What a case needs beyond that is a reason to skip it.
 */
#ifndef BENCH_KERNEL_REPLAY_H
#define BENCH_KERNEL_REPLAY_H

#include "bench/engine/conform.h"
#include "bench/engine/run.h"
#include "bench/kernel/tree.h"

struct mh_kernel_replay_request {
	const struct mh_kernel_tree *tree;
	const char *blocks; /* "32-40": those that it may touch; NULL: nothing, it is refused */
	/* Told before anything is changed: what will be. */
	void (*announce)(void *data, const char *text);
	void *data;
	struct mh_conform_request conform; /* its replay and replayer are ours */
};

/**
 * mh_kernel_replay_run - replay a file of cases, and put everything back
 * @failures: a line for each thing that could not be put back, then what does so by hand
 *
 * From a process that has no other thread. Return: MH_RUN_ENDED, with the counts; MH_RUN_ENDED_BY_SIGNAL, with those
 * before it; MH_RUN_ENDED_BY_LIMIT, not all was put back; refused, as of mh_run_end, with a sentence: also when no case
 * could be replayed, because the machine is none of the worlds.
 */
enum mh_run_end mh_kernel_replay_run(const struct mh_kernel_replay_request *request,
				     struct mh_conform_counts *ret_counts, struct mh_text *failures,
				     struct mh_error *reterr);

#endif
