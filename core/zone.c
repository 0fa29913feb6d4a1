/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open blocks stand in one of two sets: whole (never taken from; no page table) or partial (a buddy with free units).
 * Isolation takes the block out of its set, so its free units are gone for everybody at once, in O(1).
 */
#include "core/zone.h"

#include <errno.h>

#include "base/assert.h"
#include "core/backing.h"
#include "core/buddy.h"

/* Page tables kept for the next block instead of being freed. */
#define SPARE_MAX 32

int mh_zone_init(struct mh_zone *zone, uint32_t block_count)
{
	size_t size = block_count ? block_count : 1;

	mh_brief_init_favouring(&zone->lock);
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
	mh_brief_release(&zone->lock);
}

static uint64_t edge_outside(const struct mh_zone_edge *edge, uint32_t block)
{
	return edge->block == block ? edge->pages_outside : 0;
}

void mh_machine_zone_extent(const struct mh_machine *machine, unsigned index, enum mh_zone_kind kind,
			    struct mh_zone_extent *ret_extent)
{
	const struct mh_node *node = &machine->nodes[index];
	const struct mh_zone *zone = &node->zones[kind];
	size_t first = mh_bitmap_first(&zone->span);
	uint32_t first_block, last_block;
	uint64_t end;

	*ret_extent = (struct mh_zone_extent){0};
	if (first == MH_BITMAP_NONE)
		return;
	first_block = node->first_block + (uint32_t)first;
	last_block = node->first_block + (uint32_t)mh_bitmap_last(&zone->span);
	end = ((uint64_t)last_block + 1) << machine->block_shift;
	ret_extent->start_pfn =
		((uint64_t)first_block << machine->block_shift) + edge_outside(&zone->first_edge, first_block);
	ret_extent->spanned_pages = end - edge_outside(&zone->last_edge, last_block) - ret_extent->start_pfn;
	ret_extent->present_pages = zone->present_pages;
	ret_extent->managed_pages = zone->managed_pages;
}

static uint32_t index_in_node(const struct mh_machine *machine, uint32_t block)
{
	return block - machine->nodes[machine->blocks[block].node].first_block;
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

static void set_pages(struct mh_machine *machine, uint32_t block, struct mh_block_pages *pages)
{
	machine->pages[block] = pages;
	machine->blocks[block].has_pages = pages != NULL;
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
	set_pages(machine, *ret_block, pages);
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
	mh_zone_count_free(zone, -(uint64_t)1 << order);
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

	if (mh_zone_is_empty(zone))
		return MH_BITMAP_NONE;
	mh_brief_lock(&zone->lock);
	pfn = take_locked(machine, zone, machine->nodes[node].first_block, order);
	mh_brief_unlock(&zone->lock);
	return pfn;
}

static void give_locked(struct mh_machine *machine, struct mh_zone *zone, uint64_t pfn, unsigned order)
{
	uint32_t block = mh_block_of_pfn(machine, pfn);

	mh_buddy_give(machine->pages[block], mh_unit_of_pfn(machine, pfn), order);
	/* Under the lock the gate is settled: an isolated block keeps its units for itself. */
	if (atomic_load_explicit(&machine->blocks[block].gate, memory_order_relaxed) != MH_GATE_OPEN)
		return;
	mh_zone_count_free(zone, UINT64_C(1) << order);
	mh_bitmap_set(&zone->partial, index_in_node(machine, block));
}

void mh_zone_give(struct mh_machine *machine, struct mh_zone *zone, const uint64_t *pfns, uint32_t count,
		  unsigned order)
{
	mh_brief_lock(&zone->lock);
	for (uint32_t i = 0; i < count; i++)
		give_locked(machine, zone, pfns[i], order);
	mh_brief_unlock(&zone->lock);
}

static uint32_t free_units_of(const struct mh_machine *machine, uint32_t block)
{
	const struct mh_block_pages *pages = mh_block_pages_of(machine, block);

	return pages ? pages->free_units : machine->units_per_block;
}

/* Its own memmap takes the block's first pages: they are out from the beginning, and no offline waits for them. */
int mh_zone_prepare_block(struct mh_machine *machine, uint32_t block)
{
	uint32_t units = (mh_block_vmemmap(machine, block) + machine->unit_pages - 1) >> machine->unit_shift;
	struct mh_block_pages *pages;

	if (__builtin_expect(!units, 1))
		return 0;
	if (mh_block_vmemmap(machine, block) % MH_PAGEBLOCK_PAGES)
		return -EINVAL; /* what is put online begins inside a pageblock */
	pages = mh_block_pages_new(machine->units_per_block);
	if (!pages)
		return -ENOMEM;
	mh_buddy_take_first(pages, units);
	pages->settled_units = units;
	for (uint32_t unit = 0; unit < units; unit++)
		atomic_store_explicit(&pages->owners[unit], mh_owner_word(NULL, MH_PAGE_MEMMAP), memory_order_relaxed);
	set_pages(machine, block, pages); /* the block is closed: nobody looks at it */
	return 0;
}

static uint64_t free_units_at(const struct mh_machine *machine, const struct mh_block *block)
{
	return machine->pages[block - machine->blocks]->free_units;
}

void mh_zone_open_begun(struct mh_machine *machine, struct mh_zone *zone, const struct mh_block *block, uint32_t index)
{
	uint64_t free_units = free_units_at(machine, block);

	if (free_units)
		mh_bitmap_set(&zone->partial, index);
	mh_zone_count_free(zone, free_units);
}

void mh_zone_close_begun(struct mh_machine *machine, struct mh_zone *zone, const struct mh_block *block, uint32_t index)
{
	mh_bitmap_clear(&zone->partial, index);
	mh_zone_count_free(zone, -free_units_at(machine, block));
}

bool mh_zone_block_is_free(struct mh_machine *machine, uint32_t block)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	bool is_free;

	/* Without the lock: a closed block that has no page table gets none, and the closing has ordered this load. */
	if (!mh_block_pages_of(machine, block))
		return true;
	mh_brief_lock(&zone->lock);
	is_free = free_units_of(machine, block) + machine->pages[block]->settled_units == machine->units_per_block;
	mh_brief_unlock(&zone->lock);
	return is_free;
}

