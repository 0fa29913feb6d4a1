/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a run comes to when its phases are done: checks, expectations, faults, thresholds, and whether the data are good
 * enough to be judged at all.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/run_private.h"
#include "results/slo.h"

void mh_run_add_violation(struct mh_run *run, const char *invariant, uint64_t sequence, const char *detail)
{
	struct mh_result_violation *violation = mh_result_add_violation(run->result);

	if (!violation)
		return;
	violation->invariant = mh_result_text(run->result, invariant);
	violation->seq = sequence;
	violation->detail = mh_result_text(run->result, detail);
}

/* The kernel's writers poll (semantics.md 4.2); ours queue unless told otherwise. */
static void judge_lock_wait(struct mh_run *run)
{
	uint64_t threads = 0;

	for (size_t i = 0; i < run->scenario->workload_count; i++)
		threads += run->scenario->workloads[i].kind->hotplug ? run->scenario->workloads[i].threads : 0;
	if (threads > 1 && run->scenario->machine.hotplug_lock == MH_HOTPLUG_LOCK_GLOBAL &&
	    run->scenario->machine.lock_wait == MH_LOCK_WAIT_QUEUE)
		(void)mh_result_add_warning(
			run->result, "hotplug threads queue for the lock: `wait` and `response` have not the kernel's "
				     "shape (machine.lock_wait: poll has)");
}

static void judge_threads(struct mh_run *run)
{
	unsigned most = 0;

	for (size_t i = 0; i < run->scenario->phase_count; i++) {
		const struct mh_scenario_phase *phase = &run->scenario->phases[i];
		unsigned threads = 0;

		for (size_t w = 0; w < phase->workloads.count; w++)
			threads += (unsigned)run->scenario->workloads[phase->workloads.items[w]].threads;
		most = threads > most ? threads : most;
	}
	if (most <= run->cpu_count)
		return;
	run->result->oversubscribed = true;
	(void)mh_result_add_warning(
		run->result, "oversubscribed: %u threads on %zu CPUs; times are of the scheduler, too, and never gated",
		most, run->cpu_count);
}

static void report_checks(struct mh_run *run)
{
	static const char *const levels[] = {"fast", "full", "off"};
	const struct mh_check *check = mh_machine_check(run->machine);
	struct mh_result_verify *verify = &run->result->verify;

	verify->level = levels[run->scenario->verify.level];
	verify->checked = atomic_load(&check->checked);
	for (unsigned i = 0; i < check->kept; i++)
		mh_run_add_violation(run, check->violations[i].invariant, check->violations[i].sequence,
				     check->violations[i].detail);
	verify->violation_count += atomic_load(&check->violation_count);
}

/* What nobody looked at was not met: as little a pass as a fault that never fired. */
static void judge_expectation(struct mh_run *run, const struct mh_fault *fault, const struct mh_run_fault *counts)
{
	const char *expect = mh_expect_names[fault->expect];

	if (fault->expect == MH_EXPECT_NONE || !counts->fired || run->end != MH_RUN_ENDED)
		return;
	if (counts->late_unjudged)
		(void)mh_result_add_warning(run->result,
					    "fault '%s': %llu blocks were not yet due to be retried when their phase "
					    "ended",
					    fault->name, (unsigned long long)counts->late_unjudged);
	if (fault->optional && counts->unjudged)
		(void)mh_result_add_warning(run->result, "fault '%s': %llu firings were too many to be judged",
					    fault->name, (unsigned long long)counts->unjudged);
	if (fault->optional || (counts->judged && !counts->unjudged))
		return;
	mh_result_raise_status(run->result, MH_RUN_INVALID);
	if (counts->unjudged)
		(void)mh_result_add_status_reason(
			run->result,
			"fault '%s': whether 'expect: %s' was met is not known of %llu of %llu firings, which were "
			"more than %d in one operation; narrow its where, or say `optional: true`",
			fault->name, expect, (unsigned long long)counts->unjudged, (unsigned long long)counts->fired,
			MH_FIRINGS_OPERATION_MAX);
	else
		(void)mh_result_add_status_reason(
			run->result,
			"fault '%s': 'expect: %s' could be judged of none of %llu firings; let its phase last longer "
			"than verify.converge_within, or say `optional: true`",
			fault->name, expect, (unsigned long long)counts->fired);
}

