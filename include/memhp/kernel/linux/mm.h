/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes of pages and sections, and allocation. There is no struct page here: a module sees ranges of pfns. */
#ifndef MEMHP_LINUX_MM_H
#define MEMHP_LINUX_MM_H

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/pfn.h>

#define PAGE_ALIGN(address) ALIGN(address, PAGE_SIZE)

#endif
