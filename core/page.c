/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocation and free: the thread's list first, its zone when that is empty or full.
 *
 * Each allocation checks I18: no page of a block that is offline, or isolated and drained, is handed out.
 */
#include "core/page.h"

#include <errno.h>

#include "base/assert.h"
#include "core/backing.h"
#include "core/buddy.h"
#include "core/hook_ask.h"
#include "core/pcp.h"
#include "core/zone.h"
#include "core/zone_batch.h"

/* A request to empty the lists. The acquire pairs with the release in mh_pcp_drain_all: gates read after it are closed.
 */
static inline bool is_asked_to_drain(struct mh_cpu *cpu)
{
	return atomic_load_explicit(&cpu->drain, memory_order_acquire) != 0;
}

static inline void answer_drain(struct mh_cpu *cpu)
{
	if (__builtin_expect(!is_asked_to_drain(cpu), 1))
		return;
	mh_pcp_empty(cpu);
	atomic_store_explicit(&cpu->drain, 0, memory_order_release);
}

static inline uint64_t take_unit(struct mh_machine *machine, struct mh_cpu *cpu, unsigned node, enum mh_zone_kind kind)
{
	struct mh_pcp *list = mh_pcp_of(cpu, node, kind);

	if (__builtin_expect(list->count != 0, 1))
		return list->pfns[--list->count];
	/* A zone that has nothing is not locked to be told so: user pages ask Movable first, which many nodes have not.
	 */
	if (mh_zone_is_empty(&machine->nodes[node].zones[kind]))
		return MH_BITMAP_NONE;
	list->count = mh_zone_take_many(machine, node, kind, list->pfns, MH_PCP_BATCH);
	return list->count ? list->pfns[--list->count] : MH_BITMAP_NONE;
}

static uint64_t take_from_node(struct mh_machine *machine, struct mh_cpu *cpu, const struct mh_page_request *request,
			       unsigned node)
{
	int lowest = (int)machine->nodes[node].zone_min;

	for (int kind = mh_page_zone_max(request->kind); kind >= lowest; kind--) {
		uint64_t pfn = request->order ? mh_zone_take(machine, node, (enum mh_zone_kind)kind, request->order)
					      : take_unit(machine, cpu, node, (enum mh_zone_kind)kind);

		if (pfn != MH_BITMAP_NONE)
			return pfn;
	}
	return MH_BITMAP_NONE;
}

/* Not on the way of a unit that the first list asked has: it is most of an allocation's instructions. */
static __attribute__((noinline)) uint64_t take_anywhere(struct mh_machine *machine, struct mh_cpu *cpu,
							const struct mh_page_request *request)
{
	const uint16_t *fallback = machine->nodes[request->node].fallback;
	unsigned count = request->this_node ? 1 : machine->node_count;

	for (unsigned i = 0; i < count; i++) {
		uint64_t pfn;

		if (!mh_node_mask_test(machine->has_memory, fallback[i]))
			continue;
		pfn = take_from_node(machine, cpu, request, fallback[i]);
		if (pfn != MH_BITMAP_NONE)
			return pfn;
	}
	return MH_BITMAP_NONE;
}

/* From the list that take_anywhere would ask first. What is on a list is of a node with memory: drains see to that. */
static inline uint64_t take(struct mh_machine *machine, struct mh_cpu *cpu, const struct mh_page_request *request)
{
	struct mh_pcp *list = mh_pcp_of(cpu, request->node, mh_page_zone_max(request->kind));

	if (__builtin_expect(request->order == 0 && list->count != 0, 1))
		return list->pfns[--list->count];
	return take_anywhere(machine, cpu, request);
}

static inline void check_gate(struct mh_machine *machine, uint64_t pfn)
{
	uint32_t block = mh_block_of_pfn(machine, pfn);

	/* CLOSING is right: until its list is drained a thread may still use what it holds, as in the kernel. */
	if (__builtin_expect(atomic_load_explicit(&machine->blocks[block].gate, memory_order_relaxed) <= MH_GATE_CLOSED,
			     0))
		mh_check_violated(machine, NULL, "I18", "page %llu of block %u was allocated while the block is %s",
				  (unsigned long long)pfn, block,
				  mh_block_state_names[mh_machine_block_state(machine, block)]);
}

/* What a kind does to an offline; counted a block, so that one without such pages need not look at each. */
static const struct {
	bool unmovable; /* isolation fails in a kernel zone */
	bool reserved;  /* and in every zone */
	bool special;   /* the pages must be looked at one by one */
	bool settled;   /* out, and no offline waits for it */
} traits[MH_PAGE_KINDS] = {
	[MH_PAGE_KERNEL] = {.unmovable = true},
	[MH_PAGE_HUGE] = {.special = true},
	[MH_PAGE_HUGE_STUCK] = {.unmovable = true, .special = true},
	[MH_PAGE_HUGE_FREE] = {.special = true},
	[MH_PAGE_OFFLINE] = {.special = true},
	[MH_PAGE_RELEASED] = {.settled = true},
	[MH_PAGE_RESERVED] = {.reserved = true},
	[MH_PAGE_POISONED] = {.settled = true},
	[MH_PAGE_MEMMAP] = {.settled = true},
};

