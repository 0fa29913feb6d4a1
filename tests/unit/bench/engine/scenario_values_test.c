/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values arrive typed, in the right unit; defaults are those of the documentation. */
#include <criterion/criterion.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "scenario_fixture.h"

static struct mh_plan *everything(void)
{
	struct mh_plan *plan;
	char *messages;
	int ret = scenario_load(scenario_path("tests/fixtures/scenarios/good/everything.yaml"), &plan, &messages);

	cr_assert_eq(ret, 0, "%s", messages);
	free(messages);
	return plan;
}

Test(scenario_values, machine_is_in_bytes_and_parts_per_billion)
{
	struct mh_plan *plan = everything();
	const struct mh_scenario_machine *machine = &plan->cells[0].scenario->machine;

	cr_expect_eq(machine->block_size_bytes, UINT64_C(16) << 20);
	cr_expect_eq(machine->initial_online_ppb, 125000000u, "%lu", (unsigned long)machine->initial_online_ppb);
	cr_expect_eq(machine->movable_ppb, 250000u, "%lu", (unsigned long)machine->movable_ppb);
	cr_expect_eq(machine->auto_movable_ratio, 150u);
	cr_expect_not(machine->auto_movable_numa_aware);
	cr_expect(machine->movable_node);
	cr_expect_eq(machine->hotplug_lock, MH_HOTPLUG_LOCK_NODE);
	cr_expect_eq(machine->lock_wait, MH_LOCK_WAIT_POLL);
	cr_expect_eq(machine->page_unit, MH_PAGE_UNIT_PAGEBLOCK);
	mh_plan_free(plan);
}

Test(scenario_values, defaults_are_the_documented_ones)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD, NULL, NULL);
	const struct mh_scenario *scenario = plan->cells[0].scenario;

	cr_expect_str_eq(scenario->machine.topology, "host");
	cr_expect_eq(scenario->machine.block_size_bytes, UINT64_C(128) << 20);
	cr_expect_eq(scenario->machine.initial_online_ppb, 1000000000u);
	cr_expect_eq(scenario->machine.movable_ppb, 500000000u);
	cr_expect_eq(scenario->chain.type, MH_CHAIN_RCU_ARRAY);
	cr_expect_eq(scenario->chain.rcu, MH_RCU_MEMB);
	cr_expect_eq(scenario->record.digits, 3u);
	cr_expect_eq(scenario->record.listener_digits, 2u);
	cr_expect_eq(scenario->record.highest_ns, UINT64_C(3600000000000));
	cr_expect_eq(scenario->record.series.count, 9u);
	cr_expect_eq(scenario->verify.level, MH_VERIFY_FAST);
	cr_expect_eq(scenario->verify.deadline_ns, UINT64_C(5000000000));
	cr_expect_eq(scenario->verify.history.events, UINT64_C(1) << 20);
	cr_expect_eq(scenario->limits.max_dropped_ppb, 1000000u);
	cr_expect_eq(scenario->phases[0].workloads.count, 1u);
	cr_expect_not(scenario->gate.present);
	mh_plan_free(plan);
}

Test(scenario_values, listeners_are_expanded_in_the_order_of_registration)
{
	struct mh_plan *plan = everything();
	const struct mh_scenario_chain *chain = &plan->cells[0].scenario->chain;

	cr_assert_eq(chain->listener_count, 7u + 1 + 3 + 5 + 1 + 1, "%zu", chain->listener_count);
	cr_expect_str_eq(chain->listeners[0].name, "ksm_memory_callback");
	cr_expect_eq(chain->listeners[0].priority, 100);
	cr_expect_str_eq(chain->listeners[7].name, "single");
	cr_expect_eq(chain->listeners[7].events, 1u << MH_ONLINE);
	cr_expect_str_eq(chain->listeners[8].name, "many.of-them.0");
	for (size_t i = 8; i < 11; i++)
		cr_expect(chain->listeners[i].priority >= -5 && chain->listeners[i].priority <= 5, "%d",
			  chain->listeners[i].priority);
	cr_expect_str_eq(chain->listeners[11].name, "spread.0");
	for (int i = 0; i < 5; i++)
		cr_expect_eq(chain->listeners[11 + i].priority, 10 - 5 * i, "%d", chain->listeners[11 + i].priority);
	mh_plan_free(plan);
}

Test(scenario_values, returns_are_raw_answers)
{
	struct mh_plan *plan = everything();
	const struct mh_scenario_notifier *notifiers = plan->cells[0].scenario->chain.notifiers;

	cr_expect_eq(notifiers[1].returns, NOTIFY_DONE);
	cr_expect_eq(notifiers[2].returns, NOTIFY_BAD);
	cr_expect_eq(notifiers[3].returns, notifier_from_errno(-ENOMEM));
	cr_expect_eq(notifiers[4].returns, -12);
	cr_expect_eq(notifiers[5].returns, NOTIFY_OK);
	mh_plan_free(plan);
}

Test(scenario_values, distributions_are_in_ns)
{
	struct mh_plan *plan = everything();
	const struct mh_scenario_notifier *notifiers = plan->cells[0].scenario->chain.notifiers;

	cr_expect_eq(notifiers[1].cost.kind, MH_DISTRIBUTION_CONSTANT);
	cr_expect_float_eq(notifiers[1].cost.a, 500, 0);
	cr_expect_float_eq(notifiers[2].cost.b, 2000, 0);
	cr_expect_float_eq(notifiers[3].cost.b, 1.5, 0);
	cr_expect_float_eq(notifiers[3].cost.c, 1e6, 0);
	cr_expect_float_eq(notifiers[4].cost.b, 0.5, 0);
	mh_plan_free(plan);
}

