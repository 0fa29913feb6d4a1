/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory on lines of its own. What one thread writes must not share a line with what another writes: each write would
 * take the line from the other's cache. Two lines of 64 bytes count as one, since CPUs fetch them together.
 */
#ifndef BASE_LINE_H
#define BASE_LINE_H

#include <stddef.h>

#define MH_LINE_BYTES 128

/* @count items of @size bytes, zeroed; no line of them is of another such memory. To be freed by free(). NULL: none. */
void *mh_line_calloc(size_t count, size_t size);

#endif
