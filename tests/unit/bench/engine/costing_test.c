/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replayed costs: of a made-up kernel in which each part always takes the same, so that what is charged where can be
 * told from what operations take. No replayed operation is shorter than its parts; how much longer it is, is up to the
 * host, so that bounds above are wide.
 */
#include "bench/engine/costing.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "results/costs_fit.h"
#include "run_fixture.h"

#define US 1000u

#define NODE_OFFLINE MH_COST_NODE
#define NODE_ONLINE  (MH_COST_NODE | MH_COST_ONLINE)

/* What of an operation takes how many us. */
struct truth {
	unsigned class;
	uint64_t whole_us;
	struct {
		struct mh_cost_key key;
		unsigned us;
	} parts[4];
};

static const struct truth truths[] = {
	{MH_COST_ONLINE,
	 450,
	 {{{MH_COST_WALK, "walk", "going_online"}, 50}, {{MH_COST_LISTENER, "slab", "going_online"}, 300}}},
	{NODE_ONLINE, 2500, {{{MH_COST_LISTENER, "slab", "online"}, 500}}},
	{0,
	 600,
	 {{{MH_COST_STEP, "isolate", ""}, 150},
	  {{MH_COST_STEP, "offline_pages", ""}, 150},
	  {{MH_COST_LISTENER, "slab", "going_offline"}, 250}}},
	{NODE_OFFLINE,
	 3200,
	 {{{MH_COST_STEP, "isolate", ""}, 1000},
	  {{MH_COST_STEP, "migrate", ""}, 400},
	  {{MH_COST_WALK, "walk", "offline"}, 300},
	  {{MH_COST_LISTENER, "kcore", "offline"}, 500}}},
};

static char path[64];
static struct mh_costs costs;
static struct outcome outcome;

static void add_operation(const struct truth *truth, struct mh_cost_operation *operation, struct mh_cost_part *parts)
{
	*operation =
		(struct mh_cost_operation){.class = truth->class, .whole_ns = truth->whole_us * US, .parts = parts};
	for (unsigned i = 0; i < 4 && truth->parts[i].us; i++) {
		parts[i] = (struct mh_cost_part){truth->parts[i].key, truth->parts[i].us * US, truth->parts[i].us * US};
		operation->part_count++;
	}
}

/* A file of some of the truths. */
static void make_file(unsigned first, unsigned count)
{
	struct mh_cost_operation operations[8];
	struct mh_cost_part parts[8][4];
	struct mh_error error = {.text = ""};

	cr_assert_eq(mh_costs_init(&costs), 0);
	snprintf(costs.kernel, sizeof(costs.kernel), "6.1.0-made-up");
	snprintf(costs.machine, sizeof(costs.machine), "CPU of a test");
	snprintf(costs.blocks, sizeof(costs.blocks), "32-35");
	costs.start_unix_ns = UINT64_C(1767225600123456789);
	for (unsigned i = 0; i < 2 * count; i++)
		add_operation(&truths[first + i / 2], &operations[i], parts[i]);
	cr_assert_eq(mh_costs_fit(&costs, operations, 2 * count, &error), 0, "%s", error.text);
	snprintf(path, sizeof(path), "/tmp/memhp-unit-%d.costs.json", (int)getpid());
	cr_assert_eq(mh_costs_save(&costs, path, &error), 0, "%s", error.text);
}

static void set_up(void)
{
	make_file(0, 4);
}

static void tear_down(void)
{
	mh_costs_release(&costs);
	mh_result_release(&outcome.result);
	unlink(path);
}

TestSuite(costing, .init = set_up, .fini = tear_down);