Test(scenario_values, an_empirical_distribution_is_linear_between_its_rows)
{
	struct mh_plan *plan = everything();
	const struct mh_distribution *cost = &plan->cells[0].scenario->chain.notifiers[5].cost;
	const size_t last = cost->quantile_count - 1;

	cr_assert_eq(cost->kind, MH_DISTRIBUTION_EMPIRICAL);
	cr_expect_float_eq(cost->quantiles[0], 1000, 1e-6);
	cr_expect_float_eq(cost->quantiles[last / 4], 1500, 1e-6, "%f", cost->quantiles[last / 4]);
	cr_expect_float_eq(cost->quantiles[last / 2], 2000, 1e-6);
	cr_expect_float_eq(cost->quantiles[last], 100000, 1e-6);
	mh_plan_free(plan);
}

Test(scenario_values, faults_are_bound_whole)
{
	struct mh_plan *plan = everything();
	const struct mh_scenario_fault *faults = plan->cells[0].scenario->faults;

	cr_assert_eq(plan->cells[0].scenario->fault_count, 4u);
	cr_expect_eq(faults[0].phases.count, 1u);
	cr_expect_eq(faults[0].phases.items[0], 3u);
	cr_expect_eq(faults[0].fault.trigger.window.to_ns, 40000000u);
	cr_expect_eq(faults[0].fault.trigger.probability_ppb, 100000000u);
	cr_expect_eq(faults[0].fault.expect, MH_EXPECT_ROLLBACK);
	cr_expect_eq(faults[1].phases.count, 3u, "without `phases` every recorded one: %zu", faults[1].phases.count);
	cr_expect_eq(faults[1].fault.where.priority.items[0].from, -10);
	cr_expect_eq(faults[1].fault.where.priority.items[0].to, -5);
	cr_expect_eq(faults[1].fault.where.block.count, 2u);
	cr_expect(faults[1].fault.optional);
	cr_expect(faults[2].fault.trigger.burst.given);
	cr_expect_not(faults[1].fault.trigger.burst.given);
	mh_plan_free(plan);
}

Test(scenario_values, rcu_defaults_to_srcu_when_a_listener_sleeps)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD, "chain.notifiers.a.wait", "sleep");

	cr_expect_eq(plan->cells[0].scenario->chain.rcu, MH_RCU_SRCU, "%d", plan->cells[0].scenario->chain.rcu);
	mh_plan_free(plan);
}

Test(scenario_values, relative_paths_begin_from_the_file)
{
	struct mh_plan *plan = everything();
	const char *resolved = plan->cells[0].scenario->resolved;

	cr_expect_not_null(strstr(resolved, "/tests/fixtures/scenarios/good/recorded.hgrm"), "%s", resolved);
	mh_plan_free(plan);
}

Test(scenario_values, time_scale_multiplies_phases_and_nothing_else)
{
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_plan *plan;
	const struct mh_plan_request request = {
		.path = scenario_path("tests/fixtures/scenarios/good/everything.yaml"),
		.time_scale = 0.5,
	};
	int ret = mh_plan_load(&request, &plan, &messages);
	const struct mh_scenario *scenario;

	cr_assert_eq(ret, 0, "%s", messages.data);
	scenario = plan->cells[0].scenario;
	cr_expect_eq(scenario->phases[0].for_ns, 5000000u);
	cr_expect_eq(scenario->phases[2].max_ns, 5000000000u);
	cr_expect_eq(scenario->verify.hang_after_ns, 2000000000u);
	cr_expect_eq(scenario->faults[0].fault.trigger.window.to_ns, 40000000u, "mh_trigger_compile scales windows");
	cr_expect_float_eq(scenario->workloads[0].rate, 1000, 0);
	mh_text_release(&messages);
	mh_plan_free(plan);
}

Test(scenario_values, numbers_do_not_depend_on_the_locale)
{
	struct mh_plan *plan;

	if (!setlocale(LC_ALL, "de_DE.UTF-8"))
		cr_skip("no locale with a decimal comma");
	plan = scenario_good(SCENARIO_HEAD, "chain.notifiers.a.cost", "1.5us");
	cr_expect_float_eq(plan->cells[0].scenario->chain.notifiers[0].cost.a, 1500, 0);
	mh_plan_free(plan);
}

Test(scenario_values, only_true_and_false_are_booleans)
{
	char *messages = scenario_refused(SCENARIO_HEAD, "phases.steady.keep_state", "True");

	cr_expect_not_null(strstr(messages, "'True' is neither true nor false"), "%s", messages);
	free(messages);
}

Test(scenario_values, bounds_are_part_of_the_range)
{
	mh_plan_free(scenario_good(SCENARIO_HEAD, "workloads.toggle.threads", "1024"));
	mh_plan_free(scenario_good(SCENARIO_HEAD, "machine.block_size", "64GiB"));
	mh_plan_free(scenario_good(SCENARIO_HEAD, "chain.notifiers.a.priority", "-2147483648"));
	free(scenario_refused(SCENARIO_HEAD, "workloads.toggle.threads", "1025"));
	free(scenario_refused(SCENARIO_HEAD, "machine.block_size", "128GiB"));
	free(scenario_refused(SCENARIO_HEAD, "chain.notifiers.a.priority", "-2147483649"));
}
