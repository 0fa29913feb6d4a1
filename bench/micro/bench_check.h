/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a row of a table makes sense. Tables are input: a user's file has one. */
#ifndef BENCH_MICRO_BENCH_CHECK_H
#define BENCH_MICRO_BENCH_CHECK_H

#include <memhp/bench.h>

#include "base/error.h"

/* @place: what the table is of, in messages. 0; -EINVAL with a sentence. */
int mh_bench_check(const struct memhp_bench *bench, const char *place, struct mh_error *reterr);

#endif
