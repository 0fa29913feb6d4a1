/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page frame numbers and physical addresses. */
#ifndef MEMHP_LINUX_PFN_H
#define MEMHP_LINUX_PFN_H

#include <linux/memhp_types.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1ul << PAGE_SHIFT)
#define PAGE_MASK  (~(PAGE_SIZE - 1))

#define PFN_UP(address)   (((address) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(address) ((address) >> PAGE_SHIFT)
#define PFN_PHYS(pfn)     ((phys_addr_t)(pfn) << PAGE_SHIFT)
#define PHYS_PFN(address) ((unsigned long)((address) >> PAGE_SHIFT))

#endif
