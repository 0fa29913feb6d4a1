/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsers of what is written, which need not end with a NUL.
 */
#include "core/sysfs_value.h"

#include <errno.h>
#include <string.h>

bool mh_sysfs_word_is(const char *data, size_t length, const char *word)
{
	size_t size = strnlen(data, length);

	if (size && data[size - 1] == '\n')
		size--;
	return size == strlen(word) && memcmp(data, word, size) == 0;
}

static char at(const char *data, size_t length, size_t i)
{
	return i < length ? data[i] : '\0';
}

int mh_sysfs_bool(const char *data, size_t length)
{
	switch (at(data, length, 0)) {
	case '1':
	case 'y':
	case 'Y':
	case 't':
	case 'T':
		return 1;
	case '0':
	case 'n':
	case 'N':
	case 'f':
	case 'F':
		return 0;
	case 'o':
	case 'O':
		switch (at(data, length, 1)) {
		case 'n':
		case 'N':
			return 1;
		case 'f':
		case 'F':
			return 0;
		}
	}
	return -EINVAL;
}

/* 16 and more for what is no digit. */
static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 16;
}

/* "0x" makes a base only before a digit; without one the 0 is the number and the x is too much. */
static unsigned base_of(const char *data, size_t length, size_t *i)
{
	char x = at(data, length, *i + 1);

	if (at(data, length, *i) != '0')
		return 10;
	if ((x != 'x' && x != 'X') || digit_of(at(data, length, *i + 2)) >= 16)
		return 8;
	*i += 2;
	return 16;
}

/* As the kernel: what does not fit into 64 bits is told before what follows it is looked at, else the other way. */
int mh_sysfs_uint(const char *data, size_t length, unsigned *ret_value)
{
	size_t i = at(data, length, 0) == '+', first;
	unsigned base = base_of(data, length, &i);
	bool overflows = false;
	uint64_t value = 0;

	for (first = i; digit_of(at(data, length, i)) < base; i++)
		overflows |= __builtin_mul_overflow(value, base, &value) ||
			     __builtin_add_overflow(value, digit_of(data[i]), &value);
	if (overflows)
		return -ERANGE;
	if (i == first || at(data, length, i + (at(data, length, i) == '\n')))
		return -EINVAL;
	if (value > UINT32_MAX)
		return -ERANGE;
	*ret_value = (unsigned)value;
	return 0;
}