void mh_page_count_kind(struct mh_block_pages *pages, enum mh_page_kind kind, int change)
{
	if (traits[kind].unmovable)
		atomic_fetch_add_explicit(&pages->unmovable, (unsigned)change, memory_order_relaxed);
	if (traits[kind].reserved)
		atomic_fetch_add_explicit(&pages->reserved, (unsigned)change, memory_order_relaxed);
	if (traits[kind].special)
		atomic_fetch_add_explicit(&pages->special, (unsigned)change, memory_order_relaxed);
}

static void settle(struct mh_machine *machine, uint32_t block, int units)
{
	struct mh_zone *zone = mh_block_zone(machine, block);

	mh_brief_lock(&zone->lock);
	machine->pages[block]->settled_units += (uint32_t)units;
	mh_brief_unlock(&zone->lock);
}

static void uncount(struct mh_machine *machine, uint32_t block, enum mh_page_kind kind, unsigned order)
{
	mh_page_count_kind(machine->pages[block], kind, -1);
	if (traits[kind].settled)
		settle(machine, block, -(1 << order));
}

static inline int ask_hook(struct mh_machine *machine, struct mh_cpu *cpu, const struct mh_page_request *request)
{
	if (__builtin_expect(mh_hook_armed(machine, MH_HOOK_ALLOC) != NULL, 0) && cpu->operation)
		return mh_hook_ask_alloc(machine, cpu->operation, request);
	return 0;
}

int mh_page_alloc(struct mh_machine *machine, struct mh_cpu *cpu, const struct mh_page_request *request,
		  mh_handle *owner)
{
	struct mh_block_pages *pages;
	uint64_t pfn;
	int error;

	answer_drain(cpu);
	error = ask_hook(machine, cpu, request);
	if (__builtin_expect(error, 0))
		return error;
	pfn = take(machine, cpu, request);
	if (__builtin_expect(pfn == MH_BITMAP_NONE, 0)) {
		cpu->refused++;
		return -ENOMEM;
	}
	check_gate(machine, pfn);
	pages = machine->pages[mh_block_of_pfn(machine, pfn)];
	if (__builtin_expect(!pages, 0))
		return -ENOMEM; /* told as I18: the block is offline, and there is nothing to write an owner to */
	if (__builtin_expect(machine->memory != NULL, 0))
		mh_backing_touch(machine, pfn, request->order);
	if (request->kind != MH_PAGE_MOVABLE)
		mh_page_count_kind(pages, request->kind, 1);
	atomic_store_explicit(&pages->owners[mh_unit_of_pfn(machine, pfn)], mh_owner_word(owner, request->kind),
			      memory_order_relaxed);
	/* The release orders the owner word before the handle: a migration that finds the handle set to this page has
	 * found it through the owner word. One that comes between the two finds another value and tries again later. */
	atomic_store_explicit(owner, ((uint64_t)(request->order + 1) << 56) | pfn, memory_order_release);
	return 0;
}

/* The rare ways of a free are functions of their own that it ends with: so it saves no register for them. */
static __attribute__((noinline)) void give_to_full_list(struct mh_machine *machine, struct mh_pcp *list, uint32_t block,
							uint64_t pfn)
{
	list->count -= MH_PCP_BATCH;
	mh_zone_give(machine, mh_block_zone(machine, block), list->pfns + list->count, MH_PCP_BATCH, 0);
	list->pfns[list->count++] = pfn;
}

static inline void give_to_list(struct mh_machine *machine, struct mh_cpu *cpu, uint32_t block, uint64_t pfn)
{
	struct mh_pcp *list = mh_pcp_of(cpu, machine->blocks[block].node, mh_block_zone_kind(machine, block));

	if (__builtin_expect(list->count == MH_PCP_HIGH, 0))
		give_to_full_list(machine, list, block, pfn);
	else
		list->pfns[list->count++] = pfn;
}

static __attribute__((noinline)) void give_to_zone(struct mh_machine *machine, uint64_t handle)
{
	uint64_t pfn = MH_HANDLE_PFN(handle);

	mh_zone_give(machine, mh_block_zone(machine, mh_block_of_pfn(machine, pfn)), &pfn, 1, MH_HANDLE_ORDER(handle));
}

static inline __attribute__((always_inline)) _Atomic uint64_t *owner_word_of(const struct mh_machine *machine,
									     uint64_t pfn)
{
	return &machine->pages[mh_block_of_pfn(machine, pfn)]->owners[mh_unit_of_pfn(machine, pfn)];
}

/* @open: its block was seen open in this free. */
static inline __attribute__((always_inline)) void give_unowned(struct mh_machine *machine, struct mh_cpu *cpu,
							       uint64_t handle, bool open)
{
	uint64_t pfn = MH_HANDLE_PFN(handle);

	atomic_store_explicit(owner_word_of(machine, pfn), 0, memory_order_relaxed);
	if (open && MH_HANDLE_ORDER(handle) == 0)
		give_to_list(machine, cpu, mh_block_of_pfn(machine, pfn), pfn);
	else
		give_to_zone(machine, handle);
}

