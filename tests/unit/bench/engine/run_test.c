/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole runs of small scenarios: what is counted adds up, what is wrong is told, the same seed does the same.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run_fixture.h"

#define HEAD                                                                                                           \
	"name: unit\nseed: 0x5eed\n"                                                                                   \
	"machine: {topology: 'pack:2 [numa(memory=1GiB)] core:1 pu:1', block_size: 128MiB}\n"

#define LISTENERS "chain: {notifiers: [{name: high, priority: 100}, {name: low, priority: -1}]}\n"

static uint64_t counter(const struct mh_result *result, const char *name)
{
	for (size_t i = 0; i < result->counter_count; i++)
		if (strcmp(result->counters[i].name, name) == 0)
			return result->counters[i].value;
	cr_assert_fail("no counter '%s'", name);
	return 0;
}

static uint64_t series_count(const struct mh_result *result, const char *tag)
{
	const struct mh_result_series *series = mh_result_find_series(result, tag);

	return series ? series->histogram.count : 0;
}

Test(run, every_operation_of_a_phase_by_ops_is_counted_and_in_the_histograms)
{
	struct outcome outcome;
	const struct mh_result_ops *ops;

	run_scenario(HEAD LISTENERS "workloads: [{name: toggle, kind: hotplug-cycle, threads: 2}]\n"
				    "phases: [{name: steady, role: measure, ops: 1001}]\n",
		     &outcome);
	cr_assert_eq(outcome.end, MH_RUN_ENDED, "%s", outcome.error.text);
	ops = &outcome.result.phases[0].workloads[0].ops;
	cr_assert_eq(mh_result_ops_total(ops), 1001, "%lu operations", (unsigned long)mh_result_ops_total(ops));
	cr_assert_eq(ops->ok, 1001);
	cr_assert_eq(series_count(&outcome.result, "steady/service"), 1001);
	cr_assert_eq(series_count(&outcome.result, "steady/online") + series_count(&outcome.result, "steady/offline"),
		     1001);
	cr_assert_eq(series_count(&outcome.result, "steady/walk"), 2002);
	cr_assert_eq(series_count(&outcome.result, "steady/cb.high"), 2002);
	cr_assert_eq(outcome.result.verify.violation_count, 0);
	mh_result_release(&outcome.result);
}

#define FAULTED                                                                                                        \
	HEAD LISTENERS "workloads: [{name: toggle, kind: hotplug-cycle, threads: 2, order: random}]\n"                 \
		       "phases: [{name: steady, role: measure, ops: 4000}]\n"                                          \
		       "faults: [{name: veto, kind: notifier-veto, where: {callback: high}, trigger: {probability: "   \
		       "3%}, expect: rollback}]\n"

Test(run, same_seed_fires_the_same_faults)
{
	uint64_t digest = 0, fired = 0;

	for (int i = 0; i < 10; i++) {
		struct outcome outcome;

		run_scenario(FAULTED, &outcome);
		cr_assert_eq(outcome.result.status, MH_RUN_OK);
		if (i == 0) {
			digest = counter(&outcome.result, "faults.veto.digest");
			fired = outcome.result.faults[0].fired;
		}
		cr_assert_gt(fired, 20);
		cr_assert_eq(outcome.result.faults[0].fired, fired);
		cr_assert_eq(counter(&outcome.result, "faults.veto.digest"), digest, "run %d fired another set", i);
		cr_assert_eq(outcome.result.phases[0].workloads[0].ops.expected_fail, fired);
		mh_result_release(&outcome.result);
	}
}

Test(run, a_fault_that_never_fires_makes_the_run_invalid)
{
	struct outcome outcome;

	run_scenario(HEAD LISTENERS "workloads: [{name: toggle, kind: hotplug-cycle}]\n"
				    "phases: [{name: steady, role: measure, ops: 10}]\n"
				    "faults: [{name: late, kind: notifier-veto, trigger: {after: 1000000}}]\n",
		     &outcome);
	cr_assert_eq(outcome.result.status, MH_RUN_INVALID, "status %d", outcome.result.status);
	cr_assert(strstr(outcome.result.status_reasons[0], "'late' never fired"), "%s",
		  outcome.result.status_reasons[0]);
	mh_result_release(&outcome.result);
}

