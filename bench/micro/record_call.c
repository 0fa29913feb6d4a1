/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/record_call.h"

void mh_bench_record(struct mh_histogram *histogram, uint64_t value)
{
	mh_histogram_record(histogram, value);
}
