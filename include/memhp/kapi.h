/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the headers below kernel/linux/ call in the program that loads the module. Not for modules themselves, which use
 * the kernel's names; libc only and valid C++.
 *
 * @where is a place in the module's source, MEMHP_HERE: a string constant of the module, by which its host also tells
 * which module it is.
 */
#ifndef MEMHP_KAPI_H
#define MEMHP_KAPI_H

#include <stddef.h>

#include <memhp/kernel.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEMHP_TEXT_OF(line) #line
#define MEMHP_TEXT(line)    MEMHP_TEXT_OF(line)
/* Without the folders, which are the builder's: gcc from 12 on, and clang. */
#ifdef __FILE_NAME__
#define MEMHP_HERE __FILE_NAME__ ":" MEMHP_TEXT(__LINE__)
#else
#define MEMHP_HERE __FILE__ ":" MEMHP_TEXT(__LINE__)
#endif

/* A warning is a violation of the run, told with the operation. */
MEMHP_EXPORT void memhp_warn(const char *where, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* So is a bug, which ends the program: what the run has got so far is written. */
MEMHP_EXPORT void memhp_bug(const char *where, const char *condition) __attribute__((noreturn));

/* Bits of gfp_t that make a difference here. */
#define MEMHP_GFP_ZERO           0x100u
#define MEMHP_GFP_DIRECT_RECLAIM 0x400u /* may sleep */
#define MEMHP_GFP_NOFAIL         0x8000u

/* @align: a power of two; 0: as kmalloc. NULL: no memory, or the host lets this one fail. */
MEMHP_EXPORT void *memhp_alloc(size_t size, size_t align, unsigned gfp, const char *where);
/* @pointer: NULL, or of memhp_alloc. NULL: no memory, and @pointer is still there. */
MEMHP_EXPORT void *memhp_realloc(const void *pointer, size_t size, unsigned gfp, const char *where);
/* NULL does nothing; what was freed before, or never allocated, is reported and left alone. */
MEMHP_EXPORT void memhp_free(const void *pointer, const char *where);
/* Bytes that @pointer was allocated with; 0 for what was not. */
MEMHP_EXPORT size_t memhp_alloc_size(const void *pointer);

/* A cache of objects of one size; its objects are allocated one by one. */
struct kmem_cache;
MEMHP_EXPORT struct kmem_cache *memhp_cache_new(const char *name, size_t size, size_t align, void (*construct)(void *),
						const char *where);
/* Reports the objects that are still out. */
MEMHP_EXPORT void memhp_cache_destroy(struct kmem_cache *cache, const char *where);
MEMHP_EXPORT void *memhp_cache_alloc(struct kmem_cache *cache, unsigned gfp, const char *where);
MEMHP_EXPORT void memhp_cache_free(struct kmem_cache *cache, void *object, const char *where);

#ifdef __cplusplus
}
#endif

#endif
