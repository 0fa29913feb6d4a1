/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the workers' recorders to the interval log and the result.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/run_private.h"
#include "results/tag.h"

void mh_phase_collect(struct mh_phase *phase)
{
	for (unsigned i = 0; i < phase->worker_count; i++)
		(void)mh_recorder_collect(&phase->workers[i].recorder, &phase->run->collection);
}

static const struct mh_histogram *headline_response(const struct mh_phase *phase)
{
	for (size_t i = 0; i < phase->run->scenario->workload_count; i++) {
		int id = phase->run->series.workloads[i].response;

		if (id >= 0 && mh_workload_is_headline(phase->run->scenario, i))
			return &phase->run->collection.interval[id];
	}
	return NULL;
}

static void tag_of(const struct mh_phase *phase, size_t series, char *ret_tag, size_t size)
{
	snprintf(ret_tag, size, "%s/%s", phase->scenario->name, phase->run->series.table.names[series]);
}

static void add_line(struct mh_phase *phase, const char *tag, const struct mh_histogram *histogram, uint64_t begin_ns,
		     uint64_t end_ns)
{
	struct mh_run *run = phase->run;
	struct mh_error error;

	if (mh_hlog_add(&run->hlog, tag, begin_ns, end_ns, histogram, &error) < 0)
		(void)mh_result_add_warning(run->result, "run.hlog lacks an interval: %s", error.text);
}

void mh_phase_write_interval(struct mh_phase *phase, uint64_t now)
{
	struct mh_run *run = phase->run;
	uint64_t begin_ns = mh_run_ns(run, phase->interval_begin);
	uint64_t end_ns = mh_run_ns(run, now);
	const struct mh_histogram *response = headline_response(phase);
	struct mh_error error;

	if (!run->hlog.stream.file || !run->series.table.count)
		return;
	/* The format wants an untagged line first; without a recorded response it is that of the first series. */
	add_line(phase, NULL, response ? response : &run->collection.interval[0], begin_ns, end_ns);
	for (size_t i = 0; i < run->series.table.count; i++) {
		char tag[MH_TAG_MAX + 1];

		if (!run->collection.interval[i].count)
			continue;
		tag_of(phase, i, tag, sizeof(tag));
		add_line(phase, tag, &run->collection.interval[i], begin_ns, end_ns);
	}
	(void)mh_hlog_flush(&run->hlog, &error); /* the first error stays in the stream; the limits look at it */
	mh_batches_add(&run->batches, run->collection.interval);
	mh_collection_next_interval(&run->collection);
	phase->interval_begin = now;
}

static void report_one(struct mh_phase *phase, int id)
{
	struct mh_run *run = phase->run;
	const struct mh_histogram *total = &run->collection.total[id];
	char tag[MH_TAG_MAX + 1];

	if (!total->count)
		return;
	tag_of(phase, (size_t)id, tag, sizeof(tag));
	if (mh_result_add_series(run->result, tag, total) == 0)
		run->result->series[run->result->series_count - 1].effective_count =
			mh_batches_effective(&run->batches, (size_t)id, total);
}

/* Each whole, and behind it its parts. */
static void report_series(struct mh_phase *phase)
{
	const struct mh_series *series = &phase->run->series;

	for (int id = 0; id < series->whole_count; id++) {
		report_one(phase, id);
		for (int class = 0; series->split && class < MH_OPERATION_CLASSES; class ++)
			report_one(phase, id + mh_series_base(series, (enum mh_class) class));
	}
}

static void add_worker(struct mh_result *result, const struct mh_worker_run *worker,
		       struct mh_result_workload *workload, uint64_t *stretched)
{
	workload->ops.ok += worker->ok;
	workload->ops.fail += worker->fail;
	workload->ops.expected_fail += worker->expected_fail;
	workload->ops.unexpected += worker->unexpected;
	workload->already += worker->already;
	(void)mh_result_add_cpu(result, workload, worker->bound < 0 ? MH_NOT_AVAILABLE : worker->bound);
	workload->dropped += worker->pace.dropped + worker->pending;
	*stretched += worker->recorder.stretched;
}

/* Of a workload's threads together; one that lacks a counter makes it not available. */
static void add_hw(struct mh_result_workload *workload, const struct mh_worker_run *worker)
{
	for (int i = 0; i < MH_HW_COUNTERS; i++) {
		if (worker->hw.values[i] == MH_HW_NOT_AVAILABLE || workload->hw[i] == MH_NOT_AVAILABLE)
			workload->hw[i] = MH_NOT_AVAILABLE;
		else
			workload->hw[i] += worker->hw.values[i];
	}
}

/* One that hangs, or could not begin, has worked until the phase ended as far as anybody knows. */
static int64_t time_of(const struct mh_phase *phase, const struct mh_worker_run *worker)
{
	uint64_t begun = worker->begun_ticks ? worker->begun_ticks : phase->shared.origin_ticks;
	uint64_t ended = worker->ended_ticks ? worker->ended_ticks : phase->finished_ticks;

	return (int64_t)mh_clock_ns(&phase->run->clock, ended - begun);
}

static double lag_p99(const struct mh_phase *phase, size_t workload)
{
	int id = phase->run->series.workloads[workload].wait;

	if (!phase->shared.recorded || id < 0)
		return 0;
	return mh_histogram_quantile(&phase->run->collection.total[id], 0.99);
}

