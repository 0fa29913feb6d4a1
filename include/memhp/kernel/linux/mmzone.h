/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zones, nodes and sections, these as x86-64 has them, 128 MiB each. Unlike the kernel, machine.block_size may be
 * smaller than that: then several blocks lie in one section, which is present or online when one of them is.
 *
 * A struct zone or pglist_data is the host's picture of the machine: NODE_DATA(), page_zone() and the like bring it up
 * to date, reading its fields later does not.
 */
#ifndef MEMHP_LINUX_MMZONE_H
#define MEMHP_LINUX_MMZONE_H

#include <linux/memhp_page.h>
#include <linux/nodemask.h>
#include <linux/numa.h>
#include <linux/pfn.h>
#include <memhp/kapi_node.h>

#define SECTION_SIZE_BITS 27
#define MAX_PHYSMEM_BITS  46
#define PFN_SECTION_SHIFT (SECTION_SIZE_BITS - PAGE_SHIFT)
#define SECTIONS_SHIFT    (MAX_PHYSMEM_BITS - SECTION_SIZE_BITS)
#define NR_MEM_SECTIONS   (1ul << SECTIONS_SHIFT)
#define PAGES_PER_SECTION (1ul << PFN_SECTION_SHIFT)
#define PAGE_SECTION_MASK (~(PAGES_PER_SECTION - 1))

#define SECTION_ALIGN_UP(pfn)   (((pfn) + PAGES_PER_SECTION - 1) & PAGE_SECTION_MASK)
#define SECTION_ALIGN_DOWN(pfn) ((pfn)&PAGE_SECTION_MASK)

#define SUBSECTION_SHIFT     21
#define PFN_SUBSECTION_SHIFT (SUBSECTION_SHIFT - PAGE_SHIFT)
#define PAGES_PER_SUBSECTION (1ul << PFN_SUBSECTION_SHIFT)
#define PAGE_SUBSECTION_MASK (~(PAGES_PER_SUBSECTION - 1))

/* The unit of isolation. */
#define pageblock_order          9
#define pageblock_nr_pages       (1ul << pageblock_order)
#define pageblock_start_pfn(pfn) ((pfn) & ~(pageblock_nr_pages - 1))
#define pageblock_end_pfn(pfn)   (pageblock_start_pfn(pfn) + pageblock_nr_pages)
#define pageblock_aligned(pfn)   (((pfn) & (pageblock_nr_pages - 1)) == 0)

/* The largest chunk of the allocator has 2^10 pages in all three kernels; 6.1 names the order above it. */
#if MEMHP_COMPAT == 61
#define MAX_ORDER          11
#define MAX_ORDER_NR_PAGES (1ul << (MAX_ORDER - 1))
#else
#define MAX_PAGE_ORDER     10
#define NR_PAGE_ORDERS     (MAX_PAGE_ORDER + 1)
#define MAX_ORDER_NR_PAGES (1ul << MAX_PAGE_ORDER)
#endif

static inline unsigned long pfn_to_section_nr(unsigned long pfn)
{
	return pfn >> PFN_SECTION_SHIFT;
}

static inline unsigned long section_nr_to_pfn(unsigned long section)
{
	return section << PFN_SECTION_SHIFT;
}

/* Whether a block of the section is what @ask says. */
static inline bool memhp_section_has(unsigned long section, bool (*ask)(unsigned long pfn))
{
	unsigned long pfn = section_nr_to_pfn(section), step = memhp_block_pages();

	if (!step || section >= NR_MEM_SECTIONS)
		return false;
	if (step >= PAGES_PER_SECTION)
		return ask(pfn);
	for (unsigned long end = pfn + PAGES_PER_SECTION; pfn < end; pfn += step)
		if (ask(pfn))
			return true;
	return false;
}

static inline bool memhp_pfn_is_present(unsigned long pfn)
{
	return memhp_pfn_state(pfn) != MEMHP_BLOCK_ABSENT;
}

static inline bool memhp_pfn_is_in_use(unsigned long pfn)
{
	return memhp_pfn_is_online(pfn);
}

static inline int present_section_nr(unsigned long section)
{
	return memhp_section_has(section, memhp_pfn_is_present);
}

/* A present section has a memmap, online or not. */
static inline int valid_section_nr(unsigned long section)
{
	return present_section_nr(section);
}

static inline int online_section_nr(unsigned long section)
{
	return memhp_section_has(section, memhp_pfn_is_in_use);
}

