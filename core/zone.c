/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open blocks stand in one of two sets: whole (never taken from; no page table) or partial (a buddy with free units).
 * Isolation takes the block out of its set, so its free units are gone for everybody at once, in O(1).
 */
#include "core/zone.h"

#include <errno.h>

#include "base/assert.h"
#include "core/buddy.h"

/* Page tables kept for the next block instead of being freed. */
#define SPARE_MAX 32

int mh_zone_init(struct mh_zone *zone, uint32_t block_count)
{
	size_t size = block_count ? block_count : 1;

	mh_mutex_init(&zone->lock);
	if (mh_bitmap_init(&zone->whole, size) < 0 || mh_bitmap_init(&zone->partial, size) < 0 ||
	    mh_bitmap_init(&zone->span, size) < 0)
		return -ENOMEM;
	return 0;
}

void mh_zone_release(struct mh_zone *zone)
{
	mh_bitmap_release(&zone->whole);
	mh_bitmap_release(&zone->partial);
	mh_bitmap_release(&zone->span);
	mh_mutex_release(&zone->lock);
}

/* Only the span counts, not neighbourhood: first to last block of the zone, holes included. */
static bool span_meets(const struct mh_zone *zone, uint32_t index)
{
	size_t first = mh_bitmap_first(&zone->span);

	return first != MH_BITMAP_NONE && index >= first && index <= mh_bitmap_last(&zone->span);
}

enum mh_zone_kind mh_zone_choose(const struct mh_machine *machine, uint32_t block, enum mh_online_type type)
{
	const struct mh_node *node = &machine->nodes[machine->node[block]];
	uint32_t index = block - node->first_block;
	bool normal, movable;

	if (type != MH_ONLINE_DEFAULT)
		return type == MH_ONLINE_MOVABLE ? MH_ZONE_MOVABLE : MH_ZONE_NORMAL;
	normal = span_meets(&node->zones[MH_ZONE_NORMAL], index);
	movable = span_meets(&node->zones[MH_ZONE_MOVABLE], index);
	if (normal != movable)
		return movable ? MH_ZONE_MOVABLE : MH_ZONE_NORMAL;
	return machine->config.movable_node ? MH_ZONE_MOVABLE : MH_ZONE_NORMAL;
}

static uint32_t index_in_node(const struct mh_machine *machine, uint32_t block)
{
	return block - machine->nodes[machine->node[block]].first_block;
}

static struct mh_block_pages *spare_get(struct mh_machine *machine)
{
	struct mh_block_pages *pages;

	mh_mutex_lock(&machine->spare_lock);
	pages = machine->spare;
	if (pages) {
		machine->spare = pages->next_spare;
		machine->spare_count--;
	}
	mh_mutex_unlock(&machine->spare_lock);
	return pages ? pages : mh_block_pages_new(machine->units_per_block);
}

static void spare_put(struct mh_machine *machine, struct mh_block_pages *pages)
{
	mh_mutex_lock(&machine->spare_lock);
	if (machine->spare_count < SPARE_MAX) {
		pages->next_spare = machine->spare;
		machine->spare = pages;
		machine->spare_count++;
		pages = NULL;
	}
	mh_mutex_unlock(&machine->spare_lock);
	mh_block_pages_free(pages);
}

/* A block to take from: the lowest that is begun, else the lowest whole one. Few blocks get page tables that way. */
static struct mh_block_pages *begin_block(struct mh_machine *machine, struct mh_zone *zone, uint32_t first_block,
					  uint32_t *ret_block)
{
	size_t index = mh_bitmap_first(&zone->whole);
	struct mh_block_pages *pages;

	if (index == MH_BITMAP_NONE)
		return NULL;
	pages = spare_get(machine);
	if (!pages)
		return NULL;
	*ret_block = first_block + (uint32_t)index;
	machine->pages[*ret_block] = pages;
	mh_bitmap_clear(&zone->whole, index);
	mh_bitmap_set(&zone->partial, index);
	return pages;
}

static uint64_t take_from(struct mh_machine *machine, struct mh_zone *zone, uint32_t block, unsigned order)
{
	struct mh_block_pages *pages = machine->pages[block];
	size_t unit = mh_buddy_take(pages, order);

	if (unit == MH_BITMAP_NONE)
		return MH_BITMAP_NONE;
	zone->free_units -= 1u << order;
	if (!pages->free_units)
		mh_bitmap_clear(&zone->partial, index_in_node(machine, block));
	return mh_pfn_of_unit(machine, block, (uint32_t)unit);
}

