/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kmalloc family over libc's heap. As in the kernel: what is larger than KMALLOC_MAX_SIZE is refused, a size of 0
 * gives ZERO_SIZE_PTR, and an array whose size overflows gives NULL. Unlike the kernel: memory comes from this process,
 * not from the simulated blocks, and is aligned to 16 bytes, whatever its size.
 */
#ifndef MEMHP_LINUX_SLAB_H
#define MEMHP_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/memhp_types.h>
#include <stdlib.h>

/* Linux 6.1 on x86-64: a chunk of the highest order, 2^10 pages. */
#define KMALLOC_MAX_SIZE (1ul << 22)

#define ZERO_SIZE_PTR             ((void *)16)
#define ZERO_OR_NULL_PTR(pointer) ((unsigned long)(pointer) <= (unsigned long)ZERO_SIZE_PTR)

static inline __must_check void *kmalloc(size_t size, gfp_t flags)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	return flags & __GFP_ZERO ? calloc(1, size) : malloc(size);
}

static inline __must_check void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline __must_check void *kmalloc_array(size_t count, size_t size, gfp_t flags)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : kmalloc(bytes, flags);
}

static inline __must_check void *kcalloc(size_t count, size_t size, gfp_t flags)
{
	return kmalloc_array(count, size, flags | __GFP_ZERO);
}

static inline void kfree(const void *pointer)
{
	if (!ZERO_OR_NULL_PTR(pointer))
		free((void *)pointer);
}

#endif
