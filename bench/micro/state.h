/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands behind the pointer that a benchmark is given: the clocks and counters of one thread in one sample, and
 * the measurement that the thread belongs to.
 *
 * A state is READY until its loop begins, RUNNING while the clock runs, PAUSED in between, STOPPED from the end of its
 * loop.
 */
#ifndef BENCH_MICRO_STATE_H
#define BENCH_MICRO_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <memhp/bench.h>

#include "bench/micro/counters.h"
#include "bench/micro/measurement.h"
#include "bench/micro/perf.h"
#include "bench/micro/team.h"
#include "bench/micro/timer.h"
#include "results/histogram.h"

enum mh_state_step { MH_STATE_READY, MH_STATE_RUNNING, MH_STATE_PAUSED, MH_STATE_STOPPED };

/* Two lines: what one thread writes in its loop must not share one with another. */
struct memhp_bench_state {
	struct mh_measurement *measurement;
	unsigned thread;
	enum mh_state_step step;
	bool stepped_back;      /* a reading of the clock was before the one before */
	uint64_t started_ticks; /* of the loop */
	uint64_t begin_ticks;   /* of the stretch that runs */
	uint64_t elapsed_ticks; /* of the stretches before it */
	uint64_t span_ticks;    /* of the whole loop; from STOPPED on */
	uint64_t before_ticks;  /* elapsed when the iteration began; with a histogram */
	uint64_t left;          /* iterations, this one with them; with a histogram */
	uint64_t cpu_ns;        /* of the thread; when it began, from STOPPED on what it took */
	long preemptions;       /* likewise */
	double manual_s;
	struct mh_counters counters;
	char label[MH_LABEL_SIZE];
	struct mh_histogram histogram; /* of this sample */
	struct mh_perf perf;
	bool perf_open;
} __attribute__((aligned(128)));

struct mh_measurement {
	const struct mh_instance *instance;
	const struct mh_timer *timer;
	const struct mh_perf_set *perf;
	bool histogram;
	bool is_set_up;
	uint64_t iterations; /* of each thread in this sample; written between samples */
	void *data;          /* of the benchmark; written by its set-up */
	atomic_bool skipped;
	char why_skipped[MH_SKIP_SIZE]; /* written by the one that set skipped; read between samples */
	struct mh_team team;
	struct memhp_bench_state *states; /* one a thread */
};

/* Before each sample. */
void mh_state_reset(struct memhp_bench_state *state);
/* Behind the loop: what works beside the benchmark was preempted, and the sample is as good as preempted itself. */
void mh_state_note_preemption(struct memhp_bench_state *state);
/* Stops the clock if it runs, as the end of the loop does. */
void mh_state_stop(struct memhp_bench_state *state);

#endif
