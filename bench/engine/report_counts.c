/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often things happened in a phase, into the result: what a gate compares without noise. The names are
 * docs/results-format.md's. Only what happened has a count, but for the sums over the machine.
 */
#include "bench/engine/count_list.h"
#include "bench/engine/exactness.h"
#include "bench/engine/run_private.h"

/* Listeners of a chain that have counts of their own; those that registered after so many share some. */
#define LISTENERS_MAX 4096u

/* One phase's counts on their way. */
struct report {
	const struct mh_phase *phase;
	struct mh_result *result;
	const char *name;    /* of the phase */
	const char *inexact; /* of what the hotplug thread decides; NULL: exact */
};

#define add(report, value, ...) mh_count_list_add((report)->result, (report)->inexact, value, __VA_ARGS__)

static uint64_t calls_of(const struct mh_tally *tally, uint32_t listener, int event)
{
	return listener < tally->listeners ? tally->calls[(size_t)listener * MH_EVENT_COUNT + (unsigned)event] : 0;
}

uint64_t mh_phase_calls(const struct mh_phase *phase, uint32_t listener, int event)
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
		sum += mh_phase_calls(phase, listener, event);
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
			uint64_t calls = mh_phase_calls(phase, id, event);

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

static void add_steps(const struct report *report)
{
	const struct mh_phase *phase = report->phase;
	uint64_t walks = 0, locks = 0;

	for (unsigned i = 0; i < phase->worker_count; i++) {
		walks += phase->workers[i].tally.walks;
		locks += phase->workers[i].tally.locks;
	}
	add(report, walks, "%s/read_sections", report->name);
	add(report, locks, "%s/hotplug_locks", report->name);
}

static void add_machine(const struct report *report)
{
	const struct mh_machine_counts *before = &report->phase->start.machine;
	struct mh_machine_counts now;

	mh_machine_counts(report->phase->run->machine, &now);
	add(report, now.grace_periods - before->grace_periods, "%s/grace_periods", report->name);
	add(report, now.drains - before->drains, "%s/drains", report->name);
	add(report, now.pages_migrated - before->pages_migrated, "%s/pages_migrated", report->name);
	add(report, now.allocations_refused - before->allocations_refused, "%s/allocations_refused", report->name);
}

void mh_phase_counts_begin(struct mh_phase *phase)
{
	mh_machine_counts(phase->run->machine, &phase->start.machine);
	mh_phase_module_counts_begin(phase);
}

/* Threads that hang still write what would be read here. */
void mh_phase_report_counts(struct mh_phase *phase)
{
	struct mh_run *run = phase->run;
	const struct report report = {
		.phase = phase,
		.result = run->result,
		.name = phase->scenario->name,
		.inexact = mh_phase_inexact(phase),
	};

	if (mh_run_end_leaves_threads(run->end))
		return;
	add_calls(&report);
	add_operations(&report, true);
	add_operations(&report, false);
	add_steps(&report);
	add_machine(&report);
	mh_phase_report_module_counts(phase, report.inexact);
}