/* Under zone->lock. */
static uint64_t take_locked(struct mh_machine *machine, struct mh_zone *zone, uint32_t first_block, unsigned order)
{
	uint32_t block;

	/* A whole block could not serve it either: without this every refusal would give one more block a page table.
	 */
	if (order > MH_MAX_ORDER || 1u << order > machine->units_per_block)
		return MH_BITMAP_NONE;
	for (size_t index = mh_bitmap_first(&zone->partial); index != MH_BITMAP_NONE;
	     index = mh_bitmap_next(&zone->partial, index + 1)) {
		uint64_t pfn = take_from(machine, zone, first_block + (uint32_t)index, order);

		if (pfn != MH_BITMAP_NONE)
			return pfn;
	}
	if (!begin_block(machine, zone, first_block, &block))
		return MH_BITMAP_NONE;
	return take_from(machine, zone, block, order);
}

uint64_t mh_zone_take(struct mh_machine *machine, unsigned node, enum mh_zone_kind kind, unsigned order)
{
	struct mh_zone *zone = &machine->nodes[node].zones[kind];
	uint64_t pfn;

	mh_mutex_lock(&zone->lock);
	pfn = take_locked(machine, zone, machine->nodes[node].first_block, order);
	mh_mutex_unlock(&zone->lock);
	return pfn;
}

uint32_t mh_zone_take_batch(struct mh_machine *machine, unsigned node, enum mh_zone_kind kind, uint64_t *ret_pfns,
			    uint32_t count)
{
	struct mh_zone *zone = &machine->nodes[node].zones[kind];
	uint32_t taken = 0;

	mh_mutex_lock(&zone->lock);
	while (taken < count) {
		uint64_t pfn = take_locked(machine, zone, machine->nodes[node].first_block, 0);

		if (pfn == MH_BITMAP_NONE)
			break;
		ret_pfns[taken++] = pfn;
	}
	mh_mutex_unlock(&zone->lock);
	return taken;
}

static void give_locked(struct mh_machine *machine, struct mh_zone *zone, uint64_t pfn, unsigned order)
{
	uint32_t block = mh_block_of_pfn(machine, pfn);

	mh_buddy_give(machine->pages[block], mh_unit_of_pfn(machine, pfn), order);
	/* Under the lock the gate is settled: an isolated block keeps its units for itself. */
	if (atomic_load_explicit(&machine->gate[block], memory_order_relaxed) != MH_GATE_OPEN)
		return;
	zone->free_units += 1u << order;
	mh_bitmap_set(&zone->partial, index_in_node(machine, block));
}

void mh_zone_give(struct mh_machine *machine, struct mh_zone *zone, const uint64_t *pfns, uint32_t count,
		  unsigned order)
{
	mh_mutex_lock(&zone->lock);
	for (uint32_t i = 0; i < count; i++)
		give_locked(machine, zone, pfns[i], order);
	mh_mutex_unlock(&zone->lock);
}

static uint32_t free_units_of(const struct mh_machine *machine, uint32_t block)
{
	return machine->pages[block] ? machine->pages[block]->free_units : machine->units_per_block;
}

void mh_zone_open_block(struct mh_machine *machine, uint32_t block)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	uint32_t index = index_in_node(machine, block);

	mh_mutex_lock(&zone->lock);
	atomic_store_explicit(&machine->gate[block], MH_GATE_OPEN, memory_order_relaxed);
	if (!machine->pages[block])
		mh_bitmap_set(&zone->whole, index);
	else if (machine->pages[block]->free_units)
		mh_bitmap_set(&zone->partial, index);
	zone->free_units += free_units_of(machine, block);
	mh_mutex_unlock(&zone->lock);
}

void mh_zone_close_block(struct mh_machine *machine, uint32_t block)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	uint32_t index = index_in_node(machine, block);

	mh_mutex_lock(&zone->lock);
	atomic_store_explicit(&machine->gate[block], MH_GATE_CLOSING, memory_order_relaxed);
	mh_bitmap_clear(&zone->whole, index);
	mh_bitmap_clear(&zone->partial, index);
	zone->free_units -= free_units_of(machine, block);
	mh_mutex_unlock(&zone->lock);
}

bool mh_zone_block_is_free(struct mh_machine *machine, uint32_t block)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	bool is_free;

	/* Without the lock: a closed block that has no page table gets none, and the closing has ordered this load. */
	if (!machine->pages[block])
		return true;
	mh_mutex_lock(&zone->lock);
	is_free = free_units_of(machine, block) == machine->units_per_block;
	mh_mutex_unlock(&zone->lock);
	return is_free;
}

void mh_zone_forget_pages(struct mh_machine *machine, uint32_t block)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	struct mh_block_pages *pages = machine->pages[block]; /* the block is closed: nobody changes it but us */

	if (!pages)
		return;
	mh_mutex_lock(&zone->lock);
	machine->pages[block] = NULL;
	mh_mutex_unlock(&zone->lock);
	spare_put(machine, pages);
}
