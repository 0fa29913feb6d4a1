/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which instances run, by --benchmark_filter. */
#ifndef BENCH_MICRO_FILTER_H
#define BENCH_MICRO_FILTER_H

#include <stddef.h>

#include "base/error.h"
#include "bench/micro/instance.h"

/* The instances that are to run, in order. */
struct mh_selection {
	const struct mh_instance **items; /* owned; what they point at is not */
	size_t count;
};

/**
 * mh_selection_make - those whose name has the expression
 * @filter: POSIX extended, found anywhere in the name; '-' before it: the others; NULL or "all": all
 *
 * Return: 0; -ENOENT nothing is left, which is an error and no empty success; -EINVAL no expression; -ENOMEM.
 */
int mh_selection_make(struct mh_selection *selection, const struct mh_instances *instances, const char *filter,
		      struct mh_error *reterr);
void mh_selection_release(struct mh_selection *selection);

#endif
