/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A try to allocate is made under zone->lock and undone there, so that no counter and no other thread sees it.
 */
#include "core/page_check.h"

#include "core/buddy.h"

/* Would a zone of the node give a page of @block? Under zone->lock, which guards the page table of its own blocks only.
 */
static bool zone_offers(struct mh_machine *machine, struct mh_zone *zone, uint32_t block, uint32_t index)
{
	struct mh_block_pages *pages;
	size_t unit;

	if (mh_bitmap_test(&zone->whole, index))
		return true;
	if (!mh_bitmap_test(&zone->partial, index))
		return false;
	pages = machine->pages[block];
	unit = mh_buddy_take(pages, 0);
	if (unit != MH_BITMAP_NONE)
		mh_buddy_give(pages, unit, 0);
	return unit != MH_BITMAP_NONE;
}

/* All of an open block's pages may be out by now: they could be allocated, then. Under zone->lock. */
static bool is_taken_whole(const struct mh_machine *machine, uint32_t block)
{
	return atomic_load_explicit(&machine->blocks[block].gate, memory_order_relaxed) == MH_GATE_OPEN &&
	       machine->pages[block] && !machine->pages[block]->free_units;
}

/* One look a zone: between two of them a page may be taken or given. */
static bool can_allocate(struct mh_machine *machine, uint32_t block)
{
	struct mh_node *node = &machine->nodes[machine->blocks[block].node];
	struct mh_zone *own = mh_block_zone(machine, block);
	bool can = false;

	for (unsigned kind = node->zone_min; kind < MH_ZONE_KINDS; kind++) {
		struct mh_zone *zone = &node->zones[kind];

		mh_brief_lock(&zone->lock);
		can |= zone_offers(machine, zone, block, block - node->first_block) ||
		       (zone == own && is_taken_whole(machine, block));
		mh_brief_unlock(&zone->lock);
	}
	return can;
}

/* Whose rule it is whether pages of the block can be had at an event, and which. */
static const struct {
	const char *invariant;
	bool offered;
} rules[MH_EVENT_COUNT] = {
	[MH_GOING_ONLINE] = {"I19", false},
	[MH_CANCEL_ONLINE] = {"I19", false},
	[MH_ONLINE] = {"I19", true},
	[MH_GOING_OFFLINE] = {"I18", false},
	[MH_CANCEL_OFFLINE] = {"I20", true},
	[MH_OFFLINE] = {"I21", false},
	[MH_PREPARE_ONLINE] = {"I19", false},
	[MH_FINISH_OFFLINE] = {"I21", false},
	[MH_NODE_ADDING_FIRST_MEMORY] = {"I19", false},
	[MH_NODE_ADDED_FIRST_MEMORY] = {"I19", true},
	[MH_NODE_CANCEL_ADDING_FIRST_MEMORY] = {"I19", false},
	[MH_NODE_REMOVING_LAST_MEMORY] = {"I18", false},
	[MH_NODE_REMOVED_LAST_MEMORY] = {"I21", false},
	[MH_NODE_CANCEL_REMOVING_LAST_MEMORY] = {"I20", true},
};

void mh_page_check_event(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	uint32_t block = operation->block;
	bool offered = can_allocate(machine, block);

	if (offered != rules[event].offered)
		mh_check_violated(machine, operation, rules[event].invariant,
				  "a page of block %u %s be allocated at %s", block, offered ? "can" : "cannot",
				  mh_event_kernel_names[event]);
}

/*
 * Does the handle that @word names lead to a page whose owner word names it? @pfn: of the unit that holds @word; what
 * a handle left behind there is no violation as long as its page is owned by it somewhere.
 *
 * The acquire pairs with the release of whoever set the handle, which orders the owner word of its page before it.
 */
static bool agrees(struct mh_machine *machine, uint64_t pfn, uint64_t word)
{
	const mh_handle *handle = mh_owner_handle(word);
	uint64_t value = handle ? atomic_load_explicit(handle, memory_order_acquire) : 0;
	uint64_t leads_to = MH_HANDLE_PFN(value);
	uint32_t block = mh_block_of_pfn(machine, leads_to);
	const struct mh_block_pages *pages;

	if (!value || leads_to == pfn)
		return true;
	if (block >= machine->block_count)
		return false;
	/* Its page table may go while we look: its node's operations have another lock. */
	if (machine->blocks[block].node != machine->blocks[mh_block_of_pfn(machine, pfn)].node &&
	    machine->config.hotplug_lock == MH_HOTPLUG_LOCK_NODE)
		return true;
	pages = machine->pages[block];
	return pages && mh_owner_handle(atomic_load_explicit(&pages->owners[mh_unit_of_pfn(machine, leads_to)],
							     memory_order_relaxed)) == handle;
}

