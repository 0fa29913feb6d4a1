/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's small arithmetic, on top of the system's header of the same name. */
#ifndef MEMHP_LINUX_KERNEL_H
#define MEMHP_LINUX_KERNEL_H

#include_next <linux/kernel.h>

#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/container_of.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/memhp_types.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/stddef.h>
#include <linux/typecheck.h>
#include <limits.h>
#include <memhp/kapi_thread.h>

/* Reported where the caller must not sleep, whether it does or not. */
#define might_sleep() memhp_might_sleep(MEMHP_HERE)
#define might_sleep_if(condition)                                                                                      \
	do {                                                                                                           \
		if (condition)                                                                                         \
			might_sleep();                                                                                 \
	} while (0)

/* Entries of an array; a pointer does not compile: it has the type of the address of its first entry. */
#define ARRAY_SIZE(array)                                                                                              \
	(sizeof(array) / sizeof((array)[0]) +                                                                          \
	 0 * sizeof(struct {                                                                                           \
		 _Static_assert(!__builtin_types_compatible_p(__typeof__(array), __typeof__(&(array)[0])),             \
				"ARRAY_SIZE of a pointer");                                                            \
		 int memhp_unused;                                                                                     \
	 }))

/* @step: a power of two. */
#define ALIGN(value, step)       round_up(value, step)
#define ALIGN_DOWN(value, step)  round_down(value, step)
#define PTR_ALIGN(pointer, step) ((__typeof__(pointer))ALIGN((unsigned long)(pointer), (step)))
#define IS_ALIGNED(value, step)  (((value) & ((__typeof__(value))(step)-1)) == 0)

#define upper_32_bits(value) ((u32)(((value) >> 16) >> 16))
#define lower_32_bits(value) ((u32)((value)&0xffffffff))
#define upper_16_bits(value) ((u16)((value) >> 16))
#define lower_16_bits(value) ((u16)((value)&0xffff))

#define U8_MAX  ((u8)~0u)
#define S8_MAX  ((s8)(U8_MAX >> 1))
#define S8_MIN  ((s8)(-S8_MAX - 1))
#define U16_MAX ((u16)~0u)
#define S16_MAX ((s16)(U16_MAX >> 1))
#define S16_MIN ((s16)(-S16_MAX - 1))
#define U32_MAX ((u32)~0u)
#define S32_MAX ((s32)(U32_MAX >> 1))
#define S32_MIN ((s32)(-S32_MAX - 1))
#define U64_MAX ((u64)~0ull)
#define S64_MAX ((s64)(U64_MAX >> 1))
#define S64_MIN ((s64)(-S64_MAX - 1))

/* As in the kernel nothing goes on; what the run has got so far is written. */
#define panic(format, ...)                                                                                             \
	do {                                                                                                           \
		printk(KERN_EMERG format, ##__VA_ARGS__);                                                              \
		memhp_bug(MEMHP_HERE, "panic()");                                                                      \
	} while (0)

#endif
