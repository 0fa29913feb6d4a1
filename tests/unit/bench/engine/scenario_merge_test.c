/* SPDX-License-Identifier: GPL-2.0-or-later */
/* extends, -D, --module, --duration and variables. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "scenario_fixture.h"

static void expect_has(char *messages, const char *words)
{
	cr_expect_not_null(strstr(messages, words), "'%s' lacks '%s'", messages, words);
	free(messages);
}

Test(scenario_merge, a_child_merges_maps_and_named_items_and_replaces_other_lists)
{
	struct mh_plan *plan;
	char *messages;
	int ret = scenario_load(scenario_path("tests/fixtures/scenarios/good/deeper/child.yaml"), &plan, &messages);
	const struct mh_scenario *scenario;

	cr_assert_eq(ret, 0, "%s", messages);
	scenario = plan->cells[0].scenario;
	cr_expect_str_eq(scenario->name, "child");
	cr_expect_eq(scenario->seed, 1u);
	cr_expect_eq(scenario->machine.block_size_bytes, UINT64_C(128) << 20);
	cr_assert_eq(scenario->chain.listener_count, 3u, "%zu", scenario->chain.listener_count);
	cr_expect_str_eq(scenario->chain.listeners[0].name, "a");
	cr_expect_float_eq(scenario->chain.notifiers[1].cost.a, 3000, 0);
	cr_expect_str_eq(scenario->chain.listeners[2].name, "c");
	cr_expect_eq(scenario->workload_count, 1u);
	cr_expect_eq(scenario->workloads[0].threads, 2u);
	cr_assert_eq(scenario->record.series.count, 1u);
	cr_expect_str_eq(scenario->record.series.items[0], "grace");
	free(messages);
	mh_plan_free(plan);
}

Test(scenario_merge, a_circle_is_found_through_another_spelling_of_the_path)
{
	char folder[] = "/tmp/scenario-XXXXXX", *messages;
	static const char text[] = "extends: sub/../t.yaml\n";
	struct mh_plan *plan;
	int ret;

	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
	cr_assert_eq(mkdir("sub", 0700), 0);
	cr_assert_eq(mh_file_write("t.yaml", text, strlen(text), NULL), 0);
	ret = scenario_load("t.yaml", &plan, &messages);
	unlink("t.yaml");
	rmdir("sub");
	cr_assert_eq(chdir("/"), 0);
	rmdir(folder);
	cr_expect_eq(ret, -EINVAL, "%d", ret);
	expect_has(messages, "'extends' goes in a circle");
}

Test(scenario_merge, an_override_wins_and_makes_the_maps_on_its_way)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD, "verify.level", "full");

	cr_expect_eq(plan->cells[0].scenario->verify.level, MH_VERIFY_FULL);
	mh_plan_free(plan);
}

Test(scenario_merge, an_override_reaches_items_by_name)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD, "workloads.toggle.threads", "3");

	cr_expect_eq(plan->cells[0].scenario->workloads[0].threads, 3u);
	mh_plan_free(plan);
}

Test(scenario_merge, an_override_finds_a_key_that_has_dots)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD "gate: {metrics: {steady/response.p50: {tolerance: 5%}}}\n",
					     "gate.metrics.steady/response.p50.tolerance", "3%");

	cr_expect_eq(plan->cells[0].scenario->gate.metrics[0].tolerance_ppb, 30000000u);
	mh_plan_free(plan);
}

Test(scenario_merge, an_override_may_be_a_list_or_a_map)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD, "chain.notifiers", "[{name: x}, {name: y, count: 2}]");

	cr_expect_eq(plan->cells[0].scenario->chain.listener_count, 3u);
	mh_plan_free(plan);
}

Test(scenario_merge, errors_of_an_override_show_it_as_the_place)
{
	expect_has(scenario_refused(SCENARIO_HEAD, "machine.block_size", "2GB"),
		   "-D machine.block_size=2GB: error: block_size: '2GB': use GiB, not GB\n");
	expect_has(scenario_refused(SCENARIO_HEAD, "machine.blok_size", "2GiB"),
		   "-D machine.blok_size=2GiB: error: unknown key 'blok_size' (did you mean 'block_size'?)\n");
	expect_has(scenario_refused(SCENARIO_HEAD, "workloads.togle.threads", "2"),
		   "no item of the list is named 'togle' (did you mean 'toggle'?)");
	expect_has(scenario_refused(SCENARIO_HEAD, "workloads.toggle", "2"), "name the key within it");
	expect_has(scenario_refused(SCENARIO_HEAD, "name.first", "2"), "'name' holds a plain value");
	expect_has(scenario_refused(SCENARIO_HEAD, "machine..block_size", "2"), "an empty word in the key");
	expect_has(scenario_refused(SCENARIO_HEAD, "extends", "a.yaml"), "'extends' can only stand in a file");
	expect_has(scenario_refused(SCENARIO_HEAD, "chain.notifiers", "[{name: x}"), "no YAML");
}

Test(scenario_merge, modules_of_the_command_line_come_last_and_make_the_chain_srcu)
{
	static const char *const modules[] = {"my.so"};
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_plan *plan;
	const struct mh_plan_request request = {
		.path = scenario_path("tests/fixtures/scenarios/good/parent.yaml"),
		.modules = modules,
		.module_count = 1,
	};

	cr_assert_eq(chdir("/tmp"), 0);
	cr_assert_eq(mh_plan_load(&request, &plan, &messages), 0, "%s", messages.data);
	cr_assert_eq(plan->cells[0].scenario->module_count, 1u);
	cr_expect_str_eq(plan->cells[0].scenario->modules[0].path, "/tmp/my.so");
	cr_expect_eq(plan->cells[0].scenario->chain.rcu, MH_RCU_SRCU);
	mh_text_release(&messages);
	mh_plan_free(plan);
}

Test(scenario_merge, a_module_is_replaced_by_another_build_and_keeps_its_arguments)
{
	static const char *const modules[] = {"base/my.so speed=3", "other.so"};
	static const char *const replacements[] = {"head/my.so", "new.so"};
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_plan *plan;
	const struct mh_plan_request request = {
		.path = scenario_path("tests/fixtures/scenarios/good/parent.yaml"),
		.modules = modules,
		.module_count = 2,
		.replacements = replacements,
		.replacement_count = 2,
	};
	const struct mh_scenario *scenario;

	cr_assert_eq(chdir("/tmp"), 0);
	cr_assert_eq(mh_plan_load(&request, &plan, &messages), 0, "%s", messages.data);
	scenario = plan->cells[0].scenario;
	cr_assert_eq(scenario->module_count, 3u);
	cr_expect_str_eq(scenario->modules[0].path, "/tmp/head/my.so");
	cr_assert_eq(scenario->modules[0].arguments.count, 1u);
	cr_expect_str_eq(scenario->modules[0].arguments.items[0], "speed=3");
	cr_expect_str_eq(scenario->modules[1].path, "/tmp/other.so");
	cr_expect_str_eq(scenario->modules[2].path, "/tmp/new.so");
	mh_text_release(&messages);
	mh_plan_free(plan);
}

Test(scenario_merge, duration_replaces_for_in_measure_phases)
{
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_plan *plan;
	struct mh_plan_request request = {
		.path = scenario_path("tests/fixtures/scenarios/good/parent.yaml"),
		.duration = "7ms",
	};

	cr_assert_eq(mh_plan_load(&request, &plan, &messages), 0, "%s", messages.data);
	cr_expect_eq(plan->cells[0].scenario->phases[0].for_ns, 7000000u);
	mh_plan_free(plan);
	request.path = scenario_path("tests/fixtures/scenarios/good/sweep.yaml");
	cr_expect_eq(mh_plan_load(&request, &plan, &messages), -EINVAL);
	cr_expect_not_null(strstr(messages.data, "--duration 7ms: error: no measure phase is bounded by 'for'"), "%s",
			   messages.data);
	mh_text_release(&messages);
}

Test(scenario_merge, environment_variables_are_replaced)
{
	struct mh_plan *plan;

	setenv("SCENARIO_TEST_THREADS", "5", 1);
	plan = scenario_good(SCENARIO_HEAD, "workloads.toggle.threads", "${env.SCENARIO_TEST_THREADS}");
	cr_expect_eq(plan->cells[0].scenario->workloads[0].threads, 5u);
	mh_plan_free(plan);
	unsetenv("SCENARIO_TEST_THREADS");
	expect_has(scenario_refused(SCENARIO_HEAD, "description", "${env.SCENARIO_TEST_THREADS}"),
		   "'${env.SCENARIO_TEST_THREADS}' is not defined");
}

Test(scenario_merge, nothing_is_replaced_in_keys_of_the_users_own)
{
	mh_plan_free(scenario_good(SCENARIO_HEAD "x-note: \"${what.ever}\"\n", NULL, NULL));
}
