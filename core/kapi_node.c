/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nodes, zones and blocks as a module sees them.
 *
 * A module looks when it likes, as kernel code does, without the hotplug lock: states and masks are atomics, but a
 * zone's span and pages are plain fields that an operation may be changing. In a callback's own thread they stand
 * still; elsewhere they may be a moment old, and that is the module's affair. Hence the copy is left out of
 * ThreadSanitizer.
 */
#include "core/kapi_node.h"

#include <string.h>

#include <memhp/kapi_node.h>

#include "base/assert.h"
#include "core/kapi.h"
#include "core/machine_private.h"

#define UNCHECKED __attribute__((no_sanitize("thread")))
#define LONG_BITS (8 * sizeof(unsigned long))

MH_STATIC_ASSERT(MEMHP_NODES_MAX == MH_TOPOLOGY_NODES_MAX, "modules see every node");
MH_STATIC_ASSERT((int)MEMHP_ZONES == (int)MH_ZONE_KINDS && MH_ZONE_MOVABLE == 3, "zones are numbered as in the kernel");

unsigned long memhp_node_sets[MEMHP_NODE_STATES][MEMHP_NODE_WORDS];

/* By nid. The last machine's stays: a module may have kept a pointer. */
static struct pglist_data pictures[MEMHP_NODES_MAX];

static bool node_is(const struct mh_machine *machine, unsigned node, unsigned state)
{
	switch (state) {
	case MEMHP_NODE_POSSIBLE:
		return true;
	case MEMHP_NODE_ONLINE:
		return mh_machine_node_is(machine, node, MH_N_ONLINE);
	case MEMHP_NODE_NORMAL_MEMORY:
		return mh_machine_node_is(machine, node, MH_N_NORMAL_MEMORY);
	case MEMHP_NODE_MEMORY:
		return mh_machine_node_is(machine, node, MH_N_MEMORY);
	case MEMHP_NODE_CPU:
		return machine->facts ? machine->nodes[node].has_cpu
				      : machine->config.topology->nodes[node].cpu_count > 0;
	default:
		return false;
	}
}

/* The node's index, or node_count. */
static unsigned node_of(const struct mh_machine *machine, int nid)
{
	unsigned node = 0;

	while (node < machine->node_count && machine->nodes[node].nid != nid)
		node++;
	return node;
}

