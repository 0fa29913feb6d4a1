/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a memory map agrees with itself.
 */
#include "core/memory_map.h"

#include <errno.h>

#include "core/topology/layout.h"

static int check_nodes(const struct mh_memory_map *map, struct mh_error *reterr)
{
	if (!map->node_count || map->node_count > MH_TOPOLOGY_NODES_MAX)
		return mh_error_set(reterr, -EINVAL, "a memory map has 1 to %u nodes, not %zu", MH_TOPOLOGY_NODES_MAX,
				    map->node_count);
	for (size_t i = 0; i < map->node_count; i++)
		if (map->nodes[i].nid < 0 || (i && map->nodes[i].nid <= map->nodes[i - 1].nid))
			return mh_error_set(reterr, -EINVAL, "node %d is out of order or there twice",
					    map->nodes[i].nid);
	return 0;
}

static int check_block(const struct mh_memory_map *map, size_t i, uint32_t pages_per_block, struct mh_error *reterr)
{
	const struct mh_map_block *block = &map->blocks[i];

	if (i && block->block <= map->blocks[i - 1].block)
		return mh_error_set(reterr, -EINVAL, "block %u is out of order or there twice", block->block);
	if (block->block >= map->block_limit)
		return mh_error_set(reterr, -EINVAL, "block %u lies beyond the map's limit of %u", block->block,
				    map->block_limit);
	if (block->node >= map->node_count)
		return mh_error_set(reterr, -EINVAL, "block %u is of a node that the map has not", block->block);
	if (block->vmemmap_pages >= pages_per_block)
		return mh_error_set(reterr, -EINVAL, "block %u has %u pages of memmap and only %u pages", block->block,
				    block->vmemmap_pages, pages_per_block);
	if (block->group > map->group_count)
		return mh_error_set(reterr, -EINVAL, "block %u is of group %u and the map has %zu", block->block,
				    block->group, map->group_count);
	return 0;
}

static bool zone_covers_a_block(const struct mh_memory_map *map, const struct mh_map_zone *zone,
				uint32_t pages_per_block)
{
	for (size_t i = 0; i < map->block_count; i++) {
		uint64_t start = (uint64_t)map->blocks[i].block * pages_per_block;

		if (map->blocks[i].node == zone->node && start < zone->start_pfn + zone->spanned_pages &&
		    start + pages_per_block > zone->start_pfn)
			return true;
	}
	return false;
}

static int check_zone(const struct mh_memory_map *map, const struct mh_map_zone *zone, uint32_t pages_per_block,
		      struct mh_error *reterr)
{
	if (zone->node >= map->node_count || zone->kind >= MH_ZONE_KINDS)
		return mh_error_set(reterr, -EINVAL, "a zone is of a node that the map has not, or of no kind");
	if (!zone_covers_a_block(map, zone, pages_per_block))
		return mh_error_set(reterr, -EINVAL, "zone %s of node %d covers none of its blocks",
				    mh_zone_names[zone->kind], map->nodes[zone->node].nid);
	if (zone->present_pages > zone->spanned_pages)
		return mh_error_set(reterr, -EINVAL, "zone %s of node %d holds %llu pages and spans %llu",
				    mh_zone_names[zone->kind], map->nodes[zone->node].nid,
				    (unsigned long long)zone->present_pages, (unsigned long long)zone->spanned_pages);
	return 0;
}

int mh_memory_map_check(const struct mh_memory_map *map, uint32_t pages_per_block, struct mh_error *reterr)
{
	int ret = check_nodes(map, reterr);

	if (ret == 0 && (!map->block_count || map->block_limit > MH_BLOCKS_MAX))
		ret = mh_error_set(reterr, -EINVAL, "a memory map has at least one block and at most %u",
				   MH_BLOCKS_MAX);
	for (size_t i = 0; ret == 0 && i < map->block_count; i++)
		ret = check_block(map, i, pages_per_block, reterr);
	for (size_t i = 0; ret == 0 && i < map->zone_count; i++)
		ret = check_zone(map, &map->zones[i], pages_per_block, reterr);
	return ret;
}
