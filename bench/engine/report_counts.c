/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often things happened in a phase, into the result: what a gate compares without noise. The names are
 * docs/results-format.md's. Only what happened has a count, but for the sums over the machine.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/exactness.h"
#include "bench/engine/run_private.h"
#include "results/run_json.h"

/* Listeners of a chain that have counts of their own; those that registered after so many share some. */
#define LISTENERS_MAX 4096u
/* What a reader takes of a list, less room for what other parts of the run count. */
#define COUNTS_MAX (MH_RUN_JSON_LIST_MAX - 4096)

/* One phase's counts on their way. */
struct report {
	const struct mh_phase *phase;
	struct mh_result *result;
	const char *name;    /* of the phase */
	const char *inexact; /* of what the hotplug thread decides; NULL: exact */
	size_t first;        /* the phase's own counts, in the result */
};

static void add(const struct report *report, uint64_t value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void add(const struct report *report, uint64_t value, const char *format, ...)
{
	char name[512];
	va_list arguments;

	if (report->result->count_count >= COUNTS_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	(void)mh_result_add_count(report->result, name, value, report->inexact);
}

static uint64_t calls_of(const struct mh_tally *tally, uint32_t listener, int event)
{
	return listener < tally->listeners ? tally->calls[(size_t)listener * MH_EVENT_COUNT + (unsigned)event] : 0;
}

static uint64_t sum_calls(const struct mh_phase *phase, uint32_t listener, int event)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < phase->worker_count; i++)
		sum += calls_of(&phase->workers[i].tally, listener, event);
	return sum;
}

static uint64_t sum_others(const struct mh_phase *phase, int event, uint32_t listeners)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < phase->worker_count; i++)
		sum += phase->workers[i].tally.others[event];
	for (uint32_t listener = LISTENERS_MAX; listener < listeners; listener++)
		sum += sum_calls(phase, listener, event);
	return sum;
}

static uint32_t most_listeners(const struct mh_phase *phase)
{
	uint32_t most = 0;

	for (unsigned i = 0; i < phase->worker_count; i++)
		if (phase->workers[i].tally.listeners > most)
			most = phase->workers[i].tally.listeners;
	return most;
}

static void add_calls(const struct report *report)
{
	const struct mh_phase *phase = report->phase;
	const uint32_t listeners = most_listeners(phase);

	for (int event = 0; event < MH_EVENT_COUNT; event++) {
		uint64_t others = sum_others(phase, event, listeners);

		for (uint32_t id = 0; id < listeners && id < LISTENERS_MAX; id++) {
			uint64_t calls = sum_calls(phase, id, event);

			if (calls)
				add(report, calls, "%s/calls/%s/%s", report->name,
				    mh_machine_listener(phase->run->machine, (enum mh_event)event, id)->name,
				    mh_event_names[event]);
		}
		if (others)
			add(report, others, "%s/calls/others/%s", report->name, mh_event_names[event]);
	}
}

static void add_operations(const struct report *report, bool online)
{
	for (int outcome = 0; outcome < MH_OUTCOME_COUNT; outcome++) {
		uint64_t sum = 0;

		for (unsigned i = 0; i < report->phase->worker_count; i++)
			sum += report->phase->workers[i].tally.operations[online][outcome];
		if (sum)
			add(report, sum, "%s/operations/%s/%s", report->name, online ? "online" : "offline",
			    mh_outcome_names[outcome]);
	}
}

static uint64_t sum_stamps(const struct mh_phase *phase, enum mh_stamp_kind kind)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < phase->worker_count; i++)
		sum += phase->workers[i].tally.stamps[kind];
	return sum;
}

/* A walk is one read section of the chain, or one taking of its lock. */
static void add_steps(const struct report *report)
{
	add(report, sum_stamps(report->phase, MH_STAMP_WALK_BEGIN), "%s/read_sections", report->name);
	add(report, sum_stamps(report->phase, MH_STAMP_LOCKED), "%s/hotplug_locks", report->name);
}

static void add_machine(const struct report *report)
{
	const struct mh_machine_counts *before = &report->phase->machine_counts;
	struct mh_machine_counts now;

	mh_machine_counts(report->phase->run->machine, &now);
	add(report, now.grace_periods - before->grace_periods, "%s/grace_periods", report->name);
	add(report, now.drains - before->drains, "%s/drains", report->name);
	add(report, now.pages_migrated - before->pages_migrated, "%s/pages_migrated", report->name);
	add(report, now.allocations_refused - before->allocations_refused, "%s/allocations_refused", report->name);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct mh_result_count *)a)->name, ((const struct mh_result_count *)b)->name);
}

/* In the order of their names; listeners of one name, which a scenario may have, are one. */
static void settle(const struct report *report)
{
	struct mh_result *result = report->result;
	struct mh_result_count *counts = result->counts;
	size_t kept = report->first;

	if (result->failed || result->count_count == report->first)
		return;
	qsort(&counts[report->first], result->count_count - report->first, sizeof(counts[0]), compare_names);
	for (size_t i = report->first + 1; i < result->count_count; i++) {
		if (strcmp(counts[kept].name, counts[i].name) == 0)
			counts[kept].value += counts[i].value;
		else
			counts[++kept] = counts[i];
	}
	result->count_count = kept + 1;
}

void mh_phase_counts_begin(struct mh_phase *phase)
{
	mh_machine_counts(phase->run->machine, &phase->machine_counts);
}

/* Threads that hang still write what would be read here. */
void mh_phase_report_counts(struct mh_phase *phase)
{
	struct mh_run *run = phase->run;
	struct report report = {
		.phase = phase,
		.result = run->result,
		.name = phase->scenario->name,
		.inexact = mh_phase_inexact(phase),
		.first = run->result->count_count,
	};

	if (mh_run_end_leaves_threads(run->end))
		return;
	add_calls(&report);
	add_operations(&report, true);
	add_operations(&report, false);
	add_steps(&report);
	add_machine(&report);
	settle(&report);
	if (run->result->count_count >= COUNTS_MAX)
		(void)mh_result_add_warning(run->result,
					    "phase '%s': more than %u counts: those after them are not kept; give the "
					    "scenario fewer listeners or phases",
					    report.name, COUNTS_MAX);
}
