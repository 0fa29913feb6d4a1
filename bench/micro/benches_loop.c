/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A body of known length, for what is compared with other harnesses. */
#include "bench/micro/bench_list.h"
#include "bench/micro/loop_body.h"

static void loop(struct memhp_bench_state *state)
{
	uint64_t value = 1;

	MEMHP_BENCH_LOOP(state)
	{
		value = mh_loop_body(value);
		MEMHP_BENCH_KEEP(value);
	}
}

const struct memhp_bench mh_benches_loop[] = {
	{.name = "harness/loop", .run = loop},
	{0},
};
