/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operations that a run kept, on a line of time: a process a run, a track a worker with an operation's steps inside
 * it, tracks for those that waited, one for the phases, faults as marks and as a count.
 */
#include "results/export/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/export/export.h"

#define QUEUE_TRACKS_MAX 64
#define TID_PHASES       1
#define TID_QUEUES       2
#define TID_WORKERS      (TID_QUEUES + QUEUE_TRACKS_MAX) /* and one more for each further worker */

/* A run while its events are written. */
struct tracing {
	struct mh_trace_text *trace;
	const struct mh_export *export;
	const struct mh_export_run *run;
	unsigned pid;
	const struct mh_result_exemplar **exemplars; /* all; sorted as each part needs it */
	struct mh_slice *slices;                     /* room for all of a track */
};

static uint64_t add_ns(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static int compare_starts(const void *a, const void *b)
{
	const struct mh_result_exemplar *left = *(const struct mh_result_exemplar *const *)a;
	const struct mh_result_exemplar *right = *(const struct mh_result_exemplar *const *)b;

	return (left->start_ns > right->start_ns) - (left->start_ns < right->start_ns);
}

/* What one worker did stands together. */
static int compare_workers(const void *a, const void *b)
{
	const struct mh_result_exemplar *left = *(const struct mh_result_exemplar *const *)a;
	const struct mh_result_exemplar *right = *(const struct mh_result_exemplar *const *)b;
	int order = strcmp(left->workload, right->workload);

	return order ? order : (left->worker > right->worker) - (left->worker < right->worker);
}

static void sort(struct tracing *tracing, int (*compare)(const void *, const void *))
{
	size_t count = tracing->run->result.exemplar_count;

	if (count)
		qsort(tracing->exemplars, count, sizeof(tracing->exemplars[0]), compare);
}

static void add_phases(struct tracing *tracing)
{
	const struct mh_result *result = &tracing->run->result;

	for (size_t i = 0; i < result->phase_count; i++)
		tracing->slices[i] = (struct mh_slice){
			.begin_ns = result->phases[i].t0_ns,
			.end_ns = result->phases[i].t1_ns,
			.name = result->phases[i].name,
			.category = result->phases[i].role,
		};
	mh_slices_nest(tracing->slices, result->phase_count);
	mh_trace_name(tracing->trace, tracing->pid, TID_PHASES, "thread_name", "phases");
	for (size_t i = 0; i < result->phase_count; i++) {
		mh_trace_slice(tracing->trace, tracing->pid, TID_PHASES, &tracing->slices[i]);
		mh_trace_end(tracing->trace);
	}
}

static void add_operation_args(struct mh_trace_text *trace, const struct mh_result_exemplar *exemplar)
{
	mh_trace_text_arg(trace, "phase", exemplar->phase);
	mh_trace_number_arg(trace, "seq", (int64_t)exemplar->seq);
	if (exemplar->block != UINT64_MAX)
		mh_trace_number_arg(trace, "block", (int64_t)exemplar->block);
	mh_trace_number_arg(trace, "result", exemplar->result);
	mh_trace_text_arg(trace, "outcome", exemplar->outcome);
	mh_trace_text_arg(trace, "class", exemplar->class);
	mh_trace_number_arg(trace, "wait_ns", (int64_t)exemplar->wait_ns);
	mh_trace_number_arg(trace, "faults_fired", (int64_t)exemplar->fired);
	if (exemplar->switched != MH_NOT_AVAILABLE)
		mh_trace_number_arg(trace, "switched_out", exemplar->switched);
}

/* The operation and its steps, behind the slices that are there. */
static size_t collect_operation(struct tracing *tracing, const struct mh_result_exemplar *exemplar, size_t count)
{
	tracing->slices[count++] = (struct mh_slice){
		.begin_ns = exemplar->start_ns,
		.end_ns = add_ns(exemplar->start_ns, exemplar->service_ns),
		.name = exemplar->operation,
		.category = "operation",
		.of = exemplar,
	};
	for (size_t i = 0; i < exemplar->step_count; i++)
		tracing->slices[count++] = (struct mh_slice){
			.begin_ns = add_ns(exemplar->start_ns, exemplar->steps[i].begin_ns),
			.end_ns = add_ns(exemplar->start_ns, exemplar->steps[i].end_ns),
			.name = exemplar->steps[i].name,
			.category = mh_step_kind_names[exemplar->steps[i].kind],
		};
	return count;
}

/* When a fault fired: as its listener began, or else as the operation did. */
static uint64_t fired_at(const struct mh_result_exemplar *exemplar, const struct mh_result_firing *firing)
{
	char step[256];

	if (!firing->event)
		return exemplar->start_ns;
	snprintf(step, sizeof(step), "%s%s%s", firing->event, firing->listener ? "/" : "",
		 firing->listener ? firing->listener : "");
	for (size_t i = 0; i < exemplar->step_count; i++)
		if (strcmp(exemplar->steps[i].name, step) == 0 && exemplar->steps[i].begin_ns <= exemplar->service_ns)
			return add_ns(exemplar->start_ns, exemplar->steps[i].begin_ns);
	return exemplar->start_ns;
}

static void add_firings(struct tracing *tracing, const struct mh_result_exemplar *exemplar, unsigned tid)
{
	for (size_t i = 0; i < exemplar->firing_count; i++) {
		const struct mh_result_firing *firing = &exemplar->firings[i];

		mh_trace_instant(tracing->trace, tracing->pid, tid, fired_at(exemplar, firing), firing->fault);
		mh_trace_text_arg(tracing->trace, "event", firing->event);
		mh_trace_text_arg(tracing->trace, "listener", firing->listener);
		mh_trace_number_arg(tracing->trace, "value", firing->value);
		mh_trace_number_arg(tracing->trace, "delay_ns", (int64_t)firing->delay_ns);
		mh_trace_end(tracing->trace);
	}
}

/* All that one worker did: @count exemplars. */
static void add_worker(struct tracing *tracing, const struct mh_result_exemplar *const *exemplars, size_t count,
		       unsigned tid)
{
	struct mh_text name = MH_TEXT_INIT;
	size_t slices = 0;

	for (size_t i = 0; i < count; i++)
		slices = collect_operation(tracing, exemplars[i], slices);
	mh_slices_nest(tracing->slices, slices);
	mh_text_add(&name, "%s %" PRIu64, exemplars[0]->workload, exemplars[0]->worker);
	mh_trace_name(tracing->trace, tracing->pid, tid, "thread_name", name.data);
	mh_text_release(&name);
	for (size_t i = 0; i < slices; i++) {
		mh_trace_slice(tracing->trace, tracing->pid, tid, &tracing->slices[i]);
		if (tracing->slices[i].of)
			add_operation_args(tracing->trace, tracing->slices[i].of);
		mh_trace_end(tracing->trace);
	}
	for (size_t i = 0; i < count; i++)
		add_firings(tracing, exemplars[i], tid);
}

static void add_workers(struct tracing *tracing)
{
	size_t all = tracing->run->result.exemplar_count;
	unsigned tid = TID_WORKERS;

	sort(tracing, compare_workers);
	for (size_t first = 0, end; first < all; first = end) {
		for (end = first + 1; end < all; end++)
			if (compare_workers(&tracing->exemplars[first], &tracing->exemplars[end]) != 0)
				break;
		add_worker(tracing, &tracing->exemplars[first], end - first, tid++);
	}
}

static void add_counter(struct tracing *tracing)
{
	uint64_t fired = 0;

	sort(tracing, compare_starts);
	for (size_t i = 0; i < tracing->run->result.exemplar_count; i++) {
		const struct mh_result_exemplar *exemplar = tracing->exemplars[i];

		fired = add_ns(fired, exemplar->fired);
		mh_trace_counter(tracing->trace, tracing->pid, exemplar->start_ns, "faults fired in what was kept",
				 fired);
	}
}

/* The first of @count tracks that is free at @at_ns; @count when none is. */
static size_t find_track(const uint64_t *busy_until, size_t count, uint64_t at_ns)
{
	size_t track = 0;

	while (track < count && busy_until[track] > at_ns)
		track++;
	return track;
}

static size_t collect_waits(struct tracing *tracing)
{
	const struct mh_result *result = &tracing->run->result;
	size_t count = 0;

	for (size_t i = 0; i < result->exemplar_count; i++) {
		const struct mh_result_exemplar *exemplar = tracing->exemplars[i];

		if (exemplar->intended_ns < exemplar->start_ns)
			tracing->slices[count++] = (struct mh_slice){
				.begin_ns = exemplar->intended_ns,
				.end_ns = exemplar->start_ns,
				.name = exemplar->operation,
				.category = "wait",
			};
	}
	return count;
}

static int compare_begin(const void *a, const void *b)
{
	const struct mh_slice *left = a, *right = b;

	return (left->begin_ns > right->begin_ns) - (left->begin_ns < right->begin_ns);
}

/* Many wait at a time, and none within another: as many tracks as wait together. */
static void add_waits(struct tracing *tracing)
{
	uint64_t busy_until[QUEUE_TRACKS_MAX];
	size_t count = collect_waits(tracing), tracks = 0, dropped = 0;

	if (count)
		qsort(tracing->slices, count, sizeof(tracing->slices[0]), compare_begin);
	for (size_t i = 0; i < count; i++) {
		size_t track = find_track(busy_until, tracks, tracing->slices[i].begin_ns);

		if (track == QUEUE_TRACKS_MAX) {
			dropped++;
			continue;
		}
		if (track == tracks) {
			mh_trace_name(tracing->trace, tracing->pid, TID_QUEUES + (unsigned)track, "thread_name",
				      "queue");
			tracks++;
		}
		busy_until[track] = tracing->slices[i].end_ns;
		mh_trace_slice(tracing->trace, tracing->pid, TID_QUEUES + (unsigned)track, &tracing->slices[i]);
		mh_trace_end(tracing->trace);
	}
	if (dropped)
		mh_export_note(tracing->export, "%s/%s: %zu waits found no track: more than %d overlap",
			       tracing->run->cell, tracing->run->name, dropped, QUEUE_TRACKS_MAX);
}

static void add_run(struct tracing *tracing)
{
	const struct mh_result *result = &tracing->run->result;
	struct mh_text name = MH_TEXT_INIT;

	for (size_t i = 0; i < result->exemplar_count; i++)
		tracing->exemplars[i] = &result->exemplars[i];
	mh_text_add(&name, "%s %s/%s", tracing->export->scenario, tracing->run->cell, tracing->run->name);
	mh_trace_name(tracing->trace, tracing->pid, 0, "process_name", name.data);
	mh_text_release(&name);
	add_phases(tracing);
	add_workers(tracing);
	add_counter(tracing);
	add_waits(tracing);
}

static size_t count_slices(const struct mh_result *result)
{
	size_t count = result->phase_count + result->exemplar_count + 1;

	for (size_t i = 0; i < result->exemplar_count; i++)
		count += result->exemplars[i].step_count;
	return count;
}

/* A run is shown whatever came of it: what broke is what one wants to see. */
static int trace_run(struct mh_trace_text *trace, const struct mh_export *export, size_t index, struct mh_error *reterr)
{
	const struct mh_export_run *run = &export->runs[index];
	struct tracing tracing = {.trace = trace, .export = export, .run = run, .pid = (unsigned)index + 1};

	tracing.exemplars = calloc(run->result.exemplar_count + 1, sizeof(tracing.exemplars[0]));
	tracing.slices = calloc(count_slices(&run->result), sizeof(tracing.slices[0]));
	if (tracing.exemplars && tracing.slices)
		add_run(&tracing);
	else
		mh_error_set(reterr, -ENOMEM, "no memory for the trace of %s/%s", run->cell, run->name);
	int ret = tracing.exemplars && tracing.slices ? 0 : -ENOMEM;

	free(tracing.exemplars);
	free(tracing.slices);
	return ret;
}

static int write(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_trace_text trace;
	size_t kept = 0;
	int ret = 0;

	mh_trace_open(&trace, text);
	for (size_t i = 0; ret == 0 && i < export->run_count; i++) {
		const struct mh_export_run *run = &export->runs[i];

		if (!run->read) {
			mh_export_note(export, "%s/%s is left out: %s", run->cell, run->name, run->why);
			continue;
		}
		kept += run->result.exemplar_count;
		ret = trace_run(&trace, export, i, reterr);
	}
	mh_trace_close(&trace);
	if (ret == 0 && kept == 0)
		ret = mh_error_set(reterr, -ENODATA,
				   "no run kept an operation to show: set `record.exemplars` in the scenario");
	return ret;
}

const struct mh_export_format mh_export_trace = {
	.name = "trace",
	.help = "the operations that were kept, for chrome://tracing and Perfetto",
	.write = write,
};