UNCHECKED static void set_node(unsigned state, int nid, bool member)
{
	unsigned long *word = &memhp_node_sets[state][(unsigned)nid / LONG_BITS];
	unsigned long bit = 1ul << ((unsigned)nid % LONG_BITS);

	/* Relaxed: a set says what there is and orders nothing, as in the kernel. */
	if (member)
		__atomic_fetch_or(word, bit, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(word, ~bit, __ATOMIC_RELAXED);
}

void mh_kapi_nodes_begin(const struct mh_machine *machine)
{
	memset(memhp_node_sets, 0, sizeof(memhp_node_sets));
	for (unsigned node = 0; machine && node < machine->node_count; node++)
		for (unsigned state = 0; state < MEMHP_NODE_STATES; state++)
			set_node(state, machine->nodes[node].nid, node_is(machine, node, state));
}

UNCHECKED void mh_kapi_node_changed(const _Atomic uint64_t *mask, unsigned node, bool member)
{
	const struct mh_machine *machine = mh_kapi_machine();

	if (!machine)
		return;
	if (mask == machine->is_online)
		set_node(MEMHP_NODE_ONLINE, machine->nodes[node].nid, member);
	else if (mask == machine->has_memory)
		set_node(MEMHP_NODE_MEMORY, machine->nodes[node].nid, member);
	else if (mask == machine->has_normal)
		set_node(MEMHP_NODE_NORMAL_MEMORY, machine->nodes[node].nid, member);
}

/* Nodes stand in the order of their nids. */
int memhp_node_ids(void)
{
	const struct mh_machine *machine = mh_kapi_machine();

	return machine ? machine->nodes[machine->node_count - 1].nid + 1 : 0;
}

int memhp_node_distance(int from, int to)
{
	const struct mh_machine *machine = mh_kapi_machine();
	const struct mh_topology *topology = machine ? machine->config.topology : NULL;
	unsigned a, b;

	if (topology && !machine->facts) {
		a = node_of(machine, from);
		b = node_of(machine, to);
		if (a < topology->node_count && b < topology->node_count)
			return (int)mh_topology_distance(topology, a, b);
	}
	return from == to ? MH_TOPOLOGY_DISTANCE_SELF : MH_TOPOLOGY_DISTANCE_OTHER;
}

/* The nid of the @number'th node, counted round and round, that is in @state; -1: none is. */
static int nth_node(const struct mh_machine *machine, unsigned state, unsigned number)
{
	unsigned count = 0;

	for (unsigned node = 0; node < machine->node_count; node++)
		count += node_is(machine, node, state);
	if (!count)
		return -1;
	number %= count;
	for (unsigned node = 0; node < machine->node_count; node++)
		if (node_is(machine, node, state) && !number--)
			return machine->nodes[node].nid;
	return -1;
}

int memhp_cpu_node(unsigned cpu)
{
	const struct mh_machine *machine = mh_kapi_machine();
	int nid = machine ? nth_node(machine, MEMHP_NODE_CPU, cpu) : 0;

	return nid < 0 ? nth_node(machine, MEMHP_NODE_ONLINE, cpu) : nid;
}

unsigned long memhp_block_pages(void)
{
	const struct mh_machine *machine = mh_kapi_machine();

	return machine ? machine->pages_per_block : 0;
}

/* The machine, if @pfn lies in it. */
static struct mh_machine *machine_of_pfn(unsigned long pfn, uint32_t *ret_block)
{
	struct mh_machine *machine = mh_kapi_machine();

	if (!machine || pfn >> machine->block_shift >= machine->block_count)
		return NULL;
	*ret_block = mh_block_of_pfn(machine, pfn);
	return machine;
}

int memhp_pfn_nid(unsigned long pfn)
{
	uint32_t block;
	const struct mh_machine *machine = machine_of_pfn(pfn, &block);

	return machine ? machine->nodes[machine->blocks[block].node].nid : -1;
}

int memhp_pfn_state(unsigned long pfn)
{
	static const int states[MH_BLOCK_STATES] = {
		[MH_BLOCK_OFFLINE] = MEMHP_BLOCK_OFFLINE,
		[MH_BLOCK_ONLINE] = MEMHP_BLOCK_ONLINE,
		[MH_BLOCK_GOING_OFFLINE] = MEMHP_BLOCK_GOING_OFFLINE,
		[MH_BLOCK_ABSENT] = MEMHP_BLOCK_ABSENT,
	};
	uint32_t block;
	const struct mh_machine *machine = machine_of_pfn(pfn, &block);

	return machine ? states[mh_machine_block_state(machine, block)] : MEMHP_BLOCK_ABSENT;
}

int memhp_pfn_is_online(unsigned long pfn)
{
	uint32_t block;
	const struct mh_machine *machine = machine_of_pfn(pfn, &block);

	return machine && atomic_load_explicit(&machine->blocks[block].gate, memory_order_relaxed) != MH_GATE_OFFLINE;
}

static void put_word(unsigned long *field, unsigned long value)
{
	__atomic_store_n(field, value, __ATOMIC_RELAXED);
}

UNCHECKED static void draw_zone(const struct mh_machine *machine, unsigned node, unsigned kind,
				struct pglist_data *picture)
{
	struct zone *zone = &picture->node_zones[kind];
	struct mh_zone_extent extent;

	mh_machine_zone_extent(machine, node, (enum mh_zone_kind)kind, &extent);
	__atomic_store_n(&zone->name, mh_zone_names[kind], __ATOMIC_RELAXED);
	__atomic_store_n(&zone->node, picture->node_id, __ATOMIC_RELAXED);
	__atomic_store_n(&zone->zone_pgdat, picture, __ATOMIC_RELAXED);
	put_word(&zone->zone_start_pfn, extent.start_pfn);
	put_word(&zone->spanned_pages, extent.spanned_pages);
	put_word(&zone->present_pages, extent.present_pages);
	put_word(&zone->memhp_managed_pages, extent.managed_pages);
}

/* The node spans what its zones span. */
UNCHECKED static void draw_span(struct pglist_data *picture)
{
	unsigned long start = ~0ul, end = 0, present = 0;

	for (unsigned kind = 0; kind < MEMHP_ZONES; kind++) {
		const struct zone *zone = &picture->node_zones[kind];
		unsigned long zone_end = zone->zone_start_pfn + zone->spanned_pages;

		if (!zone->spanned_pages)
			continue;
		start = zone->zone_start_pfn < start ? zone->zone_start_pfn : start;
		end = zone_end > end ? zone_end : end;
		present += zone->present_pages;
	}
	put_word(&picture->node_start_pfn, end ? start : 0);
	put_word(&picture->node_spanned_pages, end ? end - start : 0);
	put_word(&picture->node_present_pages, present);
}

UNCHECKED static struct pglist_data *draw_node(const struct mh_machine *machine, unsigned node)
{
	int nid = machine->nodes[node].nid;
	struct pglist_data *picture = &pictures[nid];

	__atomic_store_n(&picture->node_id, nid, __ATOMIC_RELAXED);
	__atomic_store_n(&picture->nr_zones, MEMHP_ZONES, __ATOMIC_RELAXED);
	for (unsigned kind = 0; kind < MEMHP_ZONES; kind++)
		draw_zone(machine, node, kind, picture);
	draw_span(picture);
	return picture;
}

struct pglist_data *memhp_node_data(int nid)
{
	const struct mh_machine *machine = mh_kapi_machine();
	unsigned node = machine ? node_of(machine, nid) : 0;

	return machine && node < machine->node_count ? draw_node(machine, node) : NULL;
}

/* An operation knows its zone before the block does: the kernel, too, has put the pages there before GOING_ONLINE. */
static enum mh_zone_kind zone_of(const struct mh_machine *machine, uint32_t block)
{
	enum mh_zone_kind kind = mh_block_zone_kind(machine, block);

	if (mh_operation_current && mh_operation_current->block == block)
		kind = mh_operation_current->zone;
	return kind < MH_ZONE_KINDS ? kind : MH_ZONE_NORMAL;
}

struct zone *memhp_pfn_zone(unsigned long pfn)
{
	uint32_t block;
	const struct mh_machine *machine = machine_of_pfn(pfn, &block);

	return machine ? &draw_node(machine, machine->blocks[block].node)->node_zones[zone_of(machine, block)] : NULL;
}

UNCHECKED unsigned long memhp_managed_pages(void)
{
	const struct mh_machine *machine = mh_kapi_machine();
	uint64_t pages = 0;

	for (unsigned node = 0; machine && node < machine->node_count; node++)
		for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
			pages += machine->nodes[node].zones[kind].managed_pages;
	return pages;
}
