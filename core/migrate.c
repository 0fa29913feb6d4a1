/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pass collects the units that are out, a batch at a time under zone->lock, and moves each without the lock. Targets
 * are taken and emptied units given back a batch at a time, too: the lock and what comes with it would be nine tenths
 * of a page's move.
 */
#include "core/migrate.h"

#include "core/backing.h"
#include "core/buddy.h"
#include "core/hook_ask.h"
#include "core/zone.h"
#include "core/zone_batch.h"

#define BATCH 128

/* The next BATCH units that are out at most; @from: where to begin, and where to go on. */
static uint32_t collect_taken(struct mh_machine *machine, uint32_t block, size_t *from, uint32_t *ret_units)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	uint32_t count;

	mh_brief_lock(&zone->lock);
	count = (uint32_t)mh_bitmap_list(&machine->pages[block]->taken, *from, ret_units, BATCH);
	mh_brief_unlock(&zone->lock);
	if (count)
		*from = ret_units[count - 1] + 1u;
	return count;
}

static uint32_t take_from_zone(struct mh_machine *machine, unsigned node, enum mh_zone_kind kind, unsigned order,
			       uint64_t *ret_pfns, uint32_t count)
{
	if (mh_zone_is_empty(&machine->nodes[node].zones[kind]))
		return 0;
	if (order == 0)
		return mh_zone_take_many(machine, node, kind, ret_pfns, count);
	*ret_pfns = mh_zone_take(machine, node, kind, order);
	return *ret_pfns != MH_BITMAP_NONE;
}

static uint32_t take_from_node(struct mh_machine *machine, unsigned node, unsigned order, uint64_t *ret_pfns,
			       uint32_t count)
{
	int lowest = (int)machine->nodes[node].zone_min;
	uint32_t taken = 0;

	for (int kind = MH_ZONE_MOVABLE; kind >= lowest && !taken; kind--)
		taken = take_from_zone(machine, node, (enum mh_zone_kind)kind, order, ret_pfns, count);
	return taken;
}

/*
 * Some of @count targets, all of one zone: from another node with memory, nearest first; from the same node, whose
 * isolated block gives nothing, only if there is no other (semantics.md 3): where the others are full the offline goes
 * on trying until a signal ends it. @count: 1 unless @order is 0.
 */
static uint32_t take_targets(struct mh_machine *machine, unsigned node, unsigned order, uint64_t *ret_pfns,
			     uint32_t count)
{
	const uint16_t *fallback = machine->nodes[node].fallback;
	bool alone = true;

	for (unsigned i = 1; i < machine->node_count; i++) {
		uint32_t taken;

		if (!mh_node_mask_test(machine->has_memory, fallback[i]))
			continue;
		alone = false;
		taken = take_from_node(machine, fallback[i], order, ret_pfns, count);
		if (taken)
			return taken;
	}
	return alone ? take_from_node(machine, node, order, ret_pfns, count) : 0;
}

