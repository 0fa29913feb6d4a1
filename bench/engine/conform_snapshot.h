/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What user space sees of a machine before and after an operation, in the form of the recordings.
 */
#ifndef BENCH_ENGINE_CONFORM_SNAPSHOT_H
#define BENCH_ENGINE_CONFORM_SNAPSHOT_H

#include <jansson.h>

#include "bench/engine/conform_world.h"

#define MH_CONFORM_NO_BLOCK UINT32_MAX

/* state and valid_zones of @block, unless it is MH_CONFORM_NO_BLOCK; the node masks. A new object. */
json_t *mh_conform_snapshot_before(struct mh_machine *machine, uint32_t block);

/**
 * mh_conform_snapshot_final - the same with the block's zone, every block and every zone
 * @recorded: the recorded one: beside the blocks that boot did not find it names those that were looked at, too
 */
json_t *mh_conform_snapshot_final(struct mh_machine *machine, const struct mh_conform_world *world, uint32_t block,
				  const json_t *recorded);

/* Whether there is a block of that number. */
bool mh_conform_block_is_there(const struct mh_machine *machine, uint32_t block);

#endif
