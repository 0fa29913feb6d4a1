/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of memhp/bench.h. Each is called by the thread that the state is of. */
#include "bench/micro/state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"

static uint64_t read_ticks(const struct memhp_bench_state *state)
{
	const struct mh_timer *timer = state->measurement->timer;

	return timer->ticks(&timer->clock);
}

static uint64_t thread_cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void mh_state_reset(struct memhp_bench_state *state)
{
	state->step = MH_STATE_READY;
	state->stepped_back = false;
	state->elapsed_ticks = state->span_ticks = state->before_ticks = 0;
	state->cpu_ns = 0;
	state->preemptions = 0;
	state->manual_s = 0;
	state->counters.count = 0;
	state->label[0] = '\0';
	if (state->measurement->histogram)
		mh_histogram_clear(&state->histogram);
}

/* A difference of two readings: 0 and a remark where the clock went back. */
static uint64_t ticks_since(struct memhp_bench_state *state, uint64_t begin, uint64_t now)
{
	if (__builtin_expect(now >= begin, 1))
		return now - begin;
	state->stepped_back = true;
	return 0;
}

/* The clocks that cost most come first, so that the one that counts has nothing of them. */
static void start_clocks(struct memhp_bench_state *state)
{
	state->preemptions = state->measurement->timer->preemptions();
	mh_perf_begin(&state->perf);
	state->cpu_ns = thread_cpu_ns();
	state->step = MH_STATE_RUNNING;
	state->started_ticks = state->begin_ticks = read_ticks(state);
}

static void stop_clocks(struct memhp_bench_state *state, uint64_t now)
{
	state->cpu_ns = thread_cpu_ns() - state->cpu_ns;
	mh_perf_stop(&state->perf);
	state->preemptions = state->measurement->timer->preemptions() - state->preemptions;
	state->span_ticks = ticks_since(state, state->started_ticks, now);
	state->step = MH_STATE_STOPPED;
}

void mh_state_note_preemption(struct memhp_bench_state *state)
{
	state->preemptions++;
}

void mh_state_stop(struct memhp_bench_state *state)
{
	const uint64_t now = read_ticks(state);

	if (state->step == MH_STATE_RUNNING)
		state->elapsed_ticks += ticks_since(state, state->begin_ticks, now);
	if (state->step == MH_STATE_RUNNING || state->step == MH_STATE_PAUSED)
		stop_clocks(state, now);
}

static uint64_t begin_loop(struct memhp_bench_state *state)
{
	struct mh_measurement *measurement = state->measurement;

	mh_team_meet(&measurement->team);
	/* What one thread did before the meeting, the others see behind it: all skip, or none. */
	if (atomic_load_explicit(&measurement->skipped, memory_order_relaxed)) {
		state->step = MH_STATE_STOPPED;
		return 0;
	}
	state->left = measurement->iterations;
	start_clocks(state);
	return measurement->histogram ? 1 : measurement->iterations;
}

/* The end of an iteration, where each is timed by itself. */
static uint64_t next_iteration(struct memhp_bench_state *state, uint64_t now)
{
	const struct mh_timer *timer = state->measurement->timer;

	mh_histogram_record(&state->histogram, mh_clock_ns(&timer->clock, state->elapsed_ticks - state->before_ticks));
	state->before_ticks = state->elapsed_ticks;
	if (--state->left == 0 || atomic_load_explicit(&state->measurement->skipped, memory_order_relaxed)) {
		stop_clocks(state, now);
		return 0;
	}
	state->begin_ticks = read_ticks(state);
	return 1;
}

uint64_t memhp_bench_next(struct memhp_bench_state *state)
{
	const uint64_t now = read_ticks(state); /* first of all, so that nothing of what follows is the benchmark's */

	switch (state->step) {
	case MH_STATE_READY:
		return begin_loop(state);
	case MH_STATE_RUNNING:
		state->elapsed_ticks += ticks_since(state, state->begin_ticks, now);
		if (state->measurement->histogram)
			return next_iteration(state, now);
		stop_clocks(state, now);
		return 0;
	case MH_STATE_PAUSED:
		memhp_bench_skip(state, "it ended an iteration paused: memhp_bench_resume() is missing");
		stop_clocks(state, now);
		return 0;
	default:
		return 0;
	}
}

void memhp_bench_pause(struct memhp_bench_state *state)
{
	const uint64_t now = read_ticks(state);

	if (state->step != MH_STATE_RUNNING) {
		memhp_bench_skip(state, "it paused where its time does not run");
		return;
	}
	state->elapsed_ticks += ticks_since(state, state->begin_ticks, now);
	state->step = MH_STATE_PAUSED;
}

void memhp_bench_resume(struct memhp_bench_state *state)
{
	if (state->step != MH_STATE_PAUSED) {
		memhp_bench_skip(state, "it resumed and was not paused");
		return;
	}
	state->step = MH_STATE_RUNNING;
	state->begin_ticks = read_ticks(state);
}

void memhp_bench_set_iteration_time(struct memhp_bench_state *state, double seconds)
{
	state->manual_s += seconds;
}

/* The first sentence stays: what comes after it may be its consequence. */
void memhp_bench_skip(struct memhp_bench_state *state, const char *format, ...)
{
	struct mh_measurement *measurement = state->measurement;
	va_list arguments;

	if (atomic_exchange(&measurement->skipped, true))
		return;
	va_start(arguments, format);
	vsnprintf(measurement->why_skipped, sizeof(measurement->why_skipped), format, arguments);
	va_end(arguments);
}

int64_t memhp_bench_arg(const struct memhp_bench_state *state, unsigned index)
{
	const struct mh_instance *instance = state->measurement->instance;

	MH_ASSERT(index < instance->arg_count);
	return instance->args[index];
}

uint64_t memhp_bench_iterations(const struct memhp_bench_state *state)
{
	return state->measurement->iterations;
}

unsigned memhp_bench_thread(const struct memhp_bench_state *state)
{
	return state->thread;
}

unsigned memhp_bench_threads(const struct memhp_bench_state *state)
{
	return state->measurement->instance->threads;
}

void memhp_bench_set_data(struct memhp_bench_state *state, void *data)
{
	state->measurement->data = data;
}

void *memhp_bench_data(const struct memhp_bench_state *state)
{
	return state->measurement->data;
}

void memhp_bench_counter(struct memhp_bench_state *state, const char *name, double value, unsigned flags)
{
	struct mh_counters *counters = &state->counters;

	if (!*name || strlen(name) >= MH_COUNTER_NAME_SIZE)
		memhp_bench_skip(state, "a counter is named '%.40s': use 1 to %d characters", name,
				 MH_COUNTER_NAME_SIZE - 1);
	else if (!mh_counters_find(counters, name) && counters->count == MH_COUNTERS_OWN_MAX)
		memhp_bench_skip(state, "it has a counter '%s' too many: use at most %d", name, MH_COUNTERS_OWN_MAX);
	else
		(void)mh_counters_set(counters, name, value, flags);
}

void memhp_bench_items(struct memhp_bench_state *state, uint64_t items)
{
	memhp_bench_counter(state, "items_per_second", (double)items, MEMHP_BENCH_RATE);
}

void memhp_bench_bytes(struct memhp_bench_state *state, uint64_t bytes)
{
	memhp_bench_counter(state, "bytes_per_second", (double)bytes, MEMHP_BENCH_RATE);
}

void memhp_bench_label(struct memhp_bench_state *state, const char *label)
{
	snprintf(state->label, sizeof(state->label), "%s", label);
}
