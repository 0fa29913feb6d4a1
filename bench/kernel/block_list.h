/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The blocks that a run may touch: those that it was given, all of them open, and no others.
 */
#ifndef BENCH_KERNEL_BLOCK_LIST_H
#define BENCH_KERNEL_BLOCK_LIST_H

#include <stddef.h>

#include "bench/kernel/block.h"

#define MH_KERNEL_BLOCKS_MAX 4096 /* of one run: each keeps a file open */

struct mh_kernel_blocks {
	struct mh_kernel_block *items; /* by rising index */
	size_t count;
	uint64_t block_bytes; /* block_size_bytes */
};

/**
 * mh_kernel_blocks_open - read a list of ranges and open what it names
 * @ranges: "32-35,38": N of memoryN, each at most once
 *
 * Nothing is written. Return: 0; -EINVAL no such list; -E2BIG more than MH_KERNEL_BLOCKS_MAX; -ENOENT a block that the
 * kernel does not have; -EBUSY one that is being taken offline just now; others as of the call that failed. With a
 * sentence; nothing is open then.
 */
int mh_kernel_blocks_open(const struct mh_kernel_tree *tree, const char *ranges, struct mh_kernel_blocks *ret_blocks,
			  struct mh_error *reterr);
void mh_kernel_blocks_close(const struct mh_kernel_tree *tree, struct mh_kernel_blocks *blocks);

/* A line a block: "memory32  offline  node 3  Normal Movable". */
void mh_kernel_blocks_show(const struct mh_kernel_blocks *blocks, struct mh_text *text);

#endif
