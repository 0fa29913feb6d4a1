/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at the pages of a block from outside, as walkers over pfns do (compaction, /proc/kpageflags): without the
 * hotplug lock, so that the block may go offline in the middle.
 */
#ifndef CORE_PAGE_WALK_H
#define CORE_PAGE_WALK_H

#include "core/machine.h"

struct mh_page_walk {
	uint64_t units;                /* looked at */
	uint64_t out;                  /* of them not free in the zone: allocated, or on a thread's list */
	uint64_t kinds[MH_PAGE_KINDS]; /* allocated chunks by what they are; those on lists are of none */
	bool hole;                     /* the block is not online, or ceased to be: the rest was not looked at */
};

/**
 * mh_page_walk - look at each unit of @block
 *
 * Any thread, also inside a callback. Takes zone->lock for MH_PAGE_WALK_BATCH units at a time. The walk is no snapshot:
 * between two batches pages come and go.
 */
#define MH_PAGE_WALK_BATCH 512
void mh_page_walk(struct mh_machine *machine, uint32_t block, struct mh_page_walk *ret_walk);

#endif
