/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of one argument of a benchmark, counted from 0. */
#ifndef BENCH_MICRO_ARG_H
#define BENCH_MICRO_ARG_H

#include <stdbool.h>

#include <memhp/bench.h>

#include "base/error.h"

/* first, the powers of @step between, last: 8, 64, 512, 1000. @first >= 0, @last >= @first, @step >= 2. False: @index
 * is behind the last. */
bool mh_range_value(int64_t first, int64_t last, int64_t step, size_t index, int64_t *ret_value);

/* False: @index is behind the last. */
bool mh_arg_value(const struct memhp_bench_arg *arg, size_t index, int64_t *ret_value);

/* -EINVAL: it has no values, or would have no end; the sentence says so of "argument N". */
int mh_arg_check(const struct memhp_bench_arg *arg, unsigned number, struct mh_error *reterr);

#endif
