/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel expects of the compiler. The first header of all others here, because it makes a name that is absent
 * an error that says the name: under -std=gnu11 alone gcc would warn and the module would fail when it is loaded.
 */
#ifndef MEMHP_LINUX_COMPILER_H
#define MEMHP_LINUX_COMPILER_H

/* The kernel's own Makefile turns these into errors, too. */
#pragma GCC diagnostic error "-Wimplicit-function-declaration"
#pragma GCC diagnostic error "-Wimplicit-int"
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#pragma GCC diagnostic error "-Wreturn-type"

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

#define __maybe_unused  __attribute__((unused))
#define __always_unused __attribute__((unused))
#define __must_check    __attribute__((warn_unused_result))
#define noinline        __attribute__((noinline))
#define fallthrough     __attribute__((fallthrough))

/* Keeps the compiler from moving accesses across; orders nothing between CPUs. */
#define barrier() __asm__ __volatile__("" ::: "memory")

/* One access, neither torn nor repeated nor left out. As relaxed atomics, so that ThreadSanitizer knows them. */
#define READ_ONCE(x)         __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), (value), __ATOMIC_RELAXED)

#endif
