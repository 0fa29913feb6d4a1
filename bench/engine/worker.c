/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The measured path is run_operation(): a reading of the clock on both sides of the step; then plain increments of this
 * thread's own histograms.
 */
#include "bench/engine/worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hold.h"
#include "base/switch_mark.h"
#include "core/notifier.h"

/* Before an arrival that is nearer than this the worker spins; a sleep could end later than it. */
#define SPIN_BEFORE_NS 60000u
/* The longest sleep before the stop flag is looked at again. */
#define SLEEP_SLICE_NS 20000000u
/* Stamps of one operation: its walks (of 6.12 PREPARE, GOING, CANCEL, FINISH), each listener twice at most, and what
 * stands around them; with room for those that register during the run. */
#define TRACE_WALKS     4
#define TRACE_ROOM      256
#define STAMPS_PER_CALL 2

static uint32_t trace_capacity(struct mh_machine *machine)
{
	struct mh_chain *node_chain = mh_machine_node_chain(machine);
	uint32_t listeners = mh_chain_count(mh_machine_chain(machine));

	if (node_chain)
		listeners += mh_chain_count(node_chain);
	return TRACE_WALKS * STAMPS_PER_CALL * listeners * 2 + TRACE_ROOM;
}

static uint64_t history_calls(const struct mh_scenario *scenario, const struct mh_worker_config *config)
{
	uint64_t workers = 0;

	if (!config->workload->kind->hotplug)
		return 0;
	for (size_t i = 0; i < scenario->workload_count; i++)
		workers += scenario->workloads[i].kind->hotplug ? scenario->workloads[i].threads : 0;
	return mh_history_calls(&scenario->verify.history, workers);
}

static void set_identity(struct mh_worker_run *run, const struct mh_worker_config *config)
{
	const struct mh_phase_shared *shared = config->shared;
	char stream[256];

	snprintf(stream, sizeof(stream), "op/%s/%s", shared->scenario->phases[shared->phase].name,
		 config->workload->name);
	run->operation.identity = (struct mh_identity){
		.stream = mh_rng_key(shared->seed, stream, config->worker_index),
		.phase = (uint16_t)shared->phase,
		.workload = (uint16_t)config->workload_index,
		.worker = (uint16_t)config->worker_index,
		.workers = (uint16_t)config->workload->workers,
	};
	mh_rng_init(&run->worker.rng, shared->seed, stream, config->worker_index | UINT64_C(1) << 32);
}

static int open_memory(struct mh_worker_run *run, const struct mh_worker_config *config, struct mh_error *reterr)
{
	const struct mh_phase_shared *shared = config->shared;
	const struct mh_scenario *scenario = shared->scenario;
	int ret;

	ret = mh_trace_init(&run->trace, trace_capacity(shared->machine), MH_STAMPS_NONE, shared->clock);
	if (ret == 0 && config->workload->kind->uses_pages)
		ret = mh_cpu_new(shared->machine, &run->worker.cpu);
	if (ret == 0 && shared->recorded)
		ret = mh_recorder_init(&run->recorder, &shared->series->table, reterr);
	if (ret == 0 && shared->recorded)
		ret = mh_history_init(&run->history, history_calls(scenario, config));
	if (ret == 0 && shared->recorded && config->workload->kind->hotplug)
		ret = mh_tally_init(&run->tally, shared->machine);
	if (ret == 0)
		ret = mh_exemplars_init(
			&run->exemplars,
			shared->recorded && config->workload->kind->hotplug ? (unsigned)scenario->record.exemplars : 0,
			(unsigned)shared->series->whole_count);
	if (ret < 0)
		return mh_error_set(reterr, ret, "no memory for worker %u of '%s'", config->worker_index,
				    config->workload->name);
	return 0;
}

static void label_history(struct mh_worker_run *run)
{
	const struct mh_phase_shared *shared = run->shared;

	run->history.file = shared->history_file;
	run->history.label = (struct mh_history_label){
		.phase = shared->scenario->phases[shared->phase].name,
		.workload = run->workload->name,
		.worker = run->worker.index,
		.origin_ticks = shared->origin_ticks,
		.machine = shared->machine,
	};
}

