/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assertions about locks, always on. Unlike the kernel's lockdep, no order of locks is learned: owners, double taking
 * and what sleeps under what are checked by the locks themselves. Classes and subclasses are taken and mean nothing.
 */
#ifndef MEMHP_LINUX_LOCKDEP_H
#define MEMHP_LINUX_LOCKDEP_H

#include <linux/memhp_types.h>
#include <memhp/kapi_lock.h>

struct lock_class_key {
	char memhp_unused;
};

#define SINGLE_DEPTH_NESTING 1

/* @lock: a pointer to any spinlock_t, struct mutex, rwlock_t, struct rw_semaphore. */
#define lockdep_is_held(lock)           memhp_lock_is_mine(&(lock)->memhp)
#define lockdep_assert_held(lock)       memhp_lock_assert(&(lock)->memhp, 1, #lock, MEMHP_HERE)
#define lockdep_assert_held_read(lock)  lockdep_assert_held(lock)
#define lockdep_assert_held_write(lock) memhp_lock_assert(&(lock)->memhp, 2, #lock, MEMHP_HERE)
#define lockdep_assert_not_held(lock)   memhp_lock_assert(&(lock)->memhp, 0, #lock, MEMHP_HERE)
#define lockdep_set_class(lock, key)    ((void)(lock), (void)(key))
#define lockdep_register_key(key)       ((void)(key))
#define lockdep_unregister_key(key)     ((void)(key))

/* Of the order of locks, which is not learned here. */
#define lockdep_off() ((void)0)
#define lockdep_on()  ((void)0)

#endif
