/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Composition from a memory map. A block that boot found may lie in two zones or have holes: such a partial block
 * counts in its zones' spans and present pages, is never opened to the allocator, and is never offlined.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/machine_compose.h"
#include "core/memory_map.h"
#include "core/zone.h"

int mh_map_nodes(struct mh_machine *machine, const struct mh_memory_map *map)
{
	int ret = mh_nodes_new(machine, map->node_count);

	for (unsigned i = 0; ret == 0 && i < map->node_count; i++) {
		struct mh_node *node = &machine->nodes[i];

		node->zone_min = MH_ZONE_DMA;
		ret = mh_node_init(node, map->nodes[i].nid, 0, map->block_limit);
		node->has_cpu = map->nodes[i].has_cpu;
		mh_node_mask_set(machine->is_online, i, map->nodes[i].online);
	}
	return ret;
}

static int groups_new(struct mh_machine *machine, const struct mh_memory_map *map)
{
	machine->groups = calloc(MH_MEMORY_GROUPS_MAX, sizeof(*machine->groups));
	if (!machine->groups)
		return -ENOMEM;
	if (map->group_count > MH_MEMORY_GROUPS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < map->group_count; i++)
		machine->groups[i] = (struct mh_memory_group){
			.node = map->groups[i].node,
			.dynamic = map->groups[i].dynamic,
			.max_pages = map->groups[i].max_pages,
			.unit_pages = map->groups[i].unit_pages,
		};
	machine->group_count = (unsigned)map->group_count;
	return 0;
}

static bool is_whole(const struct mh_map_block *block)
{
	return !block->hole && block->zone != MH_ZONE_NONE;
}

static void block_place(struct mh_machine *machine, const struct mh_map_block *block)
{
	machine->blocks[block->block].node = (uint16_t)block->node;
	machine->facts[block->block] = (struct mh_block_facts){
		.vmemmap_pages = block->vmemmap_pages,
		.group = (uint16_t)block->group,
		.early = block->early,
		.hole = block->hole,
	};
	atomic_store(&machine->blocks[block->block].state, MH_BLOCK_OFFLINE);
	if (!block->online)
		return;
	if (is_whole(block)) {
		mh_block_online_at_start(machine, block->block, block->zone, false);
		mh_zone_count_facts(machine, block->block, machine->pages_per_block, true);
		return;
	}
	atomic_store(&machine->blocks[block->block].zone, (unsigned char)block->zone);
	atomic_store(&machine->blocks[block->block].state, MH_BLOCK_ONLINE);
}

/* The part of a partial block that lies in @zone: its span, and the edge that is outside. */
static void zone_take_partial(struct mh_machine *machine, const struct mh_map_block *block,
			      const struct mh_map_zone *at_start)
{
	struct mh_zone *zone = &machine->nodes[at_start->node].zones[at_start->kind];
	uint64_t start = (uint64_t)block->block << machine->block_shift, end = start + machine->pages_per_block;
	uint64_t zone_end = at_start->start_pfn + at_start->spanned_pages;

	if (!block->online || block->node != at_start->node || start >= zone_end || end <= at_start->start_pfn)
		return;
	mh_bitmap_set(&zone->span, block->block);
	if (at_start->start_pfn > start)
		zone->first_edge = (struct mh_zone_edge){block->block, (uint32_t)(at_start->start_pfn - start)};
	if (zone_end < end)
		zone->last_edge = (struct mh_zone_edge){block->block, (uint32_t)(end - zone_end)};
}

static int zone_place(struct mh_machine *machine, const struct mh_memory_map *map, const struct mh_map_zone *at_start,
		      struct mh_error *reterr)
{
	struct mh_zone *zone = &machine->nodes[at_start->node].zones[at_start->kind];

	if (at_start->present_pages < zone->present_pages)
		return mh_error_set(reterr, -EINVAL, "zone %s of node %d holds %llu pages, its blocks %llu",
				    mh_zone_names[at_start->kind], map->nodes[at_start->node].nid,
				    (unsigned long long)at_start->present_pages,
				    (unsigned long long)zone->present_pages);
	for (size_t i = 0; i < map->block_count; i++)
		if (!is_whole(&map->blocks[i]))
			zone_take_partial(machine, &map->blocks[i], at_start);
	zone->partial_pages = at_start->present_pages - zone->present_pages;
	zone->present_pages += zone->partial_pages;
	zone->early_pages += zone->partial_pages;
	mh_node_mask_set(machine->has_memory, at_start->node, true);
	if (mh_zone_is_kernel(at_start->kind))
		mh_node_mask_set(machine->has_normal, at_start->node, true);
	machine->nodes[at_start->node].kswapd = machine->nodes[at_start->node].kcompactd = true;
	return 0;
}

static int check_extent(const struct mh_machine *machine, const struct mh_map_zone *at_start, struct mh_error *reterr)
{
	struct mh_zone_extent extent;

	mh_machine_zone_extent(machine, at_start->node, at_start->kind, &extent);
	if (extent.start_pfn == at_start->start_pfn && extent.spanned_pages == at_start->spanned_pages)
		return 0;
	return mh_error_set(reterr, -EINVAL, "zone %s of node %d spans %llu+%llu, its blocks %llu+%llu",
			    mh_zone_names[at_start->kind], machine->nodes[at_start->node].nid,
			    (unsigned long long)at_start->start_pfn, (unsigned long long)at_start->spanned_pages,
			    (unsigned long long)extent.start_pfn, (unsigned long long)extent.spanned_pages);
}

/* Where boot's memory ends and what was plugged begins: a DIMM of the map that is removed leaves its place to the next.
 */
static uint32_t first_pluggable(const struct mh_memory_map *map)
{
	for (size_t i = 0; i < map->block_count; i++)
		if (!map->blocks[i].early)
			return map->blocks[i].block;
	return map->blocks[map->block_count - 1].block + 1;
}

int mh_map_blocks(struct mh_machine *machine, const struct mh_memory_map *map, struct mh_error *reterr)
{
	int ret = groups_new(machine, map);

	machine->facts = calloc(machine->block_count, sizeof(*machine->facts));
	if (!machine->facts || ret == -ENOMEM)
		return -ENOMEM;
	if (ret < 0)
		return mh_error_set(reterr, ret, "a machine has at most %u memory groups", MH_MEMORY_GROUPS_MAX);
	for (uint32_t block = 0; block < machine->block_count; block++)
		atomic_store(&machine->blocks[block].state, MH_BLOCK_ABSENT);
	for (size_t i = 0; i < map->block_count; i++)
		block_place(machine, &map->blocks[i]);
	machine->next_block = first_pluggable(map);
	for (size_t i = 0; ret == 0 && i < map->zone_count; i++)
		ret = zone_place(machine, map, &map->zones[i], reterr);
	for (size_t i = 0; ret == 0 && i < map->zone_count; i++)
		ret = check_extent(machine, &map->zones[i], reterr);
	return ret;
}
