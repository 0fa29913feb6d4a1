/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an armed fault costs that does not fire: the cycle of an empty block with notifier-veto armed, against the same
 * with nothing armed, interleaved in one run. One node, 1,024 blocks, three callbacks, node lock, verify fast, no
 * stamps. One machine for all, whose hook is exchanged before each sample: where a machine lies in memory can cost more
 * than a fault does.
 *
 * fault_bench [ROUNDS]    ns a cycle, and the ratio to nothing armed; then the bars; exit 1 when one was missed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rcu.h"
#include "base/units.h"
#include "bench/micro/callbacks.h"
#include "bench/micro/round.h"
#include "core/machine.h"
#include "core/topology/topology.h"
#include "faults/fault_set.h"

#define ROUNDS_DEFAULT 61
#define SAMPLE_NS      3000000u
#define CALLBACKS      3
#define TRACE_CAPACITY 256
#define SEED           1

static struct cycled {
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct notifier_block blocks[CALLBACKS];
	struct mh_trace trace;
	struct mh_operation operation;
	uint32_t next; /* block */
} cycled;

struct armed {
	struct mh_fault fault;
	struct mh_fault_set *set; /* NULL: nothing armed */
};

static void give_up(const struct mh_error *error)
{
	fprintf(stderr, "fault_bench: %s\n", error->text);
	exit(1);
}

static void make_machine(const struct mh_clock *clock)
{
	struct mh_machine_config config = {
		.block_size_bytes = UINT64_C(128) << 20,
		.initial_online_ppb = MH_PPB_ONE,
		.hotplug_lock = MH_HOTPLUG_LOCK_NODE,
		.clock = clock,
	};
	struct mh_error error;

	if (mh_topology_load("pack:1 [numa(memory=128GiB)] core:1 pu:1", 0, &cycled.topology, &error) < 0)
		give_up(&error);
	config.topology = cycled.topology;
	if (mh_machine_new(&config, &cycled.machine, &error) < 0)
		give_up(&error);
	for (unsigned i = 0; i < CALLBACKS; i++) {
		cycled.blocks[i] = (struct notifier_block){mh_callback_of(i), NULL, -(int)i};
		if (mh_chain_register(mh_machine_chain(cycled.machine), &cycled.blocks[i], NULL) < 0)
			abort();
	}
	if (mh_trace_init(&cycled.trace, TRACE_CAPACITY, MH_STAMPS_NONE, clock) < 0)
		abort();
	cycled.operation = (struct mh_operation){.trace = &cycled.trace, .identity = {.stream = SEED, .workers = 1}};
}

/* @events: NULL: the two GOING events. */
static void arm(struct armed *armed, uint64_t probability_ppb, char **events, size_t event_count)
{
	static const struct mh_fault_workload workload = {.name = "cycle", .workers = 1, .hotplug = true};
	const struct mh_fault *faults[] = {&armed->fault};
	struct mh_error error;

	armed->fault = (struct mh_fault){
		.name = (char *)"veto",
		.kind = mh_fault_kind_find("notifier-veto"),
		.where.event = {events, event_count},
		.trigger.probability_ppb = probability_ppb,
	};
	if (mh_fault_set_arm(
		    &(struct mh_fault_set_config){
			    .machine = cycled.machine,
			    .faults = faults,
			    .fault_count = 1,
			    .workloads = &workload,
			    .workload_count = 1,
			    .seed = SEED,
			    .time_scale = 1,
		    },
		    &armed->set, &error) < 0)
		give_up(&error);
	mh_fault_set_start(armed->set, 0);
	mh_machine_hook(cycled.machine, MH_HOOK_LISTENER, NULL);
}

/* Until the block is where it is to be: a veto costs what it costs. */
static void move(uint32_t block, bool online)
{
	int ret;

	do {
		mh_trace_reset(&cycled.trace);
		cycled.operation.identity.index++;
		ret = online ? mh_block_online(cycled.machine, &cycled.operation, block, MH_ONLINE_KERNEL)
			     : mh_block_offline(cycled.machine, &cycled.operation, block);
	} while (ret < 0);
}

static void run_cycles(void *data, uint64_t iterations)
{
	const struct armed *armed = data;
	uint32_t block = cycled.next, count = mh_machine_block_count(cycled.machine);

	mh_machine_hook(cycled.machine, MH_HOOK_LISTENER,
			armed->set ? &armed->set->points[MH_HOOK_LISTENER].hook : NULL);
	for (uint64_t i = 0; i < iterations; i++) {
		move(block, false);
		move(block, true);
		block = block + 1 == count ? 0 : block + 1;
	}
	cycled.next = block;
}

static void print(const struct mh_rounds *rounds)
{
	printf("cycle of an empty block    ns/cycle   x unarmed  (quartiles)\n");
	for (unsigned i = 0; i < rounds->variant_count; i++) {
		struct mh_round_quartiles ratio = mh_rounds_ratio(rounds, i, 0);

		printf("  %-24s %8.1f   %7.3f  (%.3f %.3f)\n", rounds->variants[i].name, mh_rounds_ns(rounds, i).median,
		       ratio.median, ratio.low, ratio.high);
	}
	mh_rounds_print_doubts(rounds);
}

int main(int argc, char **argv)
{
	static char *every[] = {(char *)"going_online", (char *)"online", (char *)"going_offline", (char *)"offline"};
	static struct mh_rounds rounds = {.sample_ns = SAMPLE_NS};
	static struct armed variants[4];
	static const char *const names[] = {"nothing armed", "p = 0", "p = 0.001", "p = 0.001, every call"};
	struct mh_clock clock;
	bool held;

	rounds.round_count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS_DEFAULT;
	if (argc > 2 || rounds.round_count < 3 || rounds.round_count > MH_ROUND_COUNT_MAX) {
		fprintf(stderr, "usage: fault_bench [ROUNDS], 3 to %d rounds\n", MH_ROUND_COUNT_MAX);
		return 2;
	}
	mh_clock_init(&clock, MH_CLOCK_TSC);
	mh_rcu_thread_register();
	make_machine(&clock);
	for (unsigned i = 0; i < 4; i++)
		mh_rounds_add(&rounds, names[i], run_cycles, &variants[i]);
	arm(&variants[1], 0, NULL, 0);
	arm(&variants[2], MH_PPB_ONE / 1000, NULL, 0);
	arm(&variants[3], MH_PPB_ONE / 1000, every, 4);
	mh_rounds_run(&rounds, &clock, SEED);
	print(&rounds);
	held = mh_check_machine(cycled.machine) == 0;
	held &= mh_bar_print("B3b, p = 0", mh_rounds_ratio(&rounds, 1, 0).median, 1.08);
	held &= mh_bar_print("B3b, p = 0.001", mh_rounds_ratio(&rounds, 2, 0).median, 1.10);
	return held ? 0 : 1;
}
