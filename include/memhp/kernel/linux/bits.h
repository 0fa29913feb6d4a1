/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single bits and runs of them as numbers. */
#ifndef MEMHP_LINUX_BITS_H
#define MEMHP_LINUX_BITS_H

#include <linux/memhp_types.h>

#define BITS_PER_LONG      64
#define BITS_PER_LONG_LONG 64
#define BITS_PER_BYTE      8

#define BIT(number)          (1ul << (number))
#define BIT_ULL(number)      (1ull << (number))
#define BIT_MASK(number)     (1ul << ((number) % BITS_PER_LONG))
#define BIT_WORD(number)     ((number) / BITS_PER_LONG)
#define BITS_PER_TYPE(type)  (sizeof(type) * BITS_PER_BYTE)
#define BITS_TO_LONGS(count) (((count) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BITS_TO_BYTES(count) (((count) + BITS_PER_BYTE - 1) / BITS_PER_BYTE)

/* Bits @low to @high, both included. */
#define GENMASK(high, low)     (((~0ul) >> (BITS_PER_LONG - 1 - (high))) & ((~0ul) << (low)))
#define GENMASK_ULL(high, low) (((~0ull) >> (BITS_PER_LONG_LONG - 1 - (high))) & ((~0ull) << (low)))

#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#endif
