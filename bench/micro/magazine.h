/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limit of a page allocator: a stack of page numbers of one thread's, without a look at anything else. In a file of
 * its own, so that it is called as ours is.
 */
#ifndef BENCH_MICRO_MAGAZINE_H
#define BENCH_MICRO_MAGAZINE_H

#include <stdint.h>

#include "core/page.h"

struct mh_magazine {
	uint32_t count;
	uint64_t *pfns;
};

int mh_magazine_init(struct mh_magazine *magazine, uint32_t count); /* full; -ENOMEM */
void mh_magazine_release(struct mh_magazine *magazine);
void mh_magazine_take(struct mh_magazine *magazine, mh_handle *owner); /* it must not be empty */
void mh_magazine_give(struct mh_magazine *magazine, mh_handle *owner);

#endif
