/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the machine that we run on is the one on which cases were recorded.
 */
#ifndef BENCH_KERNEL_REPLAY_WORLD_H
#define BENCH_KERNEL_REPLAY_WORLD_H

#include "bench/engine/conform_world.h"
#include "bench/kernel/block_home.h"
#include "bench/kernel/release.h"

/* By kernel, nodes, blocks and what was chosen at boot, whatever is online now. False, with the first difference. */
bool mh_kernel_is_world(const struct mh_kernel_tree *tree, const struct mh_kernel_release *release,
			const struct mh_conform_world *world, struct mh_text *difference);

/* The block of that number; NULL: the world has none. */
const struct mh_map_block *mh_kernel_world_block(const struct mh_conform_world *world, uint32_t index);

/* Where a block is when a case begins. */
struct mh_kernel_home mh_kernel_world_home(const struct mh_map_block *block);

#endif
