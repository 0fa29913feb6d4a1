/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a walk costs over the calls themselves: mh_chain_call of every kind of chain against the same callbacks through
 * a bare array of function pointers, interleaved in one run. One thread, callbacks that do nothing.
 *
 * chain_bench [ROUNDS]    a table for each number of callbacks, then the bars "ID VALUE BAR held|missed"; exit 1 when
 *                         one was missed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rcu.h"
#include "bench/micro/callbacks.h"
#include "bench/micro/round.h"
#include "core/notifier.h"

#define ROUNDS_DEFAULT 61
#define SAMPLE_NS      3000000u
#define CALLBACKS_MAX  100
#define CHAINS         8
#define SEED           1

/* The limit: what the calls cost without anything around them. */
struct bare {
	unsigned count;
	notifier_fn_t calls[CALLBACKS_MAX];
};

struct kept {
	const char *name;
	struct mh_chain_config config;
	struct mh_chain chain;
	struct notifier_block blocks[CALLBACKS_MAX];
};

static struct bare bare;
static struct kept chains[CHAINS] = {
	{.name = "rcu-array/memb", .config = {MH_CHAIN_RCU_ARRAY, MH_RCU_MEMB}},
	{.name = "rcu-array/qsbr", .config = {MH_CHAIN_RCU_ARRAY, MH_RCU_QSBR}},
	{.name = "rcu-array/bp", .config = {MH_CHAIN_RCU_ARRAY, MH_RCU_BP}},
	{.name = "rcu-array/mb", .config = {MH_CHAIN_RCU_ARRAY, MH_RCU_MB}},
	{.name = "rcu-array/srcu", .config = {MH_CHAIN_RCU_ARRAY, MH_RCU_SRCU}},
	{.name = "rcu-list/memb", .config = {MH_CHAIN_RCU_LIST, MH_RCU_MEMB}},
	{.name = "rwlock", .config = {MH_CHAIN_RWLOCK, MH_RCU_MEMB}},
	{.name = "mutex", .config = {MH_CHAIN_MUTEX, MH_RCU_MEMB}},
};

static __attribute__((noinline)) int bare_call(const struct bare *array, unsigned long action, void *data)
{
	int value = NOTIFY_DONE;

	for (unsigned i = 0; i < array->count; i++)
		value = array->calls[i](NULL, action, data);
	return value;
}

static void run_bare(void *data, uint64_t iterations)
{
	for (uint64_t i = 0; i < iterations; i++)
		(void)bare_call(data, i, data);
}

static void run_chain(void *data, uint64_t iterations)
{
	struct kept *kept = data;

	for (uint64_t i = 0; i < iterations; i++)
		(void)mh_chain_call(&kept->chain, i, data, -1, NULL);
}

static void chains_fill(unsigned from, unsigned to)
{
	bare.count = to;
	for (unsigned i = from; i < to; i++) {
		bare.calls[i] = mh_callback_of(i);
		for (int c = 0; c < CHAINS; c++) {
			struct notifier_block *nb = &chains[c].blocks[i];

			*nb = (struct notifier_block){mh_callback_of(i), NULL, -(int)i};
			if (mh_chain_register(&chains[c].chain, nb, NULL) < 0)
				abort();
		}
	}
}

/* Return: rcu-array/memb over bare. */
static double measure(unsigned count, unsigned round_count, const struct mh_clock *clock)
{
	static struct mh_rounds rounds;
	double default_ratio = 0;

	memset(&rounds, 0, sizeof(rounds));
	rounds.round_count = round_count;
	rounds.sample_ns = SAMPLE_NS;
	mh_rounds_add(&rounds, "bare array", run_bare, &bare);
	for (int c = 0; c < CHAINS; c++)
		mh_rounds_add(&rounds, chains[c].name, run_chain, &chains[c]);
	mh_rounds_run(&rounds, clock, SEED);
	printf("%u callbacks         ns/walk   x bare  (quartiles)\n", count);
	for (unsigned i = 0; i < rounds.variant_count; i++) {
		struct mh_round_quartiles ratio = mh_rounds_ratio(&rounds, i, 0);

		printf("  %-16s %9.2f  %7.3f  (%.3f %.3f)\n", rounds.variants[i].name, mh_rounds_ns(&rounds, i).median,
		       ratio.median, ratio.low, ratio.high);
		if (i == 1)
			default_ratio = ratio.median;
	}
	mh_rounds_print_doubts(&rounds);
	return default_ratio;
}

int main(int argc, char **argv)
{
	static const unsigned counts[] = {0, 1, 3, 10, CALLBACKS_MAX};
	unsigned round_count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS_DEFAULT;
	double ratios[5];
	struct mh_clock clock;
	bool held;

	if (argc > 2 || round_count < 3 || round_count > MH_ROUND_COUNT_MAX) {
		fprintf(stderr, "usage: chain_bench [ROUNDS], 3 to %d rounds\n", MH_ROUND_COUNT_MAX);
		return 2;
	}
	mh_clock_init(&clock, MH_CLOCK_TSC);
	mh_rcu_thread_register();
	for (int c = 0; c < CHAINS; c++) {
		if (mh_chain_init(&chains[c].chain, &chains[c].config, NULL) < 0)
			abort();
		mh_rcu_thread_enter(&chains[c].chain.rcu);
	}
	for (int i = 0; i < 5; i++) {
		chains_fill(i ? counts[i - 1] : 0, counts[i]);
		ratios[i] = measure(counts[i], round_count, &clock);
	}
	held = mh_bar_print("B1a", ratios[2], 1.30);
	held &= mh_bar_print("B1b-10", ratios[3], 1.15);
	held &= mh_bar_print("B1b-100", ratios[4], 1.10);
	held &= mh_bar_print("B1c", ratios[0], 1.50);
	return held ? 0 : 1;
}