#define MANY                                                                                                           \
	HEAD "chain: {notifiers: [{name: many, count: 80}]}\n"                                                         \
	     "workloads: [{name: toggle, kind: hotplug-cycle}]\n"                                                      \
	     "phases: [{name: steady, role: measure, ops: 10}]\n"                                                      \
	     "faults: [{name: slow, kind: notifier-delay, delay: 1us, trigger: {probability: 100%}"

Test(run, an_expectation_that_was_not_judged_makes_the_run_invalid)
{
	struct outcome outcome;

	run_scenario(MANY ", expect: slower}]\n", &outcome);
	cr_assert_eq(outcome.result.status, MH_RUN_INVALID, "status %d", outcome.result.status);
	cr_assert(strstr(outcome.result.status_reasons[0], "'expect: slower' was met is not known"), "%s",
		  outcome.result.status_reasons[0]);
	mh_result_release(&outcome.result);
}

Test(run, an_unjudged_firing_is_nothing_where_it_is_optional_or_nothing_is_expected)
{
	static const char *const ends[] = {", expect: slower, optional: true}]\n", "}]\n"};

	for (size_t i = 0; i < 2; i++) {
		struct outcome outcome;
		char yaml[1024];

		snprintf(yaml, sizeof(yaml), "%s%s", MANY, ends[i]);
		run_scenario(yaml, &outcome);
		cr_assert_eq(outcome.result.status, MH_RUN_OK, "status %d", outcome.result.status);
		mh_result_release(&outcome.result);
	}
}

Test(run, retries_that_were_all_not_yet_due_make_the_run_invalid)
{
	struct outcome outcome;

	run_scenario(HEAD LISTENERS
		     "workloads: [{name: toggle, kind: hotplug-cycle, order: random}]\n"
		     "phases: [{name: steady, role: measure, ops: 20}]\n"
		     "faults: [{name: veto, kind: notifier-veto, where: {callback: high}, trigger: {probability: "
		     "100%}, expect: retried}]\n",
		     &outcome);
	cr_assert_eq(outcome.result.status, MH_RUN_INVALID, "status %d", outcome.result.status);
	cr_assert(strstr(outcome.result.status_reasons[0], "could be judged of none"), "%s",
		  outcome.result.status_reasons[0]);
	mh_result_release(&outcome.result);
}

Test(run, a_generator_that_falls_behind_makes_the_run_invalid)
{
	struct outcome outcome;

	run_scenario(HEAD "chain: {notifiers: [{name: slow, cost: 1ms}]}\n"
			  "workloads: [{name: toggle, kind: hotplug-cycle, arrival: constant, rate: 10000/s, "
			  "max_outstanding: 4}]\n"
			  "phases: [{name: steady, role: measure, for: 200ms}]\n",
		     &outcome);
	cr_assert_eq(outcome.result.status, MH_RUN_INVALID, "status %d", outcome.result.status);
	cr_assert_gt(outcome.result.phases[0].workloads[0].dropped, 0);
	mh_result_release(&outcome.result);
}

Test(run, open_loop_counts_waiting_from_the_intended_start)
{
	struct outcome outcome;
	const struct mh_result_series *response, *service;

	run_scenario(HEAD "chain: {notifiers: [{name: slow, cost: 2ms}]}\n"
			  "workloads: [{name: toggle, kind: hotplug-cycle, arrival: constant, rate: 500/s, "
			  "max_outstanding: 64}]\n"
			  "phases: [{name: steady, role: measure, ops: 60}]\nlimits: {max_dropped: 100%}\n",
		     &outcome);
	response = mh_result_find_series(&outcome.result, "steady/response");
	service = mh_result_find_series(&outcome.result, "steady/service");
	cr_assert(response && service);
	/* Each takes 4 ms and they come every 2 ms: the last waits about half of all that came before. */
	cr_assert_gt(response->histogram.max, 10 * service->histogram.min, "response %lu, service %lu",
		     (unsigned long)response->histogram.max, (unsigned long)service->histogram.min);
	mh_result_release(&outcome.result);
}

