/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rounding and dividing. */
#ifndef MEMHP_LINUX_MATH_H
#define MEMHP_LINUX_MATH_H

#include <linux/memhp_types.h>

#define DIV_ROUND_UP(value, divisor) (((value) + (divisor)-1) / (divisor))
/* @step: a power of two. */
#define round_up(value, step)   ((((value)-1) | ((__typeof__(value))((step)-1))) + 1)
#define round_down(value, step) ((value) & ~((__typeof__(value))((step)-1)))

/* @step: any; each argument is evaluated once. */
#define roundup(value, step)                                                                                           \
	(__extension__({                                                                                               \
		__typeof__(step) memhp_step = (step);                                                                  \
		(((value) + (memhp_step - 1)) / memhp_step) * memhp_step;                                              \
	}))
#define rounddown(value, step)                                                                                         \
	(__extension__({                                                                                               \
		__typeof__(value) memhp_value = (value);                                                               \
		memhp_value - (memhp_value % (step));                                                                  \
	}))

#define DIV_ROUND_DOWN_ULL(value, divisor) ((unsigned long long)(value) / (divisor))
#define DIV_ROUND_UP_ULL(value, divisor)   DIV_ROUND_DOWN_ULL((unsigned long long)(value) + (divisor)-1, (divisor))

/* To the nearest, halves away from 0. A negative value with an unsigned divisor is not for this, as in the kernel. */
#define DIV_ROUND_CLOSEST(value, divisor)                                                                              \
	(__extension__({                                                                                               \
		__typeof__(value) memhp_value = (value);                                                               \
		__typeof__(divisor) memhp_divisor = (divisor);                                                         \
		bool memhp_adds = ((__typeof__(value))-1) > 0 || ((__typeof__(divisor))-1) > 0 ||                      \
				  ((memhp_value > 0) == (memhp_divisor > 0));                                          \
		memhp_adds ? (memhp_value + memhp_divisor / 2) / memhp_divisor                                         \
			   : (memhp_value - memhp_divisor / 2) / memhp_divisor;                                        \
	}))

/* Of the same type as its argument, but int of what is smaller. */
#define abs(value)                                                                                                     \
	(__extension__({                                                                                               \
		__typeof__((value) + 0) memhp_value = (value);                                                         \
		memhp_value < 0 ? -memhp_value : memhp_value;                                                          \
	}))
#define abs_diff(a, b)                                                                                                 \
	(__extension__({                                                                                               \
		__typeof__(a) memhp_a = (a);                                                                           \
		__typeof__(b) memhp_b = (b);                                                                           \
		memhp_a > memhp_b ? memhp_a - memhp_b : memhp_b - memhp_a;                                             \
	}))

#define mult_frac(value, numerator, denominator)                                                                       \
	(__extension__({                                                                                               \
		__typeof__(value) memhp_value = (value);                                                               \
		__typeof__(denominator) memhp_denominator = (denominator);                                             \
		memhp_value / memhp_denominator *(numerator) +                                                         \
			memhp_value % memhp_denominator *(numerator) / memhp_denominator;                              \
	}))

/* The largest number whose square is not above @value. */
static inline unsigned long int_sqrt(unsigned long value)
{
	unsigned long root = 0;

	for (unsigned long bit = 1ul << 31; bit; bit >>= 1)
		if ((root | bit) * (root | bit) <= value)
			root |= bit;
	return root;
}

#define do_div(value, divisor)                                                                                         \
	(__extension__({                                                                                               \
		u32 memhp_divisor = (divisor);                                                                         \
		u32 memhp_rest = (u32)((value) % memhp_divisor);                                                       \
		(value) /= memhp_divisor;                                                                              \
		memhp_rest;                                                                                            \
	}))

#endif
