/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which blocks a node has: nodes in the order of their numbers, each with its memory rounded down to whole blocks, one
 * behind the other without holes.
 */
#ifndef CORE_TOPOLOGY_LAYOUT_H
#define CORE_TOPOLOGY_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/topology/topology.h"

#define MH_BLOCK_SIZE_MIN (UINT64_C(16) << 20)
#define MH_BLOCK_SIZE_MAX (UINT64_C(64) << 30)
#define MH_BLOCKS_MAX     524288u /* 64 TiB in blocks of 128 MiB */

struct mh_block_range {
	unsigned nid;
	size_t first; /* block index */
	size_t count; /* 0: the node has no whole block */
};

struct mh_block_layout {
	uint64_t block_size_bytes;
	struct mh_block_range *nodes; /* as the topology's nodes, index by index */
	size_t node_count;
	size_t block_count;
	uint64_t unused_bytes; /* memory that makes no whole block, of all nodes */
};

/**
 * mh_block_layout_make - blocks of each node
 * @block_size_bytes: a power of two, MH_BLOCK_SIZE_MIN … MH_BLOCK_SIZE_MAX
 *
 * Return: 0; -EINVAL for another block size; -ENODEV when no node has a whole block; -E2BIG beyond MH_BLOCKS_MAX, the
 * sentence naming the block size that would fit; -ENOMEM.
 */
int mh_block_layout_make(const struct mh_topology *topology, uint64_t block_size_bytes,
			 struct mh_block_layout **ret_layout, struct mh_error *reterr);
void mh_block_layout_free(struct mh_block_layout *layout);

#endif
