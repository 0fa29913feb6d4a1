/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an armed fault costs that hardly ever fires: the cycle of an empty block with notifier-veto armed, and with
 * nothing. One node, 1,024 blocks, three callbacks, node lock, verify fast, no stamps.
 *
 * One machine for all of them, whose hook is exchanged before each measurement: where a machine lies in memory can cost
 * more than a fault does.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/units.h"
#include "bench/micro/bench_list.h"
#include "bench/micro/callbacks.h"
#include "core/machine.h"
#include "core/topology/topology.h"
#include "faults/fault_set.h"

#define LISTENERS      3
#define TRACE_CAPACITY 256
#define SEED           1

static struct shared {
	unsigned users; /* instances that are set up */
	struct mh_clock clock;
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct notifier_block blocks[LISTENERS];
	struct mh_trace trace;
	struct mh_operation operation;
	uint32_t next; /* block */
} shared;

struct armed {
	struct mh_fault fault;
	struct mh_fault_set *set; /* NULL: nothing armed */
};

static int shared_make(struct mh_error *reterr)
{
	struct mh_machine_config config = {
		.block_size_bytes = UINT64_C(128) << 20,
		.initial_online_ppb = MH_PPB_ONE,
		.hotplug_lock = MH_HOTPLUG_LOCK_NODE,
		.clock = &shared.clock,
	};
	int ret = mh_topology_load("pack:1 [numa(memory=128GiB)] core:1 pu:1", 0, &shared.topology, reterr);

	mh_clock_init(&shared.clock, MH_CLOCK_TSC);
	config.topology = shared.topology;
	if (ret == 0)
		ret = mh_machine_new(&config, &shared.machine, reterr);
	for (unsigned i = 0; i < LISTENERS && ret == 0; i++) {
		shared.blocks[i] = (struct notifier_block){mh_callback_of(i), NULL, -(int)i};
		ret = mh_chain_register(mh_machine_chain(shared.machine), &shared.blocks[i], NULL);
	}
	if (ret == 0)
		ret = mh_trace_init(&shared.trace, TRACE_CAPACITY, MH_STAMPS_NONE, &shared.clock);
	shared.operation = (struct mh_operation){
		.trace = &shared.trace,
		.identity = {.stream = SEED, .workers = 1},
	};
	return ret;
}

static void shared_put(void)
{
	if (--shared.users)
		return;
	mh_trace_release(&shared.trace);
	mh_machine_free(shared.machine);
	mh_topology_free(shared.topology);
	shared = (struct shared){0};
}

static int shared_get(struct mh_error *reterr)
{
	int ret = shared.users++ ? 0 : shared_make(reterr);

	if (ret < 0)
		shared_put();
	return ret;
}

/* @every: in all four events of a cycle; else in the two GOING ones. The hook is installed by run(). */
static int arm(struct armed *armed, uint64_t probability_ppb, bool every, struct mh_error *reterr)
{
	static char *events[] = {(char *)"going_online", (char *)"online", (char *)"going_offline", (char *)"offline"};
	static const struct mh_fault_workload workload = {.name = "cycle", .workers = 1, .hotplug = true};
	const struct mh_fault *faults[] = {&armed->fault};
	struct mh_fault_set_config config = {
		.machine = shared.machine,
		.faults = faults,
		.fault_count = 1,
		.workloads = &workload,
		.workload_count = 1,
		.seed = SEED,
		.time_scale = 1,
	};
	int ret;

	armed->fault = (struct mh_fault){
		.name = (char *)"veto",
		.kind = mh_fault_kind_find("notifier-veto"),
		.trigger.probability_ppb = probability_ppb,
	};
	if (every)
		armed->fault.where.event = (struct mh_string_list){events, 4};
	ret = mh_fault_set_arm(&config, &armed->set, reterr);
	if (ret < 0)
		return ret;
	mh_fault_set_start(armed->set, 0);
	mh_machine_hook(shared.machine, MH_HOOK_LISTENER, NULL);
	return 0;
}

/* What events a veto is armed at. */
enum events { EVENTS_NONE, EVENTS_GOING, EVENTS_ALL };

