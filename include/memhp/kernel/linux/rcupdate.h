/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU, in a domain of modules alone: a grace period waits for no walk of the chain, so synchronize_rcu() in a callback
 * returns. Unlike the kernel, that dereferences are protected is always checked.
 */
#ifndef MEMHP_LINUX_RCUPDATE_H
#define MEMHP_LINUX_RCUPDATE_H

#include <linux/bottom_half.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <memhp/kapi_rcu.h>

#ifndef __rcu
#define __rcu
#endif
/* By macro, for the program that loads the module knows another struct of this name. */
#define rcu_head      memhp_rcu_head
#define callback_head memhp_rcu_head

typedef void (*rcu_callback_t)(struct rcu_head *head);

#define rcu_read_lock()      memhp_rcu_read_lock(MEMHP_HERE)
#define rcu_read_unlock()    memhp_rcu_read_unlock(MEMHP_HERE)
#define rcu_read_lock_held() memhp_rcu_read_held()
#define rcu_read_lock_bh()                                                                                             \
	do {                                                                                                           \
		local_bh_disable();                                                                                    \
		rcu_read_lock();                                                                                       \
	} while (0)
#define rcu_read_unlock_bh()                                                                                           \
	do {                                                                                                           \
		rcu_read_unlock();                                                                                     \
		local_bh_enable();                                                                                     \
	} while (0)
#define rcu_read_lock_sched()                                                                                          \
	do {                                                                                                           \
		preempt_disable();                                                                                     \
		rcu_read_lock();                                                                                       \
	} while (0)
#define rcu_read_unlock_sched()                                                                                        \
	do {                                                                                                           \
		rcu_read_unlock();                                                                                     \
		preempt_enable();                                                                                      \
	} while (0)

#define synchronize_rcu()              memhp_rcu_synchronize(MEMHP_HERE)
#define synchronize_rcu_expedited()    synchronize_rcu()
#define synchronize_net()              synchronize_rcu()
#define rcu_barrier()                  memhp_rcu_barrier(MEMHP_HERE)
#define call_rcu(head, function)       memhp_rcu_call(head, function, MEMHP_HERE)
#define call_rcu_hurry(head, function) call_rcu(head, function)

static inline void memhp_kfree_after(const void *object)
{
	kfree(object);
}

#define memhp_kfree_rcu_2(object, field)                                                                               \
	(__extension__({                                                                                               \
		__typeof__(object) memhp_freed = (object);                                                             \
		memhp_rcu_free(memhp_freed ? &memhp_freed->field : NULL, memhp_freed, memhp_kfree_after, MEMHP_HERE);  \
	}))
#define memhp_kfree_rcu_1(object)                    memhp_rcu_free(NULL, object, memhp_kfree_after, MEMHP_HERE)
#define memhp_kfree_rcu_of(object, field, form, ...) form
/* With the field that is its rcu_head it does not wait; without, it does. */
#define kfree_rcu(...)                memhp_kfree_rcu_of(__VA_ARGS__, memhp_kfree_rcu_2, memhp_kfree_rcu_1, memhp_unused)(__VA_ARGS__)
#define kvfree_rcu(...)               kfree_rcu(__VA_ARGS__)
#define kfree_rcu_mightsleep(object)  memhp_kfree_rcu_1(object)
#define kvfree_rcu_mightsleep(object) memhp_kfree_rcu_1(object)

/* Consume: the pointer is read before what it points at; pairs with the release of rcu_assign_pointer(). */
#define rcu_dereference_raw(pointer) __atomic_load_n(&(pointer), __ATOMIC_CONSUME)
#define rcu_dereference_check(pointer, condition)                                                                      \
	(memhp_rcu_check((condition) || rcu_read_lock_held(), "rcu_dereference of " #pointer, MEMHP_HERE),             \
	 rcu_dereference_raw(pointer))
#define rcu_dereference(pointer)       rcu_dereference_check(pointer, 0)
#define rcu_dereference_bh(pointer)    rcu_dereference(pointer)
#define rcu_dereference_sched(pointer) rcu_dereference(pointer)
#define rcu_dereference_protected(pointer, condition)                                                                  \
	(memhp_rcu_check(!!(condition), "rcu_dereference_protected of " #pointer, MEMHP_HERE),                         \
	 rcu_access_pointer(pointer))
#define rcu_access_pointer(pointer)  __atomic_load_n(&(pointer), __ATOMIC_RELAXED)
#define rcu_pointer_handoff(pointer) (pointer)
#define unrcu_pointer(pointer)       (pointer)

/* Release: what was written before is seen by who reads the pointer. */
#define rcu_assign_pointer(pointer, value)                                                                             \
	do {                                                                                                           \
		__typeof__(pointer) memhp_value = (value);                                                             \
		__atomic_store_n(&(pointer), memhp_value, __ATOMIC_RELEASE);                                           \
	} while (0)
#define RCU_INIT_POINTER(pointer, value)                                                                               \
	do {                                                                                                           \
		__typeof__(pointer) memhp_value = (value);                                                             \
		__atomic_store_n(&(pointer), memhp_value, __ATOMIC_RELAXED);                                           \
	} while (0)
#define RCU_INITIALIZER(value)                (value)
#define RCU_POINTER_INITIALIZER(field, value) .field = (value)
#define rcu_replace_pointer(pointer, value, condition)                                                                 \
	(__extension__({                                                                                               \
		__typeof__(pointer) memhp_before = rcu_dereference_protected(pointer, condition);                      \
		rcu_assign_pointer(pointer, value);                                                                    \
		memhp_before;                                                                                          \
	}))

#define init_rcu_head(head)               ((void)(head))
#define destroy_rcu_head(head)            ((void)(head))
#define RCU_LOCKDEP_WARN(condition, text) memhp_rcu_check(!(condition), text, MEMHP_HERE)

#endif
