/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arithmetic that tells, or saturates, where it does not fit. */
#ifndef MEMHP_LINUX_OVERFLOW_H
#define MEMHP_LINUX_OVERFLOW_H

#include <linux/memhp_types.h>

static inline bool __must_check memhp_must_check(bool overflowed)
{
	return unlikely(overflowed);
}

#define check_add_overflow(a, b, ret) memhp_must_check(__builtin_add_overflow(a, b, ret))
#define check_sub_overflow(a, b, ret) memhp_must_check(__builtin_sub_overflow(a, b, ret))
#define check_mul_overflow(a, b, ret) memhp_must_check(__builtin_mul_overflow(a, b, ret))

/* SIZE_MAX, which no allocator gives, where the sum, product or difference is none. */
static inline size_t __must_check size_add(size_t a, size_t b)
{
	size_t bytes;

	return __builtin_add_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t __must_check size_mul(size_t a, size_t b)
{
	size_t bytes;

	return __builtin_mul_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t __must_check size_sub(size_t a, size_t b)
{
	size_t bytes;

	if (a == SIZE_MAX || b == SIZE_MAX || __builtin_sub_overflow(a, b, &bytes))
		return SIZE_MAX;
	return bytes;
}

#define array_size(count, size) size_mul(count, size)
#define array3_size(a, b, size) size_mul(size_mul(a, b), size)
/* Of @count entries of the array @member at the end of *@pointer, and of the whole struct with them. */
#define flex_array_size(pointer, member, count) size_mul(count, sizeof(*(pointer)->member))
#define struct_size(pointer, member, count)     size_add(sizeof(*(pointer)), flex_array_size(pointer, member, count))
#define struct_size_t(type, member, count)      struct_size((type *)NULL, member, count)

#endif
