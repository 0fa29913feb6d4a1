/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rwlock_t: as spinlock_t, with readers. A thread may read twice, as in the kernel; readers pass writers that wait. */
#ifndef MEMHP_LINUX_RWLOCK_H
#define MEMHP_LINUX_RWLOCK_H

#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/memhp_types.h>
#include <memhp/kapi_lock.h>

typedef struct {
	struct memhp_lock memhp;
} rwlock_t;

#define __RW_LOCK_UNLOCKED(name) ((rwlock_t){.memhp = {0}})
#define DEFINE_RWLOCK(name)      rwlock_t name = {.memhp = {0}}

static inline void rwlock_init(rwlock_t *lock)
{
	lock->memhp.word = 0;
}

static inline struct memhp_lock *memhp_of_rwlock(rwlock_t *lock)
{
	return &lock->memhp;
}

#define read_lock(lock)     memhp_lock(memhp_of_rwlock(lock), MEMHP_LOCK_RWLOCK | MEMHP_LOCK_READ, #lock, MEMHP_HERE)
#define read_trylock(lock)  memhp_lock_try(memhp_of_rwlock(lock), MEMHP_LOCK_RWLOCK | MEMHP_LOCK_READ, #lock, MEMHP_HERE)
#define read_unlock(lock)   memhp_unlock(memhp_of_rwlock(lock), MEMHP_LOCK_RWLOCK | MEMHP_LOCK_READ, #lock, MEMHP_HERE)
#define write_lock(lock)    memhp_lock(memhp_of_rwlock(lock), MEMHP_LOCK_RWLOCK, #lock, MEMHP_HERE)
#define write_trylock(lock) memhp_lock_try(memhp_of_rwlock(lock), MEMHP_LOCK_RWLOCK, #lock, MEMHP_HERE)
#define write_unlock(lock)  memhp_unlock(memhp_of_rwlock(lock), MEMHP_LOCK_RWLOCK, #lock, MEMHP_HERE)

#define read_lock_irq(lock)                                                                                            \
	do {                                                                                                           \
		local_irq_disable();                                                                                   \
		read_lock(lock);                                                                                       \
	} while (0)
#define read_unlock_irq(lock)                                                                                          \
	do {                                                                                                           \
		read_unlock(lock);                                                                                     \
		local_irq_enable();                                                                                    \
	} while (0)
#define read_lock_irqsave(lock, flags)                                                                                 \
	do {                                                                                                           \
		local_irq_save(flags);                                                                                 \
		read_lock(lock);                                                                                       \
	} while (0)
#define read_unlock_irqrestore(lock, flags)                                                                            \
	do {                                                                                                           \
		read_unlock(lock);                                                                                     \
		local_irq_restore(flags);                                                                              \
	} while (0)
#define read_lock_bh(lock)                                                                                             \
	do {                                                                                                           \
		local_bh_disable();                                                                                    \
		read_lock(lock);                                                                                       \
	} while (0)
#define read_unlock_bh(lock)                                                                                           \
	do {                                                                                                           \
		read_unlock(lock);                                                                                     \
		local_bh_enable();                                                                                     \
	} while (0)
#define write_lock_irq(lock)                                                                                           \
	do {                                                                                                           \
		local_irq_disable();                                                                                   \
		write_lock(lock);                                                                                      \
	} while (0)
#define write_unlock_irq(lock)                                                                                         \
	do {                                                                                                           \
		write_unlock(lock);                                                                                    \
		local_irq_enable();                                                                                    \
	} while (0)
#define write_lock_irqsave(lock, flags)                                                                                \
	do {                                                                                                           \
		local_irq_save(flags);                                                                                 \
		write_lock(lock);                                                                                      \
	} while (0)
#define write_unlock_irqrestore(lock, flags)                                                                           \
	do {                                                                                                           \
		write_unlock(lock);                                                                                    \
		local_irq_restore(flags);                                                                              \
	} while (0)
#define write_lock_bh(lock)                                                                                            \
	do {                                                                                                           \
		local_bh_disable();                                                                                    \
		write_lock(lock);                                                                                      \
	} while (0)
#define write_unlock_bh(lock)                                                                                          \
	do {                                                                                                           \
		write_unlock(lock);                                                                                    \
		local_bh_enable();                                                                                     \
	} while (0)

#endif
