/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A user's file of benchmarks: a shared object that exports `memhp_benchmarks`. */
#ifndef BENCH_MICRO_BENCH_FILE_H
#define BENCH_MICRO_BENCH_FILE_H

#include <memhp/bench.h>

#include "base/error.h"

/**
 * mh_bench_file_load - load @path and find its table
 * @ret_table: lives as long as the process: the file is never unloaded, for a thread of it may still run
 *
 * Return: 0; -EINVAL with a sentence: it cannot be loaded, or has no table. Its constructors run.
 */
int mh_bench_file_load(const char *path, const struct memhp_bench **ret_table, struct mh_error *reterr);

#endif
