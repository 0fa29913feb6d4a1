/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What it costs to decide whether a fault fires: a keyed mix of the event's identity against a threshold, against the
 * C library's draws. Probabilities and thresholds lie in memory: constants would be folded.
 */
#include <stdlib.h>

#include "base/rng.h"
#include "base/units.h"
#include "bench/micro/bench_list.h"
#include "faults/trigger.h"

#define TEN    10
#define STREAM 1

struct decided {
	struct mh_trigger_plan plan;
	struct mh_trigger_state state;
	uint64_t bases[TEN]; /* of ten faults; the first alone where one decides */
	double probability;
	long limit; /* of rand(): below it fires */
};

static void set_up(struct memhp_bench_state *state)
{
	struct decided *decided = calloc(1, sizeof(*decided));
	uint64_t ppb = (uint64_t)memhp_bench_arg(state, 0);
	struct mh_trigger trigger = {.probability_ppb = ppb};
	struct mh_error error = {.text = "no memory"};
	const char *where;

	if (!decided || mh_trigger_compile(&trigger, 1, 1, &decided->plan, &where, &error) < 0) {
		free(decided);
		memhp_bench_skip(state, "%s", error.text);
		return;
	}
	for (unsigned i = 0; i < TEN; i++)
		decided->bases[i] = mh_rng_mix(mh_rng_key(1, "decision", i), STREAM);
	decided->probability = (double)ppb / MH_PPB_ONE;
	decided->limit = (long)(decided->probability * RAND_MAX);
	memhp_bench_set_data(state, decided);
}

static void tear_down(struct memhp_bench_state *state)
{
	free(memhp_bench_data(state));
}

/* As faults/ask.c does it once the event and the listener match. @call: of which only the draw changes. */
static inline bool decide(struct decided *decided, unsigned fault, uint64_t identity, struct mh_trigger_call *call)
{
	call->draw = mh_rng_mix(decided->bases[fault], identity);
	return mh_trigger_fires(&decided->plan, &decided->state, STREAM, call);
}

/* @fired is not used but by the compiler's leave: it must not be left out. */
static inline void keep(uint64_t fired)
{
	__asm__ volatile("" : : "r"(fired));
}

static void decide_keyed(struct memhp_bench_state *state)
{
	struct decided *decided = memhp_bench_data(state);
	struct mh_trigger_call call = {.size_bytes = 0};
	uint64_t identity = 0, fired = 0;

	MEMHP_BENCH_LOOP(state)
	if (__builtin_expect(decide(decided, 0, identity++, &call), 0))
		fired++;
	keep(fired);
}

/* As a walk does it itself where one fault decides by a draw alone (core/walk.c, sift()). */
static void decide_sieved(struct memhp_bench_state *state)
{
	struct decided *decided = memhp_bench_data(state);
	const uint64_t whitener = mh_rng_whitener(decided->bases[0]), factor = mh_rng_factor(decided->bases[0]);
	uint64_t identity = 0, fired = 0;

	MEMHP_BENCH_LOOP(state)
	if (__builtin_expect(mh_rng_mix_unfolded(whitener, factor, identity++) < decided->plan.threshold, 0))
		fired++;
	keep(fired);
}

static void decide_ten(struct memhp_bench_state *state)
{
	struct decided *decided = memhp_bench_data(state);
	struct mh_trigger_call call = {.size_bytes = 0};
	uint64_t identity = 0, fired = 0;

	MEMHP_BENCH_LOOP(state)
	{
		for (unsigned i = 0; i < TEN; i++)
			if (__builtin_expect(decide(decided, i, identity, &call), 0))
				fired++;
		identity++;
	}
	keep(fired);
}

static void decide_drand48(struct memhp_bench_state *state)
{
	const struct decided *decided = memhp_bench_data(state);
	uint64_t fired = 0;

	MEMHP_BENCH_LOOP(state)
	if (__builtin_expect(drand48() < decided->probability, 0))
		fired++;
	keep(fired);
}

static void decide_rand(struct memhp_bench_state *state)
{
	const struct decided *decided = memhp_bench_data(state);
	uint64_t fired = 0;

	MEMHP_BENCH_LOOP(state)
	if (__builtin_expect(rand() < decided->limit, 0))
		fired++;
	keep(fired);
}

#define ROW(label, run_it)                                                                                             \
	{                                                                                                              \
		.name = "decision/" label, .run = run_it, .set_up = set_up, .tear_down = tear_down, .args = {          \
			MEMHP_BENCH_VALUES("ppb", 0, 1000000, 100000000, 500000000)                                    \
		}                                                                                                      \
	}

const struct memhp_bench mh_benches_decision[] = {
	ROW("keyed", decide_keyed),     ROW("sieved", decide_sieved), ROW("ten", decide_ten),
	ROW("drand48", decide_drand48), ROW("rand", decide_rand),     {0},
};
