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
#include "core/page.h"
#include "core/units.h"
#include "core/zone_kind.h"

/* The owner word of a unit: address of the handle, and above it what kind of page it is. */
#define MH_OWNER_KIND_SHIFT 56

static inline uint64_t mh_owner_word(mh_handle *handle, enum mh_page_kind kind)
{
	return (uint64_t)kind << MH_OWNER_KIND_SHIFT | (uint64_t)(uintptr_t)handle;
}

static inline enum mh_page_kind mh_owner_kind(uint64_t word)
{
	return (enum mh_page_kind)(word >> MH_OWNER_KIND_SHIFT);
}

static inline mh_handle *mh_owner_handle(uint64_t word)
{
	return (mh_handle *)(uintptr_t)(word & ((UINT64_C(1) << MH_OWNER_KIND_SHIFT) - 1));
}

struct mh_block_pages {
	struct mh_block_pages *next_spare;
	uint32_t unit_count;
	uint32_t free_units;
	unsigned order_max;
	uint32_t settled_units;                  /* out, and no offline waits for them: memmap, released, poisoned */
	atomic_uint unmovable;                   /* chunks that fail isolation in a kernel zone */
	atomic_uint reserved;                    /* chunks that fail it in every zone */
	atomic_uint special;                     /* chunks at which an offline must look one by one */
	struct mh_bitmap free[MH_MAX_ORDER + 1]; /* by order: chunk numbers, unit >> order */
	struct mh_bitmap taken;                  /* units not in the buddy: allocated, or on a thread's list */
	_Atomic uint64_t *owners;                /* by unit: owner word of a chunk's first unit, 0 if none */
};

/* Counts a chunk of @kind in or (@change -1) out. */
void mh_page_count_kind(struct mh_block_pages *pages, enum mh_page_kind kind, int change);

/* The highest zone that a page of @kind is taken from. */
static inline int mh_page_zone_max(enum mh_page_kind kind)
{
	return kind == MH_PAGE_KERNEL || kind == MH_PAGE_RESERVED ? MH_ZONE_NORMAL : MH_ZONE_MOVABLE;
}

/* All units free. NULL when memory is out. */
struct mh_block_pages *mh_block_pages_new(uint32_t unit_count);
void mh_block_pages_free(struct mh_block_pages *pages);

/* First unit of a chunk of 2^@order units, or MH_BITMAP_NONE. */
size_t mh_buddy_take(struct mh_block_pages *pages, unsigned order);
/* As mh_buddy_take() of order 0 up to @count times, the same units in the same order. Return: how many there were. */
uint32_t mh_buddy_take_batch(struct mh_block_pages *pages, uint32_t *ret_units, uint32_t count);
/* Takes the first @units units of a block from which nothing was taken yet. */
void mh_buddy_take_first(struct mh_block_pages *pages, uint32_t units);
/* Puts a chunk back and merges it with its free buddies. It must be out: the caller's bug otherwise. */
void mh_buddy_give(struct mh_block_pages *pages, size_t unit, unsigned order);
/* As mh_buddy_give() of order 0 for each of @count units from @unit on. */
void mh_buddy_give_run(struct mh_block_pages *pages, size_t unit, uint32_t count);

#endif
