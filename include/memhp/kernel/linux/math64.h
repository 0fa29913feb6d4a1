/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Division of 64 bits, which some of the kernel's CPUs cannot do by themselves; this one can. */
#ifndef MEMHP_LINUX_MATH64_H
#define MEMHP_LINUX_MATH64_H

#include <linux/math.h>

static inline u64 div_u64_rem(u64 value, u32 divisor, u32 *ret_rest)
{
	*ret_rest = (u32)(value % divisor);
	return value / divisor;
}

static inline s64 div_s64_rem(s64 value, s32 divisor, s32 *ret_rest)
{
	*ret_rest = (s32)(value % divisor);
	return value / divisor;
}

static inline u64 div64_u64_rem(u64 value, u64 divisor, u64 *ret_rest)
{
	*ret_rest = value % divisor;
	return value / divisor;
}

static inline u64 div_u64(u64 value, u32 divisor)
{
	return value / divisor;
}

static inline s64 div_s64(s64 value, s32 divisor)
{
	return value / divisor;
}

static inline u64 div64_u64(u64 value, u64 divisor)
{
	return value / divisor;
}

static inline s64 div64_s64(s64 value, s64 divisor)
{
	return value / divisor;
}

/* value * factor / divisor without an overflow between. */
static inline u64 mul_u64_u64_div_u64(u64 value, u64 factor, u64 divisor)
{
	return (u64)((unsigned __int128)value * factor / divisor);
}

static inline u64 mul_u64_u32_div(u64 value, u32 factor, u32 divisor)
{
	return mul_u64_u64_div_u64(value, factor, divisor);
}

static inline u64 mul_u64_u32_shr(u64 value, u32 factor, unsigned int shift)
{
	return (u64)((unsigned __int128)value * factor >> shift);
}

#define DIV64_U64_ROUND_UP(value, divisor)                                                                             \
	(__extension__({                                                                                               \
		u64 memhp_divisor = (divisor);                                                                         \
		div64_u64((value) + memhp_divisor - 1, memhp_divisor);                                                 \
	}))
#define DIV64_U64_ROUND_CLOSEST(value, divisor)                                                                        \
	(__extension__({                                                                                               \
		u64 memhp_divisor = (divisor);                                                                         \
		div64_u64((value) + memhp_divisor / 2, memhp_divisor);                                                 \
	}))

#endif
