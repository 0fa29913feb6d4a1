/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct page as a handle: its address stands for a pfn, and a pfn more is a page further, but nothing is behind it.
 * Memory that a module allocates has none.
 */
#ifndef MEMHP_LINUX_MEMHP_PAGE_H
#define MEMHP_LINUX_MEMHP_PAGE_H

#include <linux/memhp_types.h>

struct page {
	unsigned char memhp_opaque[64];
};

/* Where x86-64 has its memmap, which no program maps: a page that is looked into is a fault at once. */
#define MEMHP_MEMMAP 0xffffea0000000000ul

static inline struct page *pfn_to_page(unsigned long pfn)
{
	return (struct page *)(MEMHP_MEMMAP + pfn * sizeof(struct page));
}

static inline unsigned long page_to_pfn(const struct page *page)
{
	return ((unsigned long)page - MEMHP_MEMMAP) / sizeof(struct page);
}

#define nth_page(page, n) ((page) + (n))

#endif
