/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a write to a file of sysfs says: the kernel's readings of a word, a boolean and a number.
 */
#ifndef CORE_SYSFS_VALUE_H
#define CORE_SYSFS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does it say @word (one newline at most, nothing looked at behind a NUL)? */
bool mh_sysfs_word_is(const char *data, size_t length, const char *word);
/* By the first letter, 1 y t or 0 n f of either case, or the first two, "on" or "of": 1, 0, or -EINVAL. */
int mh_sysfs_bool(const char *data, size_t length);

/**
 * mh_sysfs_uint - an unsigned number, as Linux 6.1 lib/kstrtox.c:kstrtouint() reads it with base 0
 * @data: one '+' at most, 0x for hexadecimal or 0 for octal, digits, one newline at most
 *
 * Return: 0; -ERANGE it does not fit; -EINVAL it is no number.
 */
int mh_sysfs_uint(const char *data, size_t length, unsigned *ret_value);

#endif
