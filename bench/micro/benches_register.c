/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing a chain: what a walk costs while another thread registers and unregisters without pause, and what such a
 * pair costs against the one grace period that it waits for. Three listeners, and a fourth that comes and goes.
 *
 * A reader under qsbr is quiescent after each call, as the engine's threads are after each operation; under the others
 * that costs a test. An idle reader runs the same loop: only the other thread differs.
 */
#include <stdlib.h>

#include "bench/micro/bench_list.h"
#include "bench/micro/beside.h"
#include "bench/micro/callbacks.h"
#include "bench/micro/state.h"
#include "core/notifier.h"

#define LISTENERS 3

struct changed {
	struct mh_chain chain;
	struct notifier_block blocks[LISTENERS + 1];
	struct mh_beside beside;
};

static void enter(void *data)
{
	mh_rcu_thread_enter(&((struct changed *)data)->chain.rcu);
}

static void leave(void *data)
{
	mh_rcu_thread_leave(&((struct changed *)data)->chain.rcu);
}

static inline void read_once(struct changed *changed)
{
	(void)mh_chain_call(&changed->chain, 1, changed, -1, NULL);
	mh_rcu_quiescent(&changed->chain.rcu);
}

/* Aborts where there is no memory: half a pair would be taken for a whole one. */
static inline void change_once(struct changed *changed)
{
	struct notifier_block *nb = &changed->blocks[LISTENERS];

	if (mh_chain_register(&changed->chain, nb, NULL) < 0 || mh_chain_unregister(&changed->chain, nb) < 0)
		abort();
}

static void turn_reader(void *data)
{
	read_once(data);
}

static void turn_writer(void *data)
{
	change_once(data);
}

static int make(struct changed *changed, const struct mh_chain_config *config, struct mh_error *reterr)
{
	int ret = mh_chain_init(&changed->chain, config, reterr);

	for (unsigned i = 0; i <= LISTENERS && ret == 0; i++) {
		changed->blocks[i] = (struct notifier_block){mh_callback_of(i), NULL, -(int)i};
		if (i < LISTENERS)
			ret = mh_chain_register(&changed->chain, &changed->blocks[i], NULL);
	}
	return ret;
}

static void set_up(struct memhp_bench_state *state, const struct mh_chain_config *config)
{
	struct mh_error error = {.text = "no memory for a chain"};
	struct changed *changed;

	if (memhp_bench_arg(state, 0) && mh_thread_cpu_count() < 2) {
		memhp_bench_skip(state, "one CPU: the thread beside it needs another");
		return;
	}
	changed = calloc(1, sizeof(*changed));
	if (!changed || make(changed, config, &error) < 0) {
		free(changed);
		memhp_bench_skip(state, "%s", error.text);
		return;
	}
	changed->beside = (struct mh_beside){.begin = enter, .end = leave, .data = changed};
	memhp_bench_set_data(state, changed);
}

static void tear_down(struct memhp_bench_state *state)
{
	struct changed *changed = memhp_bench_data(state);

	mh_chain_release(&changed->chain);
	free(changed);
}

/* @turn: what the other thread does, where the argument asks for one. */
static void begin(struct memhp_bench_state *state, void (*turn)(void *data))
{
	struct changed *changed = memhp_bench_data(state);
	struct mh_error error;

	changed->beside.turn = turn;
	if (memhp_bench_arg(state, 0) && mh_beside_start(&changed->beside, &error) < 0)
		abort(); /* it was there when the set-up asked */
	enter(changed);
}

static void end(struct memhp_bench_state *state)
{
	struct changed *changed = memhp_bench_data(state);

	leave(changed);
	if (!memhp_bench_arg(state, 0))
		return;
	mh_beside_stop(&changed->beside);
	if (changed->beside.preempted)
		mh_state_note_preemption(state);
}

static void run_reader(struct memhp_bench_state *state)
{
	struct changed *changed = memhp_bench_data(state);

	begin(state, turn_writer);
	MEMHP_BENCH_LOOP(state)
	read_once(changed);
	end(state);
}

static void run_pair(struct memhp_bench_state *state)
{
	struct changed *changed = memhp_bench_data(state);

	begin(state, turn_reader);
	MEMHP_BENCH_LOOP(state)
	change_once(changed);
	end(state);
}

static void run_grace(struct memhp_bench_state *state)
{
	struct changed *changed = memhp_bench_data(state);

	begin(state, turn_reader);
	MEMHP_BENCH_LOOP(state)
	mh_rcu_synchronize(&changed->chain.rcu);
	end(state);
}

#define SET_UP(kind, ...)                                                                                              \
	static void set_up_##kind(struct memhp_bench_state *state)                                                     \
	{                                                                                                              \
		set_up(state, &(struct mh_chain_config){__VA_ARGS__});                                                 \
	}

SET_UP(memb, MH_CHAIN_RCU_ARRAY, MH_RCU_MEMB)
SET_UP(qsbr, MH_CHAIN_RCU_ARRAY, MH_RCU_QSBR)
SET_UP(srcu, MH_CHAIN_RCU_ARRAY, MH_RCU_SRCU)
SET_UP(rwlock, MH_CHAIN_RWLOCK, MH_RCU_MEMB)
SET_UP(mutex, MH_CHAIN_MUTEX, MH_RCU_MEMB)

/* By the wall clock: a grace period, and a walk behind a writer, are spent waiting. */
#define ROW(what, run_it, kind, who)                                                                                   \
	{                                                                                                              \
		.name = what "/" #kind, .run = run_it, .set_up = set_up_##kind, .tear_down = tear_down,                \
		.args = {MEMHP_BENCH_VALUES(who, 0, 1)}, .real_time = true                                             \
	}
#define READER(kind)   ROW("reader", run_reader, kind, "writers")
#define REGISTER(kind) ROW("register", run_pair, kind, "readers")
#define GRACE(kind)    ROW("grace", run_grace, kind, "readers")

const struct memhp_bench mh_benches_register[] = {
	READER(memb),     READER(qsbr),
	READER(srcu),     READER(rwlock),
	READER(mutex),    REGISTER(memb),
	REGISTER(qsbr),   REGISTER(srcu),
	REGISTER(rwlock), REGISTER(mutex),
	GRACE(memb),      GRACE(qsbr),
	GRACE(srcu),      {0},
};