static void give_back(struct mh_machine *machine, const uint64_t *pfns, uint32_t count, unsigned order)
{
	if (count)
		mh_zone_give(machine, mh_block_zone(machine, mh_block_of_pfn(machine, *pfns)), pfns, count, order);
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

/* What a pass has at hand for single units: targets are taken, and what has become free is given back, many at a time.
 * One operation's. */
struct move {
	struct mh_machine *machine;
	struct mh_operation *operation;
	_Atomic uint64_t *owners;            /* of the block's units */
	uint32_t target_first, target_count; /* those that are left of @targets */
	uint32_t left_count;
	uint64_t targets[BATCH]; /* taken and nobody's, all of one zone */
	uint32_t left[BATCH];    /* units of the block that nobody has any more, ascending */
};

/* @wanted: units that may still need one, and how many are taken at most. */
static uint64_t target_get(struct move *move, unsigned order, uint32_t wanted)
{
	uint64_t target;

	if (order)
		return take_targets(move->machine, move->operation->node, order, &target, 1) ? target : MH_BITMAP_NONE;
	if (!move->target_count) {
		move->target_first = 0;
		move->target_count = take_targets(move->machine, move->operation->node, 0, move->targets, wanted);
	}
	if (!move->target_count)
		return MH_BITMAP_NONE;
	move->target_count--;
	return move->targets[move->target_first++];
}

/* The last one that was got was not needed. */
static void target_put(struct move *move, unsigned order, uint64_t target)
{
	if (order) {
		give_back(move->machine, &target, 1, order);
		return;
	}
	move->targets[--move->target_first] = target;
	move->target_count++;
}

static void leave(struct move *move, unsigned order, uint32_t unit)
{
	uint64_t pfn = mh_pfn_of_unit(move->machine, move->operation->block, unit);

	if (order)
		give_back(move->machine, &pfn, 1, order);
	else
		move->left[move->left_count++] = unit;
}

static void give_back_all(struct move *move)
{
	mh_zone_give_block(move->machine, move->operation->block, move->left, move->left_count);
	give_back(move->machine, move->targets + move->target_first, move->target_count, 0);
	move->left_count = move->target_count = 0;
}

static bool move_unit(struct move *move, uint32_t unit, uint32_t wanted)
{
	struct mh_machine *machine = move->machine;
	uint64_t pfn = mh_pfn_of_unit(machine, move->operation->block, unit);
	_Atomic uint64_t *word = &move->owners[unit];
	uint64_t owner = atomic_load_explicit(word, memory_order_acquire);
	mh_handle *handle = mh_owner_handle(owner);
	uint64_t old, target;

	if (!handle || !is_migrated(mh_owner_kind(owner)))
		return false; /* on a list, between two hands, or not to be moved */
	old = atomic_load_explicit(handle, memory_order_acquire);
	if (!old || MH_HANDLE_PFN(old) != pfn)
		return false;
	if (is_held_back(machine, move->operation, pfn))
		return false;
	target = target_get(move, MH_HANDLE_ORDER(old), wanted);
	if (target == MH_BITMAP_NONE)
		return false;
	/* Before the handle leads to it. Who frees the page meanwhile loses nothing: the copy is then given back. */
	if (__builtin_expect(machine->memory != NULL, 0))
		mh_backing_copy(machine, pfn, target, MH_HANDLE_ORDER(old));
	if (!hand_over(machine, owner, old, target)) {
		target_put(move, MH_HANDLE_ORDER(old), target);
		return false;
	}
	if (mh_owner_kind(owner) != MH_PAGE_MOVABLE)
		recount(machine, pfn, target, mh_owner_kind(owner));
	atomic_store_explicit(word, 0, memory_order_relaxed);
	leave(move, MH_HANDLE_ORDER(old), unit);
	return true;
}

/*
 * Units ahead whose owner word, and whose handle, are fetched: both may lie in another core's cache, which is ten times
 * as far as all the rest of a move takes.
 */
#define WORD_AHEAD   16
#define HANDLE_AHEAD 8

static inline void expect_unit(const struct move *move, const uint32_t *units, uint32_t count)
{
	if (count <= WORD_AHEAD)
		return;
	__builtin_prefetch((const void *)&move->owners[units[WORD_AHEAD]], 1);
	__builtin_prefetch((const void *)mh_owner_handle(
				   atomic_load_explicit(&move->owners[units[HANDLE_AHEAD]], memory_order_relaxed)),
			   1);
}

uint32_t mh_migrate_block(struct mh_machine *machine, struct mh_operation *operation)
{
	struct move move;
	uint32_t block = operation->block;
	uint32_t units[BATCH];
	uint32_t count, moved = 0;
	size_t from = 0;

	move.machine = machine;
	move.operation = operation;
	move.owners = machine->pages[block]->owners;
	move.target_count = move.left_count = 0;
	do {
		count = collect_taken(machine, block, &from, units);
		for (uint32_t i = 0; i < count; i++) {
			expect_unit(&move, units + i, count - i);
			moved += move_unit(&move, units[i], count - i);
		}
		give_back_all(&move);
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
	give_back(machine, &pfn, 1, MH_HANDLE_ORDER(old));
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
