/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the partial blocks, lowest first; where there is none, core/zone.c begins a block with the next unit. */
#include "core/zone_batch.h"

#include "base/assert.h"
#include "core/buddy.h"
#include "core/zone.h"

/* Under zone->lock: from the partial block at @index of its node. */
static uint32_t take_from_partial(struct mh_machine *machine, struct mh_zone *zone, size_t index, uint32_t block,
				  uint64_t *ret_pfns, uint32_t count)
{
	uint32_t units[MH_ZONE_BATCH_MAX];
	struct mh_block_pages *pages = machine->pages[block];
	uint32_t taken = mh_buddy_take_batch(pages, units, count);

	for (uint32_t i = 0; i < taken; i++)
		ret_pfns[i] = mh_pfn_of_unit(machine, block, units[i]);
	mh_zone_count_free(zone, -(uint64_t)taken);
	if (!pages->free_units)
		mh_bitmap_clear(&zone->partial, index);
	return taken;
}

static uint32_t take_from_partials(struct mh_machine *machine, struct mh_zone *zone, uint32_t first_block,
				   uint64_t *ret_pfns, uint32_t count)
{
	uint32_t taken = 0;

	mh_brief_lock(&zone->lock);
	while (taken < count) {
		size_t index = mh_bitmap_first(&zone->partial);

		if (index == MH_BITMAP_NONE)
			break;
		taken += take_from_partial(machine, zone, index, first_block + (uint32_t)index, ret_pfns + taken,
					   count - taken);
	}
	mh_brief_unlock(&zone->lock);
	return taken;
}

uint32_t mh_zone_take_many(struct mh_machine *machine, unsigned node, enum mh_zone_kind kind, uint64_t *ret_pfns,
			   uint32_t count)
{
	struct mh_zone *zone = &machine->nodes[node].zones[kind];
	uint32_t taken = 0;

	MH_ASSERT(count <= MH_ZONE_BATCH_MAX);
	for (;;) {
		taken += take_from_partials(machine, zone, machine->nodes[node].first_block, ret_pfns + taken,
					    count - taken);
		if (taken == count)
			return taken;
		ret_pfns[taken] = mh_zone_take(machine, node, kind, 0);
		if (ret_pfns[taken] == MH_BITMAP_NONE)
			return taken;
		taken++;
	}
}

/* How many units follow each other from @units on. */
static uint32_t run_length(const uint32_t *units, uint32_t count)
{
	uint32_t length = 1;

	while (length < count && units[length] == units[0] + length)
		length++;
	return length;
}

void mh_zone_give_block(struct mh_machine *machine, uint32_t block, const uint32_t *units, uint32_t count)
{
	struct mh_zone *zone = mh_block_zone(machine, block);
	uint32_t given = 0;

	if (!count)
		return;
	mh_brief_lock(&zone->lock);
	while (given < count) {
		uint32_t length = run_length(units + given, count - given);

		mh_buddy_give_run(machine->pages[block], units[given], length);
		given += length;
	}
	/* Under the lock the gate is settled: an isolated block keeps its units for itself. */
	if (atomic_load_explicit(&machine->blocks[block].gate, memory_order_relaxed) == MH_GATE_OPEN) {
		mh_zone_count_free(zone, count);
		mh_bitmap_set(&zone->partial, block - machine->nodes[machine->blocks[block].node].first_block);
	}
	mh_brief_unlock(&zone->lock);
}
