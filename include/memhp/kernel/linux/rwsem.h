/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct rw_semaphore. Unlike the kernel's, readers pass writers that wait; who reads twice is reported, since there it
 * waits for itself once a writer has come.
 */
#ifndef MEMHP_LINUX_RWSEM_H
#define MEMHP_LINUX_RWSEM_H

#include <linux/lockdep.h>

struct rw_semaphore {
	struct memhp_lock memhp;
};

#define __RWSEM_INITIALIZER(name)                                                                                      \
	{                                                                                                              \
		.memhp = { 0 }                                                                                         \
	}
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)

static inline void init_rwsem(struct rw_semaphore *lock)
{
	lock->memhp.word = 0;
}

static inline struct memhp_lock *memhp_of_rwsem(struct rw_semaphore *lock)
{
	return &lock->memhp;
}

#define MEMHP_LOCK_RWSEM_READ (MEMHP_LOCK_RWSEM | MEMHP_LOCK_READ)

#define down_read(lock)          memhp_lock(memhp_of_rwsem(lock), MEMHP_LOCK_RWSEM_READ, #lock, MEMHP_HERE)
#define down_read_trylock(lock)  memhp_lock_try(memhp_of_rwsem(lock), MEMHP_LOCK_RWSEM_READ, #lock, MEMHP_HERE)
#define up_read(lock)            memhp_unlock(memhp_of_rwsem(lock), MEMHP_LOCK_RWSEM_READ, #lock, MEMHP_HERE)
#define down_write(lock)         memhp_lock(memhp_of_rwsem(lock), MEMHP_LOCK_RWSEM, #lock, MEMHP_HERE)
#define down_write_trylock(lock) memhp_lock_try(memhp_of_rwsem(lock), MEMHP_LOCK_RWSEM, #lock, MEMHP_HERE)
#define up_write(lock)           memhp_unlock(memhp_of_rwsem(lock), MEMHP_LOCK_RWSEM, #lock, MEMHP_HERE)
#define downgrade_write(lock)    memhp_lock_downgrade(memhp_of_rwsem(lock), MEMHP_LOCK_RWSEM, #lock, MEMHP_HERE)
#define rwsem_is_locked(lock)    memhp_lock_is_taken(memhp_of_rwsem(lock))

#define down_read_nested(lock, subclass)  down_read(lock)
#define down_write_nested(lock, subclass) down_write(lock)
/* 0: there are no signals. */
#define down_read_interruptible(lock) (down_read(lock), 0)
#define down_read_killable(lock)      (down_read(lock), 0)
#define down_write_killable(lock)     (down_write(lock), 0)

#endif
