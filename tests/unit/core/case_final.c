/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks, masks, daemons, spans.
 */
#include "case_final.h"

#include <string.h>

#include <criterion/criterion.h>

#include "core/machine_private.h"

static const char *describe_block(struct mh_machine *machine, uint32_t block)
{
	enum mh_block_state state = mh_machine_block_state(machine, block);
	enum mh_zone_kind zone = mh_machine_block_zone(machine, block);

	if (state != MH_BLOCK_ONLINE)
		return mh_block_state_names[state];
	return zone == MH_ZONE_NONE ? "none" : mh_zone_names[zone];
}

static void describe_blocks(struct mh_machine *machine, const struct case_world *world, struct mh_text *text)
{
	for (uint32_t block = 0; block < CASE_BLOCKS; block++) {
		enum mh_block_state at_start = world->there[block] ? MH_BLOCK_OFFLINE : MH_BLOCK_ABSENT;

		if (mh_machine_block_state(machine, block) != at_start)
			mh_text_add(text, "%sb%u %s", text->length ? ", " : "", block, describe_block(machine, block));
	}
}

static void describe_nodes(const char *name, unsigned nodes, struct mh_text *text)
{
	if (!nodes)
		return;
	mh_text_add(text, "%s%s", text->length ? "; " : "", name);
	for (unsigned node = 0; node < CASE_NODES; node++)
		if (nodes >> node & 1)
			mh_text_add(text, " %u", node);
}

static unsigned nodes_with_daemons(const struct mh_machine *machine, bool kcompactd)
{
	unsigned nodes = 0;

	for (unsigned node = 0; node < machine->node_count; node++)
		nodes |= (unsigned)(kcompactd ? machine->nodes[node].kcompactd : machine->nodes[node].kswapd) << node;
	return nodes;
}

void case_final_describe(struct mh_machine *machine, const struct case_world *world, unsigned sights,
			 struct mh_text *ret_text)
{
	unsigned kswapd = nodes_with_daemons(machine, false), kcompactd = nodes_with_daemons(machine, true);
	const struct mh_node *node = &machine->nodes[0];

	describe_blocks(machine, world, ret_text);
	describe_nodes("memory", (unsigned)machine->has_memory[0], ret_text);
	describe_nodes("normal", (unsigned)machine->has_normal[0], ret_text);
	describe_nodes("kswapd", kswapd, ret_text);
	if (kcompactd != kswapd)
		describe_nodes("kcompactd", kcompactd, ret_text);
	if (!ret_text->length)
		mh_text_add(ret_text, "offline");
	if (sights & CASE_SEE_PRESENT)
		mh_text_add(
			ret_text, "; present %llu",
			(unsigned long long)(mh_node_normal_pages(node) + node->zones[MH_ZONE_MOVABLE].present_pages));
	if (sights & CASE_SEE_MIGRATED)
		mh_text_add(ret_text, "; migrated %llu", (unsigned long long)atomic_load(&machine->pages_migrated));
}

/* By the states of the blocks. */
static void span_of(struct mh_machine *machine, unsigned node, enum mh_zone_kind zone,
		    struct mh_zone_extent *ret_extent)
{
	*ret_extent = (struct mh_zone_extent){.spanned_pages = 0};
	for (uint32_t block = 0; block < CASE_BLOCKS; block++) {
		uint64_t start = (uint64_t)block * CASE_BLOCK_PAGES;

		if (machine->blocks[block].node != node || mh_machine_block_zone(machine, block) != zone)
			continue;
		if (!ret_extent->spanned_pages)
			ret_extent->start_pfn = start;
		ret_extent->spanned_pages = start + CASE_BLOCK_PAGES - ret_extent->start_pfn;
	}
}

void case_final_expect_spans(struct mh_machine *machine, const struct case_world *world, const char *label)
{
	if (world->zone_count)
		return; /* its zones begin and end inside blocks */
	for (unsigned node = 0; node < machine->node_count; node++)
		for (int zone = 0; zone < MH_ZONE_KINDS; zone++) {
			struct mh_zone_extent got, expected;

			mh_machine_zone_extent(machine, node, (enum mh_zone_kind)zone, &got);
			span_of(machine, node, (enum mh_zone_kind)zone, &expected);
			cr_expect(got.start_pfn == expected.start_pfn && got.spanned_pages == expected.spanned_pages,
				  "%s: zone %s of node %u spans %llu+%llu, its blocks %llu+%llu", label,
				  mh_zone_names[zone], node, (unsigned long long)got.start_pfn,
				  (unsigned long long)got.spanned_pages, (unsigned long long)expected.start_pfn,
				  (unsigned long long)expected.spanned_pages);
		}
}
