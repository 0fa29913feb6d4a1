/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a scope holds and lets go, of Linux 6.12 and 7.3: guard(mutex)(&lock); scoped_guard(mutex, &lock) { … } and
 * memory, void *p __free(kfree) = …. Unlike the kernel's, guards are of the locks of this header only: DEFINE_GUARD is
 * absent.
 */
#ifndef MEMHP_LINUX_CLEANUP_H
#define MEMHP_LINUX_CLEANUP_H

#include <linux/memhp_types.h>
#include <memhp/kapi_lock.h>

#if MEMHP_COMPAT != 61
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

/* Where the guard stands: its lock comes behind the macro, so the place goes ahead by the thread. */
static __thread const char *memhp_guard_where __attribute__((unused));

struct memhp_guard {
	struct memhp_lock *lock;
	const char *where;
	unsigned mode;
	bool done; /* scoped_guard(): its one turn */
};

static inline void memhp_guard_end(struct memhp_guard *guard)
{
	memhp_unlock(guard->lock, guard->mode, "the guard's lock", guard->where);
}

#define MEMHP_GUARD(name, type, guard_mode)                                                                            \
	static inline struct memhp_guard memhp_guard_##name(type *lock)                                                \
	{                                                                                                              \
		struct memhp_guard guard = {&lock->memhp, memhp_guard_where, guard_mode, false};                       \
		memhp_lock(guard.lock, guard.mode, "the lock of guard(" #name ")", guard.where);                       \
		return guard;                                                                                          \
	}

MEMHP_GUARD(mutex, struct mutex, MEMHP_LOCK_MUTEX)
MEMHP_GUARD(spinlock, spinlock_t, MEMHP_LOCK_SPIN)
MEMHP_GUARD(raw_spinlock, raw_spinlock_t, MEMHP_LOCK_RAW_SPIN)
MEMHP_GUARD(rwsem_read, struct rw_semaphore, MEMHP_LOCK_RWSEM | MEMHP_LOCK_READ)
MEMHP_GUARD(rwsem_write, struct rw_semaphore, MEMHP_LOCK_RWSEM)

#define MEMHP_GUARD_NAME_AT(line) memhp_guard_at_##line
#define MEMHP_GUARD_NAME(line)    MEMHP_GUARD_NAME_AT(line)

#define guard(name)                                                                                                    \
	struct memhp_guard MEMHP_GUARD_NAME(__LINE__) __attribute__((cleanup(memhp_guard_end), unused)) =              \
		(memhp_guard_where = MEMHP_HERE, memhp_guard_##name)
#define scoped_guard(name, lock)                                                                                       \
	for (struct memhp_guard memhp_scope                                                                            \
	     __attribute__((cleanup(memhp_guard_end))) = (memhp_guard_where = MEMHP_HERE, memhp_guard_##name)(lock);   \
	     !memhp_scope.done; memhp_scope.done = true)

/* @end sees the variable's value as _T. */
#define DEFINE_FREE(name, type, end)                                                                                   \
	static inline void __free_##name(void *memhp_variable)                                                         \
	{                                                                                                              \
		type _T = *(type *)memhp_variable;                                                                     \
		end;                                                                                                   \
	}
#define __free(name) __attribute__((cleanup(__free_##name)))

/* The variable's value, of which its scope lets go no more. */
#define no_free_ptr(variable)                                                                                          \
	(__extension__({                                                                                               \
		__typeof__(variable) memhp_kept = (variable);                                                          \
		(variable) = NULL;                                                                                     \
		memhp_kept;                                                                                            \
	}))
#define return_ptr(variable)          return no_free_ptr(variable)
#define retain_and_null_ptr(variable) ((void)no_free_ptr(variable))
#endif

#endif
