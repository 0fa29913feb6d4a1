/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calibration, shuffled rounds, and medians of paired ratios.
 */
#include "bench/micro/round.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/assert.h"
#include "base/rng.h"

#define PROBE_TURNS 100000u /* about 30 us */

unsigned mh_rounds_add(struct mh_rounds *rounds, const char *name, void (*run)(void *data, uint64_t iterations),
		       void *data)
{
	struct mh_round_variant *variant = &rounds->variants[rounds->variant_count];

	MH_ASSERT(rounds->variant_count < MH_ROUND_VARIANTS_MAX);
	variant->name = name;
	variant->run = run;
	variant->data = data;
	return rounds->variant_count++;
}

static long preemptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

/* One sample in ns, whether or not it was preempted. */
static uint64_t sample(const struct mh_round_variant *variant, const struct mh_clock *clock, bool *ret_preempted)
{
	long before = preemptions();
	uint64_t begin = mh_clock_ticks(clock);

	variant->run(variant->data, variant->iterations);

	uint64_t ns = mh_clock_ns(clock, mh_clock_ticks(clock) - begin);

	*ret_preempted = preemptions() != before;
	return ns;
}

/* Doubles until a sample is long enough to scale from. */
static void calibrate(struct mh_round_variant *variant, const struct mh_clock *clock, uint64_t sample_ns)
{
	uint64_t ns = 0;
	bool preempted;

	for (variant->iterations = 16; ns < sample_ns / 4; variant->iterations *= 2)
		ns = sample(variant, clock, &preempted);
	variant->iterations = variant->iterations / 2 * sample_ns / ns;
	if (variant->iterations == 0)
		variant->iterations = 1;
}

static void measure(struct mh_rounds *rounds, struct mh_round_variant *variant, const struct mh_clock *clock,
		    unsigned round)
{
	bool preempted = true;
	uint64_t ns = 0;

	for (unsigned tries = 0; preempted && tries <= MH_ROUND_RETRIES_MAX; tries++) {
		rounds->retaken += tries > 0;
		ns = sample(variant, clock, &preempted);
	}
	rounds->preempted += preempted;
	variant->ns[round] = (double)ns / (double)variant->iterations;
}

/* An empty loop of known length: one cycle a turn on a core of one's own. Return: the better of two tries, in ns. */
static uint64_t probe(const struct mh_clock *clock)
{
	uint64_t best_ns = UINT64_MAX;

	for (int tries = 0; tries < 2; tries++) {
		uint64_t begin = mh_clock_ticks(clock), ns;

		for (unsigned turn = 0; turn < PROBE_TURNS; turn++)
			__asm__ volatile("" : : "r"(turn));
		ns = mh_clock_ns(clock, mh_clock_ticks(clock) - begin);
		best_ns = ns < best_ns ? ns : best_ns;
	}
	return best_ns;
}

static void shuffle(unsigned *order, unsigned count, struct mh_rng *rng)
{
	for (unsigned i = count; i > 1; i--) {
		unsigned other = (unsigned)(mh_rng_u64(rng) % i);
		unsigned swapped = order[i - 1];

		order[i - 1] = order[other];
		order[other] = swapped;
	}
}

/* Every variant once. Return: false when the core was shared and the round is better taken again. */
static bool measure_round(struct mh_rounds *rounds, const unsigned *order, const struct mh_clock *clock, unsigned round,
			  uint64_t *best_ns)
{
	uint64_t before_ns = probe(clock), after_ns;
	bool quiet;

	for (unsigned i = 0; i < rounds->variant_count; i++)
		measure(rounds, &rounds->variants[order[i]], clock, round);
	after_ns = probe(clock);
	*best_ns = before_ns < *best_ns ? before_ns : *best_ns;
	*best_ns = after_ns < *best_ns ? after_ns : *best_ns;
	if (before_ns < after_ns)
		before_ns = after_ns;
	quiet = (double)before_ns <= MH_ROUND_QUIET_RATIO * (double)*best_ns;
	if (!quiet && rounds->shared_again == MH_ROUND_SHARED_MAX * rounds->round_count)
		rounds->shared++;
	return quiet;
}

void mh_rounds_run(struct mh_rounds *rounds, const struct mh_clock *clock, uint64_t seed)
{
	unsigned order[MH_ROUND_VARIANTS_MAX];
	uint64_t best_ns = probe(clock);
	struct mh_rng rng;

	MH_ASSERT(rounds->round_count <= MH_ROUND_COUNT_MAX);
	mh_rng_init(&rng, seed, "rounds", 0);
	for (unsigned i = 0; i < rounds->variant_count; i++) {
		order[i] = i;
		calibrate(&rounds->variants[i], clock, rounds->sample_ns);
	}
	for (unsigned round = 0; round < rounds->round_count;) {
		shuffle(order, rounds->variant_count, &rng);
		if (measure_round(rounds, order, clock, round, &best_ns) ||
		    rounds->shared_again == MH_ROUND_SHARED_MAX * rounds->round_count)
			round++;
		else
			rounds->shared_again++;
	}
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

static struct mh_round_quartiles quartiles(double *values, unsigned count)
{
	qsort(values, count, sizeof(*values), by_value);
	return (struct mh_round_quartiles){values[count / 4], values[count / 2], values[count - 1 - count / 4]};
}

struct mh_round_quartiles mh_rounds_ns(const struct mh_rounds *rounds, unsigned index)
{
	double values[MH_ROUND_COUNT_MAX];

	memcpy(values, rounds->variants[index].ns, rounds->round_count * sizeof(*values));
	return quartiles(values, rounds->round_count);
}

struct mh_round_quartiles mh_rounds_ratio(const struct mh_rounds *rounds, unsigned index, unsigned base)
{
	double values[MH_ROUND_COUNT_MAX];

	for (unsigned i = 0; i < rounds->round_count; i++)
		values[i] = rounds->variants[index].ns[i] / rounds->variants[base].ns[i];
	return quartiles(values, rounds->round_count);
}

void mh_rounds_print_doubts(const struct mh_rounds *rounds)
{
	printf("  taken again: %u preempted samples, %u rounds on a shared core; kept all the same: %u and %u\n\n",
	       rounds->retaken, rounds->shared_again, rounds->preempted, rounds->shared);
}

bool mh_bar_print(const char *id, double value, double bar)
{
	bool held = value <= bar;

	printf("%s %.2f %.2f %s\n", id, value, bar, held ? "held" : "missed");
	return held;
}
