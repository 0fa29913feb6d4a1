/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recording by a call that the compiler cannot look into, as a library's would be. */
#ifndef BENCH_MICRO_RECORD_CALL_H
#define BENCH_MICRO_RECORD_CALL_H

#include "results/histogram.h"

void mh_bench_record(struct mh_histogram *histogram, uint64_t value);

#endif
