/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cycle (offline and online again) of an empty block on machines of 1,024 and of 524,288 blocks of 128 MiB, blocks in
 * order, interleaved in one run: the cost must not grow with the number of blocks. One node, three callbacks, node
 * lock, verify fast, all blocks online, so that no cycle changes a node mask.
 *
 * cycle_bench [ROUNDS]    ns a cycle without stamps and with one an event, then the bar; exit 1 when it was missed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rcu.h"
#include "bench/micro/callbacks.h"
#include "bench/micro/round.h"
#include "core/machine.h"
#include "core/topology/topology.h"

#define ROUNDS_DEFAULT 61
#define SAMPLE_NS      3000000u
#define CALLBACKS      3
#define TRACE_CAPACITY 256
#define SEED           1

struct cycled {
	const char *topology_spec;
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct notifier_block blocks[CALLBACKS];
	uint32_t next; /* block */
};

/* One machine with one level of stamps. */
struct run {
	struct cycled *cycled;
	struct mh_trace trace;
	struct mh_operation operation;
};

static struct cycled small = {.topology_spec = "pack:1 [numa(memory=128GiB)] core:1 pu:1"};
static struct cycled large = {.topology_spec = "pack:1 [numa(memory=64TiB)] core:1 pu:1"};

static void cycled_new(struct cycled *cycled, const struct mh_clock *clock)
{
	struct mh_machine_config config = {
		.block_size_bytes = UINT64_C(128) << 20,
		.initial_online_ppb = 1000000000,
		.hotplug_lock = MH_HOTPLUG_LOCK_NODE,
		.clock = clock,
	};
	struct mh_error error;
	int ret = mh_topology_load(cycled->topology_spec, 0, &cycled->topology, &error);

	config.topology = cycled->topology;
	if (ret == 0)
		ret = mh_machine_new(&config, &cycled->machine, &error);
	if (ret < 0) {
		fprintf(stderr, "cycle_bench: %s\n", error.text);
		exit(1);
	}
	for (unsigned i = 0; i < CALLBACKS; i++) {
		cycled->blocks[i] = (struct notifier_block){mh_callback_of(i), NULL, -(int)i};
		if (mh_chain_register(mh_machine_chain(cycled->machine), &cycled->blocks[i], NULL) < 0)
			abort();
	}
}

static void run_init(struct run *run, struct cycled *cycled, enum mh_stamp_level level, const struct mh_clock *clock)
{
	run->cycled = cycled;
	if (mh_trace_init(&run->trace, TRACE_CAPACITY, level, clock) < 0)
		abort();
	run->operation = (struct mh_operation){.trace = &run->trace};
}

static void run_cycles(void *data, uint64_t iterations)
{
	struct run *run = data;
	struct cycled *cycled = run->cycled;
	struct mh_machine *machine = cycled->machine;
	uint32_t block = cycled->next, count = mh_machine_block_count(machine);

	for (uint64_t i = 0; i < iterations; i++) {
		mh_trace_reset(&run->trace);
		if (mh_block_offline(machine, &run->operation, block) < 0)
			abort();
		mh_trace_reset(&run->trace);
		if (mh_block_online(machine, &run->operation, block, MH_ONLINE_KERNEL) < 0)
			abort();
		block = block + 1 == count ? 0 : block + 1;
	}
	cycled->next = block;
}

static void print(const struct mh_rounds *rounds)
{
	printf("cycle of an empty block    ns/cycle   x 1,024  (quartiles)\n");
	for (unsigned i = 0; i < rounds->variant_count; i++) {
		struct mh_round_quartiles ratio = mh_rounds_ratio(rounds, i, i & ~1u);

		printf("  %-24s %8.1f   %7.3f  (%.3f %.3f)\n", rounds->variants[i].name, mh_rounds_ns(rounds, i).median,
		       ratio.median, ratio.low, ratio.high);
	}
	mh_rounds_print_doubts(rounds);
}

static bool are_sound(void)
{
	unsigned violations = mh_check_machine(small.machine) + mh_check_machine(large.machine);

	if (violations)
		fprintf(stderr, "cycle_bench: %u violations: no verdict\n", violations);
	return violations == 0;
}

int main(int argc, char **argv)
{
	static struct mh_rounds rounds = {.sample_ns = SAMPLE_NS};
	static struct run runs[4];
	struct mh_clock clock;

	rounds.round_count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS_DEFAULT;
	if (argc > 2 || rounds.round_count < 3 || rounds.round_count > MH_ROUND_COUNT_MAX) {
		fprintf(stderr, "usage: cycle_bench [ROUNDS], 3 to %d rounds\n", MH_ROUND_COUNT_MAX);
		return 2;
	}
	mh_clock_init(&clock, MH_CLOCK_TSC);
	mh_rcu_thread_register();
	cycled_new(&small, &clock);
	cycled_new(&large, &clock);
	run_init(&runs[0], &small, MH_STAMPS_NONE, &clock);
	run_init(&runs[1], &large, MH_STAMPS_NONE, &clock);
	run_init(&runs[2], &small, MH_STAMPS_EVENT, &clock);
	run_init(&runs[3], &large, MH_STAMPS_EVENT, &clock);
	mh_rounds_add(&rounds, "1,024 blocks", run_cycles, &runs[0]);
	mh_rounds_add(&rounds, "524,288 blocks", run_cycles, &runs[1]);
	mh_rounds_add(&rounds, "1,024, stamps: event", run_cycles, &runs[2]);
	mh_rounds_add(&rounds, "524,288, stamps: event", run_cycles, &runs[3]);
	mh_rounds_run(&rounds, &clock, SEED);
	print(&rounds);
	if (!are_sound())
		return 1;
	return mh_bar_print("B4e-sequential", mh_rounds_ratio(&rounds, 1, 0).median, 1.20) ? 0 : 1;
}
