/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handles of a workload's threads, a row each, in one array that lives from begin to end: an offline that still
 * runs while a thread ends may look at its handles.
 */
#ifndef WORKLOADS_HANDLE_ROWS_H
#define WORKLOADS_HANDLE_ROWS_H

#include <stdint.h>

#include "core/page.h"

#define MH_HANDLES_MAX (UINT64_C(1) << 27) /* of one workload: 1 GiB */

struct mh_handle_rows {
	mh_handle *handles;
	uint64_t stride; /* handles from one row to the next: rows share no pair of cache lines */
};

/* All empty. 0; -ENOMEM; -E2BIG more than MH_HANDLES_MAX. */
int mh_handle_rows_init(struct mh_handle_rows *rows, unsigned row_count, uint64_t handles_each);
void mh_handle_rows_release(struct mh_handle_rows *rows);

static inline mh_handle *mh_handle_row(const struct mh_handle_rows *rows, unsigned row)
{
	return rows->handles + row * rows->stride;
}

#endif
