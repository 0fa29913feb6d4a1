/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeping violations, telling the events that led to them, and the checks over the whole machine.
 */
#include "core/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/buddy.h"
#include "core/invariant.h"
#include "core/machine_private.h"
#include "core/pcp.h"

/* Text that is cut, never overrun. */
struct detail {
	char *data;
	size_t size, length;
};

static void detail_add(struct detail *detail, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void detail_add(struct detail *detail, const char *format, ...)
{
	va_list arguments;
	int written;

	va_start(arguments, format);
	written = vsnprintf(detail->data + detail->length, detail->size - detail->length, format, arguments);
	va_end(arguments);
	if (written > 0)
		detail->length += (size_t)written;
	if (detail->length >= detail->size)
		detail->length = detail->size - 1;
}

static void tell_value(struct detail *detail, int value)
{
	if (value == NOTIFY_DONE)
		detail_add(detail, "DONE");
	else if (value == NOTIFY_OK)
		detail_add(detail, "OK");
	else if (value == NOTIFY_STOP)
		detail_add(detail, "STOP");
	else if (value == NOTIFY_BAD)
		detail_add(detail, "BAD");
	else if (value > NOTIFY_BAD && value <= (NOTIFY_STOP_MASK | 4096))
		detail_add(detail, "errno %d", notifier_to_errno(value));
	else
		detail_add(detail, "raw %d", value);
}

/* "MEM_GOING_ONLINE: ksm OK, raw_errno raw -12": a line a walk. */
static void tell_events(struct detail *detail, const struct mh_machine *machine, const struct mh_operation *operation)
{
	const struct mh_trace *trace = operation->trace;
	const char *separator = ": ";

	detail_add(detail, "\noperation %llu: %s block %u of node %d, zone %s, %s", //
		   (unsigned long long)operation->identity.index, operation->online ? "online" : "offline",
		   operation->block, machine->nodes[operation->node].nid, mh_zone_names[operation->zone],
		   operation->result
			   ? strerrorname_np(-operation->result) ? strerrorname_np(-operation->result) : "odd errno"
			   : "succeeds");
	for (uint32_t i = 0; trace && i < trace->count; i++) {
		const struct mh_stamp *stamp = &trace->stamps[i];

		if (stamp->kind == MH_STAMP_WALK_BEGIN) {
			detail_add(detail, "\n  %s", mh_event_kernel_names[stamp->event]);
			separator = ": ";
		}
		if (stamp->kind != MH_STAMP_CALLED)
			continue;
		detail_add(detail, "%s%s ", separator,
			   mh_machine_listener(machine, stamp->event, stamp->listener)->name);
		tell_value(detail, stamp->value);
		separator = ", ";
	}
}

void mh_check_tell_events(const struct mh_machine *machine, const struct mh_operation *operation, char *text,
			  size_t size)
{
	struct detail detail = {.data = text, .size = size, .length = strlen(text)};

	tell_events(&detail, machine, operation);
}

/* Broken on purpose by a fault of this operation? Then it is the fault that is judged by it, not the machine. */
static bool is_expected(struct mh_operation *operation, const char *invariant)
{
	uint64_t bit;

	if (!operation || !operation->check.expected)
		return false;
	bit = UINT64_C(1) << mh_invariant_index(invariant);
	if (!(operation->check.expected & bit))
		return false;
	operation->check.detected |= bit;
	return true;
}

void mh_check_violated(struct mh_machine *machine, struct mh_operation *operation, const char *invariant,
		       const char *format, ...)
{
	struct mh_check *check = &machine->check;
	struct mh_violation *violation;
	struct detail detail;
	va_list arguments;

	if (is_expected(operation, invariant))
		return;
	atomic_fetch_add_explicit(&check->violation_count, 1, memory_order_relaxed);
	if (operation)
		operation->check.violated = true;
	mh_mutex_lock(&check->lock);
	if (check->kept < MH_VIOLATIONS_KEPT) {
		violation = &check->violations[check->kept++];
		violation->invariant = invariant;
		violation->sequence = operation ? operation->identity.index : 0;
		detail = (struct detail){.data = violation->detail, .size = sizeof(violation->detail)};
		va_start(arguments, format);
		vsnprintf(detail.data, detail.size, format, arguments);
		va_end(arguments);
		detail.length = strlen(detail.data);
		if (operation)
			tell_events(&detail, machine, operation);
	}
	mh_mutex_unlock(&check->lock);
}

/* I33: no operation runs on the block. */
static void check_state(struct mh_machine *machine, struct mh_operation *operation, uint32_t block)
{
	enum mh_block_state state = mh_machine_block_state(machine, block);

	if (state == MH_BLOCK_GOING_OFFLINE || state >= MH_BLOCK_STATES)
		mh_check_violated(machine, operation, "I33", "block %u reads %s while no offline of it runs", block,
				  state < MH_BLOCK_STATES ? mh_block_state_names[state] : "nothing known");
}

/* What a pass over the blocks of a node finds. */
struct tally {
	uint64_t present[MH_ZONE_KINDS], free_units[MH_ZONE_KINDS], taken_units;
};

static bool is_in_a_span(const struct mh_node *node, uint32_t index)
{
	for (unsigned kind = node->zone_min; kind < MH_ZONE_KINDS; kind++)
		if (mh_bitmap_test(&node->zones[kind].span, index))
			return true;
	return false;
}

/* A block that boot left with holes or in several zones is counted by its zones. */
static bool is_partial(const struct mh_machine *machine, uint32_t block)
{
	return machine->facts && (machine->facts[block].hole || mh_block_zone_kind(machine, block) == MH_ZONE_NONE);
}

static void tally_block(struct mh_machine *machine, uint32_t block, struct tally *tally)
{
	const struct mh_node *node = &machine->nodes[machine->blocks[block].node];
	const struct mh_block_pages *pages = machine->pages[block];
	unsigned kind = mh_block_zone_kind(machine, block);
	uint32_t index = block - node->first_block;

	if (is_partial(machine, block))
		return;
	if (mh_machine_block_state(machine, block) == MH_BLOCK_OFFLINE) {
		if (pages || is_in_a_span(node, index))
			mh_check_violated(machine, NULL, "I21", "block %u is offline and still has pages or a zone",
					  block);
		return;
	}
	tally->present[kind] += machine->pages_per_block;
	tally->free_units[kind] += pages ? pages->free_units : machine->units_per_block;
	tally->taken_units += pages ? pages->taken.count : 0;
	if (!mh_bitmap_test(&node->zones[kind].span, index))
		mh_check_violated(machine, NULL, "I16", "block %u is online outside the span of its zone %s", block,
				  mh_zone_names[kind]);
}

static void check_zone(struct mh_machine *machine, const struct mh_node *node, unsigned kind, const struct tally *tally)
{
	const struct mh_zone *zone = &node->zones[kind];
	uint64_t spanned = (uint64_t)zone->span.count * machine->pages_per_block;

	if (zone->present_pages != tally->present[kind] + zone->partial_pages)
		mh_check_violated(machine, NULL, "I15",
				  "zone %s of node %d: present is %llu, its online blocks hold %llu",
				  mh_zone_names[kind], node->nid, (unsigned long long)zone->present_pages,
				  (unsigned long long)tally->present[kind]);
	if (zone->managed_pages > zone->present_pages || zone->present_pages > spanned)
		mh_check_violated(machine, NULL, "I16", "zone %s of node %d: managed %llu, present %llu, spanned %llu",
				  mh_zone_names[kind], node->nid, (unsigned long long)zone->managed_pages,
				  (unsigned long long)zone->present_pages, (unsigned long long)spanned);
	if (zone->free_units != tally->free_units[kind])
		mh_check_violated(machine, NULL, "I23", "zone %s of node %d: %llu units free, its blocks hold %llu",
				  mh_zone_names[kind], node->nid, (unsigned long long)zone->free_units,
				  (unsigned long long)tally->free_units[kind]);
	if (zone->isolated_blocks)
		mh_check_violated(machine, NULL, "I36", "zone %s of node %d has %u isolated blocks",
				  mh_zone_names[kind], node->nid, zone->isolated_blocks);
}

/* I13, I14 and I35, by the present counters. */
static void check_masks(struct mh_machine *machine, struct mh_operation *operation, unsigned index)
{
	const struct mh_node *node = &machine->nodes[index];
	uint64_t normal_pages = mh_node_normal_pages(node);
	bool normal = mh_node_mask_test(machine->has_normal, index);
	bool memory = mh_node_mask_test(machine->has_memory, index);
	bool online = mh_node_mask_test(machine->is_online, index);

	if ((normal && !memory) || (memory && !online))
		mh_check_violated(machine, operation, "I13",
				  "node %d: N_NORMAL_MEMORY %d, N_MEMORY %d, N_ONLINE %d are no chain of subsets",
				  node->nid, normal, memory, online);
	if (memory != (normal_pages + node->zones[MH_ZONE_MOVABLE].present_pages > 0) || normal != (normal_pages > 0))
		mh_check_violated(machine, operation, "I14", "node %d: masks (%d, %d) disagree with its present pages",
				  node->nid, normal, memory);
	if (node->kswapd != memory || node->kcompactd != memory)
		mh_check_violated(machine, operation, "I35", "node %d: kswapd %d, kcompactd %d, N_MEMORY %d", node->nid,
				  node->kswapd, node->kcompactd, memory);
}

static void check_node(struct mh_machine *machine, unsigned index, uint64_t *taken_units)
{
	const struct mh_node *node = &machine->nodes[index];
	struct tally tally = {.taken_units = 0};

	for (uint32_t block = node->first_block; block < node->first_block + node->block_count; block++)
		if (mh_block_is_of(machine, block, index)) {
			check_state(machine, NULL, block);
			tally_block(machine, block, &tally);
		}
	for (unsigned kind = node->zone_min; kind < MH_ZONE_KINDS; kind++)
		check_zone(machine, node, kind, &tally);
	*taken_units += tally.taken_units;
	check_masks(machine, NULL, index);
}

void mh_check_node(struct mh_machine *machine, struct mh_operation *operation, unsigned index)
{
	const struct mh_node *node = &machine->nodes[index];
	uint64_t present[MH_ZONE_KINDS] = {0};

	for (uint32_t block = node->first_block; block < node->first_block + node->block_count; block++) {
		enum mh_zone_kind zone = mh_machine_block_zone(machine, block);

		if (mh_block_is_of(machine, block, index))
			check_state(machine, operation, block);
		if (machine->blocks[block].node == index && zone != MH_ZONE_NONE && !is_partial(machine, block))
			present[zone] += machine->pages_per_block;
	}
	for (unsigned kind = node->zone_min; kind < MH_ZONE_KINDS; kind++)
		if (node->zones[kind].present_pages != present[kind] + node->zones[kind].partial_pages)
			mh_check_violated(machine, operation, "I15",
					  "zone %s of node %d: present is %llu, its online blocks hold %llu",
					  mh_zone_names[kind], node->nid,
					  (unsigned long long)node->zones[kind].present_pages,
					  (unsigned long long)present[kind]);
	check_masks(machine, operation, index);
}

static uint64_t listed_units(struct mh_machine *machine)
{
	uint64_t listed = 0;

	for (unsigned i = 0; i < machine->cpu_count; i++)
		for (unsigned list = 0; machine->cpus[i] && list < machine->node_count * MH_ZONE_KINDS; list++)
			listed += machine->cpus[i]->lists[list].count;
	return listed;
}

/* Units out of the buddies are on lists or have an owner; with no thread at work, nothing is between two hands. */
static void check_owners(struct mh_machine *machine, uint64_t taken_units)
{
	uint64_t owned = 0, listed = listed_units(machine);

	for (uint32_t block = 0; block < machine->block_count; block++) {
		const struct mh_block_pages *pages = machine->pages[block];

		for (size_t unit = pages ? mh_bitmap_first(&pages->taken) : MH_BITMAP_NONE; unit != MH_BITMAP_NONE;
		     unit = mh_bitmap_next(&pages->taken, unit + 1)) {
			uint64_t word = atomic_load_explicit(&pages->owners[unit], memory_order_relaxed);
			const mh_handle *handle = mh_owner_handle(word);
			uint64_t value;

			/* Owned is what the owner's handle points back at; a word that was left behind owns nothing. */
			value = handle ? atomic_load(handle) : 0;
			if (value && MH_HANDLE_PFN(value) == mh_pfn_of_unit(machine, block, (uint32_t)unit))
				owned += (uint64_t)1 << MH_HANDLE_ORDER(value);
			if (!handle && word)
				owned++; /* a memmap's, or poisoned: nobody's, but not lost */
		}
	}
	if (owned + listed != taken_units)
		mh_check_violated(machine, NULL, "I23", "%llu units are out, %llu allocated and %llu on lists",
				  (unsigned long long)taken_units, (unsigned long long)owned,
				  (unsigned long long)listed);
}

/* I08: reachable, and so reached where it had to be. */
static void check_orphans(struct mh_machine *machine)
{
	uint64_t chances = atomic_load(&machine->check.orphan_chances);

	if (chances && !atomic_load(&machine->check.orphan_finals))
		mh_check_violated(machine, NULL, "I08",
				  "%llu operations were refused above a listener, and none heard CANCEL without GOING",
				  (unsigned long long)chances);
}

unsigned mh_check_machine(struct mh_machine *machine)
{
	uint64_t before = atomic_load(&machine->check.violation_count);
	uint64_t taken_units = 0;

	for (unsigned node = 0; node < machine->node_count; node++)
		check_node(machine, node, &taken_units);
	check_owners(machine, taken_units);
	check_orphans(machine);
	atomic_fetch_add(&machine->check.checked, (uint64_t)machine->block_count + machine->node_count * 8u + 1);
	return (unsigned)(atomic_load(&machine->check.violation_count) - before);
}
