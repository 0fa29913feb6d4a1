/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger of what modules have allocated: who has what, from where; and which allocation is to fail.
 */
#ifndef CORE_KAPI_ALLOC_H
#define CORE_KAPI_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One live allocation. */
struct mh_kapi_allocation {
	const void *pointer;
	size_t size;
	const char *where; /* "file.c:42" of the module's source */
	uint64_t sequence; /* from 1, in the order of allocation */
};

/* memhp_alloc() and memhp_realloc() for the host's own sake: in the ledger, but no kmalloc() of the module's. */
void *mh_kapi_alloc(size_t size, size_t align, unsigned gfp, const char *where);
void *mh_kapi_realloc(const void *pointer, size_t size, unsigned gfp, const char *where);

/* Calls @each for every live allocation, in no order, until it returns non-zero, and returns that; no module code may
 * run meanwhile that allocates from inside @each. */
int mh_kapi_alloc_each(int (*each)(void *data, const struct mh_kapi_allocation *allocation), void *data);

/* Allocations asked for since the program began, also those that failed. */
uint64_t mh_kapi_alloc_asked(void);

/**
 * mh_kapi_alloc_fail - let one allocation fail
 * @nth: the nth from now on, counted over all threads, those that must not fail left out; 0: none
 */
void mh_kapi_alloc_fail(uint64_t nth);
/* Where the allocation failed that was to fail; NULL: it has not come yet. */
const char *mh_kapi_alloc_failed_at(void);

/**
 * mh_kapi_alloc_end - a module is about to be unmapped
 * @is_its: whether a place in source belongs to it
 *
 * Reports what it has not freed, a sentence a place, frees it, and forgets the names of its places.
 */
void mh_kapi_alloc_end(bool (*is_its)(const void *data, const char *where), const void *data);

#endif
