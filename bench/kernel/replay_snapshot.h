/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What user space sees of a kernel before and after an operation, in the form of the recordings: as
 * bench/engine/conform_snapshot.h tells of the simulated machine.
 *
 * A file that cannot be read is null, and so differs from whatever was recorded.
 */
#ifndef BENCH_KERNEL_REPLAY_SNAPSHOT_H
#define BENCH_KERNEL_REPLAY_SNAPSHOT_H

#include <jansson.h>

#include "bench/engine/conform_world.h"
#include "bench/kernel/tree.h"

#define MH_KERNEL_NO_BLOCK UINT32_MAX

/* state and valid_zones of @block, unless it is MH_KERNEL_NO_BLOCK; the node masks. A new object. */
json_t *mh_kernel_replay_before(const struct mh_kernel_tree *tree, uint32_t block);

/* The same with the block's zone, the blocks of @world that boot did not find or @recorded names, and every zone. */
json_t *mh_kernel_replay_final(const struct mh_kernel_tree *tree, const struct mh_conform_world *world, uint32_t block,
			       const json_t *recorded);

#endif
