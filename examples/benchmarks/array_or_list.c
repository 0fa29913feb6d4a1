/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What does it cost to go through a list instead of an array? Two benchmarks of one set-up, with an argument:
 *
 *	cc -O2 -shared -fPIC -I… examples/benchmarks/array_or_list.c -o array_or_list.so
 *	memhp-bench micro ./array_or_list.so --benchmark_ratio=list/nodes:1000,array/nodes:1000
 */
#include <memhp/bench.h>

#include <stdlib.h>

struct node {
	struct node *next;
	uint64_t value;
};

/* The list goes through the nodes with a step, so that the next one is not the neighbour. */
static void make_nodes(struct memhp_bench_state *state)
{
	const uint64_t count = (uint64_t)memhp_bench_arg(state, 0), step = 7919;
	struct node *nodes = calloc(count, sizeof(*nodes));

	if (!nodes) {
		memhp_bench_skip(state, "no memory for %llu nodes", (unsigned long long)count);
		return;
	}
	for (uint64_t i = 0; i < count; i++)
		nodes[i * step % count].next = (i + 1 < count) ? &nodes[(i + 1) * step % count] : NULL;
	memhp_bench_set_data(state, nodes);
}

static void free_nodes(struct memhp_bench_state *state)
{
	free(memhp_bench_data(state));
}

static void walk_array(struct memhp_bench_state *state)
{
	const struct node *nodes = memhp_bench_data(state);
	const uint64_t count = (uint64_t)memhp_bench_arg(state, 0);

	MEMHP_BENCH_LOOP(state)
	{
		uint64_t sum = 0;

		for (uint64_t i = 0; i < count; i++)
			sum += nodes[i].value;
		MEMHP_BENCH_KEEP(sum);
	}
	memhp_bench_items(state, count * memhp_bench_iterations(state));
}

static void walk_list(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
		uint64_t sum = 0;

		for (const struct node *node = memhp_bench_data(state); node; node = node->next)
			sum += node->value;
		MEMHP_BENCH_KEEP(sum);
	}
	memhp_bench_items(state, (uint64_t)memhp_bench_arg(state, 0) * memhp_bench_iterations(state));
}

/* Counts that have no divisor in common with the step. */
#define NODES MEMHP_BENCH_VALUES("nodes", 10, 1000, 100000)

static const struct memhp_bench benches[] = {
	{.name = "array", .run = walk_array, .set_up = make_nodes, .tear_down = free_nodes, .args = {NODES}},
	{.name = "list", .run = walk_list, .set_up = make_nodes, .tear_down = free_nodes, .args = {NODES}},
	{0},
};

MEMHP_BENCHMARKS(benches)