static int open_pace(struct mh_worker_run *run, const struct mh_worker_config *config, struct mh_error *reterr)
{
	char stream[256];

	snprintf(stream, sizeof(stream), "arrivals/%s/%s", config->shared->scenario->phases[config->shared->phase].name,
		 config->workload->name);
	return mh_pace_init(
		&run->pace,
		&(struct mh_pace_config){
			.arrival = run->workload->arrival,
			.rate = config->rate,
			.rate_from = config->rate_from,
			.span_ns = mh_scenario_phase_span_ns(&config->shared->scenario->phases[config->shared->phase]),
			.burst_on_ns = run->workload->burst_on_ns,
			.burst_off_ns = run->workload->burst_off_ns,
			.outstanding = mh_pace_share(run->workload->max_outstanding, (unsigned)run->workload->threads,
						     config->worker_index),
			.clock = config->shared->clock,
			.seed = config->shared->seed,
			.stream = stream,
			.worker = config->worker_index,
		},
		reterr);
}

/* Of a span of record.sample operations one is timed, at a place of its own in each: a fixed one would meet the same
 * half of each cycle whenever the span is even. A function of the scenario, so that two runs time the same ones. */
static uint64_t timed_place(const struct mh_worker_run *run, uint64_t stratum)
{
	uint64_t draw = mh_rng_mix(run->operation.identity.stream, stratum) >> 32;

	return (draw * run->shared->scenario->record.sample) >> 32;
}

static void choose_next_timed(struct mh_worker_run *run)
{
	uint64_t span = run->shared->scenario->record.sample, last;

	run->timed_left = 1;
	if (span == 1)
		return;
	last = timed_place(run, run->strata++);
	run->timed_left = span - last + timed_place(run, run->strata);
}

static void open_times(struct mh_worker_run *run)
{
	const struct mh_phase_shared *shared = run->shared;
	const struct mh_scenario *scenario = shared->scenario;

	run->timed_left = UINT64_MAX;
	if (scenario->record.stamps != MH_STAMPS_NONE)
		run->timed_left = timed_place(run, 0) + 1;
	if (!shared->recorded || shared->series->stamped)
		run->level = (enum mh_stamp_level)scenario->record.stamps;
	/* Faults are judged by how long operations took, and the history's checks by when they ended. */
	run->needs_end = shared->faults || run->history.operations;
}

int mh_worker_open(struct mh_worker_run *run, const struct mh_worker_config *config, struct mh_error *reterr)
{
	const struct mh_scenario *scenario = config->shared->scenario;
	int ret;

	run->shared = config->shared;
	mh_hw_init(&run->hw);
	run->workload = &scenario->workloads[config->workload_index];
	run->workload_index = config->workload_index;
	run->quota = config->quota;
	run->cpu = config->cpu;
	run->series = config->shared->series->workloads[config->workload_index];
	run->worker.workload = config->workload;
	run->worker.index = config->worker_index;
	run->worker.operation = &run->operation;
	run->operation.trace = &run->trace;
	run->operation.signal = &config->shared->signal;
	set_identity(run, config);
	ret = open_memory(run, config, reterr);
	open_times(run);
	if (ret == 0)
		ret = open_pace(run, config, reterr);
	if (ret < 0) {
		mh_worker_close(run);
		return ret;
	}
	run->operation.cpu = run->worker.cpu;
	return 0;
}

void mh_worker_close(struct mh_worker_run *run)
{
	mh_cpu_free(run->shared->machine, run->worker.cpu);
	run->worker.cpu = NULL;
	mh_pace_release(&run->pace);
	mh_recorder_release(&run->recorder);
	mh_history_release(&run->history);
	mh_tally_release(&run->tally);
	mh_exemplars_release(&run->exemplars);
	mh_trace_release(&run->trace);
}

static void leave_cpu(struct mh_worker_run *run)
{
	if (run->worker.cpu)
		mh_cpu_leave(run->worker.cpu);
}

static void enter_cpu(struct mh_worker_run *run)
{
	if (run->worker.cpu)
		mh_cpu_enter(run->worker.cpu);
}

