/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pass collects the units that are out, a batch at a time under zone->lock, and moves each without the lock.
 */
#include "core/migrate.h"

#include "core/backing.h"
#include "core/buddy.h"
#include "core/hook_ask.h"
#include "core/zone.h"

#define BATCH 128

static uint32_t collect_taken(struct mh_machine *machine, uint32_t block, size_t *from, uint32_t *ret_units)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	struct mh_block_pages *pages = machine->pages[block];
	uint32_t count = 0;

	mh_brief_lock(&zone->lock);
	while (count < BATCH) {
		*from = mh_bitmap_next(&pages->taken, *from);
		if (*from == MH_BITMAP_NONE)
			break;
		ret_units[count++] = (uint32_t)(*from)++;
	}
	mh_brief_unlock(&zone->lock);
	return count;
}

static uint64_t take_from_node(struct mh_machine *machine, unsigned node, unsigned order)
{
	int lowest = (int)machine->nodes[node].zone_min;

	for (int kind = MH_ZONE_MOVABLE; kind >= lowest; kind--) {
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

/* Replaces @old by @target in the handle of @owner. Return: whether the owner had not been quicker. */
static bool hand_over(struct mh_machine *machine, uint64_t owner, uint64_t old, uint64_t target)
{
	_Atomic uint64_t *word = owner_word_of(machine, target);
	mh_handle *handle = mh_owner_handle(owner);
	uint64_t moved = (old & ~((UINT64_C(1) << 56) - 1)) | target;

	atomic_store_explicit(word, owner, memory_order_relaxed);
	/* The release orders the target's owner word before the handle that leads to it; the acquire orders what the
	 * owner did to the old page before our giving it away. */
	if (atomic_compare_exchange_strong_explicit(handle, &old, moved, memory_order_acq_rel, memory_order_relaxed))
		return true;
	atomic_store_explicit(word, 0, memory_order_relaxed);
	return false;
}

static bool is_migrated(enum mh_page_kind kind)
{
	return kind == MH_PAGE_MOVABLE || kind == MH_PAGE_HUGE;
}

static void recount(struct mh_machine *machine, uint64_t from, uint64_t to, enum mh_page_kind kind)
{
	mh_page_count_kind(machine->pages[mh_block_of_pfn(machine, from)], kind, -1);
	mh_page_count_kind(machine->pages[mh_block_of_pfn(machine, to)], kind, 1);
}

static bool is_held_back(struct mh_machine *machine, struct mh_operation *operation, uint64_t pfn)
{
	if (!mh_hook_ask(machine, operation, MH_HOOK_MIGRATE,
			 (uint64_t)operation->pass << 32 | mh_unit_of_pfn(machine, pfn)))
		return false;
	operation->interfered = true;
	return true;
}

static bool move_unit(struct mh_machine *machine, struct mh_operation *operation, uint64_t pfn)
{
	_Atomic uint64_t *word = owner_word_of(machine, pfn);
	uint64_t owner = atomic_load_explicit(word, memory_order_acquire);
	mh_handle *handle = mh_owner_handle(owner);
	uint64_t old, target;

	if (!handle || !is_migrated(mh_owner_kind(owner)))
		return false; /* on a list, between two hands, or not to be moved */
	old = atomic_load_explicit(handle, memory_order_acquire);
	if (!old || MH_HANDLE_PFN(old) != pfn)
		return false;
	if (is_held_back(machine, operation, pfn))
		return false;
	target = take_target(machine, operation->node, MH_HANDLE_ORDER(old));
	if (target == MH_BITMAP_NONE)
		return false;
	/* Before the handle leads to it. Who frees the page meanwhile loses nothing: the copy is then given back. */
	if (__builtin_expect(machine->memory != NULL, 0))
		mh_backing_copy(machine, pfn, target, MH_HANDLE_ORDER(old));
	if (!hand_over(machine, owner, old, target)) {
		give_back(machine, target, MH_HANDLE_ORDER(old));
		return false;
	}
	if (mh_owner_kind(owner) != MH_PAGE_MOVABLE)
		recount(machine, pfn, target, mh_owner_kind(owner));
	atomic_store_explicit(word, 0, memory_order_relaxed);
	give_back(machine, pfn, MH_HANDLE_ORDER(old));
	return true;
}

uint32_t mh_migrate_block(struct mh_machine *machine, struct mh_operation *operation)
{
	uint32_t block = operation->block;
	uint32_t units[BATCH];
	uint32_t count, moved = 0;
	size_t from = 0;

	do {
		count = collect_taken(machine, block, &from, units);
		for (uint32_t i = 0; i < count; i++)
			moved += move_unit(machine, operation, mh_pfn_of_unit(machine, block, units[i]));
	} while (count == BATCH);
	if (moved)
		atomic_fetch_add_explicit(&machine->pages_migrated, moved, memory_order_relaxed);
	return moved;
}

void mh_migrate_survey(struct mh_machine *machine, uint32_t block, struct mh_leftover *ret_leftover)
{
	uint32_t units[BATCH];
	uint32_t count;
	size_t from = 0;

	*ret_leftover = (struct mh_leftover){0};
	do {
		count = collect_taken(machine, block, &from, units);
		for (uint32_t i = 0; i < count; i++) {
			uint64_t word = atomic_load_explicit(
				owner_word_of(machine, mh_pfn_of_unit(machine, block, units[i])), memory_order_relaxed);
			enum mh_page_kind kind = mh_owner_kind(word);

			ret_leftover->movable += mh_owner_handle(word) && (is_migrated(kind) || kind == MH_PAGE_PINNED);
			ret_leftover->held += kind == MH_PAGE_OFFLINE;
			ret_leftover->stuck += kind == MH_PAGE_HUGE_STUCK;
		}
	} while (count == BATCH);
}

/* One page of the pool, if it still is one: its handle is emptied and its units go back. */
static void dissolve(struct mh_machine *machine, uint64_t pfn)
{
	_Atomic uint64_t *word = owner_word_of(machine, pfn);
	uint64_t owner = atomic_load_explicit(word, memory_order_acquire);
	mh_handle *handle = mh_owner_handle(owner);
	uint64_t old;

	if (mh_owner_kind(owner) != MH_PAGE_HUGE_FREE)
		return;
	old = atomic_load_explicit(handle, memory_order_acquire);
	/* Against its owner, who may be taking it into use or freeing it: one of the two gets it. */
	if (MH_HANDLE_PFN(old) != pfn ||
	    !atomic_compare_exchange_strong_explicit(handle, &old, 0, memory_order_acq_rel, memory_order_relaxed))
		return;
	mh_page_count_kind(machine->pages[mh_block_of_pfn(machine, pfn)], MH_PAGE_HUGE_FREE, -1);
	atomic_store_explicit(word, 0, memory_order_relaxed);
	give_back(machine, pfn, MH_HANDLE_ORDER(old));
}

void mh_dissolve_block(struct mh_machine *machine, uint32_t block)
{
	uint32_t units[BATCH];
	uint32_t count;
	size_t from = 0;

	do {
		count = collect_taken(machine, block, &from, units);
		for (uint32_t i = 0; i < count; i++)
			dissolve(machine, mh_pfn_of_unit(machine, block, units[i]));
	} while (count == BATCH);
}
