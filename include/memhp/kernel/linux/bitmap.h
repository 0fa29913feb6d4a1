/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of bits in arrays of longs. As in the kernel, bits beyond @bits in the last long are never looked at, and what
 * is written there is undefined. None of these is atomic.
 */
#ifndef MEMHP_LINUX_BITMAP_H
#define MEMHP_LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/find.h>
#include <linux/slab.h>
#include <string.h>

#define BITMAP_FIRST_WORD_MASK(start) (~0ul << ((start) & (BITS_PER_LONG - 1)))
#define BITMAP_LAST_WORD_MASK(bits)   (~0ul >> (-(bits) & (BITS_PER_LONG - 1)))

#define bitmap_size(bits) (BITS_TO_LONGS(bits) * sizeof(long))

#define bitmap_alloc(bits, flags)  ((unsigned long *)kmalloc_array(BITS_TO_LONGS(bits), sizeof(long), flags))
#define bitmap_zalloc(bits, flags) bitmap_alloc(bits, (flags) | __GFP_ZERO)
#define bitmap_free(bitmap)        kfree(bitmap)

static inline void bitmap_zero(unsigned long *to, unsigned int bits)
{
	memset(to, 0, bitmap_size(bits));
}

static inline void bitmap_fill(unsigned long *to, unsigned int bits)
{
	memset(to, 0xff, bitmap_size(bits));
}

static inline void bitmap_copy(unsigned long *to, const unsigned long *from, unsigned int bits)
{
	memcpy(to, from, bitmap_size(bits));
}

/* Long @i of a set without what lies beyond its last bit. */
static inline unsigned long memhp_bitmap_word(const unsigned long *words, unsigned int i, unsigned int bits)
{
	return i == BIT_WORD(bits) ? words[i] & ~(~0ul << (bits % BITS_PER_LONG)) : words[i];
}

static inline void bitmap_copy_clear_tail(unsigned long *to, const unsigned long *from, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		to[i] = memhp_bitmap_word(from, i, bits);
}

/* Return: whether anything is left. */
static inline bool bitmap_and(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		any |= to[i] = memhp_bitmap_word(a, i, bits) & b[i];
	return any;
}

static inline bool bitmap_andnot(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		any |= to[i] = memhp_bitmap_word(a, i, bits) & ~b[i];
	return any;
}

static inline void bitmap_or(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		to[i] = a[i] | b[i];
}

static inline void bitmap_xor(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		to[i] = a[i] ^ b[i];
}

static inline void bitmap_complement(unsigned long *to, const unsigned long *from, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		to[i] = ~from[i];
}

/* Where @mask has a bit, that of @b, else that of @a. */
static inline void bitmap_replace(unsigned long *to, const unsigned long *a, const unsigned long *b,
				  const unsigned long *mask, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		to[i] = (a[i] & ~mask[i]) | (b[i] & mask[i]);
}

static inline bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		if (memhp_bitmap_word(a, i, bits) != memhp_bitmap_word(b, i, bits))
			return false;
	return true;
}

static inline bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	return find_first_and_bit(a, b, bits) < bits;
}

/* Whether @a lies in @b. */
static inline bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int bits)
{
	return find_next_andnot_bit(a, b, bits, 0) >= bits;
}

static inline bool bitmap_empty(const unsigned long *bitmap, unsigned int bits)
{
	return find_first_bit(bitmap, bits) >= bits;
}

static inline bool bitmap_full(const unsigned long *bitmap, unsigned int bits)
{
	return find_first_zero_bit(bitmap, bits) >= bits;
}

static inline unsigned int bitmap_weight(const unsigned long *bitmap, unsigned int bits)
{
	unsigned int weight = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(bits); i++)
		weight += hweight_long(memhp_bitmap_word(bitmap, i, bits));
	return weight;
}

static inline void bitmap_set(unsigned long *bitmap, unsigned int start, unsigned int count)
{
	for (unsigned int bit = start; bit < start + count; bit++)
		__set_bit(bit, bitmap);
}

static inline void bitmap_clear(unsigned long *bitmap, unsigned int start, unsigned int count)
{
	for (unsigned int bit = start; bit < start + count; bit++)
		__clear_bit(bit, bitmap);
}

/* Towards higher numbers; 0s come in. */
static inline void bitmap_shift_left(unsigned long *to, const unsigned long *from, unsigned int shift,
				     unsigned int bits)
{
	for (unsigned int bit = bits; bit-- > 0;)
		__assign_bit(bit, to, bit >= shift && test_bit(bit - shift, from));
}

static inline void bitmap_shift_right(unsigned long *to, const unsigned long *from, unsigned int shift,
				      unsigned int bits)
{
	for (unsigned int bit = 0; bit < bits; bit++)
		__assign_bit(bit, to, bit + shift < bits && test_bit(bit + shift, from));
}

/* The first run of @count 0s from @start on, its place a multiple of @align_mask + 1; above @size where there is none.
 */
static inline unsigned long bitmap_find_next_zero_area(unsigned long *bitmap, unsigned long size, unsigned long start,
						       unsigned int count, unsigned long align_mask)
{
	for (;;) {
		unsigned long end, taken;

		start = find_next_zero_bit(bitmap, size, start);
		start = (start + align_mask) & ~align_mask;
		end = start + count;
		if (end > size)
			return end;
		taken = find_next_bit(bitmap, end, start);
		if (taken >= end)
			return start;
		start = taken + 1;
	}
}

#endif
