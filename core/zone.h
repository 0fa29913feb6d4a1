/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A zone's open blocks: taking units from them, giving units back, opening and closing a block.
 */
#ifndef CORE_ZONE_H
#define CORE_ZONE_H

#include "core/machine_private.h"
#include "core/place.h"

int mh_zone_init(struct mh_zone *zone, uint32_t block_count);
void mh_zone_release(struct mh_zone *zone);

/* Has it no unit to take? Without the lock: a unit that comes just now is missed, as if it had come a moment later. */
static inline bool mh_zone_is_empty(const struct mh_zone *zone)
{
	return atomic_load_explicit(&zone->free_units, memory_order_relaxed) == 0;
}

/* One chunk of 2^@order units from @zone of @node. The first pfn, or MH_BITMAP_NONE. Takes zone->lock. */
uint64_t mh_zone_take(struct mh_machine *machine, unsigned node, enum mh_zone_kind kind, unsigned order);
/* Gives @count chunks of one zone back, each to its block, whether that is open or isolated. Takes zone->lock once. */
void mh_zone_give(struct mh_machine *machine, struct mh_zone *zone, const uint64_t *pfns, uint32_t count,
		  unsigned order);

/* Before a block is opened: the pages that hold its own memmap are set aside. -ENOMEM; -EINVAL they are no whole
 * pageblocks. */
int mh_zone_prepare_block(struct mh_machine *machine, uint32_t block);
/* Under zone->lock, which also makes it exact; relaxed for those who look without it. */
static inline void mh_zone_count_free(struct mh_zone *zone, uint64_t change)
{
	uint64_t units = atomic_load_explicit(&zone->free_units, memory_order_relaxed) + change;

	atomic_store_explicit(&zone->free_units, units, memory_order_relaxed);
}

/* Under zone->lock: what is left to do for a block that has a page table. Piece by piece: were the place's address
 * taken, it would not stay in registers. */
void mh_zone_open_begun(struct mh_machine *machine, struct mh_zone *zone, const struct mh_block *block, uint32_t index);
void mh_zone_close_begun(struct mh_machine *machine, struct mh_zone *zone, const struct mh_block *block,
			 uint32_t index);

/* Opens a block: from here its units can be taken. Takes zone->lock; by whoever has the hotplug lock, or the
 * machine to itself. */
static inline __attribute__((always_inline)) void mh_zone_open(struct mh_machine *machine, const struct mh_place *place)
{
	mh_brief_enter(&place->zone->lock);
	/* The release orders the block's zone, set before, against a walker that finds the gate open (page_walk.c). */
	atomic_store_explicit(&place->block->gate, MH_GATE_OPEN, memory_order_release);
	if (__builtin_expect(place->block->has_pages, 0)) {
		mh_zone_open_begun(machine, place->zone, place->block, place->index);
	} else {
		mh_bitmap_set(&place->zone->whole, place->index);
		mh_zone_count_free(place->zone, machine->units_per_block);
	}
	mh_brief_leave(&place->zone->lock);
}

/* Isolates a block: no unit leaves it any more but from the lists of threads. Takes zone->lock; by whoever has the
 * hotplug lock. */
static inline __attribute__((always_inline)) void mh_zone_close(struct mh_machine *machine,
								const struct mh_place *place)
{
	mh_brief_enter(&place->zone->lock);
	atomic_store_explicit(&place->block->gate, MH_GATE_CLOSING, memory_order_relaxed);
	if (__builtin_expect(place->block->has_pages, 0)) {
		mh_zone_close_begun(machine, place->zone, place->block, place->index);
	} else { /* it can be nowhere else */
		mh_bitmap_clear(&place->zone->whole, place->index);
		mh_zone_count_free(place->zone, -(uint64_t)machine->units_per_block);
	}
	mh_brief_leave(&place->zone->lock);
}

/* True when every unit of a closed block is back. By who closed it; takes zone->lock unless the block was never used.
 */
bool mh_zone_block_is_free(struct mh_machine *machine, uint32_t block);
/* Pages of @block that come (@add) or go: in its memory group, and in what boot found. Machines of a memory map. */
void mh_zone_count_facts(struct mh_machine *machine, uint32_t block, uint64_t pages, bool add);
/* Takes an empty closed block's page table away. By who closed it; takes zone->lock if there is one. */
void mh_zone_forget_pages(struct mh_machine *machine, uint32_t block);

#endif
