/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kmalloc family over the host's heap, which keeps a ledger. As in the kernel: what is larger than KMALLOC_MAX_SIZE
 * is refused, a size of 0 gives ZERO_SIZE_PTR, an array whose size overflows gives NULL, and a power of two is aligned
 * to its size up to a page. Unlike the kernel: memory comes from this process, not from the simulated blocks.
 *
 * The names are macros, so that each allocation knows its place; those that a module may want to point at are
 * functions, too.
 */
#ifndef MEMHP_LINUX_SLAB_H
#define MEMHP_LINUX_SLAB_H

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/memhp_types.h>
#include <memhp/kapi.h>

/* Linux 6.1 on x86-64: a chunk of the highest order, 2^10 pages. */
#define KMALLOC_MAX_SIZE (1ul << 22)

#define ZERO_SIZE_PTR             ((void *)16)
#define ZERO_OR_NULL_PTR(pointer) ((unsigned long)(pointer) <= (unsigned long)ZERO_SIZE_PTR)

#define ARCH_KMALLOC_MINALIGN 16

static inline __must_check void *memhp_kmalloc(size_t size, gfp_t flags, const char *where)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	return memhp_alloc(size, 0, flags, where);
}

static inline __must_check void *memhp_kmalloc_array(size_t count, size_t size, gfp_t flags, const char *where)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : memhp_kmalloc(bytes, flags, where);
}

static inline __must_check void *memhp_krealloc(const void *pointer, size_t size, gfp_t flags, const char *where)
{
	if (!size) {
		if (!ZERO_OR_NULL_PTR(pointer))
			memhp_free(pointer, where);
		return ZERO_SIZE_PTR;
	}
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	return memhp_realloc(ZERO_OR_NULL_PTR(pointer) ? NULL : pointer, size, flags, where);
}

static inline __must_check void *memhp_krealloc_array(void *pointer, size_t count, size_t size, gfp_t flags,
						      const char *where)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : memhp_krealloc(pointer, bytes, flags, where);
}

static inline void memhp_kfree(const void *pointer, const char *where)
{
	if (!ZERO_OR_NULL_PTR(pointer))
		memhp_free(pointer, where);
}

/* Overwrites what it frees. */
static inline void memhp_kfree_sensitive(const void *pointer, const char *where)
{
	if (!ZERO_OR_NULL_PTR(pointer))
		memset((void *)pointer, 0, memhp_alloc_size(pointer));
	memhp_kfree(pointer, where);
}

static inline __must_check void *memhp_kmemdup(const void *from, size_t size, gfp_t flags, const char *where)
{
	void *copy = memhp_kmalloc(size, flags, where);

	if (!ZERO_OR_NULL_PTR(copy))
		memcpy(copy, from, size);
	return copy;
}

static inline __must_check char *memhp_kstrndup(const char *text, size_t length_max, gfp_t flags, const char *where)
{
	size_t length = text ? strnlen(text, length_max) : 0;
	char *copy = text ? (char *)memhp_alloc(length + 1, 0, flags, where) : NULL;

	if (copy) {
		memcpy(copy, text, length);
		copy[length] = '\0';
	}
	return copy;
}

/* As pointers: a destructor, an argument of call_rcu(). */
static inline void kfree(const void *pointer)
{
	memhp_kfree(pointer, "kfree by pointer");
}

static inline void kvfree(const void *pointer)
{
	memhp_kfree(pointer, "kvfree by pointer");
}

