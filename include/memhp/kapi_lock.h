/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks of a module, of every kind, by one word each: zeroed storage is a free lock. For the headers below
 * kernel/linux/.
 *
 * @name: the lock as the module's source calls it, "&drv->lock".
 */
#ifndef MEMHP_KAPI_LOCK_H
#define MEMHP_KAPI_LOCK_H

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

struct memhp_lock {
	unsigned long word; /* of core/kapi_lock.c */
};

/* A kind, or-ed with MEMHP_LOCK_READ for a reader of the last two. */
#define MEMHP_LOCK_SPIN     0u
#define MEMHP_LOCK_RAW_SPIN 1u
#define MEMHP_LOCK_MUTEX    2u
#define MEMHP_LOCK_RWLOCK   3u
#define MEMHP_LOCK_RWSEM    4u
#define MEMHP_LOCK_READ     8u

/* Waits. Taken by this thread already: reported, and counted as taken once more. */
MEMHP_EXPORT void memhp_lock(struct memhp_lock *lock, unsigned mode, const char *name, const char *where);
/* Non-zero: taken. */
MEMHP_EXPORT int memhp_lock_try(struct memhp_lock *lock, unsigned mode, const char *name, const char *where);
/* Not held, by another thread or the other way: reported; what is held by anyone is released all the same. */
MEMHP_EXPORT void memhp_unlock(struct memhp_lock *lock, unsigned mode, const char *name, const char *where);
/* From writer to reader, without a gap. */
MEMHP_EXPORT void memhp_lock_downgrade(struct memhp_lock *lock, unsigned mode, const char *name, const char *where);
/* Reported when it is held. */
MEMHP_EXPORT void memhp_lock_destroy(struct memhp_lock *lock, unsigned mode, const char *name, const char *where);
/* Held by anyone. */
MEMHP_EXPORT int memhp_lock_is_taken(const struct memhp_lock *lock);
/* Held by this thread: 0 no, 1 for reading, 2 for writing. */
MEMHP_EXPORT int memhp_lock_is_mine(const struct memhp_lock *lock);
/* Reports unless memhp_lock_is_mine() is at least @least; @least 0: unless it is 0. */
MEMHP_EXPORT void memhp_lock_assert(const struct memhp_lock *lock, int least, const char *name, const char *where);

#ifdef __cplusplus
}
#endif

#endif
