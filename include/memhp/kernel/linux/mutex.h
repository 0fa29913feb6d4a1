/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct mutex: one owner, checked; may sleep, checked. Unlike the kernel, no signal interrupts a wait and no order of
 * locks is checked.
 */
#ifndef MEMHP_LINUX_MUTEX_H
#define MEMHP_LINUX_MUTEX_H

#include <linux/lockdep.h>

struct mutex {
	struct memhp_lock memhp;
};

#define __MUTEX_INITIALIZER(name)                                                                                      \
	{                                                                                                              \
		.memhp = { 0 }                                                                                         \
	}
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)

static inline void mutex_init(struct mutex *lock)
{
	lock->memhp.word = 0;
}

static inline struct memhp_lock *memhp_of_mutex(struct mutex *lock)
{
	return &lock->memhp;
}

#define mutex_lock(lock)      memhp_lock(memhp_of_mutex(lock), MEMHP_LOCK_MUTEX, #lock, MEMHP_HERE)
#define mutex_trylock(lock)   memhp_lock_try(memhp_of_mutex(lock), MEMHP_LOCK_MUTEX, #lock, MEMHP_HERE)
#define mutex_unlock(lock)    memhp_unlock(memhp_of_mutex(lock), MEMHP_LOCK_MUTEX, #lock, MEMHP_HERE)
#define mutex_destroy(lock)   memhp_lock_destroy(memhp_of_mutex(lock), MEMHP_LOCK_MUTEX, #lock, MEMHP_HERE)
#define mutex_is_locked(lock) memhp_lock_is_taken(memhp_of_mutex(lock))

#define mutex_lock_nested(lock, subclass) mutex_lock(lock)
/* 0: there are no signals. */
#define mutex_lock_interruptible(lock) (mutex_lock(lock), 0)
#define mutex_lock_killable(lock)      (mutex_lock(lock), 0)

#endif