static void run(const char *rest)
{
	char yaml[2048];

	snprintf(yaml, sizeof(yaml),
		 "name: unit\nseed: 0x5eed\ncosts: %s\n"
		 "workloads: [{name: toggle, kind: hotplug-cycle}]\n"
		 "phases: [{name: steady, role: measure, ops: 40}]\n%s",
		 path, rest);
	run_scenario(yaml, &outcome);
	cr_assert_eq(outcome.end, MH_RUN_ENDED, "%s", outcome.error.text);
	cr_expect_eq(outcome.result.verify.violation_count, 0u);
}

#define AMONG_OTHERS                                                                                                   \
	"machine: {topology: 'pack:2 [numa(memory=1GiB)] core:1 pu:1', block_size: 128MiB, initial_online: 50%}\n"
#define ALONE                                                                                                          \
	"machine: {topology: 'pack:2 [numa(memory=1GiB)] core:1 pu:1', block_size: 128MiB, initial_online: none}\n"

static const struct mh_histogram *series(const char *tag)
{
	const struct mh_result_series *found = mh_result_find_series(&outcome.result, tag);

	cr_assert(found, "%s", tag);
	return &found->histogram;
}

/* Of every one at least so much, and of the quickest not much more: of the others a busy host makes what it will. */
static void expect_us(const char *tag, unsigned at_least_us, unsigned below_us)
{
	const uint64_t min = series(tag)->min;

	cr_expect_geq(min, (uint64_t)at_least_us * US, "%s: %llu", tag, (unsigned long long)min);
	cr_expect_lt(min, (uint64_t)below_us * US, "%s: %llu", tag, (unsigned long long)min);
}

Test(costing, operations_take_what_they_took)
{
	run(AMONG_OTHERS);
	expect_us("steady/online", 450, 1000);
	expect_us("steady/offline", 600, 1400);
}

Test(costing, a_node_s_first_and_last_take_what_those_took)
{
	run(ALONE);
	expect_us("steady/online", 2500, 3000);
	expect_us("steady/offline", 3200, 4000);
}

Test(costing, a_listener_of_that_name_takes_it_inside_its_call)
{
	run(AMONG_OTHERS "chain: {notifiers: [{name: slab, on: [going_online, going_offline]}, {name: other}]}\n");
	cr_expect_geq(series("steady/cb.slab")->max, 300u * US);
	/* The events that it does not hear are not in its series; those it hears are all of them. */
	cr_expect_geq(mh_histogram_quantile(series("steady/cb.slab"), 0.55), 240.0 * US);
	cr_expect_lt(mh_histogram_percentile(series("steady/cb.other"), 50), 50u * US);
	expect_us("steady/online", 450, 1000);
	expect_us("steady/offline", 600, 1400);
}

Test(costing, an_event_that_the_listener_does_not_hear_is_charged_to_the_walk)
{
	run(AMONG_OTHERS "chain: {notifiers: [{name: slab, on: [offline]}]}\n");
	cr_expect_lt(mh_histogram_percentile(series("steady/cb.slab"), 50), 50u * US);
	expect_us("steady/online", 450, 1000);
}

Test(costing, a_listener_s_own_cost_stands_instead)
{
	run(AMONG_OTHERS "chain: {notifiers: [{name: slab, cost: 1us}]}\n");
	expect_us("steady/online", 150, 400);
	expect_us("steady/offline", 350, 590);
}

Test(costing, faults_at_the_same_points_are_still_asked)
{
	run(AMONG_OTHERS "faults: [{name: busy, kind: isolate-fail, trigger: {every: 2}}]\n");
	cr_expect_gt(outcome.result.faults[0].fired, 5u);
	cr_expect_eq(outcome.result.phases[0].workloads[0].ops.expected_fail, outcome.result.faults[0].fired);
	/* It has failed before GOING_OFFLINE: it took what isolating takes. */
	cr_expect_geq(series("steady/service")->min, 150u * US);
	cr_expect_lt(series("steady/service")->min, 450u * US);
}

