/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The controlling thread of a phase: lets the workers go, collects what they hand over, shows progress, watches limits,
 * and ends the phase. It never touches what is measured.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/engine/run_private.h"

#define POLL_NS           10000000u  /* between two looks */
#define PROGRESS_NS       100000000u /* 10 times a second at most */
#define LIMITS_NS         500000000u /* between two looks at memory and at thresholds */
#define INTERVAL_GRACE_NS 30000000u  /* after a boundary, until the workers' sets are expected to be in */

struct control {
	struct mh_phase *phase;
	uint64_t origin, next_progress, next_limits, next_interval, interval_ticks;
};

static uint64_t ticks_of(const struct mh_phase *phase, uint64_t ns)
{
	return mh_clock_ticks_of_ns(&phase->run->clock, ns);
}

static bool all_finished(const struct mh_phase *phase, bool headline_only)
{
	for (unsigned i = 0; i < phase->worker_count; i++) {
		const struct mh_worker_run *worker = &phase->workers[i];

		if (headline_only && worker->quota == MH_QUOTA_NONE)
			continue;
		if (!atomic_load_explicit(&worker->finished, memory_order_acquire))
			return false;
	}
	return true;
}

/* At most one block a hotplug thread is away: that is what a cycle does to a block. */
static bool is_converged(const struct mh_phase *phase)
{
	unsigned threads = 0;

	for (unsigned i = 0; i < phase->worker_count; i++)
		threads += phase->workers[i].workload->kind->hotplug;
	return mh_machine_blocks_away(phase->run->machine) <= threads;
}

static bool has_quota(const struct mh_phase *phase)
{
	return phase->scenario->ops > 0;
}

/* The phase has done what it was to do, or its time is over. */
static bool is_over(struct control *control, uint64_t now)
{
	struct mh_phase *phase = control->phase;

	if (has_quota(phase) && all_finished(phase, true))
		return true;
	if (phase->scenario->until == MH_UNTIL_CONVERGED && is_converged(phase)) {
		phase->converged_ticks = now;
		return true;
	}
	if (now < phase->end_ticks)
		return false;
	phase->cut = has_quota(phase) || phase->scenario->until != MH_UNTIL_NEVER;
	return true;
}

