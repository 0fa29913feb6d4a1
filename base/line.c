/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small memory begins and ends with a line. Large memory has a line to spare at its end instead, so that it can come
 * from calloc(), which hands out zero pages that are touched on use only. */
#include "base/line.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LARGE_BYTES (UINT64_C(64) << 10)

void *mh_line_calloc(size_t count, size_t size)
{
	size_t bytes;
	void *memory;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - MH_LINE_BYTES)
		return NULL;
	if (bytes >= LARGE_BYTES)
		return calloc(1, bytes + MH_LINE_BYTES);
	bytes = bytes ? (bytes + MH_LINE_BYTES - 1) / MH_LINE_BYTES * MH_LINE_BYTES : MH_LINE_BYTES;
	memory = aligned_alloc(MH_LINE_BYTES, bytes);
	if (memory)
		memset(memory, 0, bytes);
	return memory;
}