#define kmalloc(size, flags)                        memhp_kmalloc(size, flags, MEMHP_HERE)
#define kzalloc(size, flags)                        memhp_kmalloc(size, (flags) | __GFP_ZERO, MEMHP_HERE)
#define kmalloc_array(count, size, flags)           memhp_kmalloc_array(count, size, flags, MEMHP_HERE)
#define kcalloc(count, size, flags)                 memhp_kmalloc_array(count, size, (flags) | __GFP_ZERO, MEMHP_HERE)
#define krealloc(pointer, size, flags)              memhp_krealloc(pointer, size, flags, MEMHP_HERE)
#define krealloc_array(pointer, count, size, flags) memhp_krealloc_array(pointer, count, size, flags, MEMHP_HERE)
#define kfree(pointer)                              memhp_kfree(pointer, MEMHP_HERE)
#define kfree_sensitive(pointer)                    memhp_kfree_sensitive(pointer, MEMHP_HERE)
#define ksize(pointer)                              memhp_alloc_size(pointer)
#define kmemdup(from, size, flags)                  memhp_kmemdup(from, size, flags, MEMHP_HERE)
#define kstrdup(text, flags)                        memhp_kstrndup(text, KMALLOC_MAX_SIZE, flags, MEMHP_HERE)
#define kstrndup(text, length_max, flags)           memhp_kstrndup(text, length_max, flags, MEMHP_HERE)

/* The node is a wish that nothing here can grant or refuse. */
#define kmalloc_node(size, flags, nid)              ((void)(nid), kmalloc(size, flags))
#define kzalloc_node(size, flags, nid)              ((void)(nid), kzalloc(size, flags))
#define kmalloc_array_node(count, size, flags, nid) ((void)(nid), kmalloc_array(count, size, flags))
#define kcalloc_node(count, size, flags, nid)       ((void)(nid), kcalloc(count, size, flags))

/* No limit of size: the kernel falls back to vmalloc. */
#define kvmalloc(size, flags)              memhp_kvmalloc(size, flags, MEMHP_HERE)
#define kvzalloc(size, flags)              memhp_kvmalloc(size, (flags) | __GFP_ZERO, MEMHP_HERE)
#define kvmalloc_array(count, size, flags) memhp_kvmalloc_array(count, size, flags, MEMHP_HERE)
#define kvcalloc(count, size, flags)       memhp_kvmalloc_array(count, size, (flags) | __GFP_ZERO, MEMHP_HERE)
#define kvmalloc_node(size, flags, nid)    ((void)(nid), kvmalloc(size, flags))
#define kvzalloc_node(size, flags, nid)    ((void)(nid), kvzalloc(size, flags))
#define kvfree(pointer)                    memhp_kfree(pointer, MEMHP_HERE)

static inline __must_check void *memhp_kvmalloc(size_t size, gfp_t flags, const char *where)
{
	return size ? memhp_alloc(size, 0, flags, where) : ZERO_SIZE_PTR;
}

static inline __must_check void *memhp_kvmalloc_array(size_t count, size_t size, gfp_t flags, const char *where)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : memhp_kvmalloc(bytes, flags, where);
}

#if MEMHP_COMPAT != 61
DEFINE_FREE(kfree, void *, kfree(_T))
DEFINE_FREE(kvfree, void *, kvfree(_T))
#endif

typedef unsigned int slab_flags_t;

/* None of them makes a difference here but the alignment. */
#define SLAB_HWCACHE_ALIGN   0x2000u
#define SLAB_PANIC           0x40000u
#define SLAB_RECLAIM_ACCOUNT 0x20000u
#define SLAB_ACCOUNT         0x4000000u

#define MEMHP_CACHE_LINE 64

#define kmem_cache_create(name, size, align, flags, construct)                                                         \
	memhp_cache_new(name, size,                                                                                    \
			((flags)&SLAB_HWCACHE_ALIGN) && (align) < MEMHP_CACHE_LINE ? (size_t)MEMHP_CACHE_LINE          \
										   : (size_t)(align),                  \
			construct, MEMHP_HERE)
#define KMEM_CACHE(type, flags)                  kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), flags, NULL)
#define kmem_cache_destroy(cache)                memhp_cache_destroy(cache, MEMHP_HERE)
#define kmem_cache_alloc(cache, flags)           memhp_cache_alloc(cache, flags, MEMHP_HERE)
#define kmem_cache_zalloc(cache, flags)          memhp_cache_alloc(cache, (flags) | __GFP_ZERO, MEMHP_HERE)
#define kmem_cache_alloc_node(cache, flags, nid) ((void)(nid), kmem_cache_alloc(cache, flags))
#define kmem_cache_free(cache, object)           memhp_cache_free(cache, object, MEMHP_HERE)

#endif
