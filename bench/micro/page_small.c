/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other names for what core/page.c defines, before every header; and behind all of them the parts that are left out.
 */
#define mh_page_alloc      mh_page_small_alloc
#define mh_page_free       mh_page_small_free
#define mh_page_change     mh_page_small_change
#define mh_page_count_kind mh_page_small_count_kind

#include "core/page.h"

#include <errno.h>

#include "base/assert.h"
#include "core/backing.h"
#include "core/buddy.h"
#include "core/hook_ask.h"
#include "core/pcp.h"
#include "core/zone.h"
#include "core/zone_batch.h"

/* Handles are what page.c calls owner; the other words are owner words, which nobody writes here, and nobody reads. The
 * comparison of the two names is done by the compiler. */
#define IS_HANDLE(name) (__builtin_strcmp(name, "owner") == 0)

static inline void store_word(_Atomic uint64_t *target, uint64_t value, memory_order order, bool is_handle)
{
	(void)order;
	/* Relaxed: migrations are none, so that nobody else looks at a handle. */
	if (is_handle)
		atomic_store_explicit(target, value, memory_order_relaxed);
}

static inline void store_flag(atomic_uint *target, uint64_t value, memory_order order, bool is_handle)
{
	(void)is_handle;
	atomic_store_explicit(target, (unsigned)value, order);
}

static inline uint64_t load_word(const _Atomic uint64_t *source, memory_order order, bool is_handle)
{
	(void)order;
	return is_handle ? atomic_load_explicit(source, memory_order_relaxed) : 0;
}

static inline unsigned load_flag(const atomic_uint *source, memory_order order, bool is_handle)
{
	(void)is_handle;
	return atomic_load_explicit(source, order);
}

static inline unsigned char load_byte(const atomic_uchar *source, memory_order order, bool is_handle)
{
	(void)is_handle;
	return atomic_load_explicit(source, order);
}

static inline uint64_t empty_handle(mh_handle *handle)
{
	uint64_t value = atomic_load_explicit(handle, memory_order_relaxed);

	atomic_store_explicit(handle, 0, memory_order_relaxed);
	return value;
}

#undef MH_ASSERT
#undef atomic_exchange_explicit
#undef atomic_load_explicit
#undef atomic_store_explicit
#define MH_ASSERT(condition)                           ((void)sizeof(condition))
#define atomic_exchange_explicit(target, value, order) empty_handle(target)
#define atomic_load_explicit(source, order)                                                                            \
	_Generic((source), \
		_Atomic uint64_t *: load_word, \
		const _Atomic uint64_t *: load_word, \
		atomic_uint *: load_flag, \
		atomic_uchar *: load_byte, \
		const atomic_uchar *: load_byte)(source, order, IS_HANDLE(#source))
#define atomic_store_explicit(target, value, order)                                                                    \
	_Generic((target), _Atomic uint64_t *: store_word, atomic_uint *: store_flag)(target, value, order, IS_HANDLE(#target))
#define mh_hook_armed(machine, point) ((const struct mh_hook *)NULL)
#define mh_owner_kind(word)           ((void)sizeof(word), MH_PAGE_MOVABLE)

#include "core/page.c"