/* 2,000 arrivals in 200 ms, of which a hundred can be served; half of the rest wait when the time is up. */
Test(run, arrivals_that_still_wait_at_the_end_of_a_phase_are_dropped_and_counted)
{
	struct outcome outcome;
	const struct mh_result_workload *toggle;
	uint64_t arrivals, due;

	run_scenario(HEAD "chain: {notifiers: [{name: slow, cost: 1ms}]}\n"
			  "workloads: [{name: toggle, kind: hotplug-cycle, threads: 2, arrival: constant, rate: "
			  "10000/s, max_outstanding: 1001}]\n"
			  "phases: [{name: steady, role: measure, for: 200ms}]\nlimits: {max_dropped: 100%}\n",
		     &outcome);
	toggle = &outcome.result.phases[0].workloads[0];
	arrivals = mh_result_ops_total(&toggle->ops) + toggle->dropped;
	/* By the clock of the run: a busy host ends the phase late, and what came until then counts. */
	due = (outcome.result.phases[0].t1_ns - outcome.result.phases[0].t0_ns) / 100000;
	cr_assert(arrivals >= 1990 && arrivals <= due + 10, "%lu arrivals, %lu due", (unsigned long)arrivals,
		  (unsigned long)due);
	cr_assert_lt(mh_result_ops_total(&toggle->ops), 1000);
	mh_result_release(&outcome.result);
}

Test(run, timed_operations_of_a_sample_are_said_to_be_fewer)
{
	struct outcome outcome;
	bool told = false;

	run_scenario(HEAD LISTENERS "workloads: [{name: toggle, kind: hotplug-cycle}]\n"
				    "phases: [{name: steady, role: measure, ops: 1000}]\nrecord: {sample: 10}\n",
		     &outcome);
	cr_assert_eq(series_count(&outcome.result, "steady/service"), 100);
	/* Operations alternate: a sample at a fixed place of each ten would hold one direction only. */
	cr_expect_gt(series_count(&outcome.result, "steady/online"), 25);
	cr_expect_gt(series_count(&outcome.result, "steady/offline"), 25);
	cr_assert_eq(series_count(&outcome.result, "steady/cb.high"), 200);
	for (size_t i = 0; i < outcome.result.warning_count; i++)
		told |= strstr(outcome.result.warnings[i], "one operation in 10") != NULL;
	cr_assert(told);
	mh_result_release(&outcome.result);
}

static void expect_times_agree(const struct mh_result_exemplar *exemplar)
{
	/* Each is rounded down from ticks for itself. */
	cr_expect_leq(exemplar->start_ns - exemplar->intended_ns - exemplar->wait_ns, 1);
	cr_expect_leq(exemplar->response_ns - exemplar->wait_ns - exemplar->service_ns, 1);
}

Test(run, exemplars_of_an_open_loop_are_those_of_the_longest_response)
{
	struct outcome outcome;

	/* Each takes 4 ms and they come every 2 ms: the later, the longer its response, whatever its service. */
	run_scenario(HEAD "chain: {notifiers: [{name: slow, cost: 2ms}]}\n"
			  "workloads: [{name: toggle, kind: hotplug-cycle, arrival: constant, rate: 500/s, "
			  "max_outstanding: 64}]\n"
			  "phases: [{name: steady, role: measure, ops: 40}]\nlimits: {max_dropped: 100%}\n"
			  "record: {exemplars: 4}\n",
		     &outcome);
	cr_assert_geq(outcome.result.exemplar_count, 4, "%zu exemplars", outcome.result.exemplar_count);
	for (size_t i = 0; i < 4; i++) {
		const struct mh_result_exemplar *exemplar = &outcome.result.exemplars[i];

		cr_expect_eq(exemplar->seq, 39 - i, "operation %lu in place %zu", (unsigned long)exemplar->seq, i);
		cr_expect_gt(exemplar->wait_ns, exemplar->service_ns);
		expect_times_agree(exemplar);
	}
	cr_expect_eq(outcome.result.exemplars[0].response_ns,
		     mh_result_find_series(&outcome.result, "steady/response")->histogram.max);
	mh_result_release(&outcome.result);
}

