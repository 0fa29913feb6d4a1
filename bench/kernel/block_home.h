/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bringing a block back to the state and the zone that it was found in.
 */
#ifndef BENCH_KERNEL_BLOCK_HOME_H
#define BENCH_KERNEL_BLOCK_HOME_H

#include "bench/kernel/block.h"
#include "bench/kernel/deadline.h"

#define MH_KERNEL_HOME_TRIES 3           /* what keeps a page from moving is often gone a moment later */
#define MH_KERNEL_HOME_NS    5000000000u /* for each write */

/* Where a block was. */
struct mh_kernel_home {
	uint32_t index;
	enum mh_block_state state;
	char word[32]; /* that brings it there: mh_kernel_block_home_word() */
	char zone[MH_KERNEL_VALUE_SIZE];
};

struct mh_kernel_home mh_kernel_home_of(const struct mh_kernel_block *block);

/**
 * mh_kernel_home_return - bring the block there, whatever it is now
 * @deadline: of this thread
 *
 * Nothing is written where it is there already; one that is online in another zone goes offline first. Return: 0;
 * -EXDEV it went to another zone; the -errno of the last try. With a sentence.
 */
int mh_kernel_home_return(const struct mh_kernel_tree *tree, const struct mh_kernel_home *home,
			  struct mh_kernel_deadline *deadline, struct mh_error *reterr);

#endif