/* What was left out of the buddy goes with the block: the handles of released pages are emptied, poison is remembered.
 */
static void forget_settled(struct mh_machine *machine, uint32_t block, struct mh_block_pages *pages)
{
	for (size_t unit = mh_bitmap_first(&pages->taken); unit != MH_BITMAP_NONE;
	     unit = mh_bitmap_next(&pages->taken, unit + 1)) {
		uint64_t word = atomic_load_explicit(&pages->owners[unit], memory_order_relaxed);

		if (mh_owner_handle(word))
			atomic_store_explicit(mh_owner_handle(word), 0, memory_order_relaxed);
		if (mh_owner_kind(word) != MH_PAGE_POISONED)
			continue;
		machine->poisoned[block]++;
		atomic_store_explicit(&machine->poisoned_any, true, memory_order_relaxed);
	}
	mh_block_pages_free(pages);
}

void mh_zone_forget_pages(struct mh_machine *machine, uint32_t block)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	struct mh_block_pages *pages =
		mh_block_pages_of(machine, block); /* the block is closed: nobody changes it but us */

	if (!pages)
		return;
	mh_brief_lock(&zone->lock);
	set_pages(machine, block, NULL);
	mh_brief_unlock(&zone->lock);
	if (__builtin_expect(machine->memory != NULL, 0))
		mh_backing_give_back(machine, block);
	if (__builtin_expect(pages->settled_units, 0))
		forget_settled(machine, block, pages);
	else
		spare_put(machine, pages);
}

void mh_zone_count_facts(struct mh_machine *machine, uint32_t block, uint64_t pages, bool add)
{
	const struct mh_block_facts *facts = &machine->facts[block];
	uint64_t change = add ? pages : -pages;

	if (facts->early)
		mh_block_zone(machine, block)->early_pages += change;
	if (!facts->group)
		return;
	if (mh_zone_is_kernel(mh_block_zone_kind(machine, block)))
		machine->groups[facts->group - 1].kernel_pages += change;
	else
		machine->groups[facts->group - 1].movable_pages += change;
}