static inline int pfn_in_present_section(unsigned long pfn)
{
	return present_section_nr(pfn_to_section_nr(pfn));
}

/* By block, which is finer than the section where blocks are small. Holes that boot left in a block are not seen. */
static inline int pfn_valid(unsigned long pfn)
{
	return memhp_pfn_is_present(pfn);
}

/* The node of a pfn's block, whether online or not; NUMA_NO_NODE beyond the machine. */
static inline int pfn_to_nid(unsigned long pfn)
{
	return memhp_pfn_nid(pfn);
}

#define early_pfn_to_nid(pfn) pfn_to_nid(pfn)

enum zone_type { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL, ZONE_MOVABLE, __MAX_NR_ZONES };

#define MAX_NR_ZONES __MAX_NR_ZONES

#define NODE_DATA(nid)          ((pg_data_t *)memhp_node_data(nid))
#define node_present_pages(nid) (NODE_DATA(nid)->node_present_pages)
#define node_spanned_pages(nid) (NODE_DATA(nid)->node_spanned_pages)
#define node_start_pfn(nid)     (NODE_DATA(nid)->node_start_pfn)
#define node_end_pfn(nid)       pgdat_end_pfn(NODE_DATA(nid))

static inline unsigned long pgdat_end_pfn(const pg_data_t *pgdat)
{
	return pgdat->node_start_pfn + pgdat->node_spanned_pages;
}

static inline bool pgdat_is_empty(const pg_data_t *pgdat)
{
	return !pgdat->node_start_pfn && !pgdat->node_spanned_pages;
}

#define zone_idx(zone) ((enum zone_type)((zone) - (zone)->zone_pgdat->node_zones))

static inline int zone_to_nid(const struct zone *zone)
{
	return zone->node;
}

static inline bool zone_is_empty(const struct zone *zone)
{
	return zone->spanned_pages == 0;
}

static inline unsigned long zone_end_pfn(const struct zone *zone)
{
	return zone->zone_start_pfn + zone->spanned_pages;
}

static inline bool zone_spans_pfn(const struct zone *zone, unsigned long pfn)
{
	return zone->zone_start_pfn <= pfn && pfn < zone_end_pfn(zone);
}

static inline bool zone_intersects(const struct zone *zone, unsigned long start_pfn, unsigned long nr_pages)
{
	return !zone_is_empty(zone) && start_pfn < zone_end_pfn(zone) && start_pfn + nr_pages > zone->zone_start_pfn;
}

static inline unsigned long zone_managed_pages(const struct zone *zone)
{
	return zone->memhp_managed_pages;
}

static inline bool managed_zone(const struct zone *zone)
{
	return zone_managed_pages(zone) != 0;
}

static inline bool populated_zone(const struct zone *zone)
{
	return zone->present_pages != 0;
}

static inline bool zone_is_initialized(const struct zone *zone)
{
	return zone->zone_pgdat != NULL;
}

static inline bool is_highmem_idx(enum zone_type kind)
{
	(void)kind;
	return false;
}

#define is_highmem(zone)    is_highmem_idx(zone_idx(zone))
#define is_normal_idx(kind) ((kind) == ZONE_NORMAL)

#define first_online_pgdat() NODE_DATA(first_online_node)

static inline pg_data_t *next_online_pgdat(const pg_data_t *pgdat)
{
	int nid = next_online_node(pgdat->node_id);

	return nid < MAX_NUMNODES ? NODE_DATA(nid) : NULL;
}

#define for_each_online_pgdat(pgdat) for (pgdat = first_online_pgdat(); pgdat; pgdat = next_online_pgdat(pgdat))

/* All zones of all online nodes, those too that have no pages. */
static inline struct zone *next_zone(struct zone *zone)
{
	pg_data_t *pgdat = zone->zone_pgdat;

	if (zone < pgdat->node_zones + MAX_NR_ZONES - 1)
		return zone + 1;
	pgdat = next_online_pgdat(pgdat);
	return pgdat ? pgdat->node_zones : NULL;
}

static inline struct zone *memhp_first_zone(void)
{
	pg_data_t *pgdat = first_online_pgdat();

	return pgdat ? pgdat->node_zones : NULL;
}

#define for_each_zone(zone) for (zone = memhp_first_zone(); zone; zone = next_zone(zone))
#define for_each_populated_zone(zone)                                                                                  \
	for_each_zone(zone) if (!populated_zone(zone)) /* not this one */                                              \
		;                                                                                                      \
	else

#endif
