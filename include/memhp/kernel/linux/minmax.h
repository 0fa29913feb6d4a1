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

#define swap(a, b)                                                                                                     \
	do {                                                                                                           \
		__typeof__(a) memhp_old = (a);                                                                         \
		(a) = (b);                                                                                             \
		(b) = memhp_old;                                                                                       \
	} while (0)

#endif
