/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages of one block: free chunks by order, which units are out, and who owns them. Exists only for blocks that
 * were allocated from. Chunks never cross a block, so isolating a block leaves all others alone.
 *
 * Not synchronised: zone->lock guards all but the owner words.
 */
#ifndef CORE_BUDDY_H
#define CORE_BUDDY_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/bitmap.h"
#include "core/units.h"

/* The owner word of a unit: address of the handle; lowest bit set when the page may not be migrated. */
#define MH_OWNER_UNMOVABLE UINT64_C(1)

struct mh_block_pages {
	struct mh_block_pages *next_spare;
	uint32_t unit_count;
	uint32_t free_units;
	unsigned order_max;
	atomic_uint unmovable;                   /* allocated units that may not be migrated */
	struct mh_bitmap free[MH_MAX_ORDER + 1]; /* by order: chunk numbers, unit >> order */
	struct mh_bitmap taken;                  /* units not in the buddy: allocated, or on a thread's list */
	_Atomic uint64_t *owners;                /* by unit: owner word of a chunk's first unit, 0 if none */
};

/* All units free. NULL when memory is out. */
struct mh_block_pages *mh_block_pages_new(uint32_t unit_count);
void mh_block_pages_free(struct mh_block_pages *pages);

/* First unit of a chunk of 2^@order units, or MH_BITMAP_NONE. */
size_t mh_buddy_take(struct mh_block_pages *pages, unsigned order);
/* Puts a chunk back and merges it with its free buddies. It must be out: the caller's bug otherwise. */
void mh_buddy_give(struct mh_block_pages *pages, size_t unit, unsigned order);

#endif
