/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the cycle of an empty block grows with the number of blocks, of nodes and of listeners, in random order over all
 * blocks; each alone, and all three at their most. What it took to set the machine up, and the memory that it has a
 * block, are counters of the same line.
 */
#include <malloc.h>
#include <stdlib.h>

#include "bench/micro/bench_list.h"
#include "bench/micro/cycle_machine.h"

/* What is not varied. */
#define BLOCKS    65536
#define NODES     64
#define LISTENERS 3

#define BLOCKS_MOST    524288
#define NODES_MOST     1024
#define LISTENERS_MOST 1000

struct scaled {
	struct mh_clock clock;
	struct mh_cycle_machine cycled;
	struct mh_cycle cycle;
	double set_up_ms, bytes_per_block;
};

static void scaled_free(struct scaled *scaled)
{
	mh_cycle_release(&scaled->cycle);
	mh_cycle_machine_release(&scaled->cycled);
	free(scaled);
}

/* That were asked for, whether they have been touched or not. */
static size_t allocated_bytes(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static int scaled_make(struct scaled *scaled, const struct mh_cycle_machine_config *config, struct mh_error *reterr)
{
	size_t bytes = allocated_bytes();
	uint64_t begin = mh_clock_ticks(&scaled->clock);
	int ret = mh_cycle_machine_init(&scaled->cycled, config, reterr);
	uint32_t blocks = config->node_blocks * config->nodes;

	if (ret == 0)
		ret = mh_cycle_init(&scaled->cycle, &scaled->cycled, 0, MH_STAMPS_NONE);
	scaled->set_up_ms = (double)mh_clock_ns(&scaled->clock, mh_clock_ticks(&scaled->clock) - begin) * 1e-6;
	scaled->bytes_per_block = (double)(allocated_bytes() - bytes) / blocks;
	scaled->cycle.first = 0;
	scaled->cycle.count = blocks;
	scaled->cycle.random = true;
	return ret;
}

static void set_up(struct memhp_bench_state *state, uint32_t blocks, unsigned nodes, unsigned listeners)
{
	struct mh_error error = {.text = "no memory for a machine"};
	struct scaled *scaled = aligned_alloc(128, sizeof(*scaled));
	struct mh_cycle_machine_config config = {.node_blocks = blocks / nodes, .nodes = nodes, .listeners = listeners};

	if (!scaled) {
		memhp_bench_skip(state, "%s", error.text);
		return;
	}
	*scaled = (struct scaled){.set_up_ms = 0};
	mh_clock_init(&scaled->clock, MH_CLOCK_TSC);
	config.clock = &scaled->clock;
	if (scaled_make(scaled, &config, &error) == 0) {
		memhp_bench_set_data(state, scaled);
		return;
	}
	scaled_free(scaled);
	memhp_bench_skip(state, "%s", error.text);
}

static void set_up_blocks(struct memhp_bench_state *state)
{
	set_up(state, (uint32_t)memhp_bench_arg(state, 0), NODES, LISTENERS);
}

static void set_up_nodes(struct memhp_bench_state *state)
{
	set_up(state, BLOCKS, (unsigned)memhp_bench_arg(state, 0), LISTENERS);
}

static void set_up_listeners(struct memhp_bench_state *state)
{
	set_up(state, BLOCKS, NODES, (unsigned)memhp_bench_arg(state, 0));
}

static void set_up_all(struct memhp_bench_state *state)
{
	set_up(state, BLOCKS_MOST, NODES_MOST, LISTENERS_MOST);
}

static void tear_down(struct memhp_bench_state *state)
{
	struct scaled *scaled = memhp_bench_data(state);

	MH_ASSERT(mh_check_machine(scaled->cycled.machine) == 0 && scaled->cycle.trace.dropped == 0);
	scaled_free(scaled);
}

static void run(struct memhp_bench_state *state)
{
	struct scaled *scaled = memhp_bench_data(state);
	struct mh_rcu_domain *domain = &mh_machine_chain(scaled->cycled.machine)->rcu;

	mh_rcu_thread_enter(domain);
	MEMHP_BENCH_LOOP(state)
	mh_cycle_once(&scaled->cycle);
	mh_rcu_thread_leave(domain);
	memhp_bench_counter(state, "set_up_ms", scaled->set_up_ms, 0);
	memhp_bench_counter(state, "bytes_per_block", scaled->bytes_per_block, 0);
}

#define SCALE(noun) .name = "scale/" #noun, .run = run, .set_up = set_up_##noun, .tear_down = tear_down
#define VARIED(noun, a, b, c)                                                                                          \
	{                                                                                                              \
		SCALE(noun), .args = { MEMHP_BENCH_VALUES(NULL, a, b, c) }                                             \
	}

const struct memhp_bench mh_benches_scale[] = {
	VARIED(blocks, 1024, BLOCKS, BLOCKS_MOST),
	VARIED(nodes, 1, NODES, NODES_MOST),
	VARIED(listeners, LISTENERS, 100, LISTENERS_MOST),
	{SCALE(all)},
	{0},
};
