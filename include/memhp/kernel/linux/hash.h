/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashes of numbers: by multiplication with the golden ratio, whose high bits are the best. */
#ifndef MEMHP_LINUX_HASH_H
#define MEMHP_LINUX_HASH_H

#include <linux/memhp_types.h>

#define GOLDEN_RATIO_32 0x61c88647u
#define GOLDEN_RATIO_64 0x61c8864680b583ebull

static inline u32 hash_32(u32 value, unsigned int bits)
{
	return value * GOLDEN_RATIO_32 >> (32 - bits);
}

static inline u32 hash_64(u64 value, unsigned int bits)
{
	return (u32)(value * GOLDEN_RATIO_64 >> (64 - bits));
}

#define hash_long(value, bits) hash_64(value, bits)

static inline u32 hash_ptr(const void *pointer, unsigned int bits)
{
	return hash_long((unsigned long)pointer, bits);
}

static inline u32 hash32_ptr(const void *pointer)
{
	unsigned long value = (unsigned long)pointer;

	return (u32)(value ^ (value >> 32));
}

#endif
