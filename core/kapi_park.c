/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of places, made at first use. */
#include "core/kapi_park.h"

#include <stdatomic.h>
#include <stdint.h>

#define PLACE_BITS 8
#define PLACES     (1u << PLACE_BITS)

static struct mh_kapi_park places[PLACES];
static struct mh_mutex making = MH_MUTEX_INIT;
static atomic_bool made;

static void make_places(void)
{
	mh_mutex_lock(&making);
	if (!atomic_load_explicit(&made, memory_order_relaxed)) {
		for (unsigned i = 0; i < PLACES; i++) {
			mh_mutex_init(&places[i].lock);
			mh_condition_init(&places[i].changed);
		}
		/* Release: who sees the table made sees its locks whole. */
		atomic_store_explicit(&made, true, memory_order_release);
	}
	mh_mutex_unlock(&making);
}

struct mh_kapi_park *mh_kapi_park_of(const void *object)
{
	/* Acquire: pairs with the release of make_places(). */
	if (__builtin_expect(!atomic_load_explicit(&made, memory_order_acquire), 0))
		make_places();
	/* Multiplicative hashing by 2^64 over the golden ratio: neighbours in a struct get places of their own. */
	return &places[((uintptr_t)object >> 2) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PLACE_BITS)];
}

void mh_kapi_park_wake(const void *object)
{
	struct mh_kapi_park *park = mh_kapi_park_of(object);

	mh_mutex_lock(&park->lock);
	mh_condition_broadcast(&park->changed);
	mh_mutex_unlock(&park->lock);
}
