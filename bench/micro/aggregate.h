/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the repetitions of an instance come to: Google Benchmark's mean, median, stddev and cv. */
#ifndef BENCH_MICRO_AGGREGATE_H
#define BENCH_MICRO_AGGREGATE_H

#include "bench/micro/row.h"

#define MH_AGGREGATES 4

/* @rows: of one instance, those that were skipped left out. Return: how many of the four; 0 with fewer than 2 rows. */
unsigned mh_aggregate(const struct mh_row *rows, unsigned count, struct mh_row ret_rows[MH_AGGREGATES]);

#endif
