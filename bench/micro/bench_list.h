/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every built-in table of benchmarks, one line each: X(NOUN) stands for mh_benches_NOUN, defined in benches_NOUN.c and
 * ended by a row without a name.
 */
#ifndef BENCH_MICRO_BENCH_LIST_H
#define BENCH_MICRO_BENCH_LIST_H

#include <memhp/bench.h>

/* clang-format off */
#define MH_BENCH_LIST(X) \
	X(harness) \
	X(loop) \
	X(chain) \
	X(register) \
	X(record) \
	X(decision) \
	X(armed) \
	X(cycle) \
	X(busy) \
	X(migrate) \
	X(scale) \
	X(page)
/* clang-format on */

#define MH_BENCH_DECLARE(noun) extern const struct memhp_bench mh_benches_##noun[];
MH_BENCH_LIST(MH_BENCH_DECLARE)
#undef MH_BENCH_DECLARE

#endif