Test(costing, the_result_says_of_which_kernel_and_that_it_is_not_validated)
{
	run(AMONG_OTHERS);
	cr_expect(strstr(outcome.result.times, "recorded costs memhp-unit-"), "%s", outcome.result.times);
	cr_expect(
		strstr(outcome.result.times, " (Linux 6.1.0-made-up, CPU of a test, 2026-01-01), costs: not validated"),
		"%s", outcome.result.times);
	cr_expect_not(outcome.result.emulated);
}

Test(costing, costs_of_an_emulated_kernel_make_an_emulated_result)
{
	struct mh_error error;

	costs.emulated = true;
	cr_assert_eq(mh_costs_save(&costs, path, &error), 0);
	run(AMONG_OTHERS);
	cr_expect(outcome.result.emulated);
	cr_expect(strstr(outcome.result.times, "CPU of a test, emulated"), "%s", outcome.result.times);
}

static bool warns(const char *text)
{
	for (size_t i = 0; i < outcome.result.warning_count; i++)
		if (strstr(outcome.result.warnings[i], text))
			return true;
	return false;
}

Test(costing, a_class_that_was_not_recorded_takes_what_the_other_one_takes)
{
	const struct mh_cost_key rest = {MH_COST_STEP, MH_COST_REST, ""};

	run(AMONG_OTHERS);
	cr_expect_not(warns("was recorded"));
	mh_result_release(&outcome.result);
	/* Only the classes that concern no node. */
	mh_costs_release(&costs);
	make_file(0, 1);
	cr_assert_null(mh_costs_find(&costs, NODE_ONLINE, &rest));
	mh_costs_release(&costs);
	{
		struct mh_cost_operation operations[2];
		struct mh_cost_part parts[2][4];
		struct mh_error error;

		cr_assert_eq(mh_costs_init(&costs), 0);
		add_operation(&truths[0], &operations[0], parts[0]);
		add_operation(&truths[2], &operations[1], parts[1]);
		cr_assert_eq(mh_costs_fit(&costs, operations, 2, &error), 0);
		cr_assert_eq(mh_costs_save(&costs, path, &error), 0);
	}
	run(ALONE);
	expect_us("steady/online", 450, 1000);
	cr_expect(warns("no 'online of a node's first' was recorded: it takes what 'online' takes"));
}

Test(costing, a_walk_that_this_protocol_has_not_is_charged_with_one_that_it_has)
{
	struct mh_error error;

	for (size_t i = 0; i < costs.series_count; i++)
		if (costs.series[i].key.kind == MH_COST_LISTENER && costs.series[i].class == MH_COST_ONLINE)
			snprintf(costs.series[i].key.event, MH_COST_EVENT, "prepare_online");
	cr_assert_eq(mh_costs_save(&costs, path, &error), 0);
	run(AMONG_OTHERS "chain: {notifiers: [{name: slab}]}\n");
	expect_us("steady/online", 450, 1000);
	cr_expect_lt(mh_histogram_quantile(series("steady/cb.slab"), 0.45), 50.0 * US);
}

Test(costing, costs_of_one_direction_cannot_be_replayed)
{
	struct mh_error error = {.text = ""};

	mh_costs_release(&costs);
	make_file(0, 2);
	cr_expect_eq(mh_costing_check(&costs, "costs.json", &error), -EINVAL);
	cr_expect_str_eq(error.text, "'costs.json' holds no offline operation");
}

Test(costing, an_event_that_no_kernel_has_cannot_be_replayed)
{
	struct mh_error error = {.text = ""};

	cr_expect_eq(mh_costing_check(&costs, "costs.json", &error), 0);
	for (size_t i = 0; i < costs.series_count; i++)
		if (costs.series[i].key.kind == MH_COST_WALK)
			snprintf(costs.series[i].key.event, MH_COST_EVENT, "going_sideways");
	cr_expect_eq(mh_costing_check(&costs, "costs.json", &error), -EINVAL);
	cr_expect(strstr(error.text, "no kernel has an event 'going_sideways'"), "%s", error.text);
}
