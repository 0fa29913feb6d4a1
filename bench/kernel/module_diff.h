/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One source, two builds: the contract check's cases with a module as FILE.so on the simulated machine and as FILE.ko
 * on the kernel that this program runs on, operation by operation.
 *
 * A difference is a bug of the simulator, of the kernel API that it gives modules, or of the module.
 */
#ifndef BENCH_KERNEL_MODULE_DIFF_H
#define BENCH_KERNEL_MODULE_DIFF_H

#include "bench/engine/contract.h"
#include "bench/kernel/tree.h"

struct mh_kernel_diff_request {
	struct mh_contract_request contract; /* FILE.so, its parameters, and which case */
	const char *module;                  /* FILE.ko */
	const char *blocks;                  /* four of a node, "32-35" */
	const struct mh_kernel_tree *tree;
	/* Told before anything is changed: what will be. */
	void (*announce)(void *data, const char *text);
	/* Of each case that differs: its name, and the first operation in which it does, side by side. */
	void (*differs)(void *data, const char *case_name, const char *text);
	void *data;
};

struct mh_kernel_diff_counts {
	uint64_t same, different;
	uint64_t skipped; /* cases that a stock kernel cannot play */
};

/**
 * mh_kernel_diff - play and compare all cases
 *
 * As root, from a process that has no other thread. Return: 0 whatever differs; -EINVAL blocks, files or a case that
 * cannot be used; -ENODEV it registers no listener; -EPERM not root; -EOPNOTSUPP, -EBUSY, -EIO and others of the
 * kernel, or of mh_contract_list(). With a sentence; everything is put back, or the sentence says what is not.
 */
int mh_kernel_diff(const struct mh_kernel_diff_request *request, struct mh_kernel_diff_counts *ret_counts,
		   struct mh_error *reterr);

#endif
