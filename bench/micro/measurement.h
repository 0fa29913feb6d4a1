/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An instance that is set up, with its threads waiting, from which samples are taken.
 *
 * Legal order: mh_measurement_begin; mh_measurement_sample any number of times, with any numbers of iterations, until
 * one says that it was skipped; mh_measurement_end. By one thread.
 */
#ifndef BENCH_MICRO_MEASUREMENT_H
#define BENCH_MICRO_MEASUREMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "bench/micro/counters.h"
#include "bench/micro/instance.h"
#include "bench/micro/perf.h"
#include "bench/micro/timer.h"
#include "results/histogram.h"

#define MH_SKIP_SIZE  256
#define MH_LABEL_SIZE 64

struct mh_measurement;

struct mh_measurement_options {
	const struct mh_instance *instance;
	const struct mh_timer *timer;
	bool histogram;                 /* time each iteration by itself */
	const struct mh_perf_set *perf; /* NULL: none */
};

/* What came of one sample. Times are 0 when it was skipped. */
struct mh_sample {
	bool skipped;
	uint64_t iterations; /* of each thread */
	double span_s;       /* from start to end, pauses included; the mean of the threads, as all that follows */
	double wall_s;       /* without pauses */
	double manual_s;
	double cpu_s;  /* of all threads together */
	double call_s; /* of the whole call, with what stands around the loop */
	bool preempted, stepped_back;
	struct mh_counters counters; /* sums over the threads */
	char label[MH_LABEL_SIZE];
};

/* Starts the threads and sets up. Return: 0, also when the set-up skipped; -ENOMEM, -EAGAIN. */
int mh_measurement_begin(const struct mh_measurement_options *options, struct mh_measurement **ret_measurement,
			 struct mh_error *reterr);

void mh_measurement_sample(struct mh_measurement *measurement, uint64_t iterations, struct mh_sample *ret_sample);

/* Why there are no more samples; NULL: there are. Valid until mh_measurement_end. */
const char *mh_measurement_skipped(const struct mh_measurement *measurement);

/* Adds what the iterations of the last sample took to @to, in ns; whose layout is mh_measurement_layout. */
void mh_measurement_merge_histogram(const struct mh_measurement *measurement, struct mh_histogram *to);
extern const struct mh_histogram_layout mh_measurement_layout;

/* Tears down, unless the set-up failed, and ends the threads. Safe on NULL. */
void mh_measurement_end(struct mh_measurement *measurement);

#endif
