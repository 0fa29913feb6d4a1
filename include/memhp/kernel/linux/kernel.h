/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's small arithmetic, on top of the system's header of the same name. */
#ifndef MEMHP_LINUX_KERNEL_H
#define MEMHP_LINUX_KERNEL_H

#include_next <linux/kernel.h>

#include <linux/build_bug.h>
#include <linux/container_of.h>
#include <linux/memhp_types.h>
#include <linux/minmax.h>
#include <linux/printk.h>
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

#define DIV_ROUND_UP(value, divisor) (((value) + (divisor)-1) / (divisor))
/* @step: a power of two. */
#define round_up(value, step)   ((((value)-1) | ((__typeof__(value))((step)-1))) + 1)
#define round_down(value, step) ((value) & ~((__typeof__(value))((step)-1)))
#define ALIGN(value, step)      round_up(value, step)
#define IS_ALIGNED(value, step) (((value) & ((__typeof__(value))(step)-1)) == 0)

#endif
