/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Composition of a machine, its initial state, and what can be asked of it.
 */
#include "core/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/buddy.h"
#include "core/machine_private.h"
#include "core/topology/layout.h"
#include "core/zone.h"

/* Accounting by page up to here, by pageblock above (page_unit: auto). */
#define PAGE_UNIT_BYTES_MAX (256ull << 30)

const char *const mh_zone_names[MH_ZONE_KINDS] = {"Normal", "Movable"};
const char *const mh_block_state_names[3] = {"offline", "online", "going-offline"};

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

static int nodes_new(struct mh_machine *machine, const struct mh_block_layout *layout)
{
	size_t size = layout->node_count * sizeof(*machine->nodes);

	machine->node_count = (unsigned)layout->node_count;
	machine->block_count = (uint32_t)layout->block_count;
	machine->nodes = aligned_alloc(128, size);
	if (!machine->nodes)
		return -ENOMEM;
	memset(machine->nodes, 0, size);
	for (unsigned i = 0; i < machine->node_count; i++) {
		struct mh_node *node = &machine->nodes[i];

		node->nid = (int)layout->nodes[i].nid;
		node->first_block = (uint32_t)layout->nodes[i].first;
		node->block_count = (uint32_t)layout->nodes[i].count;
		mh_mutex_init(&node->hotplug);
		for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
			if (mh_zone_init(&node->zones[kind], node->block_count) < 0)
				return -ENOMEM;
	}
	return 0;
}

static int blocks_new(struct mh_machine *machine)
{
	uint32_t count = machine->block_count;

	machine->state = calloc(count, sizeof(machine->state[0]));
	machine->gate = calloc(count, sizeof(machine->gate[0]));
	machine->zone = calloc(count, sizeof(machine->zone[0]));
	machine->node = calloc(count, sizeof(machine->node[0]));
	machine->pages = calloc(count, sizeof(machine->pages[0]));
	if (!machine->state || !machine->gate || !machine->zone || !machine->node || !machine->pages)
		return -ENOMEM;
	for (unsigned i = 0; i < machine->node_count; i++)
		for (uint32_t b = 0; b < machine->nodes[i].block_count; b++)
			machine->node[machine->nodes[i].first_block + b] = (uint16_t)i;
	return 0;
}

struct by_distance {
	const struct mh_topology *topology;
	unsigned from;
};

static int nearer(const void *left, const void *right, void *context)
{
	const struct by_distance *by = context;
	unsigned a = *(const uint16_t *)left, b = *(const uint16_t *)right;
	unsigned da = a == by->from ? 0 : mh_topology_distance(by->topology, by->from, a);
	unsigned db = b == by->from ? 0 : mh_topology_distance(by->topology, by->from, b);

	if (da != db)
		return da < db ? -1 : 1;
	/* Equal distances: round from the node itself, so that not all fall back to the same neighbour. */
	a = a < by->from ? a + MH_TOPOLOGY_NODES_MAX : a;
	b = b < by->from ? b + MH_TOPOLOGY_NODES_MAX : b;
	return a < b ? -1 : a > b;
}

static int fallback_new(struct mh_machine *machine, const struct mh_topology *topology)
{
	for (unsigned i = 0; i < machine->node_count; i++) {
		struct by_distance by = {topology, i};
		uint16_t *order = calloc(machine->node_count, sizeof(*order));

		machine->nodes[i].fallback = order;
		if (!order)
			return -ENOMEM;
		for (unsigned n = 0; n < machine->node_count; n++)
			order[n] = (uint16_t)n;
		qsort_r(order, machine->node_count, sizeof(*order), nearer, &by);
	}
	return 0;
}

enum mh_zone_kind mh_machine_initial_zone(const struct mh_machine *machine, uint32_t block)
{
	const struct mh_node *node = &machine->nodes[machine->node[block]];
	uint64_t online =
		(uint64_t)((unsigned __int128)node->block_count * machine->config.initial_online_ppb / 1000000000u);
	uint64_t movable = (uint64_t)((unsigned __int128)online * machine->config.movable_ppb / 1000000000u);
	uint32_t index = block - node->first_block;

	if (index >= online)
		return MH_ZONE_NONE;
	return index >= online - movable ? MH_ZONE_MOVABLE : MH_ZONE_NORMAL;
}

