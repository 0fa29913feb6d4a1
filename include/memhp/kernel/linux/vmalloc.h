/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Large memory. Unlike the kernel, it comes from the same heap as kmalloc's, aligned to pages. */
#ifndef MEMHP_LINUX_VMALLOC_H
#define MEMHP_LINUX_VMALLOC_H

#include <linux/gfp.h>
#include <linux/pfn.h>
#include <memhp/kapi.h>

static inline __must_check void *memhp_vmalloc(size_t size, gfp_t flags, const char *where)
{
	return size ? memhp_alloc(size, PAGE_SIZE, flags, where) : NULL;
}

/* As a pointer. */
static inline void vfree(const void *pointer)
{
	memhp_free(pointer, "vfree by pointer");
}

#define vmalloc(size)           memhp_vmalloc(size, GFP_KERNEL, MEMHP_HERE)
#define __vmalloc(size, flags)  memhp_vmalloc(size, flags, MEMHP_HERE)
#define vzalloc(size)           memhp_vmalloc(size, GFP_KERNEL | __GFP_ZERO, MEMHP_HERE)
#define vmalloc_node(size, nid) ((void)(nid), vmalloc(size))
#define vzalloc_node(size, nid) ((void)(nid), vzalloc(size))
#define vfree(pointer)          memhp_free(pointer, MEMHP_HERE)

#endif
