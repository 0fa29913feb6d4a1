/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Caches of objects of one size. Unlike the kernel's, an object is constructed each time that it is handed out. */
#include <stdatomic.h>
#include <string.h>

#include <memhp/kapi.h>

#include "core/kapi_alloc.h"
#include "core/kapi_count.h"
#include "core/kapi_report.h"

#define CACHE_NAME_SIZE 64

struct kmem_cache {
	char name[CACHE_NAME_SIZE];
	size_t size, align;
	void (*construct)(void *object);
	atomic_long live; /* objects that are out */
};

struct kmem_cache *memhp_cache_new(const char *name, size_t size, size_t align, void (*construct)(void *),
				   const char *where)
{
	struct kmem_cache *cache;

	mh_kapi_count(MH_KAPI_CALL_CACHE_CREATE);
	cache = mh_kapi_alloc(sizeof(*cache), 0, MEMHP_GFP_ZERO, where);
	if (!cache)
		return NULL;
	strncpy(cache->name, name, sizeof(cache->name) - 1);
	cache->size = size;
	cache->align = align;
	cache->construct = construct;
	return cache;
}

void memhp_cache_destroy(struct kmem_cache *cache, const char *where)
{
	long live;

	if (!cache)
		return;
	live = atomic_load(&cache->live);
	if (live)
		mh_kapi_report(MH_KAPI_RULE_LEAK, "cache '%s' is destroyed at %s with %ld objects out", cache->name,
			       where, live);
	memhp_free(cache, where);
}

void *memhp_cache_alloc(struct kmem_cache *cache, unsigned gfp, const char *where)
{
	void *object;

	mh_kapi_count(MH_KAPI_CALL_CACHE_ALLOC);
	mh_kapi_count_add(MH_KAPI_CALL_CACHE_BYTES, cache->size);
	object = mh_kapi_alloc(cache->size, cache->align, gfp, where);
	if (!object)
		return NULL;
	atomic_fetch_add_explicit(&cache->live, 1, memory_order_relaxed);
	if (cache->construct)
		cache->construct(object);
	return object;
}

void memhp_cache_free(struct kmem_cache *cache, void *object, const char *where)
{
	if (object)
		atomic_fetch_sub_explicit(&cache->live, 1, memory_order_relaxed);
	memhp_free(object, where);
}