/* Only a step's allocations are an operation's: those of thread_begin and thread_end meet no fault. */
static void serve_cpu(struct mh_worker_run *run, struct mh_operation *operation)
{
	if (run->worker.cpu)
		mh_cpu_serve(run->worker.cpu, operation);
}

static bool stopped(const struct mh_worker_run *run)
{
	return atomic_load_explicit(&run->shared->stop, memory_order_relaxed);
}

/* Towards an arrival at @due: sleeps while that is far, spins when it is near. Outside the gate: anybody may drain. */
static void wait_towards(struct mh_worker_run *run, uint64_t due, uint64_t now)
{
	uint64_t left_ns = mh_clock_ns(run->shared->clock, due - now);

	if (left_ns <= SPIN_BEFORE_NS) {
		mh_cpu_relax();
		return;
	}
	left_ns -= SPIN_BEFORE_NS;
	leave_cpu(run);
	mh_sleep_ns(left_ns < SLEEP_SLICE_NS ? left_ns : SLEEP_SLICE_NS);
	enter_cpu(run);
}

/* What recording the last operation took is not the next one's, so the start is read anew; but an operation that is not
 * timed begins where the last one ended, which is near enough for its history. */
static uint64_t read_start(struct mh_worker_run *run)
{
	uint64_t last = run->last_done;

	run->last_done = 0;
	return last && run->timed_left != 1 ? last : mh_clock_ticks(run->shared->clock);
}

/* False when the phase ended first. */
static bool next_start(struct mh_worker_run *run, uint64_t *ret_intended, uint64_t *ret_start)
{
	for (;;) {
		if (stopped(run))
			return false;
		*ret_start = read_start(run);
		if (mh_pace_due(&run->pace, *ret_start, ret_intended))
			return true;
		wait_towards(run, *ret_intended, *ret_start);
	}
}

/* The operation's class; one of another workload has no block to leave behind. */
static inline enum mh_class class_of(struct mh_worker_run *run)
{
	if (run->worker.workload->kind->hotplug)
		return mh_class_judge(run->shared->scars, &run->operation);
	return run->operation.fault_count ? MH_OPERATION_FAULTED : MH_OPERATION_CLEAN;
}

static inline void record_one(const struct mh_worker_run *run, const struct mh_series_sink *sink, int series,
			      uint64_t ticks)
{
	if (series >= 0)
		mh_series_record(sink, series, mh_clock_ns(run->shared->clock, ticks));
}

static enum mh_switched switched(const struct mh_worker_run *run)
{
	if (!run->marks)
		return MH_SWITCHED_UNKNOWN;
	return mh_switch_mark_stands() ? MH_SWITCHED_NO : MH_SWITCHED_YES;
}

/* Rare: one of the worst so far. */
static __attribute__((noinline)) void keep_operation(struct mh_worker_run *run, const struct mh_times *times,
						     enum mh_class class)
{
	struct mh_exemplar_note note = {.times = *times, .class = class, .switched = switched(run)};

	if (run->shared->faults)
		note.firing_count = mh_fault_set_current(run->shared->faults, &run->operation, &note.firings);
	mh_exemplars_keep(&run->exemplars, &run->operation, &note);
}

/* @base: mh_series_base() of the operation's class; 0 where nothing is split. */
static void record_times(struct mh_worker_run *run, const struct mh_times *times, enum mh_class class, int base)
{
	const struct mh_series *series = run->shared->series;
	const struct mh_series_sink sink = {&run->recorder, &run->exemplars.peaks, base};
	const uint64_t service = mh_times_service(times);
	const bool hotplug = run->worker.workload->kind->hotplug;

	record_one(run, &sink, run->series.service, service);
	record_one(run, &sink, run->series.wait, mh_times_wait(times));
	record_one(run, &sink, run->series.response, mh_times_response(times));
	if (hotplug && run->operation.outcome != MH_OUTCOME_ALREADY)
		record_one(run, &sink, run->operation.online ? series->online : series->offline, service);
	if (series->stamped && run->trace.count)
		mh_series_record_trace(series, &sink, &run->trace, times->start);
	if (hotplug && __builtin_expect(mh_exemplars_want(&run->exemplars, times), 0))
		keep_operation(run, times, class);
}

