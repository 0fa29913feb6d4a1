/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of arrays of longs and of numbers. As in the kernel: set_bit() and its kin are atomic and order nothing, the
 * test_and_ ones are full barriers, the __ ones are neither.
 */
#ifndef MEMHP_LINUX_BITOPS_H
#define MEMHP_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/find.h>

static inline void set_bit(long number, volatile unsigned long *address)
{
	(void)__atomic_fetch_or(&address[BIT_WORD(number)], BIT_MASK(number), __ATOMIC_RELAXED);
}

static inline void clear_bit(long number, volatile unsigned long *address)
{
	(void)__atomic_fetch_and(&address[BIT_WORD(number)], ~BIT_MASK(number), __ATOMIC_RELAXED);
}

static inline void change_bit(long number, volatile unsigned long *address)
{
	(void)__atomic_fetch_xor(&address[BIT_WORD(number)], BIT_MASK(number), __ATOMIC_RELAXED);
}

static inline bool test_bit(long number, const volatile unsigned long *address)
{
	return __atomic_load_n(&address[BIT_WORD(number)], __ATOMIC_RELAXED) >> (number % BITS_PER_LONG) & 1;
}

/* What others wrote before they set the bit by a release is seen by who finds it set. */
static inline bool test_bit_acquire(long number, const volatile unsigned long *address)
{
	return __atomic_load_n(&address[BIT_WORD(number)], __ATOMIC_ACQUIRE) >> (number % BITS_PER_LONG) & 1;
}

static inline bool test_and_set_bit(long number, volatile unsigned long *address)
{
	return __atomic_fetch_or(&address[BIT_WORD(number)], BIT_MASK(number), __ATOMIC_SEQ_CST) & BIT_MASK(number);
}

static inline bool test_and_clear_bit(long number, volatile unsigned long *address)
{
	return __atomic_fetch_and(&address[BIT_WORD(number)], ~BIT_MASK(number), __ATOMIC_SEQ_CST) & BIT_MASK(number);
}

static inline bool test_and_change_bit(long number, volatile unsigned long *address)
{
	return __atomic_fetch_xor(&address[BIT_WORD(number)], BIT_MASK(number), __ATOMIC_SEQ_CST) & BIT_MASK(number);
}

/* A bit as a lock: acquire where it is taken, release where it is given back; without them the section leaks out. */
static inline bool test_and_set_bit_lock(long number, volatile unsigned long *address)
{
	return __atomic_fetch_or(&address[BIT_WORD(number)], BIT_MASK(number), __ATOMIC_ACQUIRE) & BIT_MASK(number);
}

static inline void clear_bit_unlock(long number, volatile unsigned long *address)
{
	(void)__atomic_fetch_and(&address[BIT_WORD(number)], ~BIT_MASK(number), __ATOMIC_RELEASE);
}

static inline void __set_bit(long number, volatile unsigned long *address)
{
	address[BIT_WORD(number)] |= BIT_MASK(number);
}

static inline void __clear_bit(long number, volatile unsigned long *address)
{
	address[BIT_WORD(number)] &= ~BIT_MASK(number);
}

static inline void __change_bit(long number, volatile unsigned long *address)
{
	address[BIT_WORD(number)] ^= BIT_MASK(number);
}

static inline bool __test_and_set_bit(long number, volatile unsigned long *address)
{
	bool was_set = address[BIT_WORD(number)] & BIT_MASK(number);

	__set_bit(number, address);
	return was_set;
}

static inline bool __test_and_clear_bit(long number, volatile unsigned long *address)
{
	bool was_set = address[BIT_WORD(number)] & BIT_MASK(number);

	__clear_bit(number, address);
	return was_set;
}

static inline bool __test_and_change_bit(long number, volatile unsigned long *address)
{
	bool was_set = address[BIT_WORD(number)] & BIT_MASK(number);

	__change_bit(number, address);
	return was_set;
}

static inline void assign_bit(long number, volatile unsigned long *address, bool value)
{
	if (value)
		set_bit(number, address);
	else
		clear_bit(number, address);
}

static inline void __assign_bit(long number, volatile unsigned long *address, bool value)
{
	if (value)
		__set_bit(number, address);
	else
		__clear_bit(number, address);
}

/* The lowest and the highest set bit, from 0; what they give for 0 is undefined. */
static inline unsigned long __ffs(unsigned long word)
{
	return (unsigned long)__builtin_ctzl(word);
}

static inline unsigned long __fls(unsigned long word)
{
	return BITS_PER_LONG - 1 - (unsigned long)__builtin_clzl(word);
}

/* The lowest clear bit; undefined for ~0. */
#define ffz(word) __ffs(~(word))

/* From 1; 0 for 0. */
#define ffs(word) __builtin_ffs(word)

static inline int fls(unsigned int word)
{
	return word ? 32 - __builtin_clz(word) : 0;
}

static inline int fls64(u64 word)
{
	return word ? 64 - __builtin_clzll(word) : 0;
}

static inline unsigned int fls_long(unsigned long word)
{
	return (unsigned int)fls64(word);
}

static inline unsigned int hweight64(u64 word)
{
	return (unsigned int)__builtin_popcountll(word);
}

static inline unsigned int hweight32(u32 word)
{
	return hweight64(word);
}

static inline unsigned int hweight16(u16 word)
{
	return hweight64(word);
}

static inline unsigned int hweight8(u8 word)
{
	return hweight64(word);
}

static inline unsigned int hweight_long(unsigned long word)
{
	return hweight64(word);
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return word << (shift & 63) | word >> (-shift & 63);
}

static inline u64 ror64(u64 word, unsigned int shift)
{
	return rol64(word, -shift);
}

static inline u32 rol32(u32 word, unsigned int shift)
{
	return word << (shift & 31) | word >> (-shift & 31);
}

static inline u32 ror32(u32 word, unsigned int shift)
{
	return rol32(word, -shift);
}

/* @index: the bit that is the sign. */
static inline s32 sign_extend32(u32 value, int index)
{
	return (s32)(value << (31 - index)) >> (31 - index);
}

static inline s64 sign_extend64(u64 value, int index)
{
	return (s64)(value << (63 - index)) >> (63 - index);
}

/* The power of two that is not below @count; -1 for 0. */
static inline int get_count_order(unsigned int count)
{
	return count ? fls(count - 1) : -1;
}

static inline int get_count_order_long(unsigned long count)
{
	return count ? fls64(count - 1) : -1;
}

#endif
