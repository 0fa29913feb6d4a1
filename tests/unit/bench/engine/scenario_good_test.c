/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Good files load, and what they resolve to reads back to the same. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#include "scenario_fixture.h"

struct good_file {
	char path[64]; /* from the top of the tree */
};

static struct good_file good_files[] = {
	{"bench/scenarios/first-run.yaml"},
	{"bench/scenarios/chain-latency.yaml"},
	{"bench/scenarios/chain-types.yaml"},
	{"bench/scenarios/listener-count.yaml"},
	{"bench/scenarios/slow-listener.yaml"},
	{"tests/fixtures/scenarios/good/everything.yaml"},
	{"tests/fixtures/scenarios/good/arrivals.yaml"},
	{"tests/fixtures/scenarios/good/parent.yaml"},
	{"tests/fixtures/scenarios/good/deeper/child.yaml"},
	{"tests/fixtures/scenarios/good/sweep.yaml"},
};

ParameterizedTestParameters(scenario_good, resolves_to_what_reads_back_the_same)
{
	return cr_make_param_array(struct good_file, good_files, sizeof(good_files) / sizeof(good_files[0]));
}

static void check_read_back(const char *path, const struct mh_scenario *scenario)
{
	struct mh_plan *again;
	char *messages;
	int ret = scenario_load_text(scenario->resolved, strlen(scenario->resolved), &again, &messages);

	cr_assert_eq(ret, 0, "%s resolved:\n%s\n%s", path, scenario->resolved, messages);
	cr_expect_str_eq(again->cells[0].scenario->resolved, scenario->resolved, "%s:\n%s\nexpected:\n%s", path,
			 again->cells[0].scenario->resolved, scenario->resolved);
	cr_expect_eq(again->cells[0].scenario->chain.listener_count, scenario->chain.listener_count);
	cr_expect_eq(again->cells[0].scenario->seed, scenario->seed);
	free(messages);
	mh_plan_free(again);
}

ParameterizedTest(struct good_file *file, scenario_good, resolves_to_what_reads_back_the_same)
{
	struct mh_plan *plan;
	char *messages;
	int ret = scenario_load(scenario_path(file->path), &plan, &messages);

	cr_assert_eq(ret, 0, "%s: %d\n%s", file->path, ret, messages);
	for (size_t i = 0; i < plan->cell_count; i++)
		check_read_back(file->path, plan->cells[i].scenario);
	free(messages);
	mh_plan_free(plan);
}