static uint64_t resident_bytes(void)
{
	unsigned long long size = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (!file)
		return 0;
	if (fscanf(file, "%llu %llu", &size, &resident) != 2)
		resident = 0;
	fclose(file);
	return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void abort_run(struct mh_phase *phase, enum mh_run_end end, const char *why)
{
	struct mh_result *result = phase->run->result;

	if (phase->run->end != MH_RUN_ENDED)
		return;
	phase->run->end = end;
	mh_result_raise_status(result, MH_RUN_ABORTED);
	(void)mh_result_add_status_reason(result, "phase '%s': %s", phase->scenario->name, why);
}

static void watch_limits(struct control *control, uint64_t now)
{
	struct mh_phase *phase = control->phase;
	const struct mh_scenario_limits *limits = &phase->run->scenario->limits;

	if (now >= phase->run->limit_ticks)
		abort_run(phase, MH_RUN_ENDED_BY_LIMIT, "limits.max_duration was reached");
	if (now < control->next_limits)
		return;
	control->next_limits = now + ticks_of(phase, LIMITS_NS);
	mh_phase_watch_slos(phase, now);
	if (limits->max_rss_bytes && resident_bytes() > limits->max_rss_bytes)
		abort_run(phase, MH_RUN_ENDED_BY_LIMIT, "limits.max_rss was passed");
	if (phase->run->hlog.stream.error || phase->run->history.error || phase->run->firings.error)
		abort_run(phase, MH_RUN_ENDED_BY_LIMIT, "the result folder cannot be written any more (disk full?)");
}

/* One operation that ignores even the signal of its deadline hangs. */
static void watch_hangs(struct control *control, uint64_t now)
{
	struct mh_phase *phase = control->phase;
	uint64_t hang_ticks = ticks_of(phase, phase->run->scenario->verify.hang_after_ns);

	for (unsigned i = 0; i < phase->worker_count; i++) {
		struct mh_worker_run *worker = &phase->workers[i];
		uint64_t since = atomic_load_explicit(&worker->busy_since, memory_order_relaxed);
		char why[256];

		if (!since || now < since || now - since < hang_ticks)
			continue;
		snprintf(why, sizeof(why),
			 "an operation of worker %u of '%s' has not come back after verify.hang_after",
			 worker->worker.index, worker->workload->name);
		abort_run(phase, MH_RUN_ENDED_BY_WATCHDOG, why);
	}
}

/* The thread stands still. What a listener calls, or a fault in its stead, happens between two stamps of a walk. */
static bool is_in_listener(const struct mh_worker_run *worker)
{
	const struct mh_trace *trace = &worker->trace;

	if (!worker->workload->kind->hotplug || !trace->count)
		return false;
	switch ((enum mh_stamp_kind)trace->stamps[trace->count - 1].kind) {
	case MH_STAMP_WALK_BEGIN:
	case MH_STAMP_CALL_BEGIN:
	case MH_STAMP_CALLED:
		return true;
	default:
		return false;
	}
}

/* A worker that crashed stands there for ever. A listener's crash is what the watchdog is for; any other is ours. */
static bool watch_crashes(struct mh_phase *phase)
{
	for (unsigned i = 0; i < phase->worker_count; i++) {
		const struct mh_worker_run *worker = &phase->workers[i];
		int number = mh_crash_number(&worker->crash);
		bool in_listener = number && is_in_listener(worker);
		char why[256];

		if (!number)
			continue;
		snprintf(why, sizeof(why), "worker %u of '%s' crashed %s: SIG%s (%s)", worker->worker.index,
			 worker->workload->name, in_listener ? "in a listener" : "outside of any listener",
			 sigabbrev_np(number), sigdescr_np(number));
		abort_run(phase, MH_RUN_ENDED_BY_WATCHDOG, why);
		phase->run->end = in_listener ? MH_RUN_ENDED_BY_WATCHDOG : MH_RUN_ENDED_BY_CRASH;
		return true;
	}
	return false;
}

static void sum_workers(const struct mh_phase *phase, struct mh_progress *progress, uint64_t *ret_headline)
{
	for (unsigned i = 0; i < phase->worker_count; i++) {
		const struct mh_worker_run *worker = &phase->workers[i];
		uint64_t done = atomic_load_explicit(&worker->done, memory_order_relaxed);

		progress->operations += done;
		progress->fired += atomic_load_explicit(&worker->fired, memory_order_relaxed);
		if (!mh_workload_is_headline(phase->run->scenario, worker->workload_index))
			continue;
		*ret_headline += done;
		progress->rate_wanted +=
			mh_scenario_mean_rate(worker->workload, phase->scenario) / (double)worker->workload->threads;
	}
}

static void estimate(const struct control *control, struct mh_progress *progress, uint64_t headline, double elapsed_s)
{
	const struct mh_phase *phase = control->phase;

	progress->share_done = -1;
	progress->seconds_left = -1;
	if (has_quota(phase))
		progress->share_done = (double)headline / (double)phase->scenario->ops;
	else if (phase->scenario->for_ns)
		progress->share_done = elapsed_s * 1e9 / (double)phase->scenario->for_ns;
	if (progress->share_done > 1)
		progress->share_done = 1;
	if (progress->share_done > 0)
		progress->seconds_left = elapsed_s * (1 - progress->share_done) / progress->share_done;
}

static void fill_latency(const struct mh_phase *phase, struct mh_progress *progress)
{
	int response = MH_SERIES_NONE;

	for (unsigned i = 0; i < phase->worker_count && response < 0; i++)
		if (mh_workload_is_headline(phase->run->scenario, phase->workers[i].workload_index))
			response = phase->workers[i].series.response;
	if (!phase->shared.recorded || response < 0 || !phase->run->collection.total[response].count)
		return;
	progress->p50_ns = mh_histogram_quantile(&phase->run->collection.total[response], 0.5);
	progress->p99_ns = mh_histogram_quantile(&phase->run->collection.total[response], 0.99);
	progress->max_ns = (double)phase->run->collection.total[response].max;
}

static void show_progress(struct control *control, uint64_t now)
{
	struct mh_phase *phase = control->phase;
	double elapsed_s = (double)mh_clock_ns(&phase->run->clock, now - control->origin) / 1e9;
	struct mh_progress progress = {
		.phase = phase->scenario->name,
		.phase_index = phase->shared.phase,
		.phase_count = (unsigned)phase->run->scenario->phase_count,
		.recorded = phase->shared.recorded,
		.violations = atomic_load(&mh_machine_check(phase->run->machine)->violation_count),
	};
	uint64_t headline = 0;

	if (!phase->run->request->progress || now < control->next_progress)
		return;
	control->next_progress = now + ticks_of(phase, PROGRESS_NS);
	sum_workers(phase, &progress, &headline);
	progress.rate = elapsed_s > 0 ? (double)headline / elapsed_s : 0;
	estimate(control, &progress, headline, elapsed_s);
	fill_latency(phase, &progress);
	phase->run->request->progress(phase->run->request->data, &progress);
}

static void collect(struct control *control, uint64_t now)
{
	struct mh_phase *phase = control->phase;

	if (!phase->shared.recorded)
		return;
	mh_phase_collect(phase);
	if (now < control->next_interval + ticks_of(phase, INTERVAL_GRACE_NS))
		return;
	mh_phase_write_interval(phase, control->next_interval);
	control->next_interval += control->interval_ticks;
}

static void watch_signal(struct mh_phase *phase)
{
	const volatile sig_atomic_t *signal_number = phase->run->request->signal;

	if (signal_number && *signal_number)
		abort_run(phase, MH_RUN_ENDED_BY_SIGNAL,
			  *signal_number == SIGINT    ? "interrupted by SIGINT"
			  : *signal_number == SIGALRM ? "ended by --timeout"
						      : "ended by SIGTERM");
}

/* After stop: workers end with their operation; the signal ends an offline that waits. Bounded by hang_after. */
static void wait_for_workers(struct mh_phase *phase)
{
	uint64_t bound =
		mh_clock_ticks(&phase->run->clock) + ticks_of(phase, phase->run->scenario->verify.hang_after_ns);

	while (!all_finished(phase, false)) {
		/* Those behind a crashed one wait for what it holds. */
		if (watch_crashes(phase))
			return;
		if (mh_clock_ticks(&phase->run->clock) > bound) {
			abort_run(phase, MH_RUN_ENDED_BY_WATCHDOG, "a worker has not ended after verify.hang_after");
			phase->run->end = MH_RUN_ENDED_BY_WATCHDOG;
			return;
		}
		mh_sleep_ns(POLL_NS / 20);
	}
}

static void open_gate(struct mh_phase *phase)
{
	struct mh_phase_shared *shared = &phase->shared;
	uint64_t interval_ticks = ticks_of(phase, phase->run->scenario->record.interval_ns);

	mh_mutex_lock(&shared->gate);
	while (shared->ready < phase->worker_count)
		mh_condition_wait(&shared->ready_changed, &shared->gate);
	shared->origin_ticks = mh_clock_ticks(&phase->run->clock);
	for (unsigned i = 0; shared->recorded && i < phase->worker_count; i++)
		mh_recorder_start(&phase->workers[i].recorder, shared->origin_ticks, interval_ticks);
	if (phase->fault_set)
		mh_fault_set_start(phase->fault_set, shared->origin_ticks);
	shared->open = true;
	mh_condition_broadcast(&shared->opened);
	mh_mutex_unlock(&shared->gate);
}

static void set_end(struct mh_phase *phase)
{
	uint64_t bound_ns = phase->scenario->for_ns ? phase->scenario->for_ns : phase->scenario->max_ns;

	phase->end_ticks = bound_ns ? phase->shared.origin_ticks + ticks_of(phase, bound_ns) : UINT64_MAX;
}

static void sleep_until_next_look(const struct mh_phase *phase, uint64_t now)
{
	uint64_t left_ns = POLL_NS;

	if (phase->end_ticks > now && mh_clock_ns(&phase->run->clock, phase->end_ticks - now) < left_ns)
		left_ns = mh_clock_ns(&phase->run->clock, phase->end_ticks - now);
	mh_sleep_ns(left_ns);
}

void mh_phase_control(struct mh_phase *phase)
{
	struct control control = {.phase = phase};
	uint64_t now;

	open_gate(phase);
	set_end(phase);
	control.origin = now = phase->interval_begin = phase->shared.origin_ticks;
	control.interval_ticks = ticks_of(phase, phase->run->scenario->record.interval_ns);
	control.next_interval = control.origin + control.interval_ticks;
	do {
		sleep_until_next_look(phase, now);
		now = mh_clock_ticks(&phase->run->clock);
		collect(&control, now);
		show_progress(&control, now);
		watch_signal(phase);
		watch_limits(&control, now);
		(void)watch_crashes(phase);
		watch_hangs(&control, now);
	} while (phase->run->end == MH_RUN_ENDED && !is_over(&control, now));
	atomic_store(&phase->shared.cut_short, phase->run->end != MH_RUN_ENDED);
	atomic_store(&phase->shared.stop, true);
	atomic_store(&phase->shared.signal, true);
	wait_for_workers(phase);
	phase->finished_ticks = mh_clock_ticks(&phase->run->clock);
}
