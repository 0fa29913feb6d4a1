/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Barriers between CPUs, which kernel code gets with nearly every header. Fences of C, so stronger than the kernel's
 * where the kernel orders loads or stores alone: what is missing on a weak CPU may not show here.
 */
#ifndef MEMHP_LINUX_MEMHP_BARRIER_H
#define MEMHP_LINUX_MEMHP_BARRIER_H

#include <linux/memhp_types.h>

/* Everything before against everything after; without it a store may be seen after a load that follows it. */
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
/* Loads before against what comes after; without it a flag may be seen before what it guards. */
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
/* What comes before against stores after; without it a flag may be seen set before what it announces. */
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define mb()      smp_mb()
#define rmb()     smp_rmb()
#define wmb()     smp_wmb()

#define smp_mb__before_atomic()       smp_mb()
#define smp_mb__after_atomic()        smp_mb()
#define smp_mb__after_spinlock()      smp_mb()
#define smp_acquire__after_ctrl_dep() smp_rmb()

/* What the storing thread wrote before is seen by who loads the value. */
#define smp_load_acquire(pointer)         __atomic_load_n((pointer), __ATOMIC_ACQUIRE)
#define smp_store_release(pointer, value) __atomic_store_n((pointer), (value), __ATOMIC_RELEASE)
#define smp_store_mb(variable, value)     __atomic_store_n(&(variable), (value), __ATOMIC_SEQ_CST)

#endif
