/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searching arrays of longs for bits. Every search gives @size where it finds nothing. */
#ifndef MEMHP_LINUX_FIND_H
#define MEMHP_LINUX_FIND_H

#include <linux/bits.h>

/* The first bit from @from on that is set in what @words and, inverted, @invert make together. */
static inline unsigned long memhp_find_bit(const unsigned long *words, const unsigned long *others,
					   unsigned long invert, unsigned long size, unsigned long from)
{
	while (from < size) {
		unsigned long at = BIT_WORD(from);
		unsigned long word = words[at] ^ invert;

		if (others)
			word &= others[at];
		word &= ~0ul << (from % BITS_PER_LONG);
		if (word) {
			from = at * BITS_PER_LONG + (unsigned long)__builtin_ctzl(word);
			return from < size ? from : size;
		}
		from = (at + 1) * BITS_PER_LONG;
	}
	return size;
}

static inline unsigned long find_next_bit(const unsigned long *address, unsigned long size, unsigned long from)
{
	return memhp_find_bit(address, NULL, 0, size, from);
}

static inline unsigned long find_next_zero_bit(const unsigned long *address, unsigned long size, unsigned long from)
{
	return memhp_find_bit(address, NULL, ~0ul, size, from);
}

static inline unsigned long find_next_and_bit(const unsigned long *a, const unsigned long *b, unsigned long size,
					      unsigned long from)
{
	return memhp_find_bit(a, b, 0, size, from);
}

/* Set in @a and not in @b. */
static inline unsigned long find_next_andnot_bit(const unsigned long *a, const unsigned long *b, unsigned long size,
						 unsigned long from)
{
	return memhp_find_bit(b, a, ~0ul, size, from);
}

static inline unsigned long find_first_bit(const unsigned long *address, unsigned long size)
{
	return find_next_bit(address, size, 0);
}

static inline unsigned long find_first_zero_bit(const unsigned long *address, unsigned long size)
{
	return find_next_zero_bit(address, size, 0);
}

static inline unsigned long find_first_and_bit(const unsigned long *a, const unsigned long *b, unsigned long size)
{
	return find_next_and_bit(a, b, size, 0);
}

static inline unsigned long find_last_bit(const unsigned long *address, unsigned long size)
{
	for (unsigned long bit = size; bit > 0; bit--)
		if (address[BIT_WORD(bit - 1)] & BIT_MASK(bit - 1))
			return bit - 1;
	return size;
}

/* The bit that has @n set ones below it. */
static inline unsigned long find_nth_bit(const unsigned long *address, unsigned long size, unsigned long n)
{
	unsigned long bit = find_first_bit(address, size);

	while (bit < size && n--)
		bit = find_next_bit(address, size, bit + 1);
	return bit;
}

#define for_each_set_bit(bit, address, size)                                                                           \
	for ((bit) = find_first_bit((address), (size)); (bit) < (size);                                                \
	     (bit) = find_next_bit((address), (size), (bit) + 1))
#define for_each_set_bit_from(bit, address, size)                                                                      \
	for ((bit) = find_next_bit((address), (size), (bit)); (bit) < (size);                                          \
	     (bit) = find_next_bit((address), (size), (bit) + 1))
#define for_each_clear_bit(bit, address, size)                                                                         \
	for ((bit) = find_first_zero_bit((address), (size)); (bit) < (size);                                           \
	     (bit) = find_next_zero_bit((address), (size), (bit) + 1))
#define for_each_clear_bit_from(bit, address, size)                                                                    \
	for ((bit) = find_next_zero_bit((address), (size), (bit)); (bit) < (size);                                     \
	     (bit) = find_next_zero_bit((address), (size), (bit) + 1))

/* @begin, @end: each run of set bits, @end behind its last. */
#define for_each_set_bitrange(begin, end, address, size)                                                               \
	for ((begin) = find_first_bit((address), (size)), (end) = find_next_zero_bit((address), (size), (begin) + 1);  \
	     (begin) < (size); (begin) = find_next_bit((address), (size), (end) + 1),                                  \
	    (end) = find_next_zero_bit((address), (size), (begin) + 1))

#endif
