/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells, their names and their seeds. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "scenario_fixture.h"

static struct mh_plan *swept(void)
{
	struct mh_plan *plan;
	char *messages;
	int ret = scenario_load(scenario_path("tests/fixtures/scenarios/good/sweep.yaml"), &plan, &messages);

	cr_assert_eq(ret, 0, "%s", messages);
	free(messages);
	return plan;
}

Test(plan_sweep, cells_are_the_product_without_the_excluded)
{
	static const char *const ids[] = {"block=16MiB,chain=rcu-array", "block=16MiB,chain=mutex",
					  "block=32MiB,chain=rcu-array", "block=64MiB,chain=rcu-array",
					  "block=64MiB,chain=mutex"};
	struct mh_plan *plan = swept();

	cr_assert_eq(plan->cell_count, 5u, "%zu", plan->cell_count);
	for (size_t i = 0; i < plan->cell_count; i++)
		cr_expect_str_eq(plan->cells[i].id, ids[i], "%s, expected %s", plan->cells[i].id, ids[i]);
	mh_plan_free(plan);
}

Test(plan_sweep, each_cell_has_its_own_values)
{
	struct mh_plan *plan = swept();

	cr_expect_eq(plan->cells[1].scenario->chain.type, MH_CHAIN_MUTEX);
	cr_expect_eq(plan->cells[2].scenario->machine.block_size_bytes, UINT64_C(32) << 20);
	cr_expect_str_eq(plan->cells[2].parameters[0].name, "block");
	cr_expect_str_eq(plan->cells[2].parameters[0].value, "32MiB");
	mh_plan_free(plan);
}

Test(plan_sweep, without_a_sweep_there_is_one_cell_named_main)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD, NULL, NULL);

	cr_assert_eq(plan->cell_count, 1u);
	cr_expect_str_eq(plan->cells[0].id, "main");
	mh_plan_free(plan);
}

Test(plan_sweep, a_seed_depends_on_seed_cell_and_run_alone)
{
	cr_expect_eq(mh_plan_seed(5, "main", 2), mh_rng_key(5, "cell/main", 2));
	cr_expect_neq(mh_plan_seed(5, "main", 2), mh_plan_seed(5, "main", 3));
	cr_expect_neq(mh_plan_seed(5, "main", 2), mh_plan_seed(5, "a=1", 2));
	cr_expect_neq(mh_plan_seed(5, "main", 2), mh_plan_seed(6, "main", 2));
}

Test(plan_sweep, a_random_seed_is_drawn_once_for_all_cells)
{
	static const char text[] =
		"name: t\nchain: {type: \"${sweep.c}\", notifiers: [{name: a}]}\n"
		"workloads: [{name: w, kind: hotplug-cycle}]\nphases: [{name: p, role: measure, ops: 1}]\n"
		"sweep: {params: {c: [mutex, rwlock]}}\n";
	struct mh_plan *plan = scenario_good(text, NULL, NULL), *other = scenario_good(text, "seed", "random");

	cr_expect_eq(plan->cells[0].scenario->seed, plan->cells[1].scenario->seed);
	cr_expect_eq(plan->seed, plan->cells[0].scenario->seed);
	cr_expect_neq(plan->seed, other->seed);
	mh_plan_free(plan);
	mh_plan_free(other);
}

#define SWEPT_TEXT                                                                                                     \
	"name: t\nseed: 1\ndescription: \"${sweep.d}\"\nchain: {notifiers: [{name: a}]}\n"                             \
	"workloads: [{name: w, kind: hotplug-cycle}]\nphases: [{name: p, role: measure, ops: 1}]\n"

Test(plan_sweep, ids_are_safe_as_folders_and_different)
{
	struct mh_plan *plan =
		scenario_good(SWEPT_TEXT "sweep: {params: {d: [\"a/../b\", \"a/.._b\", \"a b\"]}}\n", NULL, NULL);

	cr_assert_eq(plan->cell_count, 3u);
	cr_expect_str_eq(plan->cells[0].id, "d=a_.._b", "%s", plan->cells[0].id);
	cr_expect_str_eq(plan->cells[1].id, "d=a_.._b~2", "%s", plan->cells[1].id);
	cr_expect_str_eq(plan->cells[2].id, "d=a_b", "%s", plan->cells[2].id);
	mh_plan_free(plan);
}

Test(plan_sweep, a_long_id_ends_in_a_key_of_the_whole)
{
	char text[2048];
	struct mh_plan *plan;

	snprintf(text, sizeof(text), SWEPT_TEXT "sweep: {params: {d: [%0200d, %0200d]}}\n", 1, 2);
	plan = scenario_good(text, NULL, NULL);
	cr_expect_lt(strlen(plan->cells[0].id), 128u);
	cr_expect_str_neq(plan->cells[0].id, plan->cells[1].id);
	mh_plan_free(plan);
}

Test(plan_sweep, ranges_add_and_multiply_up_to_their_end)
{
	struct mh_plan *plan =
		scenario_good(SWEPT_TEXT "sweep: {params: {d: {from: 1ms, to: 10ms, add: 4ms}}}\n", NULL, NULL);

	cr_assert_eq(plan->cell_count, 3u, "%zu", plan->cell_count);
	cr_expect_str_eq(plan->cells[2].id, "d=9ms");
	mh_plan_free(plan);
	plan = scenario_good(SWEPT_TEXT "sweep: {params: {d: {from: 1, to: 16, mul: 4}}}\n", NULL, NULL);
	cr_assert_eq(plan->cell_count, 3u, "%zu", plan->cell_count);
	cr_expect_str_eq(plan->cells[2].id, "d=16");
	mh_plan_free(plan);
}

Test(plan_sweep, a_range_at_the_end_of_64_bits_ends)
{
	struct mh_plan *plan = scenario_good(
		SWEPT_TEXT "sweep: {params: {d: {from: 18446744073709551614, to: 18446744073709551615, add: 1}}}\n",
		NULL, NULL);

	cr_expect_eq(plan->cell_count, 2u, "%zu", plan->cell_count);
	mh_plan_free(plan);
}

Test(plan_sweep, shuffled_cells_are_all_there_and_the_seed_decides)
{
	static const char text[] = SWEPT_TEXT "sweep: {params: {d: {from: 1, to: 64, add: 1}}, order: shuffled}\n";
	struct mh_plan *plan = scenario_good(text, NULL, NULL), *same = scenario_good(text, NULL, NULL);
	bool seen[65] = {false}, moved = false;

	cr_assert_eq(plan->cell_count, 64u);
	for (size_t i = 0; i < 64; i++) {
		unsigned long value = strtoul(plan->cells[i].parameters[0].value, NULL, 10);

		cr_expect_not(seen[value]);
		seen[value] = true;
		moved |= value != i + 1;
		cr_expect_str_eq(plan->cells[i].id, same->cells[i].id);
	}
	cr_expect(moved);
	mh_plan_free(plan);
	mh_plan_free(same);
}

Test(plan_sweep, runs_must_be_alike_in_all_cells)
{
	char *messages = scenario_refused(
		"name: t\nruns: \"${sweep.r}\"\nchain: {notifiers: [{name: a}]}\nworkloads: [{name: w, kind: "
		"hotplug-cycle}]\nphases: [{name: p, role: measure, ops: 1}]\nsweep: {params: {r: [1, 2]}}\n",
		NULL, NULL);

	cr_expect_not_null(strstr(messages, "'runs' must be the same in all cells"), "%s", messages);
	free(messages);
}