/* Whatever is timed, what happened is counted and kept of every operation. */
static void record_operation(struct mh_worker_run *run, const struct mh_times *times, enum mh_class class, int base)
{
	if (run->worker.workload->kind->hotplug) {
		mh_tally_add(&run->tally, &run->operation);
		if (run->operation.outcome != MH_OUTCOME_ALREADY)
			mh_history_add(&run->history, &run->operation, times->start, mh_times_service(times));
	}
	if (run->timed)
		record_times(run, times, class, base);
	mh_recorder_tick(&run->recorder, times->done);
}

static inline void bump(_Atomic uint64_t *counter)
{
	/* One writer: a load and a store, no locked addition. */
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + 1, memory_order_relaxed);
}

static void count_result(struct mh_worker_run *run, int ret)
{
	const struct mh_operation *operation = &run->operation;

	if (run->worker.workload->kind->hotplug && __builtin_expect(operation->check.violated, 0)) {
		run->unexpected++;
		bump(&run->failed);
		return;
	}
	if (__builtin_expect(operation->fault_count, 0))
		atomic_store_explicit(&run->fired,
				      atomic_load_explicit(&run->fired, memory_order_relaxed) + operation->fault_count,
				      memory_order_relaxed);
	if (__builtin_expect(ret == 0, 1)) {
		run->ok++;
		run->already += run->worker.workload->kind->hotplug && operation->outcome == MH_OUTCOME_ALREADY;
		return;
	}
	if (operation->fault_count)
		run->expected_fail++;
	else
		run->fail++;
	bump(&run->failed);
}

static void run_operation(struct mh_worker_run *run, uint64_t intended, uint64_t start)
{
	struct mh_phase_shared *shared = run->shared;
	const bool hotplug = run->worker.workload->kind->hotplug;
	enum mh_class class = MH_OPERATION_CLEAN;
	uint64_t done;
	int ret, base = 0;

	run->timed = --run->timed_left == 0;
	if (run->timed)
		choose_next_timed(run);
	run->trace.level = run->timed ? run->level : MH_STAMPS_NONE;
	mh_trace_reset(&run->trace);
	run->operation.allocation_count = 0;
	if (run->marks && run->timed)
		mh_switch_mark_set();
	run->operation.deadline_ticks = shared->deadline_ticks ? start + shared->deadline_ticks : 0;
	run->operation.fault_count = 0; /* a step that is no operation on a block leaves it alone */
	run->worker.now_ticks = start;
	atomic_store_explicit(&run->busy_since, start, memory_order_relaxed);
	ret = run->worker.workload->kind->step(&run->worker);
	done = start;
	if (run->timed || run->needs_end)
		done = run->last_done = mh_clock_ticks(shared->clock);
	atomic_store_explicit(&run->busy_since, 0, memory_order_relaxed);
	count_result(run, ret);
	if (shared->scars) {
		class = class_of(run);
		base = mh_series_base(shared->series, class);
	}
	if (shared->recorded)
		record_operation(run, &(struct mh_times){.intended = intended, .start = start, .done = done}, class,
				 base);
	if (!hotplug)
		run->operation.result = ret;
	if (shared->faults)
		mh_fault_set_judge(shared->faults, hotplug && shared->follows_blocks, &run->operation, done - start,
				   done);
	bump(&run->done);
}

static void run_loop(struct mh_worker_run *run)
{
	struct mh_rcu_domain *domain = &mh_machine_chain(run->shared->machine)->rcu;
	uint64_t start, intended;

	mh_pace_start(&run->pace, run->shared->origin_ticks);
	for (uint64_t index = 0; index != run->quota && next_start(run, &intended, &start); index++) {
		run->operation.identity.index = index;
		run->operation.identity.attempt = 0;
		run_operation(run, intended, start);
		mh_rcu_quiescent(domain);
		if (__builtin_expect(run->operation.killed, 0))
			break;
	}
}

