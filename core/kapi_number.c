/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers for modules: from text by the kernel's rules, which are stricter than libc's (no space, all of the text), and
 * drawn at random.
 */
#include "core/kapi_number.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <memhp/kapi_text.h>

#include "base/rng.h"

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* 0x and 0 say the base where none is given; 0x is read over where 16 is. */
static const char *skip_prefix(const char *text, unsigned *base)
{
	bool is_hex = text[0] == '0' && (text[1] | 0x20) == 'x' && digit_of(text[2]) < 16;

	if (*base == 0)
		*base = is_hex ? 16 : text[0] == '0' ? 8 : 10;
	return *base == 16 && is_hex ? text + 2 : text;
}

static int parse(const char *text, unsigned base, unsigned long long *ret_value)
{
	unsigned long long value = 0;
	bool fits = true;
	unsigned count = 0;

	text = skip_prefix(text, &base);
	for (; digit_of(*text) < (int)base; text++, count++)
		fits = !__builtin_mul_overflow(value, base, &value) &&
		       !__builtin_add_overflow(value, (unsigned)digit_of(*text), &value) && fits;
	if (*text == '\n')
		text++;
	if (!count || *text)
		return count && !fits ? -ERANGE : -EINVAL;
	if (!fits)
		return -ERANGE;
	*ret_value = value;
	return 0;
}

int memhp_parse_unsigned(const char *text, unsigned base, unsigned long long *ret_value)
{
	return parse(text + (text[0] == '+'), base, ret_value);
}

int memhp_parse_signed(const char *text, unsigned base, long long *ret_value)
{
	bool negative = text[0] == '-';
	unsigned long long magnitude;
	int ret = negative ? parse(text + 1, base, &magnitude) : memhp_parse_unsigned(text, base, &magnitude);

	if (ret < 0)
		return ret;
	if (magnitude > (unsigned long long)__LONG_LONG_MAX__ + negative)
		return -ERANGE;
	*ret_value = (long long)(negative ? -magnitude : magnitude);
	return 0;
}

/* Numbers are drawn by their place in the sequence: threads share it without a lock. */
static struct {
	_Atomic uint64_t key, drawn;
} sequence;

void mh_kapi_random_begin(uint64_t seed)
{
	atomic_store(&sequence.key, mh_rng_key(seed, "module", 0));
	atomic_store(&sequence.drawn, 0);
}

unsigned long long memhp_random(void)
{
	uint64_t place = atomic_fetch_add_explicit(&sequence.drawn, 1, memory_order_relaxed);

	return mh_rng_mix(atomic_load_explicit(&sequence.key, memory_order_relaxed), place);
}
