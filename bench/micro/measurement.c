/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Setting up, samples, and what the threads of one come to together. */
#include "bench/micro/measurement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/micro/state.h"

/* Two digits: the clock tells no more of what takes ns. */
const struct mh_histogram_layout mh_measurement_layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = 2};

static int init_states(struct mh_measurement *measurement, struct mh_error *reterr)
{
	const unsigned count = measurement->instance->threads;
	int ret = 0;

	measurement->states = aligned_alloc(_Alignof(struct memhp_bench_state), count * sizeof(*measurement->states));
	if (!measurement->states)
		return mh_error_set(reterr, -ENOMEM, "no memory for %u threads", count);
	memset(measurement->states, 0, count * sizeof(*measurement->states));
	for (unsigned i = 0; i < count; i++) {
		struct memhp_bench_state *state = &measurement->states[i];

		state->measurement = measurement;
		state->thread = i;
		if (ret == 0 && measurement->histogram)
			ret = mh_histogram_init(&state->histogram, &mh_measurement_layout);
	}
	return ret == 0 ? 0 : mh_error_set(reterr, ret, "no memory for %u histograms", count);
}

static void set_up(struct mh_measurement *measurement)
{
	const struct memhp_bench *bench = measurement->instance->bench;

	if (bench->set_up)
		bench->set_up(&measurement->states[0]);
	measurement->is_set_up = !mh_measurement_skipped(measurement);
}

int mh_measurement_begin(const struct mh_measurement_options *options, struct mh_measurement **ret_measurement,
			 struct mh_error *reterr)
{
	struct mh_measurement *measurement = calloc(1, sizeof(*measurement));
	int ret;

	if (!measurement)
		return mh_error_set(reterr, -ENOMEM, "no memory for a measurement");
	measurement->instance = options->instance;
	measurement->timer = options->timer;
	measurement->histogram = options->histogram;
	measurement->perf = options->perf;
	ret = init_states(measurement, reterr);
	if (ret == 0)
		ret = mh_team_start(&measurement->team, options->instance->threads, reterr);
	if (ret < 0) {
		mh_measurement_end(measurement);
		return ret;
	}
	set_up(measurement);
	*ret_measurement = measurement;
	return 0;
}

/* A loop that was not run as it is meant to has no time. */
static void check_loop(struct memhp_bench_state *state)
{
	switch (state->step) {
	case MH_STATE_READY:
		memhp_bench_skip(state, "it returned without its MEMHP_BENCH_LOOP");
		mh_team_meet(&state->measurement->team); /* the others wait there */
		break;
	case MH_STATE_RUNNING:
	case MH_STATE_PAUSED:
		memhp_bench_skip(state, "it left its loop before the end");
		mh_state_stop(state);
		break;
	default:
		break;
	}
}

static void run_thread(void *data, unsigned thread)
{
	struct mh_measurement *measurement = data;
	struct memhp_bench_state *state = &measurement->states[thread];

	if (measurement->perf && !state->perf_open) {
		mh_perf_open(&state->perf, measurement->perf); /* by the thread that is counted */
		state->perf_open = true;
	}
	mh_state_reset(state);
	measurement->instance->bench->run(state);
	check_loop(state);
}

static double seconds(const struct mh_measurement *measurement, uint64_t ticks)
{
	return (double)mh_clock_ns(&measurement->timer->clock, ticks) / 1e9;
}

/* The part of the thread's CPU time that falls to what was not paused: both parts are taken to have the same share. */
static double cpu_seconds(const struct memhp_bench_state *state)
{
	double share = state->span_ticks ? (double)state->elapsed_ticks / (double)state->span_ticks : 1;

	return (double)state->cpu_ns / 1e9 * share;
}

static void add_thread(const struct mh_measurement *measurement, const struct memhp_bench_state *state,
		       struct mh_sample *sample)
{
	const double threads = measurement->instance->threads;

	sample->span_s += seconds(measurement, state->span_ticks) / threads;
	sample->wall_s += seconds(measurement, state->elapsed_ticks) / threads;
	sample->manual_s += state->manual_s / threads;
	sample->cpu_s += cpu_seconds(state);
	sample->preempted |= state->preemptions != 0;
	sample->stepped_back |= state->stepped_back;
	mh_counters_add(&sample->counters, &state->counters);
	for (unsigned i = 0; i < state->perf.count; i++) {
		struct mh_counters perf = {.count = 0};

		(void)mh_counters_set(&perf, measurement->perf->events[i]->name, (double)state->perf.counts[i],
				      MEMHP_BENCH_AVG_ITERATIONS);
		mh_counters_add(&sample->counters, &perf);
	}
	if (!sample->label[0])
		memcpy(sample->label, state->label, sizeof(sample->label));
}

void mh_measurement_sample(struct mh_measurement *measurement, uint64_t iterations, struct mh_sample *ret_sample)
{
	const struct mh_timer *timer = measurement->timer;
	const uint64_t begin = timer->ticks(&timer->clock);

	*ret_sample = (struct mh_sample){.iterations = iterations};
	measurement->iterations = iterations;
	if (!mh_measurement_skipped(measurement))
		mh_team_run(&measurement->team, run_thread, measurement);
	if (mh_measurement_skipped(measurement)) {
		ret_sample->skipped = true;
		return;
	}
	const uint64_t end = timer->ticks(&timer->clock);

	ret_sample->call_s = end > begin ? seconds(measurement, end - begin) : 0;
	for (unsigned i = 0; i < measurement->instance->threads; i++)
		add_thread(measurement, &measurement->states[i], ret_sample);
}

const char *mh_measurement_skipped(const struct mh_measurement *measurement)
{
	/* Relaxed: between samples nobody else is there to write, and the end of a sample was under a lock. */
	return atomic_load_explicit(&measurement->skipped, memory_order_relaxed) ? measurement->why_skipped : NULL;
}

void mh_measurement_merge_histogram(const struct mh_measurement *measurement, struct mh_histogram *to)
{
	for (unsigned i = 0; i < measurement->instance->threads; i++)
		(void)mh_histogram_merge(to, &measurement->states[i].histogram);
}

void mh_measurement_end(struct mh_measurement *measurement)
{
	if (!measurement)
		return;
	if (measurement->is_set_up && measurement->instance->bench->tear_down)
		measurement->instance->bench->tear_down(&measurement->states[0]);
	mh_team_end(&measurement->team);
	for (unsigned i = 0; measurement->states && i < measurement->instance->threads; i++) {
		mh_perf_close(&measurement->states[i].perf);
		mh_histogram_release(&measurement->states[i].histogram);
	}
	free(measurement->states);
	free(measurement);
}
