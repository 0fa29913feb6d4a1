/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every kind of workload of the language, through the engine: it runs, is recorded, leaves nothing behind, and its
 * phase ends; alone and beside a workload that takes blocks from under it.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#include "run_fixture.h"

/* The names of the language, written out, with parameters that make them meet each other often. */
static const struct {
	const char *kind, *parameters;
} kinds[] = {
	{"hotplug-cycle", ""},
	{"hotplug-storm", ", keep_online: 25%"},
	{"alloc-churn", ", live: 500"},
	{"alloc-burst", ", burst: 300, order: 1"},
	{"alloc-fill", ", node: 1, share: 90%, order: 3"},
	{"page-pin", ", pins: 4, hold: {exponential: {mean: 100us}}"},
	{"page-walk", ""},
	{"chain-call", ""},
	{"chain-churn", ", listeners: 3"},
	{"rcu-reader", ", hold: 5us"},
	{"mem-reader", ", hold: 5us"},
	{"null", ""},
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static int indices[KIND_COUNT];

ParameterizedTestParameters(kinds_run, runs_beside_a_storm)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		indices[i] = (int)i;
	return cr_make_param_array(int, indices, KIND_COUNT);
}

static uint64_t counter(const struct mh_result *result, const char *name)
{
	for (size_t i = 0; i < result->counter_count; i++)
		if (strcmp(result->counters[i].name, name) == 0)
			return result->counters[i].value;
	cr_assert_fail("no counter '%s'", name);
	return 0;
}

static void expect_recorded(const struct mh_result *result, size_t workload, const char *prefix, const char *kind)
{
	static const char *const series[] = {"service", "wait", "response"};
	const struct mh_result_workload *of = &result->phases[result->phase_count - 1].workloads[workload];
	uint64_t total = mh_result_ops_total(&of->ops);

	cr_expect_gt(of->ops.ok, 0, "%s: no operation succeeded", kind);
	cr_expect_eq(of->ops.unexpected, 0, "%s: %lu unexpected", kind, of->ops.unexpected);
	for (size_t i = 0; i < 3; i++) {
		char tag[128];
		const struct mh_result_series *found;

		snprintf(tag, sizeof(tag), "steady/%s%s", prefix, series[i]);
		found = mh_result_find_series(result, tag);
		cr_assert_not_null(found, "%s: no series %s", kind, tag);
		cr_expect_geq(found->histogram.count, total, "%s: %s has %lu of %lu", kind, tag, found->histogram.count,
			      total);
	}
}

static void expect_sound(const struct outcome *outcome, const char *kind)
{
	cr_assert_eq(outcome->end, MH_RUN_ENDED, "%s: %s", kind, outcome->error.text);
	cr_expect_eq(outcome->result.verify.violation_count, 0, "%s: %s", kind,
		     outcome->result.verify.violation_kept ? outcome->result.verify.violations[0].detail : "");
	/* What a kind has registered it has unregistered when its phase ends. */
	cr_expect_eq(counter(&outcome->result, "listeners"), 2, "%s: %lu listeners", kind,
		     counter(&outcome->result, "listeners"));
}

/* verify: full has the sums of pages checked at the end of each phase, with no thread left. */
#define SCENARIO                                                                                                       \
	"name: unit\nseed: 0x5eed\n"                                                                                   \
	"machine: {topology: 'pack:2 [numa(memory=128MiB)] core:1 pu:1', block_size: 16MiB}\n"                         \
	"chain: {notifiers: [{name: high, priority: 100}, {name: low, priority: -1}]}\n"                               \
	"workloads:\n"                                                                                                 \
	"  - {name: storm, kind: hotplug-storm}\n"                                                                     \
	"  - {name: tried, kind: \"%s\", threads: 2%s}\n"                                                              \
	"phases: [{name: warm, role: warmup, for: 20ms}, {name: steady, role: measure, for: 150ms}]\n"                 \
	"verify: {level: full, deadline: 100ms}\n"

ParameterizedTest(int *index, kinds_run, runs_beside_a_storm, .timeout = 120)
{
	const char *kind = kinds[*index].kind;
	struct outcome outcome;
	char yaml[2048];

	snprintf(yaml, sizeof(yaml), SCENARIO, kind, kinds[*index].parameters);
	run_scenario(yaml, &outcome);
	expect_sound(&outcome, kind);
	expect_recorded(&outcome.result, 0, "", "hotplug-storm");
	expect_recorded(&outcome.result, 1, strncmp(kind, "hotplug-", 8) == 0 ? "" : "tried.", kind);
	mh_result_release(&outcome.result);
}

