/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * contig-zones: by the spans that the block lies in. auto-movable: Movable as long as a ratio to boot's kernel memory
 * holds, counted for the machine and, if asked for, for the node; memory that was plugged as one stays of one kind.
 */
#include "core/zone_choice.h"

/* Pages that the ratio is about. */
struct share {
	uint64_t kernel_early, movable;
};

/* Only the span counts, not neighbourhood: first to last block of the zone, holes included. */
static bool span_meets(const struct mh_zone *zone, uint32_t index)
{
	size_t first = mh_bitmap_first(&zone->span);

	return first != MH_BITMAP_NONE && index >= first && index <= mh_bitmap_last(&zone->span);
}

enum mh_zone_kind mh_zone_choose_kernel(const struct mh_machine *machine, uint32_t block)
{
	const struct mh_node *node = &machine->nodes[machine->blocks[block].node];

	for (unsigned kind = node->zone_min; kind < MH_ZONE_NORMAL; kind++)
		if (span_meets(&node->zones[kind], block - node->first_block))
			return (enum mh_zone_kind)kind;
	return MH_ZONE_NORMAL;
}

static enum mh_zone_kind choose_contiguous(const struct mh_machine *machine, uint32_t block)
{
	const struct mh_node *node = &machine->nodes[machine->blocks[block].node];
	uint32_t index = block - node->first_block;
	enum mh_zone_kind kernel_kind = mh_zone_choose_kernel(machine, block);
	bool kernel = span_meets(&node->zones[kernel_kind], index);
	bool movable = span_meets(&node->zones[MH_ZONE_MOVABLE], index);

	if (kernel != movable)
		return movable ? MH_ZONE_MOVABLE : kernel_kind;
	return machine->config.movable_node ? MH_ZONE_MOVABLE : kernel_kind;
}

static void add_node(const struct mh_machine *machine, unsigned index, struct share *share)
{
	const struct mh_node *node = &machine->nodes[index];

	for (unsigned kind = node->zone_min; kind <= MH_ZONE_NORMAL; kind++)
		share->kernel_early += node->zones[kind].early_pages;
	share->movable += node->zones[MH_ZONE_MOVABLE].present_pages;
}

/* What a dynamic group has of Movable, and the boot memory that it claims for that beyond its own kernel memory. */
static void add_claim(const struct mh_memory_group *group, unsigned ratio, struct share *claims)
{
	uint64_t claimed = group->movable_pages * 100 / ratio;

	claims->movable += group->movable_pages;
	claims->kernel_early += claimed > group->kernel_pages ? claimed - group->kernel_pages : 0;
}

static struct share claims_of_others(const struct mh_machine *machine, int node, unsigned own)
{
	struct share claims = {0};

	for (unsigned i = 0; i < machine->group_count; i++) {
		const struct mh_memory_group *group = &machine->groups[i];

		if (group->dynamic && i + 1 != own && (node < 0 || group->node == (unsigned)node))
			add_claim(group, machine->config.auto_movable_ratio, &claims);
	}
	return claims;
}

/*
 * @node: an index, or -1 for the whole machine. @pages more may go to Movable. Where the other dynamic groups claim all
 * of boot's memory, a group's own kernel memory does not help (Linux 6.1 mm/memory_hotplug.c:
 * auto_movable_can_online_movable()).
 */
static bool ratio_holds(const struct mh_machine *machine, int node, unsigned own, uint64_t pages)
{
	struct share share = {0}, claims = claims_of_others(machine, node, own);

	for (unsigned i = 0; i < machine->node_count; i++)
		if (node < 0 || i == (unsigned)node)
			add_node(machine, i, &share);
	if (share.kernel_early <= claims.kernel_early)
		return false;
	share.kernel_early -= claims.kernel_early;
	share.movable -= claims.movable;
	if (own && machine->groups[own - 1].dynamic)
		share.kernel_early += machine->groups[own - 1].kernel_pages;
	return share.movable + pages <= share.kernel_early * machine->config.auto_movable_ratio / 100;
}

/* The aligned unit of a dynamic group around @block: what of it is online, and whether any of that is kernel memory. */
static uint64_t unit_online_pages(const struct mh_machine *machine, uint32_t block, uint64_t unit_pages,
				  bool *ret_kernel)
{
	uint32_t blocks = (uint32_t)(unit_pages >> machine->block_shift);
	uint32_t first = block - block % blocks;
	uint64_t online = 0;

	*ret_kernel = false;
	for (uint32_t b = first; b < first + blocks && b < machine->block_count; b++) {
		enum mh_zone_kind kind = mh_machine_block_zone(machine, b);

		if (kind == MH_ZONE_NONE)
			continue;
		online += machine->pages_per_block;
		*ret_kernel |= mh_zone_is_kernel(kind);
	}
	return online;
}

/* Pages that would have to be Movable for @block to be; false when what belongs to it is kernel memory already. */
static bool movable_need(const struct mh_machine *machine, uint32_t block, unsigned group_number, uint64_t *ret_pages)
{
	const struct mh_memory_group *group = group_number ? &machine->groups[group_number - 1] : NULL;
	bool kernel;

	*ret_pages = machine->pages_per_block;
	if (!group || (group->dynamic && group->unit_pages <= machine->pages_per_block))
		return true;
	if (!group->dynamic) {
		*ret_pages = group->max_pages - group->movable_pages;
		return group->kernel_pages == 0;
	}
	*ret_pages = group->unit_pages - unit_online_pages(machine, block, group->unit_pages, &kernel);
	return !kernel;
}

static enum mh_zone_kind choose_by_ratio(const struct mh_machine *machine, uint32_t block)
{
	unsigned group = machine->facts ? machine->facts[block].group : 0;
	uint64_t pages;

	if (machine->config.auto_movable_ratio && movable_need(machine, block, group, &pages) &&
	    ratio_holds(machine, -1, group, pages) &&
	    (!machine->config.auto_movable_numa_aware ||
	     ratio_holds(machine, machine->blocks[block].node, group, pages)))
		return MH_ZONE_MOVABLE;
	return mh_zone_choose_kernel(machine, block);
}

enum mh_zone_kind mh_zone_choose_default(const struct mh_machine *machine, uint32_t block)
{
	return machine->config.online_policy == MH_POLICY_AUTO_MOVABLE ? choose_by_ratio(machine, block)
								       : choose_contiguous(machine, block);
}