/* As after boot: no events, nobody listens yet. */
static void online_at_start(struct mh_machine *machine, uint32_t block)
{
	enum mh_zone_kind kind = mh_machine_initial_zone(machine, block);
	unsigned index = machine->node[block];
	struct mh_node *node = &machine->nodes[index];
	struct mh_zone *zone;

	if (kind == MH_ZONE_NONE)
		return;
	zone = &node->zones[kind];
	atomic_store_explicit(&machine->zone[block], (unsigned char)kind, memory_order_relaxed);
	mh_bitmap_set(&zone->span, block - node->first_block);
	zone->present_pages += machine->pages_per_block;
	zone->managed_pages += machine->pages_per_block;
	mh_node_mask_set(machine->has_memory, index, true);
	if (kind == MH_ZONE_NORMAL)
		mh_node_mask_set(machine->has_normal, index, true);
	node->kswapd = node->kcompactd = true;
	mh_zone_open_block(machine, block);
	atomic_store(&machine->state[block], MH_BLOCK_ONLINE);
}

static int machine_compose(struct mh_machine *machine, const struct mh_machine_config *config, struct mh_error *reterr)
{
	struct mh_block_layout *layout;
	int ret = mh_block_layout_make(config->topology, config->block_size_bytes, &layout, reterr);

	if (ret < 0)
		return ret;
	ret = nodes_new(machine, layout);
	mh_block_layout_free(layout);
	if (ret == 0)
		choose_units(machine);
	if (ret == 0)
		ret = blocks_new(machine);
	if (ret == 0)
		ret = fallback_new(machine, config->topology);
	if (ret < 0)
		return mh_error_set(reterr, ret, "no memory for a machine of %u blocks", machine->block_count);
	for (uint32_t block = 0; block < machine->block_count; block++)
		online_at_start(machine, block);
	return mh_chain_init(&machine->chain, &config->chain, reterr);
}

int mh_machine_new(const struct mh_machine_config *config, struct mh_machine **ret_machine, struct mh_error *reterr)
{
	struct mh_machine *machine = aligned_alloc(128, sizeof(*machine));
	int ret;

	if (!machine)
		return mh_error_set(reterr, -ENOMEM, "no memory for a machine");
	memset(machine, 0, sizeof(*machine));
	machine->config = *config;
	mh_mutex_init(&machine->hotplug);
	mh_mutex_init(&machine->cpu_lock);
	mh_mutex_init(&machine->spare_lock);
	mh_mutex_init(&machine->check.lock);
	ret = machine_compose(machine, config, reterr);
	if (ret < 0) {
		mh_machine_free(machine);
		return ret;
	}
	*ret_machine = machine;
	return 0;
}

static void nodes_free(struct mh_machine *machine)
{
	for (unsigned i = 0; machine->nodes && i < machine->node_count; i++) {
		for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
			mh_zone_release(&machine->nodes[i].zones[kind]);
		mh_mutex_release(&machine->nodes[i].hotplug);
		free(machine->nodes[i].fallback);
	}
	free(machine->nodes);
}

static void pages_free(struct mh_machine *machine)
{
	for (uint32_t block = 0; machine->pages && block < machine->block_count; block++)
		mh_block_pages_free(machine->pages[block]);
	while (machine->spare) {
		struct mh_block_pages *spare = machine->spare;

		machine->spare = spare->next_spare;
		mh_block_pages_free(spare);
	}
	free(machine->pages);
}

void mh_machine_free(struct mh_machine *machine)
{
	if (!machine)
		return;
	if (machine->chain.listeners)
		mh_chain_release(&machine->chain);
	pages_free(machine);
	nodes_free(machine);
	free(machine->state);
	free(machine->gate);
	free(machine->zone);
	free(machine->node);
	free(machine);
}

struct mh_chain *mh_machine_chain(struct mh_machine *machine)
{
	return &machine->chain;
}

struct mh_check *mh_machine_check(struct mh_machine *machine)
{
	return &machine->check;
}

const struct mh_clock *mh_machine_clock(const struct mh_machine *machine)
{
	return machine->config.clock;
}

uint32_t mh_machine_block_count(const struct mh_machine *machine)
{
	return machine->block_count;
}

unsigned mh_machine_node_count(const struct mh_machine *machine)
{
	return machine->node_count;
}

uint64_t mh_machine_pages_per_block(const struct mh_machine *machine)
{
	return machine->pages_per_block;
}

uint32_t mh_machine_node_blocks(const struct mh_machine *machine, unsigned node, uint32_t *ret_first)
{
	*ret_first = machine->nodes[node].first_block;
	return machine->nodes[node].block_count;
}

