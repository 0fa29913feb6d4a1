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

#define ITERATIONS_MAX (UINT64_C(1) << 40) /* of a sample: what takes no time ends, too */

static struct mh_round_variant *add(struct mh_rounds *rounds, const char *name, void *data)
{
	struct mh_round_variant *variant = &rounds->variants[rounds->variant_count];

	MH_ASSERT(rounds->variant_count < MH_ROUND_VARIANTS_MAX);
	variant->name = name;
	variant->data = data;
	rounds->variant_count++;
	return variant;
}

unsigned mh_rounds_add(struct mh_rounds *rounds, const char *name, void (*run)(void *data, uint64_t iterations),
		       void *data)
{
	add(rounds, name, data)->run = run;
	return rounds->variant_count - 1;
}

unsigned mh_rounds_add_sample(struct mh_rounds *rounds, const char *name, mh_round_sample_fn sample, void *data)
{
	add(rounds, name, data)->sample = sample;
	return rounds->variant_count - 1;
}

static long preemptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

static void time_run(const struct mh_round_variant *variant, const struct mh_clock *clock,
		     struct mh_round_sample *ret_sample)
{
	long before = preemptions();
	uint64_t begin = mh_clock_ticks(clock);

	variant->run(variant->data, variant->iterations);
	ret_sample->ns = (double)mh_clock_ns(clock, mh_clock_ticks(clock) - begin);
	ret_sample->preempted = preemptions() != before;
}

/* One sample, whether or not it was preempted. */
static void sample(struct mh_round_variant *variant, const struct mh_clock *clock, struct mh_round_sample *ret_sample)
{
	*ret_sample = (struct mh_round_sample){.ns = 0};
	if (!variant->sample)
		time_run(variant, clock, ret_sample);
	else
		variant->failed = !variant->sample(variant->data, variant->iterations, clock, ret_sample);
}

static bool is_stopped(const struct mh_rounds *rounds)
{
	return rounds->stop && *rounds->stop;
}

/* Taken again while it was preempted. Return: how often. */
static unsigned sample_quietly(struct mh_round_variant *variant, const struct mh_clock *clock,
			       struct mh_round_sample *taken)
{
	unsigned again = 0;

	for (sample(variant, clock, taken); taken->preempted && !variant->failed && again < MH_ROUND_RETRIES_MAX;
	     again++)
		sample(variant, clock, taken);
	return again;
}

/* Doubles until a sample is long enough to scale from. */
static void calibrate(const struct mh_rounds *rounds, struct mh_round_variant *variant, const struct mh_clock *clock)
{
	const double sample_ns = (double)rounds->sample_ns;
	struct mh_round_sample taken = {.ns = 0};

	if (variant->iterations)
		return;
	for (variant->iterations = 1; !variant->failed && !is_stopped(rounds); variant->iterations *= 2) {
		/* A preempted one is long for nothing: a sample would be cut far too short. */
		(void)sample_quietly(variant, clock, &taken);
		if (taken.ns >= sample_ns / 4 || variant->iterations > ITERATIONS_MAX / 2)
			break;
	}
	if (taken.ns > 0)
		variant->iterations = (uint64_t)((double)variant->iterations * sample_ns / taken.ns);
	if (variant->iterations == 0)
		variant->iterations = 1;
}

static void measure(struct mh_rounds *rounds, struct mh_round_variant *variant, const struct mh_clock *clock,
		    unsigned round)
{
	struct mh_round_sample taken = {.preempted = true};

	if (!variant->failed)
		rounds->retaken += sample_quietly(variant, clock, &taken);
	rounds->preempted += taken.preempted;
	variant->preempted += taken.preempted;
	variant->ns[round] = taken.ns / (double)variant->iterations;
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

/* Every variant once. Return: enum mh_core_doubt. */
static unsigned measure_round(struct mh_rounds *rounds, const unsigned *order, const struct mh_clock *clock,
			      unsigned round)
{
	struct mh_core_probe before, after;

	mh_core_probe(clock, &before);
	for (unsigned i = 0; i < rounds->variant_count && !is_stopped(rounds); i++)
		if (!rounds->variants[order[i]].failed)
			measure(rounds, &rounds->variants[order[i]], clock, round);
	mh_core_probe(clock, &after);
	return mh_core_watch_judge(&rounds->core, &before, &after);
}

/* A round on a shared core is better taken again, as long as there is patience for it. */
static bool keep_round(struct mh_rounds *rounds, unsigned doubts)
{
	const bool patient = rounds->shared_again < MH_ROUND_SHARED_MAX * rounds->round_count;

	if (doubts & MH_CORE_SHARED && patient) {
		rounds->shared_again++;
		return false;
	}
	rounds->shared += (doubts & MH_CORE_SHARED) != 0;
	rounds->frequency_changes += (doubts & MH_CORE_FREQUENCY) != 0;
	return true;
}

void mh_rounds_run(struct mh_rounds *rounds, const struct mh_clock *clock, uint64_t seed)
{
	unsigned order[MH_ROUND_VARIANTS_MAX];
	struct mh_core_probe first;
	struct mh_rng rng;

	MH_ASSERT(rounds->round_count <= MH_ROUND_COUNT_MAX);
	mh_rng_init(&rng, seed, "rounds", 0);
	mh_core_probe(clock, &first);
	mh_core_watch_init(&rounds->core, &first);
	for (unsigned i = 0; i < rounds->variant_count; i++) {
		order[i] = i;
		calibrate(rounds, &rounds->variants[i], clock);
	}
	for (unsigned round = 0; round < rounds->round_count && !is_stopped(rounds);) {
		shuffle(order, rounds->variant_count, &rng);
		round += keep_round(rounds, measure_round(rounds, order, clock, round));
	}
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

struct mh_round_quartiles mh_round_quartiles(double *values, unsigned count)
{
	qsort(values, count, sizeof(*values), by_value);
	return (struct mh_round_quartiles){values[count / 4], values[count / 2], values[count - 1 - count / 4]};
}

struct mh_round_quartiles mh_rounds_ns(const struct mh_rounds *rounds, unsigned index)
{
	double values[MH_ROUND_COUNT_MAX];

	memcpy(values, rounds->variants[index].ns, rounds->round_count * sizeof(*values));
	return mh_round_quartiles(values, rounds->round_count);
}

struct mh_round_quartiles mh_rounds_ratio(const struct mh_rounds *rounds, unsigned index, unsigned base)
{
	double values[MH_ROUND_COUNT_MAX];

	for (unsigned i = 0; i < rounds->round_count; i++)
		values[i] = rounds->variants[index].ns[i] / rounds->variants[base].ns[i];
	return mh_round_quartiles(values, rounds->round_count);
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
