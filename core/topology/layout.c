/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arithmetic over the nodes' sizes; see layout.h for the rule. */
#include "core/topology/layout.h"

#include <errno.h>
#include <stdlib.h>

#include "base/units.h"

static int check_block_size(uint64_t block_size_bytes, struct mh_error *reterr)
{
	char size[32], min[32], max[32];

	if (block_size_bytes >= MH_BLOCK_SIZE_MIN && block_size_bytes <= MH_BLOCK_SIZE_MAX &&
	    (block_size_bytes & (block_size_bytes - 1)) == 0)
		return 0;
	return mh_error_set(reterr, -EINVAL, "a block of %s: it must be a power of two from %s to %s",
			    mh_format_size(size, sizeof(size), block_size_bytes),
			    mh_format_size(min, sizeof(min), MH_BLOCK_SIZE_MIN),
			    mh_format_size(max, sizeof(max), MH_BLOCK_SIZE_MAX));
}

/* Blocks of all nodes; each node has fewer than 2^40 of them and there are 2^10 nodes: no overflow. */
static uint64_t count_blocks(const struct mh_topology *topology, uint64_t block_size_bytes)
{
	uint64_t count = 0;

	for (size_t i = 0; i < topology->node_count; i++)
		count += topology->nodes[i].memory_bytes / block_size_bytes;
	return count;
}

static int check_count(const struct mh_topology *topology, uint64_t block_size_bytes, struct mh_error *reterr)
{
	char size[32], fit[32], memory[32];
	uint64_t count = count_blocks(topology, block_size_bytes);
	uint64_t larger = block_size_bytes;

	mh_format_size(size, sizeof(size), block_size_bytes);
	if (count == 0)
		return mh_error_set(reterr, -ENODEV, "no node has memory for one whole block of %s", size);
	if (count <= MH_BLOCKS_MAX)
		return 0;
	while (larger < MH_BLOCK_SIZE_MAX && count_blocks(topology, larger) > MH_BLOCKS_MAX)
		larger *= 2;
	mh_show_size(memory, sizeof(memory), mh_topology_memory_bytes(topology));
	if (count_blocks(topology, larger) > MH_BLOCKS_MAX)
		return mh_error_set(reterr, -E2BIG, "%s are more than %u blocks of the largest block size, %s", memory,
				    MH_BLOCKS_MAX, mh_format_size(fit, sizeof(fit), MH_BLOCK_SIZE_MAX));
	return mh_error_set(reterr, -E2BIG, "%s in blocks of %s are %llu blocks, more than %u: use a block size of %s",
			    memory, size, (unsigned long long)count, MH_BLOCKS_MAX,
			    mh_format_size(fit, sizeof(fit), larger));
}

int mh_block_layout_make(const struct mh_topology *topology, uint64_t block_size_bytes,
			 struct mh_block_layout **ret_layout, struct mh_error *reterr)
{
	int ret = check_block_size(block_size_bytes, reterr);

	if (ret == 0)
		ret = check_count(topology, block_size_bytes, reterr);
	if (ret < 0)
		return ret;
	struct mh_block_layout *layout = calloc(1, sizeof(*layout));

	if (layout)
		layout->nodes = calloc(topology->node_count, sizeof(*layout->nodes));
	if (!layout || !layout->nodes) {
		mh_block_layout_free(layout);
		return mh_error_set(reterr, -ENOMEM, "no memory for the layout of %zu nodes", topology->node_count);
	}
	layout->block_size_bytes = block_size_bytes;
	layout->node_count = topology->node_count;
	for (size_t i = 0; i < topology->node_count; i++) {
		uint64_t memory_bytes = topology->nodes[i].memory_bytes;
		struct mh_block_range *range = &layout->nodes[i];

		range->nid = topology->nodes[i].nid;
		range->first = layout->block_count;
		range->count = (size_t)(memory_bytes / block_size_bytes);
		layout->block_count += range->count;
		layout->unused_bytes += memory_bytes % block_size_bytes;
	}
	*ret_layout = layout;
	return 0;
}

void mh_block_layout_free(struct mh_block_layout *layout)
{
	if (!layout)
		return;
	free(layout->nodes);
	free(layout);
}