/* A generator that falls behind makes the run invalid, not slow. */
static void judge_generator(struct mh_phase *phase, const struct mh_result_workload *workload)
{
	const struct mh_scenario_limits *limits = &phase->run->scenario->limits;
	uint64_t completed = mh_result_ops_total(&workload->ops);
	double share = (double)workload->dropped / (double)(completed + workload->dropped + !completed);

	if (!phase->shared.recorded || workload->target_rate <= 0)
		return;
	if (share * 1e9 > (double)limits->max_dropped_ppb) {
		mh_result_raise_status(phase->run->result, MH_RUN_INVALID);
		(void)mh_result_add_status_reason(
			phase->run->result,
			"phase '%s': workload '%s' dropped %.3g %% of its arrivals (limits.max_dropped is %.3g %%): it "
			"was asked "
			"for %.6g/s and reached %.6g/s; lower the rate or raise max_outstanding",
			phase->scenario->name, workload->name, share * 100, (double)limits->max_dropped_ppb / 1e7,
			workload->target_rate, workload->achieved_rate);
	}
	if (limits->max_lag_p99_ns && workload->lag_p99_ns > (double)limits->max_lag_p99_ns) {
		mh_result_raise_status(phase->run->result, MH_RUN_INVALID);
		(void)mh_result_add_status_reason(phase->run->result,
						  "phase '%s': the p99 of how late '%s' started is %.0f ns, "
						  "limits.max_lag_p99 is %llu ns",
						  phase->scenario->name, workload->name, workload->lag_p99_ns,
						  (unsigned long long)limits->max_lag_p99_ns);
	}
}

static void report_workload(struct mh_phase *phase, struct mh_result_phase *of, size_t index)
{
	const struct mh_scenario_workload *scenario = &phase->run->scenario->workloads[index];
	struct mh_result_workload *workload = mh_result_add_workload(phase->run->result, of);
	double seconds = (double)(of->t1_ns - of->t0_ns) / 1e9;
	uint64_t stretched = 0;

	if (!workload)
		return;
	workload->name = mh_result_text(phase->run->result, scenario->name);
	workload->kind = scenario->kind->name;
	workload->threads = scenario->threads;
	workload->target_rate = mh_scenario_mean_rate(scenario, phase->scenario);
	workload->threads_ns = 0;
	workload->hw_asked = phase->shared.recorded && phase->run->scenario->record.hw;
	for (unsigned i = 0; i < phase->worker_count; i++) {
		if (phase->workers[i].workload_index != index)
			continue;
		add_worker(phase->run->result, &phase->workers[i], workload, &stretched);
		workload->threads_ns += time_of(phase, &phase->workers[i]);
		add_hw(workload, &phase->workers[i]);
	}
	workload->achieved_rate = seconds > 0 ? (double)mh_result_ops_total(&workload->ops) / seconds : 0;
	workload->lag_p99_ns = scenario->arrival == MH_ARRIVAL_CLOSED ? 0 : lag_p99(phase, index);
	judge_generator(phase, workload);
}

static void judge_end(struct mh_phase *phase)
{
	struct mh_result *result = phase->run->result;

	if (!phase->cut)
		return;
	mh_result_raise_status(result, MH_RUN_INVALID);
	(void)mh_result_add_status_reason(result, "phase '%s' ended by its `max` before %s", phase->scenario->name,
					  phase->scenario->ops ? "its `ops` were done" : "it converged");
}

static void write_history(struct mh_phase *phase)
{
	for (unsigned i = 0; phase->run->history.file && i < phase->worker_count; i++) {
		struct mh_history *history = &phase->workers[i].history;

		if (history->file)
			mh_history_write_out(history);
		else
			mh_history_write(history, &history->label, &phase->run->history);
	}
}

static void report_dropped_stamps(struct mh_phase *phase)
{
	uint64_t dropped = 0;

	for (unsigned i = 0; i < phase->worker_count; i++)
		dropped += phase->workers[i].trace.dropped;
	if (dropped)
		(void)mh_result_add_warning(
			phase->run->result,
			"phase '%s': %llu stamps found no room in their operation's trace; series of steps lack "
			"them",
			phase->scenario->name, (unsigned long long)dropped);
}

void mh_phase_report(struct mh_phase *phase)
{
	struct mh_run *run = phase->run;
	struct mh_result_phase *of = mh_result_add_phase(run->result);

	for (unsigned i = 0; phase->shared.recorded && i < phase->worker_count; i++)
		mh_recorder_finish(&phase->workers[i].recorder, &run->collection);
	if (!of)
		return;
	of->name = mh_result_text(run->result, phase->scenario->name);
	of->role = mh_scenario_role_names[phase->scenario->role];
	of->t0_ns = mh_run_ns(run, phase->shared.origin_ticks);
	of->t1_ns = mh_run_ns(run, phase->finished_ticks);
	of->recovery_ns =
		phase->converged_ticks
			? (int64_t)mh_clock_ns(&run->clock, phase->converged_ticks - phase->shared.origin_ticks)
			: MH_NOT_AVAILABLE;
	for (size_t i = 0; i < run->scenario->workload_count; i++)
		if (phase->workloads[i].kind)
			report_workload(phase, of, i);
	judge_end(phase);
	if (!phase->shared.recorded)
		return;
	mh_phase_write_interval(phase, phase->finished_ticks);
	report_series(phase);
	mh_phase_report_counts(phase);
	mh_phase_report_exemplars(phase);
	report_dropped_stamps(phase);
	write_history(phase);
	mh_collection_clear(&run->collection);
	mh_batches_clear(&run->batches);
}
