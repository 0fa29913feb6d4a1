/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Micro-benchmarks in C, for `memhp-bench micro`: a table of functions, each with its arguments, thread counts and
 * set-up. Names and flags are Google Benchmark's wherever it has the thing.
 *
 *	static void walk(struct memhp_bench_state *state)
 *	{
 *		struct chain *chain = memhp_bench_data(state);
 *
 *		MEMHP_BENCH_LOOP(state)
 *			call(chain);
 *		memhp_bench_items(state, memhp_bench_iterations(state));
 *	}
 *
 *	static const struct memhp_bench benches[] = {
 *		{.name = "walk", .run = walk, .set_up = make, .tear_down = destroy,
 *		 .args = {MEMHP_BENCH_VALUES("callbacks", 0, 1, 3, 10)}},
 *		{0}
 *	};
 *	MEMHP_BENCHMARKS(benches)
 *
 * compiled with `cc -O2 -shared -fPIC -I…/include walk.c -o walk.so` is run by `memhp-bench micro ./walk.so`.
 */
#ifndef MEMHP_BENCH_H
#define MEMHP_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

#define MEMHP_BENCH_ARGS_MAX 4

/* One sample of one instance of a benchmark, seen by one of its threads. */
struct memhp_bench_state;

typedef void (*memhp_bench_fn)(struct memhp_bench_state *state);

enum memhp_bench_arg_kind {
	MEMHP_BENCH_ARG_NONE,
	MEMHP_BENCH_ARG_VALUES, /* those of the list */
	MEMHP_BENCH_ARG_RANGE,  /* first, then the powers of step between, then last: Google Benchmark's Range() */
	MEMHP_BENCH_ARG_DENSE,  /* first, first + step, … up to last */
};

/* One argument. With several, the instances are their product, the last the fastest. */
struct memhp_bench_arg {
	enum memhp_bench_arg_kind kind;
	const char *name; /* stands in the instance's name, "walk/callbacks:3"; NULL: "walk/3" */
	int64_t first, last, step;
	const int64_t *values;
	size_t value_count;
};

/* For tables outside of functions, whose lists of values stay. */
#define MEMHP_BENCH_VALUES(arg_name, ...)                                                                              \
	{                                                                                                              \
		.kind = MEMHP_BENCH_ARG_VALUES, .name = (arg_name), .values = (const int64_t[]){__VA_ARGS__},          \
		.value_count = sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)                                \
	}
#define MEMHP_BENCH_RANGE(arg_name, from, to, multiplier)                                                              \
	{                                                                                                              \
		.kind = MEMHP_BENCH_ARG_RANGE, .name = (arg_name), .first = (from), .last = (to), .step = (multiplier) \
	}
#define MEMHP_BENCH_DENSE(arg_name, from, to, by)                                                                      \
	{                                                                                                              \
		.kind = MEMHP_BENCH_ARG_DENSE, .name = (arg_name), .first = (from), .last = (to), .step = (by)         \
	}

/* One row of the table; a row without a name ends it. What is 0 or NULL has the flag's value, or the default. */
struct memhp_bench {
	const char *name; /* "chain/walk": letters, digits, '_', '-', '.', '/' */
	/* Called in each thread, for each of the samples that a measurement is made of. */
	memhp_bench_fn run;
	/* Called once a measurement, before the first sample and after the last, by one thread, outside of its time. A
	 * set-up that fails calls memhp_bench_skip(): then nothing was set up, and neither of the others is called. */
	memhp_bench_fn set_up, tear_down;
	struct memhp_bench_arg args[MEMHP_BENCH_ARGS_MAX];
	unsigned threads_min, threads_max; /* 1, 2, 4 … up to the most; 0: one thread */
	double min_time_s, warm_up_s;      /* --benchmark_min_time, --benchmark_min_warmup_time */
	uint64_t iterations;               /* exactly so many a thread, in one sample */
	unsigned repetitions;              /* --benchmark_repetitions */
	const char *unit;                  /* --benchmark_time_unit: "ns", "us", "ms", "s" */
	bool real_time;                    /* rates are by the wall clock and not by the threads' CPU time */
	bool manual_time;                  /* times and rates are by what memhp_bench_set_iteration_time() says */
	bool histogram;                    /* each iteration is timed by itself, and percentiles are told:
						--benchmark_histogram */
};

