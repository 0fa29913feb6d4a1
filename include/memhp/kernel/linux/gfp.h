/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How to allocate. Unlike the kernel, nothing here reclaims or warns: __GFP_ZERO and __GFP_NOFAIL make a difference,
 * and
 * __GFP_DIRECT_RECLAIM says that the caller may sleep.
 */
#ifndef MEMHP_LINUX_GFP_H
#define MEMHP_LINUX_GFP_H

#include <linux/memhp_types.h>
#include <linux/pfn.h>
#include <memhp/kapi.h>
#include <string.h>

#define __GFP_HIGH           ((gfp_t)0x20u)
#define __GFP_IO             ((gfp_t)0x40u)
#define __GFP_FS             ((gfp_t)0x80u)
#define __GFP_ZERO           ((gfp_t)MEMHP_GFP_ZERO)
#define __GFP_ATOMIC         ((gfp_t)0x200u)
#define __GFP_DIRECT_RECLAIM ((gfp_t)MEMHP_GFP_DIRECT_RECLAIM)
#define __GFP_KSWAPD_RECLAIM ((gfp_t)0x800u)
#define __GFP_NOWARN         ((gfp_t)0x2000u)
#define __GFP_RETRY_MAYFAIL  ((gfp_t)0x4000u)
#define __GFP_NOFAIL         ((gfp_t)MEMHP_GFP_NOFAIL)
#define __GFP_NORETRY        ((gfp_t)0x10000u)
#define __GFP_ACCOUNT        ((gfp_t)0x400000u)

#define __GFP_RECLAIM (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define GFP_ATOMIC    (__GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL    (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_NOWAIT    (__GFP_KSWAPD_RECLAIM)
#define GFP_NOIO      (__GFP_RECLAIM)
#define GFP_NOFS      (__GFP_RECLAIM | __GFP_IO)

#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)

/* Whole pages of the host's heap, by address; alloc_pages(), which gives a struct page, is absent. */
#define __get_free_pages(flags, order) ((unsigned long)memhp_alloc(PAGE_SIZE << (order), PAGE_SIZE, flags, MEMHP_HERE))
#define __get_free_page(flags)         __get_free_pages(flags, 0)
#define get_zeroed_page(flags)         __get_free_pages((flags) | __GFP_ZERO, 0)
#define free_pages(address, order)     ((void)(order), memhp_free((void *)(address), MEMHP_HERE))
#define free_page(address)             free_pages(address, 0)

#endif
