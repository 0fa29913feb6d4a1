/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Named numbers that a benchmark tells beside its time, and what their flags make of them. */
#ifndef BENCH_MICRO_COUNTERS_H
#define BENCH_MICRO_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include <memhp/bench.h>

#define MH_COUNTER_NAME_SIZE 32
#define MH_COUNTERS_OWN_MAX  16 /* of a benchmark */
#define MH_COUNTERS_MAX      32 /* with those that the harness adds */

struct mh_counter {
	char name[MH_COUNTER_NAME_SIZE];
	double value;
	unsigned flags; /* enum memhp_bench_counter_flags */
};

struct mh_counters {
	struct mh_counter items[MH_COUNTERS_MAX];
	unsigned count;
};

/* What the flags divide and multiply by. */
struct mh_counter_base {
	unsigned samples, threads;
	uint64_t iterations;        /* of all threads and samples */
	uint64_t sample_iterations; /* of one thread in one sample */
	double seconds;             /* of all samples */
};

/* NULL: there is none of that name. */
struct mh_counter *mh_counters_find(const struct mh_counters *counters, const char *name);

/* Overwrites one of the same name. False: there is no room, or the name is too long or empty. */
bool mh_counters_set(struct mh_counters *counters, const char *name, double value, unsigned flags);

/* Adds the values of @from, by name: another thread's, or another sample's. */
void mh_counters_add(struct mh_counters *sum, const struct mh_counters *from);

/* The value to be told of a sum over threads and samples. */
double mh_counter_finish(const struct mh_counter *counter, const struct mh_counter_base *base);

#endif
