/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Comparing pieces of code that take nanoseconds, in one run: in each round every variant is measured once, for a few
 * ms, in shuffled order; two variants are compared by the median of their ratios round by round. Absolute figures move
 * from run to run, these ratios hardly do.
 *
 * A sample during which the thread was preempted (ru_nivcsw) is taken again. So is a round during which somebody else
 * used the other half of the core: no counter tells, but an empty loop timed before and after the round is slower then,
 * and code that is bound by throughput suffers more than code that waits for branches.
 */
#ifndef BENCH_MICRO_ROUND_H
#define BENCH_MICRO_ROUND_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "bench/micro/probe.h"

#define MH_ROUND_VARIANTS_MAX 64
#define MH_ROUND_COUNT_MAX    1001
#define MH_ROUND_RETRIES_MAX  20 /* samples taken again, each, before the last is kept and told */
#define MH_ROUND_SHARED_MAX   2  /* times round_count: rounds taken again before shared ones are kept and told */

/* What a variant is measured by. False: it can be measured no more, and is left out of what follows. */
struct mh_round_sample {
	double ns; /* of @iterations */
	bool preempted;
};
typedef bool (*mh_round_sample_fn)(void *data, uint64_t iterations, const struct mh_clock *clock,
				   struct mh_round_sample *ret_sample);

struct mh_round_variant {
	const char *name;
	mh_round_sample_fn sample; /* NULL: @run is timed */
	void (*run)(void *data, uint64_t iterations);
	void *data;
	uint64_t iterations; /* in a sample; 0: calibrated */
	/* Filled by mh_rounds_run: */
	bool failed;                   /* its sample said so */
	unsigned preempted;            /* samples kept although preempted: retries ran out */
	double ns[MH_ROUND_COUNT_MAX]; /* an iteration; one a round */
};

struct mh_rounds {
	struct mh_round_variant variants[MH_ROUND_VARIANTS_MAX];
	unsigned variant_count;
	unsigned round_count;
	uint64_t sample_ns;                /* aimed at; 2 to 5 ms survive preemption best */
	const volatile sig_atomic_t *stop; /* not 0: end; may be NULL */
	unsigned retaken;                  /* samples taken again */
	unsigned shared_again;             /* rounds taken again because the core was shared */
	unsigned shared;                   /* rounds kept although it was */
	unsigned preempted;                /* samples kept although preempted: retries ran out */
	unsigned frequency_changes;        /* rounds at another frequency than the first */
	struct mh_core_watch core;
};

/* The number of the variant, for mh_rounds_ratio. */
unsigned mh_rounds_add(struct mh_rounds *rounds, const char *name, void (*run)(void *data, uint64_t iterations),
		       void *data);
/* The same of what times itself. */
unsigned mh_rounds_add_sample(struct mh_rounds *rounds, const char *name, mh_round_sample_fn sample, void *data);
/* Calibrates and measures. @seed orders the rounds. */
void mh_rounds_run(struct mh_rounds *rounds, const struct mh_clock *clock, uint64_t seed);

struct mh_round_quartiles {
	double low, median, high;
};

/* Of values in any order, which are sorted. @count: from 1. */
struct mh_round_quartiles mh_round_quartiles(double *values, unsigned count);
/* Of ns an iteration of variant @index. */
struct mh_round_quartiles mh_rounds_ns(const struct mh_rounds *rounds, unsigned index);
/* Of the ratios @index / @base, round by round. */
struct mh_round_quartiles mh_rounds_ratio(const struct mh_rounds *rounds, unsigned index, unsigned base);

/* What was taken again and what was kept all the same, a line on stdout. */
void mh_rounds_print_doubts(const struct mh_rounds *rounds);
/* "B1a 1.07 1.30 held" on stdout. Return: whether it was held. */
bool mh_bar_print(const char *id, double value, double bar);

#endif
