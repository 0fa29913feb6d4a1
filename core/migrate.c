/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pass collects the units that are out, a batch at a time under zone->lock, and moves each without the lock.
 */
#include "core/migrate.h"

#include "core/buddy.h"
#include "core/zone.h"

#define BATCH 128

static uint32_t collect_taken(struct mh_machine *machine, uint32_t block, size_t *from, uint32_t *ret_units)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	struct mh_block_pages *pages = machine->pages[block];
	uint32_t count = 0;

	mh_mutex_lock(&zone->lock);
	while (count < BATCH) {
		*from = mh_bitmap_next(&pages->taken, *from);
		if (*from == MH_BITMAP_NONE)
			break;
		ret_units[count++] = (uint32_t)(*from)++;
	}
	mh_mutex_unlock(&zone->lock);
	return count;
}

static uint64_t take_from_node(struct mh_machine *machine, unsigned node, unsigned order)
{
	for (int kind = MH_ZONE_MOVABLE; kind >= MH_ZONE_NORMAL; kind--) {
		uint64_t pfn = mh_zone_take(machine, node, (enum mh_zone_kind)kind, order);

		if (pfn != MH_BITMAP_NONE)
			return pfn;
	}
	return MH_BITMAP_NONE;
}

/*
 * Another node with memory, nearest first; the same node, whose isolated block gives nothing, only if there is no other
 * (semantics.md 3): where the others are full the offline goes on trying until a signal ends it.
 */
static uint64_t take_target(struct mh_machine *machine, unsigned node, unsigned order)
{
	const uint16_t *fallback = machine->nodes[node].fallback;
	bool alone = true;

	for (unsigned i = 1; i < machine->node_count; i++) {
		uint64_t pfn;

		if (!mh_node_mask_test(machine->has_memory, fallback[i]))
			continue;
		alone = false;
		pfn = take_from_node(machine, fallback[i], order);
		if (pfn != MH_BITMAP_NONE)
			return pfn;
	}
	return alone ? take_from_node(machine, node, order) : MH_BITMAP_NONE;
}

static void give_back(struct mh_machine *machine, uint64_t pfn, unsigned order)
{
	mh_zone_give(machine, mh_block_zone(machine, mh_block_of_pfn(machine, pfn)), &pfn, 1, order);
}

static _Atomic uint64_t *owner_word_of(struct mh_machine *machine, uint64_t pfn)
{
	return &machine->pages[mh_block_of_pfn(machine, pfn)]->owners[mh_unit_of_pfn(machine, pfn)];
}

/* Replaces @old by @target in the owner's handle. Return: whether the owner had not been quicker. */
static bool hand_over(struct mh_machine *machine, mh_handle *handle, uint64_t old, uint64_t target)
{
	_Atomic uint64_t *word = owner_word_of(machine, target);
	uint64_t moved = (old & ~((UINT64_C(1) << 56) - 1)) | target;

	atomic_store_explicit(word, (uint64_t)(uintptr_t)handle, memory_order_relaxed);
	/* The release orders the target's owner word before the handle that leads to it; the acquire orders what the
	 * owner did to the old page before our giving it away. */
	if (atomic_compare_exchange_strong_explicit(handle, &old, moved, memory_order_acq_rel, memory_order_relaxed))
		return true;
	atomic_store_explicit(word, 0, memory_order_relaxed);
	return false;
}

static bool move_unit(struct mh_machine *machine, uint64_t pfn, unsigned node)
{
	_Atomic uint64_t *word = owner_word_of(machine, pfn);
	uint64_t owner = atomic_load_explicit(word, memory_order_acquire);
	mh_handle *handle = (mh_handle *)(uintptr_t)(owner & ~MH_OWNER_UNMOVABLE);
	uint64_t old, target;

	if (!handle || (owner & MH_OWNER_UNMOVABLE))
		return false; /* on a list, between two hands, or not to be moved */
	old = atomic_load_explicit(handle, memory_order_acquire);
	if (!old || MH_HANDLE_PFN(old) != pfn)
		return false;
	target = take_target(machine, node, MH_HANDLE_ORDER(old));
	if (target == MH_BITMAP_NONE)
		return false;
	if (!hand_over(machine, handle, old, target)) {
		give_back(machine, target, MH_HANDLE_ORDER(old));
		return false;
	}
	atomic_store_explicit(word, 0, memory_order_relaxed);
	give_back(machine, pfn, MH_HANDLE_ORDER(old));
	return true;
}

uint32_t mh_migrate_block(struct mh_machine *machine, uint32_t block)
{
	uint32_t units[BATCH];
	uint32_t count, moved = 0;
	size_t from = 0;

	do {
		count = collect_taken(machine, block, &from, units);
		for (uint32_t i = 0; i < count; i++)
			moved += move_unit(machine, mh_pfn_of_unit(machine, block, units[i]), machine->node[block]);
	} while (count == BATCH);
	if (moved)
		atomic_fetch_add_explicit(&machine->pages_migrated, moved, memory_order_relaxed);
	return moved;
}