static __attribute__((noinline)) void give_counted(struct mh_machine *machine, struct mh_cpu *cpu, uint64_t handle,
						   enum mh_page_kind kind, bool open)
{
	uncount(machine, mh_block_of_pfn(machine, MH_HANDLE_PFN(handle)), kind, MH_HANDLE_ORDER(handle));
	give_unowned(machine, cpu, handle, open);
}

/* What a handle leads to is forgotten; the handle is empty by now. */
static inline __attribute__((always_inline)) void give(struct mh_machine *machine, struct mh_cpu *cpu, mh_handle *owner,
						       uint64_t handle, bool open)
{
	uint64_t word = atomic_load_explicit(owner_word_of(machine, MH_HANDLE_PFN(handle)), memory_order_relaxed);

	MH_ASSERT(mh_owner_handle(word) == owner);
	if (__builtin_expect(mh_owner_kind(word) != MH_PAGE_MOVABLE, 0))
		give_counted(machine, cpu, handle, mh_owner_kind(word), open);
	else
		give_unowned(machine, cpu, handle, open);
}

/* Its block may be going offline. */
static __attribute__((noinline)) void free_closed(struct mh_machine *machine, struct mh_cpu *cpu, mh_handle *owner)
{
	/* Against a migration's compare-and-swap: one of the two gets the page. Acquire: its owner word is then ours.
	 */
	uint64_t handle = atomic_exchange_explicit(owner, 0, memory_order_acq_rel);

	MH_ASSERT(handle != 0);
	give(machine, cpu, owner, handle, false);
}

/*
 * Does @owner hold @handle, and will no migration change that before this thread answers a request to drain, which it
 * does in no other place than at the beginning of an allocation or a free, or outside its gate?
 *
 * Who closes a block has all lists drained before it migrates a page. So where the block is open no migration of its
 * pages runs, and none begins before this thread has answered. But the handle was read before the gate: between the
 * two the block may have been closed, left by this page, gone offline and come online again. The acquire orders the
 * second look at the handle after the gate, and pairs with the release in mh_zone_open_block: who finds the gate of the
 * later opening finds what the migration before it has written. Without the second look a page that is no longer there
 * is freed.
 */
static inline bool is_settled(struct mh_machine *machine, const mh_handle *owner, uint64_t handle)
{
	const struct mh_block *block = &machine->blocks[mh_block_of_pfn(machine, MH_HANDLE_PFN(handle))];

	return atomic_load_explicit(&block->gate, memory_order_acquire) == MH_GATE_OPEN &&
	       atomic_load_explicit(owner, memory_order_relaxed) == handle;
}

static __attribute__((noinline)) void free_drained(struct mh_machine *machine, struct mh_cpu *cpu, mh_handle *owner)
{
	answer_drain(cpu);
	mh_page_free(machine, cpu, owner);
}

void mh_page_free(struct mh_machine *machine, struct mh_cpu *cpu, mh_handle *owner)
{
	uint64_t handle;

	if (__builtin_expect(is_asked_to_drain(cpu), 0)) {
		free_drained(machine, cpu, owner);
		return;
	}
	/* The acquire as in free_closed: a migration may have led it here. */
	handle = atomic_load_explicit(owner, memory_order_acquire);
	MH_ASSERT(handle != 0);
	if (__builtin_expect(!is_settled(machine, owner, handle), 0)) {
		free_closed(machine, cpu, owner);
		return;
	}
	atomic_store_explicit(owner, 0, memory_order_relaxed);
	give(machine, cpu, owner, handle, true);
}

void mh_page_change(struct mh_machine *machine, mh_handle *owner, enum mh_page_kind kind)
{
	/* As in mh_page_free: against a migration, and against an offline that takes a released page away. */
	uint64_t handle = atomic_exchange_explicit(owner, 0, memory_order_acq_rel);
	uint64_t pfn = MH_HANDLE_PFN(handle);
	uint32_t block = mh_block_of_pfn(machine, pfn);
	_Atomic uint64_t *word;

	if (!handle)
		return; /* gone with its block */
	word = &machine->pages[block]->owners[mh_unit_of_pfn(machine, pfn)];
	uncount(machine, block, mh_owner_kind(atomic_load_explicit(word, memory_order_relaxed)),
		MH_HANDLE_ORDER(handle));
	mh_page_count_kind(machine->pages[block], kind, 1);
	if (traits[kind].settled)
		settle(machine, block, 1 << MH_HANDLE_ORDER(handle));
	atomic_store_explicit(word, mh_owner_word(kind == MH_PAGE_POISONED ? NULL : owner, kind), memory_order_relaxed);
	/* The release orders the word before the handle that leads to it, as in mh_page_alloc. */
	if (kind != MH_PAGE_POISONED)
		atomic_store_explicit(owner, handle, memory_order_release);
}