/* Arrivals that were due when the time was up and were never served: a generator that fell behind, not a quick run. */
static void count_pending(struct mh_worker_run *run)
{
	const struct mh_phase_shared *shared = run->shared;
	uint64_t for_ns = shared->scenario->phases[shared->phase].for_ns;
	uint64_t intended;

	if (run->pace.arrival == MH_ARRIVAL_CLOSED || !for_ns || atomic_load(&shared->cut_short))
		return;
	if (mh_pace_due(&run->pace, shared->origin_ticks + mh_clock_ticks_of_ns(shared->clock, for_ns), &intended))
		run->pending = run->pace.count + 1;
}

static void wait_for_opening(struct mh_phase_shared *shared)
{
	mh_mutex_lock(&shared->gate);
	shared->ready++;
	mh_condition_broadcast(&shared->ready_changed);
	while (!shared->open)
		mh_condition_wait(&shared->opened, &shared->gate);
	mh_mutex_unlock(&shared->gate);
}

/* Checks made inline are counted in the operation; here they join the machine's. */
static void hand_in_checks(struct mh_worker_run *run)
{
	atomic_fetch_add(&mh_machine_check(run->shared->machine)->checked, run->operation.check.checked);
	run->operation.check.checked = 0;
}

/* What was asked for is read back: a cpuset, or a library, may have had its own way with the thread. */
static int verify_placement(struct mh_worker_run *run)
{
	run->bound = mh_thread_bound_cpu();
	run->ran_on = mh_thread_current_cpu();
	if (run->cpu < 0)
		return 0;
	return run->bound == run->cpu && run->ran_on == run->cpu ? 0 : -EXDEV;
}

static void worker_main(void *data)
{
	struct mh_worker_run *run = data;
	const struct mh_workload_kind *kind = run->worker.workload->kind;
	struct mh_rcu_domain *domain = &mh_machine_chain(run->shared->machine)->rcu;

	mh_hold_accept();
	if (run->shared->recorded && run->shared->scenario->record.hw)
		mh_hw_open(&run->hw);
	run->marks = run->exemplars.capacity && mh_switch_mark_works();
	mh_rcu_thread_enter(domain);
	run->error = verify_placement(run);
	enter_cpu(run);
	if (kind->thread_begin && run->error == 0)
		run->error = kind->thread_begin(&run->worker);
	leave_cpu(run);
	wait_for_opening(run->shared);
	/* From here on somebody looks: a crash before would be waited for in vain. */
	mh_crash_accept(&run->crash);
	label_history(run);
	enter_cpu(run);
	if (run->error == 0) {
		serve_cpu(run, &run->operation);
		mh_hw_start(&run->hw);
		run->begun_ticks = mh_clock_ticks(run->shared->clock);
		run_loop(run);
		run->ended_ticks = mh_clock_ticks(run->shared->clock);
		mh_hw_stop(&run->hw);
		serve_cpu(run, NULL);
	}
	run->killed = run->operation.killed;
	if (run->error == 0 && !run->killed) {
		count_pending(run);
		/* Pages and listeners go back outside of what is counted, without a limit that would leave some behind.
		 */
		if (kind->thread_end)
			kind->thread_end(&run->worker);
	}
	leave_cpu(run);
	hand_in_checks(run);
	mh_hw_close(&run->hw);
	mh_rcu_thread_leave(domain);
	atomic_store_explicit(&run->finished, true, memory_order_release);
}

int mh_worker_start(struct mh_worker_run *run, struct mh_error *reterr)
{
	char name[16];
	int ret;

	snprintf(name, sizeof(name), "%.10s.%u", run->workload->name, run->worker.index);
	ret = mh_thread_start(&run->thread, name, run->cpu, worker_main, run, reterr);
	run->started = ret == 0;
	return ret;
}

void mh_worker_bury(struct mh_worker_run *run)
{
	struct mh_rcu_domain *domain = &mh_machine_chain(run->shared->machine)->rcu;

	if (!run->killed)
		return;
	mh_rcu_thread_enter(domain);
	enter_cpu(run);
	if (run->worker.workload->kind->thread_end)
		run->worker.workload->kind->thread_end(&run->worker);
	leave_cpu(run);
	hand_in_checks(run);
	mh_rcu_thread_leave(domain);
}

void mh_worker_join(struct mh_worker_run *run)
{
	if (run->started)
		mh_thread_join(&run->thread);
	run->started = false;
}
