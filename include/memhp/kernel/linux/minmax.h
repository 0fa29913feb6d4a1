/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Smaller, larger, in between. Each argument is evaluated once. Signed with unsigned does not compile, unless one is a
 * constant that is not negative; Linux 6.1 is stricter (equal types), 6.8 and later are as here.
 */
#ifndef MEMHP_LINUX_MINMAX_H
#define MEMHP_LINUX_MINMAX_H

#include <linux/compiler.h>

#define memhp_is_signed(x)   ((__typeof__((x) + 0))-1 < 1)
#define memhp_is_constant(x) (__builtin_choose_expr(__builtin_constant_p(x), (x), -1) >= 0)
#define memhp_comparable(x, y)                                                                                         \
	(memhp_is_signed(x) == memhp_is_signed(y) || memhp_is_constant(x) || memhp_is_constant(y))

#define memhp_choose(x, operator, y)                                                                                   \
	(__extension__({                                                                                               \
		__typeof__((x) + (y)) memhp_x = (x);                                                                   \
		__typeof__((x) + (y)) memhp_y = (y);                                                                   \
		_Static_assert(memhp_comparable(x, y), "min or max of signed and unsigned: use min_t or max_t");       \
		memhp_x operator memhp_y ? memhp_x : memhp_y;                                                          \
	}))

#define min(x, y)         memhp_choose(x, <, y)
#define max(x, y)         memhp_choose(x, >, y)
#define min_t(type, x, y) min((type)(x), (type)(y))
#define max_t(type, x, y) max((type)(x), (type)(y))

#define min3(x, y, z)                                                                                                  \
	(__extension__({                                                                                               \
		__typeof__(min(x, y)) memhp_least = min(x, y);                                                         \
		min(memhp_least, z);                                                                                   \
	}))
#define max3(x, y, z)                                                                                                  \
	(__extension__({                                                                                               \
		__typeof__(max(x, y)) memhp_most = max(x, y);                                                          \
		max(memhp_most, z);                                                                                    \
	}))

/* The smaller of those that are not 0; 0 if both are. */
#define min_not_zero(x, y)                                                                                             \
	(__extension__({                                                                                               \
		__typeof__((x) + (y)) memhp_first = (x);                                                               \
		__typeof__((x) + (y)) memhp_other = (y);                                                               \
		_Static_assert(memhp_comparable(x, y), "min_not_zero of signed and unsigned");                         \
		!memhp_first || (memhp_other && memhp_other < memhp_first) ? memhp_other : memhp_first;                \
	}))

/* Of the type of @value; @low is not above @high. */
#define clamp(value, low, high)                                                                                        \
	(__extension__({                                                                                               \
		__typeof__(value) memhp_value = (value);                                                               \
		__typeof__(value) memhp_low = (low);                                                                   \
		__typeof__(value) memhp_high = (high);                                                                 \
		_Static_assert(memhp_comparable(value, low) && memhp_comparable(value, high),                          \
			       "clamp of signed and unsigned: use clamp_t");                                           \
		memhp_value<memhp_low ? memhp_low : memhp_value> memhp_high ? memhp_high : memhp_value;                \
	}))
#define clamp_t(type, value, low, high) clamp((type)(value), (type)(low), (type)(high))
#define clamp_val(value, low, high)     clamp_t(__typeof__(value), value, low, high)

#define swap(a, b)                                                                                                     \
	do {                                                                                                           \
		__typeof__(a) memhp_old = (a);                                                                         \
		(a) = (b);                                                                                             \
		(b) = memhp_old;                                                                                       \
	} while (0)

#endif
