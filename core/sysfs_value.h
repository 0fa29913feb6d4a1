/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a write to a file of sysfs says: the kernel's readings of a word and of a boolean.
 */
#ifndef CORE_SYSFS_VALUE_H
#define CORE_SYSFS_VALUE_H

#include <stdbool.h>
#include <stddef.h>

/* Does it say @word (one newline at most, nothing looked at behind a NUL)? */
bool mh_sysfs_word_is(const char *data, size_t length, const char *word);
/* 1, 0, or -EINVAL. */
int mh_sysfs_bool(const char *data, size_t length);

#endif
