/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a walk costs over the calls themselves: mh_chain_call of every kind of chain, and the same callbacks through a
 * bare array of function pointers, which is the limit. Sixteen distinct callbacks that do nothing.
 */
#include <stdlib.h>

#include "bench/micro/bench_list.h"
#include "bench/micro/callbacks.h"
#include "bench/micro/kept_chain.h"

#define LISTENERS MEMHP_BENCH_VALUES("listeners", 0, 1, 3, 10, 100, 1000)
#define THREE     MEMHP_BENCH_VALUES("listeners", 3)

/* The limit: what the calls cost without anything around them. */
struct bare {
	unsigned count;
	notifier_fn_t calls[];
};

static void make_bare(struct memhp_bench_state *state)
{
	unsigned count = (unsigned)memhp_bench_arg(state, 0);
	struct bare *bare = malloc(sizeof(*bare) + count * sizeof(bare->calls[0]));

	if (!bare) {
		memhp_bench_skip(state, "no memory for an array of %u callbacks", count);
		return;
	}
	memhp_bench_set_data(state, bare);
	bare->count = count;
	for (unsigned i = 0; i < count; i++)
		bare->calls[i] = mh_callback_of(i);
}

static void free_bare(struct memhp_bench_state *state)
{
	free(memhp_bench_data(state));
}

/* Not a constant: the compiler would make a call_bare() for it alone. */
static unsigned long action_of(const struct memhp_bench_state *state)
{
	return memhp_bench_iterations(state);
}

/* As mh_chain_call, behind a call of its own: what is compared is what happens inside. */
static __attribute__((noinline)) int call_bare(const struct bare *bare, unsigned long action, void *data)
{
	int value = NOTIFY_DONE;

	for (unsigned i = 0; i < bare->count; i++)
		value = bare->calls[i](NULL, action, data);
	return value;
}

static void walk_bare(struct memhp_bench_state *state)
{
	struct bare *bare = memhp_bench_data(state);
	const unsigned long action = action_of(state);

	MEMHP_BENCH_LOOP(state)
	(void)call_bare(bare, action, bare);
}

static void walk_chain(struct memhp_bench_state *state)
{
	struct mh_kept_chain *kept = memhp_bench_data(state);
	const unsigned long action = action_of(state);

	mh_rcu_thread_enter(&kept->chain.rcu);
	MEMHP_BENCH_LOOP(state)
	(void)mh_chain_call(&kept->chain, action, kept, -1, NULL);
	mh_rcu_thread_leave(&kept->chain.rcu);
}

#define MAKE(kind, ...)                                                                                                \
	static void make_##kind(struct memhp_bench_state *state)                                                       \
	{                                                                                                              \
		mh_kept_chain_make(state, &(struct mh_chain_config){__VA_ARGS__},                                      \
				   (unsigned)memhp_bench_arg(state, 0));                                               \
	}

MAKE(memb, MH_CHAIN_RCU_ARRAY, MH_RCU_MEMB)
MAKE(qsbr, MH_CHAIN_RCU_ARRAY, MH_RCU_QSBR)
MAKE(bp, MH_CHAIN_RCU_ARRAY, MH_RCU_BP)
MAKE(mb, MH_CHAIN_RCU_ARRAY, MH_RCU_MB)
MAKE(srcu, MH_CHAIN_RCU_ARRAY, MH_RCU_SRCU)
MAKE(list, MH_CHAIN_RCU_LIST, MH_RCU_MEMB)
MAKE(rwlock, MH_CHAIN_RWLOCK, MH_RCU_MEMB)
MAKE(mutex, MH_CHAIN_MUTEX, MH_RCU_MEMB)

/* For each number of listeners by one thread, and for three of them by two. */
#define ROWS(label, run_it, make_it, free_it)                                                                          \
	{.name = "chain/" label, .run = run_it, .set_up = make_it, .tear_down = free_it, .args = {LISTENERS}},         \
	{                                                                                                              \
		.name = "chain/" label, .run = run_it, .set_up = make_it, .tear_down = free_it, .args = {THREE},       \
		.threads_min = 2, .threads_max = 2                                                                     \
	}

const struct memhp_bench mh_benches_chain[] = {
	ROWS("bare", walk_bare, make_bare, free_bare),
	ROWS("memb", walk_chain, make_memb, mh_kept_chain_free),
	ROWS("qsbr", walk_chain, make_qsbr, mh_kept_chain_free),
	ROWS("bp", walk_chain, make_bp, mh_kept_chain_free),
	ROWS("mb", walk_chain, make_mb, mh_kept_chain_free),
	ROWS("srcu", walk_chain, make_srcu, mh_kept_chain_free),
	ROWS("list", walk_chain, make_list, mh_kept_chain_free),
	ROWS("rwlock", walk_chain, make_rwlock, mh_kept_chain_free),
	ROWS("mutex", walk_chain, make_mutex, mh_kept_chain_free),
	{0},
};