/* The loop: runs its statement memhp_bench_iterations() times, on time. Once a sample and thread; the counter
 * stays in a register even where the body clobbers memory. */
#define MEMHP_BENCH_LOOP(state)                                                                                        \
	for (uint64_t memhp_bench_left = memhp_bench_next(state);                                                      \
	     memhp_bench_left || (memhp_bench_left = memhp_bench_next(state));                                         \
	     memhp_bench_left--, memhp_bench_clobber())

/* The compiler must make the value, and must not know it. Not a fence: it orders nothing at run time. */
#define MEMHP_BENCH_KEEP(value) __asm__ volatile("" : "+m,r"(value) : : "memory")

/* The compiler must take it that all memory was read and written. Not a fence: it orders nothing at run time. */
static inline void memhp_bench_clobber(void)
{
	__asm__ volatile("" : : : "memory");
}

/* What MEMHP_BENCH_LOOP calls: waits for all threads and starts the clock, and says how many iterations come next: all
 * of them at once; one after the other, each timed, where a histogram is asked for. 0: the clock has been stopped. */
uint64_t memhp_bench_next(struct memhp_bench_state *state);

/* The value of the argument with this index, of the row's args. */
int64_t memhp_bench_arg(const struct memhp_bench_state *state, unsigned index);
uint64_t memhp_bench_iterations(const struct memhp_bench_state *state); /* of this thread and sample */
unsigned memhp_bench_thread(const struct memhp_bench_state *state);     /* from 0 */
unsigned memhp_bench_threads(const struct memhp_bench_state *state);

/* What the set-up leaves for the threads and the tear-down; only the set-up sets it. */
void memhp_bench_set_data(struct memhp_bench_state *state, void *data);
void *memhp_bench_data(const struct memhp_bench_state *state);

/* Inside the loop: the time between the two is not the benchmark's. Each costs a reading of the clock; the CPU time is
 * taken to be spread evenly over both parts. */
void memhp_bench_pause(struct memhp_bench_state *state);
void memhp_bench_resume(struct memhp_bench_state *state);
/* How long this iteration is to count, with manual_time; added up. */
void memhp_bench_set_iteration_time(struct memhp_bench_state *state, double seconds);

/* This instance has no result, and why: a sentence. */
void memhp_bench_skip(struct memhp_bench_state *state, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum memhp_bench_counter_flags {
	MEMHP_BENCH_RATE = 1 << 0,           /* divided by the time */
	MEMHP_BENCH_AVG_THREADS = 1 << 1,    /* divided by the number of threads; else the threads' sum */
	MEMHP_BENCH_AVG_ITERATIONS = 1 << 2, /* divided by the iterations */
	MEMHP_BENCH_PER_ITERATION = 1 << 3,  /* first multiplied by the iterations: what one of them does */
	MEMHP_BENCH_INVERT = 1 << 4,         /* 1 divided by it */
};

/* Of this thread and sample: over the samples its mean is told, or with a flag what they came to together. A name that
 * is set again is overwritten. At most 16, names below 32 characters. */
void memhp_bench_counter(struct memhp_bench_state *state, const char *name, double value, unsigned flags);
void memhp_bench_items(struct memhp_bench_state *state, uint64_t items); /* items_per_second */
void memhp_bench_bytes(struct memhp_bench_state *state, uint64_t bytes); /* bytes_per_second */
void memhp_bench_label(struct memhp_bench_state *state, const char *label);

/* What a file of benchmarks exports. */
#define MEMHP_BENCHMARKS(table)                                                                                        \
	extern const struct memhp_bench *const memhp_benchmarks;                                                       \
	__attribute__((visibility("default"))) const struct memhp_bench *const memhp_benchmarks = (table);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