static void report_detected(struct mh_run *run, const struct mh_fault *fault, const struct mh_run_fault *counts)
{
	for (unsigned i = 0; i < MH_DETECTS_MAX && counts->detected[i].invariant; i++) {
		struct mh_result_expected *expected;

		if (!counts->detected[i].count)
			continue;
		expected = mh_result_add_expected(run->result);
		if (!expected)
			return;
		expected->invariant = counts->detected[i].invariant;
		expected->fault = mh_result_text(run->result, fault->name);
		expected->count = counts->detected[i].count;
	}
}

static void report_faults(struct mh_run *run)
{
	struct mh_result *result = run->result;

	for (size_t i = 0; i < run->scenario->fault_count; i++) {
		const struct mh_fault *fault = &run->scenario->faults[i].fault;
		struct mh_result_fault *item = mh_result_add_fault(result);
		char name[256];

		if (!item)
			return;
		item->id = mh_result_text(result, fault->name);
		item->kind = fault->kind->name;
		item->armed = run->faults[i].armed;
		item->evaluated = run->faults[i].evaluated;
		item->fired = run->faults[i].fired;
		item->sites = run->faults[i].sites.sites;
		item->site_count = run->faults[i].sites.site_count;
		result->verify.violation_count += run->faults[i].unmet;
		snprintf(name, sizeof(name), "faults.%s.digest", fault->name);
		(void)mh_result_add_counter(result, name, run->faults[i].digest);
		report_detected(run, fault, &run->faults[i]);
		judge_expectation(run, fault, &run->faults[i]);
		if (item->fired || fault->optional || run->end != MH_RUN_ENDED)
			continue;
		mh_result_raise_status(result, MH_RUN_INVALID);
		(void)mh_result_add_status_reason(
			result,
			"fault '%s' never fired (%llu calls matched its `where`): a test that tests nothing; "
			"mend its where or trigger, or say `optional: true`",
			fault->name, (unsigned long long)item->evaluated);
	}
}

static void report_counts(struct mh_run *run)
{
	struct mh_chain *node_chain = mh_machine_node_chain(run->machine);
	struct mh_machine_counts counts;

	mh_machine_counts(run->machine, &counts);
	(void)mh_result_add_counter(run->result, "blocks", mh_machine_block_count(run->machine));
	(void)mh_result_add_counter(run->result, "nodes", mh_machine_node_count(run->machine));
	(void)mh_result_add_counter(run->result, "listeners", mh_chain_count(mh_machine_chain(run->machine)));
	if (node_chain)
		(void)mh_result_add_counter(run->result, "node_listeners", mh_chain_count(node_chain));
	(void)mh_result_add_counter(run->result, "blocks_online", counts.blocks_online);
	(void)mh_result_add_counter(run->result, "grace_periods", counts.grace_periods);
	(void)mh_result_add_counter(run->result, "drains", counts.drains);
	(void)mh_result_add_counter(run->result, "pages_migrated", counts.pages_migrated);
	(void)mh_result_add_counter(run->result, "allocations_refused", counts.allocations_refused);
	if (run->scenario->verify.level == MH_VERIFY_FULL) /* I08: that CANCEL reaches who never heard GOING */
		(void)mh_result_add_counter(run->result, "orphan_finals",
					    atomic_load(&mh_machine_check(run->machine)->orphan_finals));
}

static void report_slos(struct mh_run *run)
{
	for (size_t i = 0; i < run->scenario->slo_count; i++)
		(void)mh_slo_evaluate(run->result, &run->scenario->slos[i].threshold,
				      run->scenario->slos[i].require.can_fail);
}

static void judge_sample(struct mh_run *run)
{
	if (run->scenario->record.sample > 1)
		(void)mh_result_add_warning(
			run->result,
			"record.sample: one operation in %llu was timed; the counts of the series are "
			"not scaled up",
			(unsigned long long)run->scenario->record.sample);
}

void mh_run_report(struct mh_run *run)
{
	struct mh_result *result = run->result;

	judge_threads(run);
	judge_lock_wait(run);
	judge_sample(run);
	report_checks(run);
	report_faults(run);
	report_counts(run);
	report_slos(run);
	result->duration_ns = mh_run_ns(run, mh_clock_ticks(&run->clock));
	mh_environment_finish(&result->environment);
}

/* A breached `abort` threshold ends the run before the next phase: judged on what there is so far. */
