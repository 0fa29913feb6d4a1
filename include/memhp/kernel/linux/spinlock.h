/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spinlock_t and raw_spinlock_t. Unlike the kernel's, who waits for long sleeps, and who holds one can be preempted;
 * the owner, and that it does not sleep, are checked.
 */
#ifndef MEMHP_LINUX_SPINLOCK_H
#define MEMHP_LINUX_SPINLOCK_H

#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rwlock.h>

typedef struct spinlock {
	struct memhp_lock memhp;
} spinlock_t;

typedef struct raw_spinlock {
	struct memhp_lock memhp;
} raw_spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name)     ((spinlock_t){.memhp = {0}})
#define __RAW_SPIN_LOCK_UNLOCKED(name) ((raw_spinlock_t){.memhp = {0}})
#define DEFINE_SPINLOCK(name)          spinlock_t name = {.memhp = {0}}
#define DEFINE_RAW_SPINLOCK(name)      raw_spinlock_t name = {.memhp = {0}}

static inline struct memhp_lock *memhp_spin_init(spinlock_t *lock)
{
	lock->memhp.word = 0;
	return &lock->memhp;
}

static inline struct memhp_lock *memhp_raw_spin_init(raw_spinlock_t *lock)
{
	lock->memhp.word = 0;
	return &lock->memhp;
}

/* Only pointers to the right kind of lock get through. */
static inline struct memhp_lock *memhp_of_spin(spinlock_t *lock)
{
	return &lock->memhp;
}

static inline struct memhp_lock *memhp_of_raw_spin(raw_spinlock_t *lock)
{
	return &lock->memhp;
}

#define spin_lock_init(lock)     ((void)memhp_spin_init(lock))
#define raw_spin_lock_init(lock) ((void)memhp_raw_spin_init(lock))

#define spin_lock(lock)    memhp_lock(memhp_of_spin(lock), MEMHP_LOCK_SPIN, #lock, MEMHP_HERE)
#define spin_trylock(lock) memhp_lock_try(memhp_of_spin(lock), MEMHP_LOCK_SPIN, #lock, MEMHP_HERE)
#define spin_unlock(lock)  memhp_unlock(memhp_of_spin(lock), MEMHP_LOCK_SPIN, #lock, MEMHP_HERE)

#define raw_spin_lock(lock)    memhp_lock(memhp_of_raw_spin(lock), MEMHP_LOCK_RAW_SPIN, #lock, MEMHP_HERE)
#define raw_spin_trylock(lock) memhp_lock_try(memhp_of_raw_spin(lock), MEMHP_LOCK_RAW_SPIN, #lock, MEMHP_HERE)
#define raw_spin_unlock(lock)  memhp_unlock(memhp_of_raw_spin(lock), MEMHP_LOCK_RAW_SPIN, #lock, MEMHP_HERE)

#define spin_is_locked(lock)     memhp_lock_is_taken(memhp_of_spin(lock))
#define raw_spin_is_locked(lock) memhp_lock_is_taken(memhp_of_raw_spin(lock))
#define assert_spin_locked(lock) lockdep_assert_held(lock)

/* No subclasses: an order of locks is not checked. */
#define spin_lock_nested(lock, subclass)     spin_lock(lock)
#define raw_spin_lock_nested(lock, subclass) raw_spin_lock(lock)

/* Interrupts go off before the lock is taken and on after it is given: nothing may sleep in between. */
#define spin_lock_irq(lock)                                                                                            \
	do {                                                                                                           \
		local_irq_disable();                                                                                   \
		spin_lock(lock);                                                                                       \
	} while (0)
#define spin_unlock_irq(lock)                                                                                          \
	do {                                                                                                           \
		spin_unlock(lock);                                                                                     \
		local_irq_enable();                                                                                    \
	} while (0)
#define spin_lock_irqsave(lock, flags)                                                                                 \
	do {                                                                                                           \
		local_irq_save(flags);                                                                                 \
		spin_lock(lock);                                                                                       \
	} while (0)
#define spin_unlock_irqrestore(lock, flags)                                                                            \
	do {                                                                                                           \
		spin_unlock(lock);                                                                                     \
		local_irq_restore(flags);                                                                              \
	} while (0)
#define spin_lock_bh(lock)                                                                                             \
	do {                                                                                                           \
		local_bh_disable();                                                                                    \
		spin_lock(lock);                                                                                       \
	} while (0)
#define spin_unlock_bh(lock)                                                                                           \
	do {                                                                                                           \
		spin_unlock(lock);                                                                                     \
		local_bh_enable();                                                                                     \
	} while (0)
#define spin_trylock_irqsave(lock, flags)                                                                              \
	(__extension__({                                                                                               \
		int memhp_taken;                                                                                       \
		local_irq_save(flags);                                                                                 \
		memhp_taken = spin_trylock(lock);                                                                      \
		if (!memhp_taken)                                                                                      \
			local_irq_restore(flags);                                                                      \
		memhp_taken;                                                                                           \
	}))

#define raw_spin_lock_irq(lock)                                                                                        \
	do {                                                                                                           \
		local_irq_disable();                                                                                   \
		raw_spin_lock(lock);                                                                                   \
	} while (0)
#define raw_spin_unlock_irq(lock)                                                                                      \
	do {                                                                                                           \
		raw_spin_unlock(lock);                                                                                 \
		local_irq_enable();                                                                                    \
	} while (0)
#define raw_spin_lock_irqsave(lock, flags)                                                                             \
	do {                                                                                                           \
		local_irq_save(flags);                                                                                 \
		raw_spin_lock(lock);                                                                                   \
	} while (0)
#define raw_spin_unlock_irqrestore(lock, flags)                                                                        \
	do {                                                                                                           \
		raw_spin_unlock(lock);                                                                                 \
		local_irq_restore(flags);                                                                              \
	} while (0)

#endif