static int make(struct armed *armed, const struct memhp_bench_state *state, enum events events, struct mh_error *reterr)
{
	int ret = shared_get(reterr);

	if (ret == 0 && events != EVENTS_NONE) {
		ret = arm(armed, (uint64_t)memhp_bench_arg(state, 0), events == EVENTS_ALL, reterr);
		if (ret < 0)
			shared_put();
	}
	return ret;
}

static void set_up(struct memhp_bench_state *state, enum events events)
{
	struct armed *armed = calloc(1, sizeof(*armed));
	struct mh_error error = {.text = "no memory for a fault"};

	if (!armed || make(armed, state, events, &error) < 0) {
		free(armed);
		memhp_bench_skip(state, "%s", error.text);
		return;
	}
	memhp_bench_set_data(state, armed);
}

static void set_up_none(struct memhp_bench_state *state)
{
	set_up(state, EVENTS_NONE);
}

static void set_up_going(struct memhp_bench_state *state)
{
	set_up(state, EVENTS_GOING);
}

static void set_up_every(struct memhp_bench_state *state)
{
	set_up(state, EVENTS_ALL);
}

static void tear_down(struct memhp_bench_state *state)
{
	struct armed *armed = memhp_bench_data(state);

	if (armed->set) {
		mh_fault_set_disarm(armed->set, 0);
		mh_fault_set_free(armed->set);
	}
	free(armed);
	shared_put();
}

static int try(uint32_t block, bool online)
{
	mh_trace_reset(&shared.trace);
	shared.operation.identity.index++;
	return online ? mh_block_online(shared.machine, &shared.operation, block, MH_ONLINE_KERNEL)
		      : mh_block_offline(shared.machine, &shared.operation, block);
}

/* Until the block is where it is to be: a veto costs what it costs. */
static void move(uint32_t block, bool online)
{
	while (try(block, online) < 0)
		;
}

static void cycle(struct memhp_bench_state *state)
{
	const struct armed *armed = memhp_bench_data(state);
	uint32_t block = shared.next, count = mh_machine_block_count(shared.machine);

	mh_machine_hook(shared.machine, MH_HOOK_LISTENER,
			armed->set ? &armed->set->points[MH_HOOK_LISTENER].hook : NULL);
	mh_rcu_thread_enter(&mh_machine_chain(shared.machine)->rcu);
	MEMHP_BENCH_LOOP(state)
	{
		move(block, false);
		move(block, true);
		block = block + 1 == count ? 0 : block + 1;
	}
	mh_rcu_thread_leave(&mh_machine_chain(shared.machine)->rcu);
	mh_machine_hook(shared.machine, MH_HOOK_LISTENER, NULL);
	shared.next = block;
	if (mh_check_machine(shared.machine))
		memhp_bench_skip(state, "an invariant was violated: no time is told");
}

/* One online or offline, whatever becomes of it: a block that would not move is tried again. */
static void attempt(struct memhp_bench_state *state)
{
	const struct armed *armed = memhp_bench_data(state);
	uint32_t block = shared.next, count = mh_machine_block_count(shared.machine);
	bool online = false;

	mh_machine_hook(shared.machine, MH_HOOK_LISTENER, &armed->set->points[MH_HOOK_LISTENER].hook);
	mh_rcu_thread_enter(&mh_machine_chain(shared.machine)->rcu);
	MEMHP_BENCH_LOOP(state)
	{
		if (try(block, online) < 0)
			continue;
		if (online)
			block = block + 1 == count ? 0 : block + 1;
		online = !online;
	}
	mh_machine_hook(shared.machine, MH_HOOK_LISTENER, NULL);
	if (online)
		(void)try(block, true);
	mh_rcu_thread_leave(&mh_machine_chain(shared.machine)->rcu);
	shared.next = block;
}

#define PPB            MEMHP_BENCH_VALUES("ppb", 0, 1000000)
#define ARMED(make_it) .run = cycle, .set_up = make_it, .tear_down = tear_down

const struct memhp_bench mh_benches_armed[] = {
	{.name = "armed/none", ARMED(set_up_none)},
	{.name = "armed/veto", ARMED(set_up_going), .args = {PPB}},
	{.name = "armed/attempt",
	 .run = attempt,
	 .set_up = set_up_going,
	 .tear_down = tear_down,
	 .args = {MEMHP_BENCH_VALUES("ppb", 0, 100000000)}},
	{.name = "armed/veto_every_event", ARMED(set_up_every), .args = {PPB}},
	{0},
};
