/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Composition of a machine: how its memory is cut into units, nodes, arrays by block, who falls back on whom.
 */
#include "core/machine_compose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory_map.h"
#include "core/topology/layout.h"
#include "core/zone.h"

/* Accounting by page up to here, by pageblock above (page_unit: auto). */
#define PAGE_UNIT_BYTES_MAX (256ull << 30)

static void choose_units(struct mh_machine *machine)
{
	const struct mh_machine_config *config = &machine->config;
	uint64_t memory_bytes = machine->block_count * config->block_size_bytes;
	bool by_page = config->page_unit == MH_PAGE_UNIT_PAGE ||
		       (config->page_unit == MH_PAGE_UNIT_AUTO && memory_bytes <= PAGE_UNIT_BYTES_MAX);

	machine->pages_per_block = (uint32_t)(config->block_size_bytes >> MH_PAGE_SHIFT);
	machine->block_shift = (unsigned)__builtin_ctz(machine->pages_per_block);
	machine->unit_pages = by_page ? 1 : MH_PAGEBLOCK_PAGES;
	machine->unit_shift = (unsigned)__builtin_ctz(machine->unit_pages);
	machine->units_per_block = machine->pages_per_block >> machine->unit_shift;
}

int mh_node_init(struct mh_node *node, int nid, uint32_t first_block, uint32_t block_count)
{
	node->nid = nid;
	node->first_block = first_block;
	node->block_count = block_count;
	mh_mutex_init_lasting(&node->hotplug);
	for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
		if (mh_zone_init(&node->zones[kind], kind < node->zone_min ? 0 : block_count) < 0)
			return -ENOMEM;
	return 0;
}

int mh_nodes_new(struct mh_machine *machine, size_t count)
{
	machine->nodes = aligned_alloc(128, count * sizeof(*machine->nodes));
	if (!machine->nodes)
		return -ENOMEM;
	memset(machine->nodes, 0, count * sizeof(*machine->nodes));
	machine->node_count = (unsigned)count;
	return 0;
}

static int layout_nodes(struct mh_machine *machine, const struct mh_block_layout *layout)
{
	int ret = mh_nodes_new(machine, layout->node_count);

	machine->block_count = (uint32_t)layout->block_count;
	for (unsigned i = 0; ret == 0 && i < machine->node_count; i++) {
		const struct mh_block_range *range = &layout->nodes[i];

		machine->nodes[i].zone_min = MH_ZONE_NORMAL;
		ret = mh_node_init(&machine->nodes[i], (int)range->nid, (uint32_t)range->first, (uint32_t)range->count);
		mh_node_mask_set(machine->is_online, i, true);
	}
	return ret;
}

static int blocks_new(struct mh_machine *machine)
{
	uint32_t count = machine->block_count;

	machine->blocks = calloc(count, sizeof(machine->blocks[0]));
	machine->pages = calloc(count, sizeof(machine->pages[0]));
	machine->poisoned = calloc(count, sizeof(machine->poisoned[0]));
	if (!machine->blocks || !machine->pages || !machine->poisoned)
		return -ENOMEM;
	return 0;
}

static void layout_blocks(struct mh_machine *machine)
{
	for (unsigned i = 0; i < machine->node_count; i++)
		for (uint32_t b = 0; b < machine->nodes[i].block_count; b++)
			machine->blocks[machine->nodes[i].first_block + b].node = (uint16_t)i;
	/* In a policy that counts from boot's kernel memory, what is online at the start is boot's. */
	for (uint32_t block = 0; block < machine->block_count; block++)
		mh_block_online_at_start(machine, block, mh_machine_initial_zone(machine, block), true);
}

struct by_distance {
	const struct mh_topology *topology;
	unsigned from;
};

static unsigned distance(const struct by_distance *by, unsigned to)
{
	return to == by->from ? 0 : mh_topology_distance(by->topology, by->from, to);
}

