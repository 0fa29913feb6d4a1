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

#include <linux/kconfig.h>

/* The kernel's Makefile passes the module's name; the one line that compiles a module here does not: its file's name.
 */
#ifndef KBUILD_MODNAME
#ifdef __FILE_NAME__
#define KBUILD_MODNAME __FILE_NAME__
#else
#define KBUILD_MODNAME __FILE__
#endif
#endif

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

#define __maybe_unused  __attribute__((unused))
#define __always_unused __attribute__((unused))
#define __must_check    __attribute__((warn_unused_result))
#define __used          __attribute__((used))
#define __packed        __attribute__((packed))
#define __aligned(size) __attribute__((aligned(size)))
#define __cold          __attribute__((cold))
#define __pure          __attribute__((pure))
#define __weak          __attribute__((weak))
#define __noreturn      __attribute__((noreturn))
#define __malloc        __attribute__((malloc))
#define __printf(a, b)  __attribute__((format(printf, a, b)))
#ifndef __always_inline /* libc's, too */
#define __always_inline inline __attribute__((always_inline))
#endif
#define noinline    __attribute__((noinline))
#define fallthrough __attribute__((fallthrough))

/* Told to sparse in the kernel, to nobody here. */
#define __user
#define __iomem
#define __force

#define __stringify_of(...) #__VA_ARGS__
#define __stringify(...)    __stringify_of(__VA_ARGS__)

/* The compiler's name for the same type, qualifiers apart. */
#define __same_type(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))

/* Keeps the compiler from moving accesses across; orders nothing between CPUs. */
#define barrier() __asm__ __volatile__("" ::: "memory")

/* One access, neither torn nor repeated nor left out. As relaxed atomics, so that ThreadSanitizer knows them. */
#define READ_ONCE(x)         __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value) __atomic_store_n(&(x), (value), __ATOMIC_RELAXED)

#endif