Test(run, exemplars_of_a_closed_loop_do_not_wait)
{
	struct outcome outcome;
	const struct mh_result_exemplar *exemplar;

	run_scenario(HEAD LISTENERS "workloads: [{name: toggle, kind: hotplug-cycle}]\n"
				    "phases: [{name: steady, role: measure, ops: 100}]\nrecord: {exemplars: 1}\n",
		     &outcome);
	cr_assert_geq(outcome.result.exemplar_count, 1);
	exemplar = &outcome.result.exemplars[0];
	cr_expect_eq(exemplar->wait_ns, 0);
	cr_expect_eq(exemplar->intended_ns, exemplar->start_ns);
	cr_expect_eq(exemplar->response_ns, exemplar->service_ns);
	mh_result_release(&outcome.result);
}

Test(run, a_warm_up_is_not_recorded)
{
	struct outcome outcome;

	run_scenario(HEAD LISTENERS
		     "workloads: [{name: toggle, kind: hotplug-cycle}]\n"
		     "phases: [{name: warm, role: warmup, ops: 50}, {name: steady, role: measure, ops: 20}]\n",
		     &outcome);
	cr_assert_eq(outcome.result.phase_count, 2);
	cr_assert_null(mh_result_find_series(&outcome.result, "warm/service"));
	cr_assert_eq(series_count(&outcome.result, "steady/service"), 20);
	mh_result_release(&outcome.result);
}

Test(run, pages_and_blocks_add_up_after_allocation_beside_hotplug)
{
	struct outcome outcome;

	run_scenario(HEAD LISTENERS
		     "workloads: [{name: toggle, kind: hotplug-cycle, threads: 2}, {name: alloc, kind: alloc-churn, "
		     "live: 512}]\nphases: [{name: steady, role: measure, for: 300ms}]\n",
		     &outcome);
	cr_assert_eq(outcome.result.status, MH_RUN_OK);
	cr_assert_eq(outcome.result.verify.violation_count, 0);
	cr_assert_gt(outcome.result.verify.checked, 0);
	cr_assert_gt(series_count(&outcome.result, "steady/alloc.service"), 0);
	mh_result_release(&outcome.result);
}

static uint64_t class_sum(const struct mh_result *result, const char *series)
{
	static const char *const classes[] = {"clean", "faulted", "recovering"};
	uint64_t sum = 0;
	char tag[128];

	for (unsigned i = 0; i < 3; i++) {
		snprintf(tag, sizeof(tag), "%s/%s", series, classes[i]);
		sum += series_count(result, tag);
	}
	return sum;
}

Test(run, the_classes_of_each_series_add_up_to_the_whole)
{
	static const char *const series[] = {"steady/service", "steady/online", "steady/walk", "steady/cb.low"};
	struct outcome outcome;

	run_scenario(FAULTED, &outcome);
	for (unsigned i = 0; i < sizeof(series) / sizeof(series[0]); i++)
		cr_expect_eq(class_sum(&outcome.result, series[i]), series_count(&outcome.result, series[i]), "%s",
			     series[i]);
	cr_expect_eq(series_count(&outcome.result, "steady/service/faulted"), outcome.result.faults[0].fired);
	cr_expect_gt(series_count(&outcome.result, "steady/service/recovering"), 10);
	mh_result_release(&outcome.result);
}

Test(run, a_phase_after_the_faults_holds_what_recovers_from_them)
{
	struct outcome outcome;

	run_scenario(
		HEAD LISTENERS
		"workloads: [{name: toggle, kind: hotplug-cycle}]\n"
		"phases: [{name: calm, role: measure, ops: 100}, {name: storm, role: fault, ops: 1000},\n"
		"         {name: heal, role: recover, ops: 100, keep_state: true}, {name: after, role: measure, ops: "
		"100}]\n"
		"faults: [{name: veto, kind: notifier-veto, phases: [storm], trigger: {probability: 20%}}]\n",
		&outcome);
	cr_expect_eq(series_count(&outcome.result, "calm/service"), 100);
	cr_expect_eq(class_sum(&outcome.result, "calm/service"), 0, "no fault acts there: it is not split");
	cr_expect_gt(series_count(&outcome.result, "storm/service/faulted"), 100);
	cr_expect_gt(series_count(&outcome.result, "heal/service/recovering"), 0);
	cr_expect_eq(class_sum(&outcome.result, "heal/service"), 100);
	cr_expect_eq(class_sum(&outcome.result, "after/service"), 0, "the state was restored before it");
	mh_result_release(&outcome.result);
}