/* All threads on two blocks: they meet, and who comes second has not failed. */
Test(kinds_run, a_storm_that_meets_itself_counts_already_and_no_failure, .timeout = 120)
{
	struct outcome outcome;
	const struct mh_result_workload *storm;
	uint64_t recorded;

	run_scenario("name: unit\nseed: 1\n"
		     "machine: {topology: 'pack:1 [numa(memory=256MiB)] core:1 pu:1', block_size: 128MiB}\n"
		     "chain: {notifiers: [{name: slow, cost: 20us}]}\n"
		     "workloads: [{name: storm, kind: hotplug-storm, threads: 4}]\n"
		     "phases: [{name: steady, role: measure, for: 300ms}]\n",
		     &outcome);
	cr_assert_eq(outcome.end, MH_RUN_ENDED, "%s", outcome.error.text);
	storm = &outcome.result.phases[0].workloads[0];
	cr_expect_gt(storm->already, 0);
	cr_expect_leq(storm->already, storm->ops.ok);
	/* The end of the phase signals what runs then: one operation a thread. */
	cr_expect_leq(storm->ops.fail, storm->threads, "%lu failures", storm->ops.fail);
	recorded = mh_result_find_series(&outcome.result, "steady/online")->histogram.count +
		   mh_result_find_series(&outcome.result, "steady/offline")->histogram.count;
	cr_expect_eq(recorded, storm->ops.ok + storm->ops.fail - storm->already, "%lu of %lu + %lu - %lu", recorded,
		     storm->ops.ok, storm->ops.fail, storm->already);
	mh_result_release(&outcome.result);
}

/* Pins of 200 ms in the zone Movable (a step lets the one before go): offlines end by their deadline, the phase by its
 * time, the run by itself. */
Test(kinds_run, pins_past_the_deadline_do_not_make_the_run_hang, .timeout = 120)
{
	struct outcome outcome;

	run_scenario("name: unit\nseed: 1\n"
		     "machine: {topology: 'pack:1 [numa(memory=128MiB)] core:1 pu:1', block_size: 16MiB, movable: "
		     "100%}\n"
		     "workloads:\n"
		     "  - {name: toggle, kind: hotplug-cycle}\n"
		     "  - {name: pin, kind: page-pin, hold: 1h, pins: 1, arrival: constant, rate: 5/s}\n"
		     "phases: [{name: steady, role: measure, for: 1s}, {name: after, role: measure, for: 20ms}]\n"
		     "verify: {deadline: 20ms}\n",
		     &outcome);
	cr_assert_eq(outcome.end, MH_RUN_ENDED, "%s", outcome.error.text);
	cr_expect_gt(outcome.result.phases[0].workloads[0].ops.fail, 0, "no offline met the pin");
	cr_expect_gt(outcome.result.phases[1].workloads[0].ops.ok, 0);
	cr_expect_eq(outcome.result.verify.violation_count, 0);
	mh_result_release(&outcome.result);
}

static const struct mh_result_workload *run_arrivals(const char *arrival, struct outcome *outcome)
{
	char yaml[1024];

	snprintf(yaml, sizeof(yaml),
		 "name: unit\nseed: 1\n"
		 "machine: {topology: 'pack:1 [numa(memory=128MiB)] core:1 pu:1', block_size: 16MiB}\n"
		 "workloads: [{name: idle, kind: \"null\", threads: 2, %s}]\n"
		 "phases: [{name: steady, role: measure, for: 450ms}]\nlimits: {max_dropped: 100%%}\n",
		 arrival);
	run_scenario(yaml, outcome);
	cr_assert_eq(outcome->end, MH_RUN_ENDED, "%s", outcome->error.text);
	return &outcome->result.phases[0].workloads[0];
}

/* What was due is served or told as dropped: the sum is the schedule's, however busy the host. A phase that its
 * controlling thread ends late has some more. */
Test(kinds_run, ramps_and_bursts_bring_what_their_schedule_says, .timeout = 120)
{
	static const struct {
		const char *arrival;
		uint64_t expected; /* of both threads, in 450 ms */
		double mean, last; /* rates */
	} cases[] = {
		{"arrival: ramp, rate_from: 1000/s, rate: 5000/s", 1350, 3000, 5000},
		{"arrival: burst, rate: 10000/s, burst_on: 10ms, burst_off: 90ms", 500, 1000, 10000},
	};

	for (size_t i = 0; i < 2; i++) {
		struct outcome outcome;
		const struct mh_result_workload *idle = run_arrivals(cases[i].arrival, &outcome);
		const struct mh_result_phase *phase = &outcome.result.phases[0];
		double late = (double)(phase->t1_ns - phase->t0_ns) / 1e9 - 0.45;
		uint64_t count = mh_result_ops_total(&idle->ops) + idle->dropped;

		cr_expect_geq(count + 4, cases[i].expected, "%s: %lu, not %lu", cases[i].arrival, count,
			      cases[i].expected);
		cr_expect_leq((double)count, (double)cases[i].expected + 4 + late * cases[i].last, "%s: %lu, not %lu",
			      cases[i].arrival, count, cases[i].expected);
		cr_expect_float_eq(idle->target_rate, cases[i].mean, 1e-6, "%f", idle->target_rate);
		mh_result_release(&outcome.result);
	}
}
