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

/* The kernel's reading of a boolean: 1 y Y on, 0 n N off. */
int mh_sysfs_bool(const char *data, size_t length)
{
	char first = length ? data[0] : '\0', second = length > 1 ? data[1] : '\0';

	if (first == 'o' || first == 'O') {
		if (second == 'n' || second == 'N')
			return 1;
		return second == 'f' || second == 'F' ? 0 : -EINVAL;
	}
	if (first == '1' || first == 'y' || first == 'Y')
		return 1;
	return first == '0' || first == 'n' || first == 'N' ? 0 : -EINVAL;
}
