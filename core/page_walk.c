/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A batch at a time under the lock of the zone in which the block is open, found anew for each batch.
 */
#include "core/page_walk.h"

#include "core/buddy.h"
#include "core/machine_private.h"

/*
 * Locks the zone in which @block is open; NULL, and nothing locked, when it is a hole.
 *
 * The zone must be known before it can be locked, and the block may change its zone in between. The acquire pairs with
 * the release in mh_zone_open_block: who sees the gate open sees the zone byte that was written before it. So an open
 * gate and an unchanged zone byte, both read under @zone's lock, mean that it was opened in @zone and has not been
 * closed since, for it is closed under that lock. Without the second look the walker could hold the lock of the zone
 * that the block has left, and read a page table while it is freed.
 */
static struct mh_zone *lock_open_zone(struct mh_machine *machine, uint32_t block)
{
	struct mh_node *node = &machine->nodes[machine->blocks[block].node];
	enum mh_zone_kind kind = mh_block_zone_kind(machine, block);
	struct mh_zone *zone;

	if (kind == MH_ZONE_NONE ||
	    atomic_load_explicit(&machine->blocks[block].gate, memory_order_acquire) != MH_GATE_OPEN)
		return NULL;
	zone = &node->zones[kind];
	mh_brief_lock(&zone->lock);
	if (atomic_load_explicit(&machine->blocks[block].gate, memory_order_acquire) == MH_GATE_OPEN &&
	    mh_block_zone_kind(machine, block) == kind)
		return zone;
	mh_brief_unlock(&zone->lock);
	return NULL;
}

/* Under the zone's lock. */
static void look_at(const struct mh_block_pages *pages, uint32_t from, uint32_t end, struct mh_page_walk *walk)
{
	for (size_t unit = mh_bitmap_next(&pages->taken, from); unit < end;
	     unit = mh_bitmap_next(&pages->taken, unit + 1)) {
		/* Relaxed: the owner may be changing it; any of its values is a right answer to a look from outside. */
		uint64_t word = atomic_load_explicit(&pages->owners[unit], memory_order_relaxed);

		walk->out++;
		if (word)
			walk->kinds[mh_owner_kind(word)]++;
	}
}

static bool walk_batch(struct mh_machine *machine, uint32_t block, uint32_t from, uint32_t end,
		       struct mh_page_walk *walk)
{
	struct mh_zone *zone = lock_open_zone(machine, block);

	if (!zone)
		return false;
	if (machine->pages[block])
		look_at(machine->pages[block], from, end, walk);
	mh_brief_unlock(&zone->lock);
	walk->units += end - from;
	return true;
}

void mh_page_walk(struct mh_machine *machine, uint32_t block, struct mh_page_walk *ret_walk)
{
	uint32_t count = machine->units_per_block;

	*ret_walk = (struct mh_page_walk){.units = 0};
	for (uint32_t from = 0; from < count && !ret_walk->hole; from += MH_PAGE_WALK_BATCH) {
		uint32_t end = count - from < MH_PAGE_WALK_BATCH ? count : from + MH_PAGE_WALK_BATCH;

		ret_walk->hole = !walk_batch(machine, block, from, end, ret_walk);
	}
}