int mh_machine_nid(const struct mh_machine *machine, unsigned node)
{
	return machine->nodes[node].nid;
}

unsigned mh_machine_block_node(const struct mh_machine *machine, uint32_t block)
{
	return machine->node[block];
}

enum mh_block_state mh_machine_block_state(const struct mh_machine *machine, uint32_t block)
{
	return atomic_load_explicit(&machine->state[block], memory_order_relaxed);
}

enum mh_zone_kind mh_machine_block_zone(const struct mh_machine *machine, uint32_t block)
{
	return mh_machine_block_state(machine, block) == MH_BLOCK_OFFLINE ? MH_ZONE_NONE
									  : mh_block_zone_kind(machine, block);
}

void mh_machine_hook(struct mh_machine *machine, enum mh_hook_point point, const struct mh_hook *hook)
{
	machine->hooks[point] = hook;
}

int mh_machine_unregister(struct mh_machine *machine, struct mh_operation *operation, struct notifier_block *nb)
{
	int ret;

	if (operation->cpu)
		mh_cpu_leave(operation->cpu); /* it waits */
	mh_trace_add(operation->trace, MH_STAMP_GRACE_BEGIN, MH_GOING_ONLINE, 0, 0);
	ret = mh_chain_unregister(&machine->chain, nb);
	mh_trace_add(operation->trace, MH_STAMP_GRACE_END, MH_GOING_ONLINE, 0, ret);
	if (operation->cpu)
		mh_cpu_enter(operation->cpu);
	return ret;
}

uint32_t mh_machine_blocks_away(const struct mh_machine *machine)
{
	uint32_t away = 0;

	for (uint32_t block = 0; block < machine->block_count; block++) {
		bool online = mh_machine_block_state(machine, block) == MH_BLOCK_ONLINE;

		away += online != (mh_machine_initial_zone(machine, block) != MH_ZONE_NONE);
	}
	return away;
}

static bool is_initial(const struct mh_machine *machine, uint32_t block)
{
	return mh_machine_block_zone(machine, block) == mh_machine_initial_zone(machine, block);
}

/* Also a block that is online in the other zone goes back, by way of offline. */
static int restore_block(struct mh_machine *machine, struct mh_operation *operation, uint32_t block)
{
	enum mh_zone_kind zone = mh_machine_initial_zone(machine, block);
	int ret = 0;

	operation->identity.index = block;
	if (mh_machine_block_state(machine, block) == MH_BLOCK_ONLINE) {
		mh_trace_reset(operation->trace);
		ret = mh_block_offline(machine, operation, block);
	}
	if (ret < 0 || zone == MH_ZONE_NONE)
		return ret;
	mh_trace_reset(operation->trace);
	return mh_block_online(machine, operation, block,
			       zone == MH_ZONE_MOVABLE ? MH_ONLINE_MOVABLE : MH_ONLINE_KERNEL);
}

int mh_machine_restore(struct mh_machine *machine, struct mh_operation *operation, uint32_t *ret_left)
{
	int first_error = 0;

	*ret_left = 0;
	for (uint32_t block = 0; block < machine->block_count; block++) {
		int ret;

		if (is_initial(machine, block))
			continue;
		ret = restore_block(machine, operation, block);
		if (is_initial(machine, block))
			continue;
		++*ret_left;
		if (!first_error)
			first_error = ret;
	}
	return first_error;
}

void mh_machine_counts(struct mh_machine *machine, struct mh_machine_counts *ret_counts)
{
	struct mh_machine_counts counts = {
		.grace_periods = atomic_load(&machine->chain.rcu.grace_periods),
		.pages_migrated = atomic_load(&machine->pages_migrated),
		.drains = atomic_load(&machine->drains),
		.allocations_refused = atomic_load(&machine->refused),
	};

	for (unsigned i = 0; i < machine->node_count; i++)
		for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++) {
			const struct mh_zone *zone = &machine->nodes[i].zones[kind];

			counts.present_pages += zone->present_pages;
			counts.managed_pages += zone->managed_pages;
			counts.free_pages += zone->free_units * machine->unit_pages;
		}
	for (uint32_t block = 0; block < machine->block_count; block++)
		counts.blocks_online += mh_machine_block_state(machine, block) == MH_BLOCK_ONLINE;
	*ret_counts = counts;
}
