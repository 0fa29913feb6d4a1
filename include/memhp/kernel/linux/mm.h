/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages, their zones and nodes, and allocation. */
#ifndef MEMHP_LINUX_MM_H
#define MEMHP_LINUX_MM_H

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mmdebug.h>
#include <linux/mmzone.h>
#include <linux/pfn.h>
#include <linux/sizes.h>
#include <linux/topology.h>

#define PAGE_ALIGN(address)      ALIGN(address, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(address) ALIGN_DOWN(address, PAGE_SIZE)
#define PAGE_ALIGNED(address)    IS_ALIGNED((unsigned long)(address), PAGE_SIZE)
#define offset_in_page(address)  ((unsigned long)(address) & ~PAGE_MASK)

#define page_to_phys(page)    PFN_PHYS(page_to_pfn(page))
#define phys_to_page(address) pfn_to_page(PHYS_PFN(address))

static inline int page_to_nid(const struct page *page)
{
	return pfn_to_nid(page_to_pfn(page));
}

static inline unsigned long page_to_section(const struct page *page)
{
	return pfn_to_section_nr(page_to_pfn(page));
}

/* Of an offline page, whose zone the kernel does not know: the one that it was in last, Normal where it never was. */
static inline struct zone *page_zone(const struct page *page)
{
	return memhp_pfn_zone(page_to_pfn(page));
}

static inline enum zone_type page_zonenum(const struct page *page)
{
	return zone_idx(page_zone(page));
}

static inline pg_data_t *page_pgdat(const struct page *page)
{
	return NODE_DATA(page_to_nid(page));
}

#define is_zone_movable_page(page) (page_zonenum(page) == ZONE_MOVABLE)

/* Managed pages of the machine, as they are now. */
static inline unsigned long totalram_pages(void)
{
	return memhp_managed_pages();
}

/* The order of the smallest chunk that holds @size bytes. */
static inline int get_order(unsigned long size)
{
	return size <= PAGE_SIZE ? 0 : fls64((size - 1) >> PAGE_SHIFT);
}

#endif
