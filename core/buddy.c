/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chunks of 2^order units in one block: take splits, give merges.
 */
#include "core/buddy.h"

#include <stdlib.h>

#include "base/assert.h"

static unsigned order_max_of(uint32_t unit_count)
{
	unsigned order = 0;

	while (order < MH_MAX_ORDER && (2u << order) <= unit_count)
		order++;
	return order;
}

struct mh_block_pages *mh_block_pages_new(uint32_t unit_count)
{
	struct mh_block_pages *pages = calloc(1, sizeof(*pages));
	int ret = 0;

	if (!pages)
		return NULL;
	pages->unit_count = unit_count;
	pages->free_units = unit_count;
	pages->order_max = order_max_of(unit_count);
	for (unsigned order = 0; order <= pages->order_max && ret == 0; order++)
		ret = mh_bitmap_init(&pages->free[order], unit_count >> order);
	if (ret == 0)
		ret = mh_bitmap_init(&pages->taken, unit_count);
	pages->owners = calloc(unit_count, sizeof(pages->owners[0]));
	if (ret < 0 || !pages->owners) {
		mh_block_pages_free(pages);
		return NULL;
	}
	(void)mh_bitmap_set_range(&pages->free[pages->order_max], 0, unit_count >> pages->order_max);
	return pages;
}

void mh_block_pages_free(struct mh_block_pages *pages)
{
	if (!pages)
		return;
	for (unsigned order = 0; order <= pages->order_max; order++)
		mh_bitmap_release(&pages->free[order]);
	mh_bitmap_release(&pages->taken);
	free(pages->owners);
	free(pages);
}

static size_t split_down(struct mh_block_pages *pages, size_t chunk, unsigned from, unsigned to)
{
	while (from > to) {
		from--;
		chunk *= 2;
		mh_bitmap_set(&pages->free[from], chunk + 1);
	}
	return chunk;
}

static void mark_taken(struct mh_block_pages *pages, size_t unit, unsigned order)
{
	if (order == 0)
		mh_bitmap_set(&pages->taken, unit);
	else
		(void)mh_bitmap_set_range(&pages->taken, unit, (size_t)1 << order);
	pages->free_units -= 1u << order;
}

size_t mh_buddy_take(struct mh_block_pages *pages, unsigned order)
{
	for (unsigned from = order; from <= pages->order_max; from++) {
		size_t chunk = mh_bitmap_first(&pages->free[from]);

		if (chunk == MH_BITMAP_NONE)
			continue;
		mh_bitmap_clear(&pages->free[from], chunk);
		chunk = split_down(pages, chunk, from, order);
		mark_taken(pages, chunk << order, order);
		return chunk << order;
	}
	return MH_BITMAP_NONE;
}

static unsigned order_of(uint32_t count)
{
	return 31 - (unsigned)__builtin_clz(count);
}

uint32_t mh_buddy_take_batch(struct mh_block_pages *pages, uint32_t *ret_units, uint32_t count)
{
	uint32_t taken = 0;
	unsigned from = 0; /* the smallest free chunk: units come from it, in order, until it is used up */

	while (taken < count && pages->free_units) {
		unsigned order = order_of(count - taken);
		uint32_t unit;

		while (!pages->free[from].count)
			from++;
		if (order > from)
			order = from;
		unit = (uint32_t)mh_buddy_take(pages, order);
		for (uint32_t i = 0; i < 1u << order; i++)
			ret_units[taken++] = unit + i;
		from = 0;
	}
	return taken;
}

void mh_buddy_take_first(struct mh_block_pages *pages, uint32_t units)
{
	uint32_t unit = 0;

	/* The lowest chunk of the largest order that still fits is always free at @unit: nothing else was taken. */
	while (unit < units) {
		unsigned order = pages->order_max;

		while ((1u << order) > units - unit)
			order--;
		unit = (uint32_t)mh_buddy_take(pages, order) + (1u << order);
	}
}

void mh_buddy_give(struct mh_block_pages *pages, size_t unit, unsigned order)
{
	size_t chunk = unit >> order;

	if (order == 0) {
		MH_ASSERT(mh_bitmap_test(&pages->taken, unit));
		mh_bitmap_clear(&pages->taken, unit);
	} else {
		MH_ASSERT(mh_bitmap_clear_range(&pages->taken, unit, (size_t)1 << order) == (size_t)1 << order);
	}
	pages->free_units += 1u << order;
	while (order < pages->order_max && mh_bitmap_test(&pages->free[order], chunk ^ 1)) {
		mh_bitmap_clear(&pages->free[order], chunk ^ 1);
		chunk /= 2;
		order++;
	}
	mh_bitmap_set(&pages->free[order], chunk);
}

void mh_buddy_give_run(struct mh_block_pages *pages, size_t unit, uint32_t count)
{
	/* In the largest chunks that are aligned: where single units would have merged to. */
	while (count) {
		unsigned order = order_of(count);

		if (order > pages->order_max)
			order = pages->order_max;
		while (unit & (((size_t)1 << order) - 1))
			order--;
		mh_buddy_give(pages, unit, order);
		unit += (size_t)1 << order;
		count -= 1u << order;
	}
}
