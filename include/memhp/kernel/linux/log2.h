/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Powers of two. Of a constant these are constants. */
#ifndef MEMHP_LINUX_LOG2_H
#define MEMHP_LINUX_LOG2_H

#include <linux/bitops.h>

/* Undefined for 0, as in the kernel. */
#define ilog2(value)                                                                                                   \
	(sizeof(value) <= 4 ? 31 - __builtin_clz((unsigned int)(value)) : 63 - __builtin_clzll((u64)(value)))

static inline bool is_power_of_2(unsigned long value)
{
	return value && !(value & (value - 1));
}

#define rounddown_pow_of_two(value) (1ul << (63 - __builtin_clzl((unsigned long)(value))))
#define roundup_pow_of_two(value)                                                                                      \
	((unsigned long)(value) <= 1 ? 1ul : 1ul << (64 - __builtin_clzl((unsigned long)(value)-1)))

/* The exponent of roundup_pow_of_two(); 0 for 0. */
#define order_base_2(value) ((unsigned long)(value) <= 1 ? 0 : 64 - __builtin_clzl((unsigned long)(value)-1))

/* Bits that the value takes; 1 for 0. */
#define bits_per(value) ((unsigned long)(value) ? 64 - __builtin_clzl((unsigned long)(value)) : 1)

#endif
