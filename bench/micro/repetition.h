/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One repetition of an instance: set up, calibrated, measured for as long as asked, torn down.
 *
 * It is measured in samples of a few ms, so that one that was preempted can be taken again: of half a second, hardly
 * any is not. All of it, calibration and what is taken again included, keeps within 1.25 times the time that was asked
 * for.
 */
#ifndef BENCH_MICRO_REPETITION_H
#define BENCH_MICRO_REPETITION_H

#include <signal.h>

#include "bench/micro/measurement.h"
#include "bench/micro/probe.h"

#define MH_STEPS_BACK_MAX 3 /* samples in a row that are taken again because the clock stepped back */

struct mh_repetition_plan {
	struct mh_measurement_options measurement;
	double min_time_s; /* of the wall clock, pauses included */
	double warm_up_s;
	uint64_t iterations;        /* exactly so many a thread, in one sample that is kept as it is; 0: min_time_s */
	uint64_t sample_iterations; /* as an earlier repetition has found them; 0: to be found */
	const volatile sig_atomic_t *stop; /* not 0: end after this sample; may be NULL */
};

struct mh_repetition {
	bool stopped;                /* before the end: what there is stands below */
	char skipped[MH_SKIP_SIZE];  /* why there is no result; "": there is */
	unsigned samples;            /* that count */
	unsigned retaken;            /* samples left out because they were preempted: others stand for them */
	unsigned preempted;          /* of samples, those kept although they were: there are hardly any others */
	unsigned stepped_back;       /* samples taken again because the clock went back */
	uint64_t sample_iterations;  /* of one thread in one sample */
	uint64_t iterations;         /* of all threads and samples */
	double wall_s, manual_s;     /* sums of samples: means of the threads */
	double cpu_s;                /* of all threads */
	struct mh_counters counters; /* sums of threads and samples */
	char label[MH_LABEL_SIZE];
	struct mh_histogram histogram; /* of iterations in ns; empty where none was asked for */
};

/* Return: 0, also when it was skipped; -ENOMEM, -EAGAIN with a sentence. To be released in either case. */
int mh_repetition_run(const struct mh_repetition_plan *plan, struct mh_repetition *ret_repetition,
		      struct mh_error *reterr);
void mh_repetition_release(struct mh_repetition *repetition);

#endif