static int nearer(const void *left, const void *right, void *context)
{
	const struct by_distance *by = context;
	unsigned a = *(const uint16_t *)left, b = *(const uint16_t *)right;
	unsigned da = distance(by, a), db = distance(by, b);

	if (da != db)
		return da < db ? -1 : 1;
	/* Equal distances: round from the node itself, so that not all fall back to the same neighbour. */
	a = a < by->from ? a + MH_TOPOLOGY_NODES_MAX : a;
	b = b < by->from ? b + MH_TOPOLOGY_NODES_MAX : b;
	return a < b ? -1 : a > b;
}

/* Round from the node itself: sorted already where all others are equally far. */
static void fill_round(uint16_t *order, unsigned from, unsigned count)
{
	for (unsigned i = from; i < count; i++)
		*order++ = (uint16_t)i;
	for (unsigned i = 0; i < from; i++)
		*order++ = (uint16_t)i;
}

static int fallback_new(struct mh_machine *machine, const struct mh_topology *topology)
{
	for (unsigned i = 0; i < machine->node_count; i++) {
		struct by_distance by = {topology, i};
		uint16_t *order = calloc(machine->node_count, sizeof(*order));

		machine->nodes[i].fallback = order;
		if (!order)
			return -ENOMEM;
		fill_round(order, i, machine->node_count);
		if (topology && topology->distances_known)
			qsort_r(order, machine->node_count, sizeof(*order), nearer, &by);
	}
	return 0;
}

void mh_block_online_at_start(struct mh_machine *machine, uint32_t block, enum mh_zone_kind kind, bool early)
{
	unsigned index = machine->blocks[block].node;
	struct mh_node *node = &machine->nodes[index];
	struct mh_place place;
	struct mh_zone *zone;

	if (kind == MH_ZONE_NONE)
		return;
	zone = &node->zones[kind];
	atomic_store_explicit(&machine->blocks[block].zone, (unsigned char)kind, memory_order_relaxed);
	mh_bitmap_set(&zone->span, block - node->first_block);
	zone->present_pages += machine->pages_per_block;
	zone->managed_pages += machine->pages_per_block;
	zone->early_pages += early ? machine->pages_per_block : 0;
	mh_node_mask_set(machine->has_memory, index, true);
	if (mh_zone_is_kernel(kind))
		mh_node_mask_set(machine->has_normal, index, true);
	node->kswapd = node->kcompactd = true;
	place = mh_place_of(machine, block);
	mh_zone_open(machine, &place);
	atomic_store(&machine->blocks[block].state, MH_BLOCK_ONLINE);
}

static int compose_layout(struct mh_machine *machine, const struct mh_machine_config *config, struct mh_error *reterr)
{
	struct mh_block_layout *layout;
	int ret = mh_block_layout_make(config->topology, config->block_size_bytes, &layout, reterr);

	if (ret < 0)
		return ret;
	ret = layout_nodes(machine, layout);
	mh_block_layout_free(layout);
	choose_units(machine);
	if (ret == 0)
		ret = blocks_new(machine);
	if (ret < 0)
		return ret;
	layout_blocks(machine);
	return 0;
}

static int compose_map(struct mh_machine *machine, const struct mh_machine_config *config, struct mh_error *reterr)
{
	int ret = mh_memory_map_check(config->map, (uint32_t)(config->block_size_bytes >> MH_PAGE_SHIFT), reterr);

	if (ret == 0 && config->hotplug_lock != MH_HOTPLUG_LOCK_GLOBAL)
		ret = mh_error_set(reterr, -EINVAL, "a machine made from a memory map has the global hotplug lock");
	if (ret < 0)
		return ret;
	machine->block_count = config->map->block_limit;
	choose_units(machine);
	ret = mh_map_nodes(machine, config->map);
	if (ret == 0)
		ret = blocks_new(machine);
	if (ret == 0)
		ret = mh_map_blocks(machine, config->map, reterr);
	return ret;
}

int mh_machine_compose(struct mh_machine *machine, const struct mh_machine_config *config, struct mh_error *reterr)
{
	int ret = config->map ? compose_map(machine, config, reterr) : compose_layout(machine, config, reterr);

	if (ret == 0)
		ret = fallback_new(machine, config->topology);
	if (ret == -ENOMEM)
		mh_error_set(reterr, ret, "no memory for a machine of %u blocks", machine->block_count);
	return ret;
}
