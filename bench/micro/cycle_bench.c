/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cycle (offline and online again) of an empty block: on few and on many blocks, in order and at random, and where
 * its time goes: core against the same text with one part left out, all interleaved in one run.
 *
 * cycle_bench [ROUNDS]    ns a cycle, then the bars; exit 1 when one was missed
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/rcu.h"
#include "bench/micro/cycle_machine.h"
#include "bench/micro/round.h"

#define ROUNDS_DEFAULT 61
#define SAMPLE_NS      3000000u
#define SEED           1
#define FEW            1024u
#define MANY           524288u

static struct mh_cycle_machine few, many, rwlock;
static struct mh_clock clock_;

static void machine_new(struct mh_cycle_machine *cycled, uint32_t blocks, enum mh_chain_type chain)
{
	struct mh_cycle_machine_config config = {.node_blocks = blocks, .chain = {.type = chain}, .clock = &clock_};
	struct mh_error error;

	if (mh_cycle_machine_init(cycled, &config, &error) == 0)
		return;
	fprintf(stderr, "cycle_bench: %s\n", error.text);
	exit(1);
}

static void run_cycles(void *data, uint64_t cycles)
{
	for (uint64_t i = 0; i < cycles; i++)
		mh_cycle_once(data);
}

/* Return: its number in @rounds. */
static unsigned add(struct mh_rounds *rounds, const char *name, struct mh_cycle_machine *cycled, struct mh_cycle cycle)
{
	struct mh_cycle *kept = aligned_alloc(128, sizeof(*kept));
	enum mh_stamp_level level = cycle.trace.level;

	if (!kept || mh_cycle_init(kept, cycled, 0, level) < 0)
		abort();
	kept->random = cycle.random;
	if (cycle.code)
		kept->code = cycle.code;
	return mh_rounds_add(rounds, name, run_cycles, kept);
}

/* @base: what each is compared with. */
static void print(const char *title, const struct mh_rounds *rounds, unsigned base)
{
	printf("%-25s  ns/cycle   x %s  (quartiles)\n", title, rounds->variants[base].name);
	for (unsigned i = 0; i < rounds->variant_count; i++) {
		struct mh_round_quartiles ratio = mh_rounds_ratio(rounds, i, base);

		printf("  %-24s %8.1f   %7.3f  (%.3f %.3f)\n", rounds->variants[i].name, mh_rounds_ns(rounds, i).median,
		       ratio.median, ratio.low, ratio.high);
	}
	mh_rounds_print_doubts(rounds);
}

static bool measure_blocks(unsigned round_count)
{
	static struct mh_rounds rounds = {.sample_ns = SAMPLE_NS};
	struct mh_cycle stamped = {.trace = {.level = MH_STAMPS_EVENT}}, random = {.random = true};
	unsigned base, in_order, at_random;
	bool held;

	rounds.round_count = round_count;
	base = add(&rounds, "1,024 blocks", &few, (struct mh_cycle){.random = false});
	in_order = add(&rounds, "524,288 blocks", &many, (struct mh_cycle){.random = false});
	(void)add(&rounds, "1,024, random", &few, random);
	at_random = add(&rounds, "524,288, random", &many, random);
	(void)add(&rounds, "1,024, stamps: event", &few, stamped);
	(void)add(&rounds, "524,288, stamps: event", &many, stamped);
	mh_rounds_run(&rounds, &clock_, SEED);
	print("cycle of an empty block", &rounds, base);
	held = mh_bar_print("B4e-sequential", mh_rounds_ratio(&rounds, in_order, base).median, 1.10);
	held &= mh_bar_print("B4e-random", mh_rounds_ratio(&rounds, at_random, base).median, 1.60);
	return held;
}

static bool measure_parts(unsigned round_count)
{
	static struct mh_rounds rounds = {.sample_ns = SAMPLE_NS};
	static const struct {
		const char *name;
		const struct mh_cycle_code *code;
	} parts[] = {
		{"core", &mh_cycle_core_code},
		{"one unit", &mh_cycle_whole_code},
		{"no locks", &mh_cycle_no_locks_code},
		{"no rcu", &mh_cycle_no_rcu_code},
		{"no call checks", &mh_cycle_no_call_checks_code},
		{"no operation checks", &mh_cycle_no_operation_checks_code},
		{"no trace", &mh_cycle_no_trace_code},
		{"no hooks", &mh_cycle_no_hooks_code},
		{"floor", &mh_cycle_floor_code},
	};
	unsigned floor = 8, no_rcu = 3, with_rwlock;
	bool held;

	rounds.round_count = round_count;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		(void)add(&rounds, parts[i].name, &few, (struct mh_cycle){.code = parts[i].code});
	with_rwlock = add(&rounds, "rwlock chain", &rwlock, (struct mh_cycle){.random = false});
	mh_rounds_run(&rounds, &clock_, SEED);
	print("where its time goes", &rounds, 0);
	held = mh_bar_print("B4a", mh_rounds_ratio(&rounds, 0, no_rcu).median, 1.25);
	held &= mh_bar_print("B4b", mh_rounds_ratio(&rounds, 0, floor).median, 2.5);
	printf("B4c %.2f (at least 1.35)\n", mh_rounds_ratio(&rounds, with_rwlock, 0).median);
	return held;
}

static bool are_sound(void)
{
	unsigned violations = mh_check_machine(few.machine) + mh_check_machine(many.machine);

	if (violations)
		fprintf(stderr, "cycle_bench: %u violations: no verdict\n", violations);
	return violations == 0;
}

int main(int argc, char **argv)
{
	unsigned round_count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : ROUNDS_DEFAULT;
	bool held;

	if (argc > 2 || round_count < 3 || round_count > MH_ROUND_COUNT_MAX) {
		fprintf(stderr, "usage: cycle_bench [ROUNDS], 3 to %d rounds\n", MH_ROUND_COUNT_MAX);
		return 2;
	}
	mh_clock_init(&clock_, MH_CLOCK_TSC);
	mh_rcu_thread_register();
	machine_new(&few, FEW, MH_CHAIN_RCU_ARRAY);
	machine_new(&many, MANY, MH_CHAIN_RCU_ARRAY);
	machine_new(&rwlock, FEW, MH_CHAIN_RWLOCK);
	held = measure_blocks(round_count);
	held &= measure_parts(round_count);
	return are_sound() && held ? 0 : 1;
}
