/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cycle of an empty block, offline and online again: core's, the same text without its read sections and without
 * all that is no bookkeeping (cycle_core.h), over few and many blocks, by one thread and by two on nodes of their own.
 * Three callbacks, node lock, verify fast, no stamps.
 *
 * Instances that need the same machine share it: where a machine lies in memory can cost more than what is compared.
 */
#include <errno.h>
#include <stdlib.h>

#include "bench/micro/bench_list.h"
#include "bench/micro/cycle_machine.h"

#define FEW     1024
#define MANY    524288
#define THREADS 2

enum kind { KIND_FEW, KIND_MANY, KIND_RWLOCK, KIND_NODES, KIND_NODES_RWLOCK, KINDS };

static struct kept {
	unsigned users; /* instances that are set up */
	struct mh_clock clock;
	struct mh_cycle_machine cycled;
} kept[KINDS];

struct cycling {
	struct mh_cycle threads[THREADS];
	struct kept *kept;
};

static int kept_make(struct kept *made, enum kind kind, struct mh_error *reterr)
{
	const struct mh_cycle_machine_config config = {
		.node_blocks = kind == KIND_MANY ? MANY : FEW,
		.nodes = kind == KIND_NODES || kind == KIND_NODES_RWLOCK ? THREADS : 1,
		.chain.type = kind == KIND_RWLOCK || kind == KIND_NODES_RWLOCK ? MH_CHAIN_RWLOCK : MH_CHAIN_RCU_ARRAY,
		.clock = &made->clock,
	};

	mh_clock_init(&made->clock, MH_CLOCK_TSC);
	return mh_cycle_machine_init(&made->cycled, &config, reterr);
}

static int kept_get(enum kind kind, struct mh_error *reterr)
{
	int ret = kept[kind].users ? 0 : kept_make(&kept[kind], kind, reterr);

	kept[kind].users += ret == 0;
	return ret;
}

/* A machine that is not whole has no times: they would be of something else. */
static void kept_put(struct kept *put)
{
	MH_ASSERT(mh_check_machine(put->cycled.machine) == 0);
	if (--put->users == 0)
		mh_cycle_machine_release(&put->cycled);
}

static void cycling_free(struct cycling *cycling)
{
	for (unsigned i = 0; i < THREADS; i++)
		mh_cycle_release(&cycling->threads[i]);
	free(cycling);
}

/* Each thread the blocks of a node, where there are two. */
static int cycling_init(struct cycling *cycling, enum kind kind, const struct mh_cycle_code *code, bool random,
			struct mh_error *reterr)
{
	const bool nodes = kind == KIND_NODES || kind == KIND_NODES_RWLOCK;

	*cycling = (struct cycling){.kept = &kept[kind]};
	for (unsigned i = 0; i < THREADS; i++) {
		struct mh_cycle *cycle = &cycling->threads[i];

		if (mh_cycle_init(cycle, &kept[kind].cycled, nodes ? i : 0, MH_STAMPS_NONE) < 0)
			return mh_error_set(reterr, -ENOMEM, "no memory for a trace");
		cycle->code = code;
		cycle->random = random;
	}
	return 0;
}

static void set_up(struct memhp_bench_state *state, enum kind kind, const struct mh_cycle_code *code, bool random)
{
	struct mh_error error = {.text = "no memory for a cycle"};
	struct cycling *cycling;

	if (kept_get(kind, &error) < 0) {
		memhp_bench_skip(state, "%s", error.text);
		return;
	}
	cycling = aligned_alloc(128, sizeof(*cycling));
	if (cycling && cycling_init(cycling, kind, code, random, &error) == 0) {
		memhp_bench_set_data(state, cycling);
		return;
	}
	if (cycling)
		cycling_free(cycling);
	kept_put(&kept[kind]);
	memhp_bench_skip(state, "%s", error.text);
}

static void tear_down(struct memhp_bench_state *state)
{
	struct cycling *cycling = memhp_bench_data(state);

	kept_put(cycling->kept);
	cycling_free(cycling);
}

static void run(struct memhp_bench_state *state)
{
	struct cycling *cycling = memhp_bench_data(state);
	struct mh_cycle *cycle = &cycling->threads[memhp_bench_thread(state)];
	struct mh_rcu_domain *domain = &mh_machine_chain(cycle->machine)->rcu;

	mh_rcu_thread_enter(domain);
	MEMHP_BENCH_LOOP(state)
	mh_cycle_once(cycle);
	mh_rcu_thread_leave(domain);
}

static void set_up_core(struct memhp_bench_state *state)
{
	set_up(state, KIND_FEW, &mh_cycle_core_code, false);
}

static void set_up_no_rcu(struct memhp_bench_state *state)
{
	set_up(state, KIND_FEW, &mh_cycle_no_rcu_code, false);
}

static void set_up_floor(struct memhp_bench_state *state)
{
	set_up(state, KIND_FEW, &mh_cycle_floor_code, false);
}

static void set_up_rwlock(struct memhp_bench_state *state)
{
	set_up(state, KIND_RWLOCK, &mh_cycle_core_code, false);
}

static void set_up_in_order(struct memhp_bench_state *state)
{
	set_up(state, memhp_bench_arg(state, 0) == MANY ? KIND_MANY : KIND_FEW, &mh_cycle_core_code, false);
}

static void set_up_random(struct memhp_bench_state *state)
{
	set_up(state, memhp_bench_arg(state, 0) == MANY ? KIND_MANY : KIND_FEW, &mh_cycle_core_code, true);
}

static void set_up_nodes(struct memhp_bench_state *state)
{
	set_up(state, KIND_NODES, &mh_cycle_core_code, false);
}

static void set_up_nodes_rwlock(struct memhp_bench_state *state)
{
	set_up(state, KIND_NODES_RWLOCK, &mh_cycle_core_code, false);
}

#define CYCLE(label, made) .name = "cycle/" label, .run = run, .set_up = set_up_##made, .tear_down = tear_down
#define BLOCKS             .args = {MEMHP_BENCH_VALUES("blocks", FEW, MANY)}
#define ONE_AND_TWO        .threads_min = 1, .threads_max = THREADS

const struct memhp_bench mh_benches_cycle[] = {
	{CYCLE("core", core)},
	{CYCLE("no_rcu", no_rcu)},
	{CYCLE("floor", floor)},
	{CYCLE("rwlock", rwlock)},
	{CYCLE("in_order", in_order), BLOCKS},
	{CYCLE("random", random), BLOCKS},
	{CYCLE("nodes", nodes), ONE_AND_TWO},
	{CYCLE("nodes_rwlock", nodes_rwlock), ONE_AND_TWO},
	{0},
};