static const struct mh_result_count *count_named(const struct mh_result *result, const char *name)
{
	for (size_t i = 0; i < result->count_count; i++)
		if (strcmp(result->counts[i].name, name) == 0)
			return &result->counts[i];
	return NULL;
}

/* What all modes of record.stamps and record.sample agree on: everything that is counted and checked. */
static void expect_counts(const struct mh_result *result, const char *record)
{
	const struct mh_result_ops *ops = &result->phases[0].workloads[0].ops;

	cr_expect_eq(result->status, MH_RUN_OK, "%s: status %d", record, result->status);
	cr_expect_eq(mh_result_ops_total(ops), 4000, "%s", record);
	cr_expect_gt(ops->expected_fail, 20, "%s", record);
	cr_expect_eq(result->faults[0].fired, ops->expected_fail, "%s", record);
	cr_expect_gt(result->verify.checked, 4000u * 10, "%s", record);
	for (int online = 0; online < 2; online++) {
		const struct mh_result_count *done = count_named(result, online ? "steady/operations/online/done"
										: "steady/operations/offline/done");

		cr_assert(done, "%s", record);
		cr_expect_gt(done->value, 1800u, "%s", record);
	}
	cr_expect_eq(count_named(result, "steady/hotplug_locks")->value, 4000u, "%s", record);
}

#define THINNED(record)                                                                                                \
	HEAD LISTENERS "workloads: [{name: toggle, kind: hotplug-cycle, order: random}]\n"                             \
		       "phases: [{name: steady, role: measure, ops: 4000}]\nrecord: " record "\n"                      \
		       "faults: [{name: veto, kind: notifier-veto, where: {callback: high}, trigger: {probability: "   \
		       "3%}, expect: rollback}]\n"

Test(run, a_sample_times_one_operation_in_so_many_and_counts_all)
{
	struct outcome outcome;
	uint64_t online, offline;

	run_scenario(THINNED("{sample: 10}"), &outcome);
	expect_counts(&outcome.result, "sample: 10");
	online = series_count(&outcome.result, "steady/online");
	offline = series_count(&outcome.result, "steady/offline");
	cr_expect_eq(series_count(&outcome.result, "steady/service"), 400);
	cr_expect_eq(series_count(&outcome.result, "steady/response"), 400);
	cr_expect_eq(series_count(&outcome.result, "steady/lock"), 400);
	cr_expect_eq(online + offline, 400u);
	mh_result_release(&outcome.result);
}

Test(run, a_sample_longer_than_the_run_times_one_operation_at_most)
{
	struct outcome outcome;

	run_scenario(THINNED("{sample: 1000000}"), &outcome);
	expect_counts(&outcome.result, "sample: 1000000");
	cr_expect_leq(series_count(&outcome.result, "steady/service"), 1u);
	mh_result_release(&outcome.result);
}

Test(run, without_stamps_nothing_is_timed_and_all_is_counted)
{
	struct outcome outcome;

	run_scenario(THINNED("{stamps: none}"), &outcome);
	expect_counts(&outcome.result, "stamps: none");
	cr_expect_eq(outcome.result.series_count, 0u);
	cr_expect_eq(outcome.result.exemplar_count, 0u);
	mh_result_release(&outcome.result);
	run_scenario(THINNED("{stamps: none}\nverify: {history: off}"), &outcome);
	expect_counts(&outcome.result, "stamps: none, history: off");
	mh_result_release(&outcome.result);
}

Test(run, stamps_of_operations_time_them_whole)
{
	struct outcome outcome;

	run_scenario(THINNED("{stamps: op}"), &outcome);
	expect_counts(&outcome.result, "stamps: op");
	cr_expect_eq(series_count(&outcome.result, "steady/service"), 4000);
	cr_expect_eq(series_count(&outcome.result, "steady/lock"), 0);
	cr_expect_eq(series_count(&outcome.result, "steady/cb.high"), 0);
	mh_result_release(&outcome.result);
}
