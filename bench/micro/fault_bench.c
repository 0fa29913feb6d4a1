/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an armed fault costs that does not fire: the cycle of an empty block with notifier-veto armed, against the same
 * with nothing armed, interleaved in one run. One node, 1,024 blocks, three callbacks, node lock, verify fast, no
 * stamps.
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
#include "faults/arm.h"

#define ROUNDS_DEFAULT 61
#define SAMPLE_NS      3000000u
#define CALLBACKS      3
#define TRACE_CAPACITY 256
#define SEED           1

struct armed {
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct notifier_block blocks[CALLBACKS];
	struct mh_trace trace;
	struct mh_operation operation;
	struct mh_fault fault;
	struct mh_fault_set *set; /* NULL: nothing armed */
	uint32_t next;            /* block */
	uint64_t vetoed;
};

static void give_up(const struct mh_error *error)
{
	fprintf(stderr, "fault_bench: %s\n", error->text);
	exit(1);
}

static void make_machine(struct armed *armed, const struct mh_clock *clock)
{
	struct mh_machine_config config = {
		.block_size_bytes = UINT64_C(128) << 20,
		.initial_online_ppb = MH_PPB_ONE,
		.hotplug_lock = MH_HOTPLUG_LOCK_NODE,
		.clock = clock,
	};
	struct mh_error error;

	if (mh_topology_load("pack:1 [numa(memory=128GiB)] core:1 pu:1", 0, &armed->topology, &error) < 0)
		give_up(&error);
	config.topology = armed->topology;
	if (mh_machine_new(&config, &armed->machine, &error) < 0)
		give_up(&error);
	for (unsigned i = 0; i < CALLBACKS; i++) {
		armed->blocks[i] = (struct notifier_block){mh_callback_of(i), NULL, -(int)i};
		if (mh_chain_register(mh_machine_chain(armed->machine), &armed->blocks[i], NULL) < 0)
			abort();
	}
	if (mh_trace_init(&armed->trace, TRACE_CAPACITY, MH_STAMPS_NONE, clock) < 0)
		abort();
	armed->operation = (struct mh_operation){.trace = &armed->trace, .identity = {.stream = SEED, .workers = 1}};
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
			    .machine = armed->machine,
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
}

/* Until the block is where it is to be: a veto costs what it costs. */
static void move(struct armed *armed, uint32_t block, bool online)
{
	int ret;

	do {
		mh_trace_reset(&armed->trace);
		armed->operation.identity.index++;
		ret = online ? mh_block_online(armed->machine, &armed->operation, block, MH_ONLINE_KERNEL)
			     : mh_block_offline(armed->machine, &armed->operation, block);
		armed->vetoed += ret < 0;
	} while (ret < 0);
}

static void run_cycles(void *data, uint64_t iterations)
{
	struct armed *armed = data;
	uint32_t block = armed->next, count = mh_machine_block_count(armed->machine);

	for (uint64_t i = 0; i < iterations; i++) {
		move(armed, block, false);
		move(armed, block, true);
		block = block + 1 == count ? 0 : block + 1;
	}
	armed->next = block;
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
	static struct armed machines[4];
	static const char *const names[] = {"nothing armed", "p = 0", "p = 0.001", "p = 0.001, every call"};
	struct mh_clock clock;
	bool held = true;

	rounds.round_count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS_DEFAULT;
	if (argc > 2 || rounds.round_count < 3 || rounds.round_count > MH_ROUND_COUNT_MAX) {
		fprintf(stderr, "usage: fault_bench [ROUNDS], 3 to %d rounds\n", MH_ROUND_COUNT_MAX);
		return 2;
	}
	mh_clock_init(&clock, MH_CLOCK_TSC);
	mh_rcu_thread_register();
	for (unsigned i = 0; i < 4; i++) {
		make_machine(&machines[i], &clock);
		mh_rounds_add(&rounds, names[i], run_cycles, &machines[i]);
	}
	arm(&machines[1], 0, NULL, 0);
	arm(&machines[2], MH_PPB_ONE / 1000, NULL, 0);
	arm(&machines[3], MH_PPB_ONE / 1000, every, 4);
	mh_rounds_run(&rounds, &clock, SEED);
	print(&rounds);
	for (unsigned i = 0; i < 4; i++)
		held &= mh_check_machine(machines[i].machine) == 0;
	held &= mh_bar_print("B3b, p = 0", mh_rounds_ratio(&rounds, 1, 0).median, 1.08);
	held &= mh_bar_print("B3b, p = 0.001", mh_rounds_ratio(&rounds, 2, 0).median, 1.10);
	return held ? 0 : 1;
}