/* Looks again while the owner may be between two steps: what is wrong stays wrong. */
#define LOOKS 1000

static bool stays_wrong(struct mh_machine *machine, uint64_t pfn, const _Atomic uint64_t *word)
{
	for (unsigned i = 0; i < LOOKS; i++)
		if (agrees(machine, pfn, atomic_load_explicit(word, memory_order_relaxed)))
			return false;
	return true;
}

static void check_block_owners(struct mh_machine *machine, struct mh_operation *operation, uint32_t block)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	struct mh_block_pages *pages;

	mh_brief_lock(&zone->lock);
	pages = machine->pages[block];
	for (size_t unit = pages ? mh_bitmap_first(&pages->taken) : MH_BITMAP_NONE; unit != MH_BITMAP_NONE;
	     unit = mh_bitmap_next(&pages->taken, unit + 1)) {
		uint64_t pfn = mh_pfn_of_unit(machine, block, (uint32_t)unit);

		if (stays_wrong(machine, pfn, &pages->owners[unit]))
			mh_check_violated(machine, operation, "I22",
					  "page %llu of block %u names an owner whose handle leads to another's page",
					  (unsigned long long)pfn, block);
	}
	mh_brief_unlock(&zone->lock);
}

void mh_page_check_owners(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct mh_node *node = &machine->nodes[operation->node];

	for (uint32_t block = node->first_block; block < node->first_block + node->block_count; block++)
		if (mh_block_is_of(machine, block, operation->node) &&
		    mh_machine_block_zone(machine, block) != MH_ZONE_NONE)
			check_block_owners(machine, operation, block);
}

/*
 * Can a target be taken: from the other nodes, from its own where there is no other (semantics.md 3)? As much as the
 * whole block, since others allocate, too: less may have been free just now and not before.
 */
static bool has_room(struct mh_machine *machine, unsigned own)
{
	uint64_t units[2] = {0}; /* of the others, and of its own */

	for (unsigned i = 0; i < machine->node_count; i++)
		for (unsigned kind = machine->nodes[i].zone_min; kind < MH_ZONE_KINDS; kind++) {
			struct mh_zone *zone = &machine->nodes[i].zones[kind];

			mh_brief_lock(&zone->lock);
			units[i == own] += zone->free_units;
			mh_brief_unlock(&zone->lock);
		}
	return units[machine->node_count == 1] >= machine->units_per_block;
}

/* A single page that has its owner and is to be moved. */
static bool is_movable(uint64_t pfn, uint64_t word)
{
	const mh_handle *handle = mh_owner_handle(word);

	return handle && mh_owner_kind(word) == MH_PAGE_MOVABLE &&
	       atomic_load_explicit(handle, memory_order_relaxed) == (UINT64_C(1) << 56 | pfn);
}

static bool is_all_movable(struct mh_machine *machine, uint32_t block)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	const struct mh_block_pages *pages;
	bool movable = true;

	mh_brief_lock(&zone->lock);
	pages = machine->pages[block];
	for (size_t unit = pages ? mh_bitmap_first(&pages->taken) : MH_BITMAP_NONE; unit != MH_BITMAP_NONE && movable;
	     unit = mh_bitmap_next(&pages->taken, unit + 1))
		movable = is_movable(mh_pfn_of_unit(machine, block, (uint32_t)unit),
				     atomic_load_explicit(&pages->owners[unit], memory_order_relaxed));
	mh_brief_unlock(&zone->lock);
	return movable && pages;
}

void mh_page_check_given_up(struct mh_machine *machine, struct mh_operation *operation)
{
	if (is_all_movable(machine, operation->block) && has_room(machine, operation->node))
		mh_check_violated(machine, operation, "I39",
				  "block %u did not get empty until the deadline, with movable pages and room for them",
				  operation->block);
}
