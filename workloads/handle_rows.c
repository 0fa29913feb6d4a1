/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One allocation, rows rounded up to whole pairs of lines with one pair between them. */
#include "workloads/handle_rows.h"

#include <errno.h>
#include <stdlib.h>

#define LINE_SIZE    128u /* a pair of cache lines */
#define LINE_HANDLES (LINE_SIZE / sizeof(mh_handle))

int mh_handle_rows_init(struct mh_handle_rows *rows, unsigned row_count, uint64_t handles_each)
{
	uint64_t stride, count;

	if (handles_each > MH_HANDLES_MAX)
		return -E2BIG;
	stride = (handles_each + LINE_HANDLES - 1) / LINE_HANDLES * LINE_HANDLES + LINE_HANDLES;
	count = stride * row_count;
	if (count > MH_HANDLES_MAX)
		return -E2BIG;
	rows->handles = aligned_alloc(LINE_SIZE, count * sizeof(*rows->handles));
	if (!rows->handles)
		return -ENOMEM;
	rows->stride = stride;
	for (uint64_t i = 0; i < count; i++)
		atomic_init(&rows->handles[i], 0);
	return 0;
}

void mh_handle_rows_release(struct mh_handle_rows *rows)
{
	free(rows->handles);
	*rows = (struct mh_handle_rows){.stride = 0};
}
