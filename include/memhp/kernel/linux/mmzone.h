/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sections as x86-64 has them, 128 MiB each. Unlike the kernel, machine.block_size may be smaller than that: then
 * several blocks lie in one section.
 */
#ifndef MEMHP_LINUX_MMZONE_H
#define MEMHP_LINUX_MMZONE_H

#include <linux/pfn.h>

#define SECTION_SIZE_BITS 27
#define PFN_SECTION_SHIFT (SECTION_SIZE_BITS - PAGE_SHIFT)
#define PAGES_PER_SECTION (1ul << PFN_SECTION_SHIFT)
#define PAGE_SECTION_MASK (~(PAGES_PER_SECTION - 1))

static inline unsigned long pfn_to_section_nr(unsigned long pfn)
{
	return pfn >> PFN_SECTION_SHIFT;
}

static inline unsigned long section_nr_to_pfn(unsigned long section)
{
	return section << PFN_SECTION_SHIFT;
}

#endif
