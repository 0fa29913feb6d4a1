/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel a scenario is for: its keys, and which listeners stand on which chain. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "scenario_fixture.h"

#define TAIL                                                                                                           \
	"workloads:\n  - {name: toggle, kind: hotplug-cycle}\n"                                                        \
	"phases:\n  - {name: steady, role: measure, ops: 10}\n"

static const char both_chains[] = "name: t\nmachine: {compat: v7.3}\n"
				  "chain: {notifiers: [{preset: linux-7.3}, "
				  "{name: both, count: 3, priority: 7, node_priority: {spread: [4, 0]}}, "
				  "{name: memory}]}\n" TAIL;

Test(compat, is_6_1_with_contig_zones_by_default)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD, NULL, NULL);
	const struct mh_scenario_machine *machine = &plan->cells[0].scenario->machine;

	cr_expect_eq(machine->compat, MH_COMPAT_V6_1);
	cr_expect_eq(machine->online_policy, MH_POLICY_CONTIG_ZONES);
	cr_expect_not(machine->movable_node);
	cr_expect_null(strstr(plan->cells[0].scenario->resolved, "auto_movable"), "%s",
		       plan->cells[0].scenario->resolved);
	mh_plan_free(plan);
}

Test(compat, auto_movable_has_the_kernels_defaults)
{
	struct mh_plan *plan = scenario_good(SCENARIO_HEAD, "machine.online_policy", "auto-movable");
	const struct mh_scenario_machine *machine = &plan->cells[0].scenario->machine;

	cr_expect_eq(machine->online_policy, MH_POLICY_AUTO_MOVABLE);
	cr_expect_eq(machine->auto_movable_ratio, (uint64_t)MH_AUTO_MOVABLE_RATIO_DEFAULT);
	cr_expect(machine->auto_movable_numa_aware);
	cr_expect_not_null(strstr(plan->cells[0].scenario->resolved, "auto_movable_ratio: 301"));
	mh_plan_free(plan);
}

Test(compat, each_word_is_a_protocol)
{
	for (int compat = 0; compat < MH_COMPAT_COUNT; compat++) {
		struct mh_plan *plan = scenario_good(SCENARIO_HEAD, "machine.compat", mh_compat_names[compat]);

		cr_expect_eq(plan->cells[0].scenario->machine.compat, compat, "%s", mh_compat_names[compat]);
		mh_plan_free(plan);
	}
}

static const struct mh_scenario_listener *find_listener(const struct mh_plan *plan, const char *name)
{
	const struct mh_scenario_chain *chain = &plan->cells[0].scenario->chain;

	for (size_t i = 0; i < chain->listener_count; i++)
		if (strcmp(chain->listeners[i].name, name) == 0)
			return &chain->listeners[i];
	cr_assert_fail("no listener '%s'", name);
	return NULL;
}

static void expect_chains(const struct mh_plan *plan, const char *name, bool on_memory, bool on_node)
{
	const struct mh_scenario_listener *listener = find_listener(plan, name);

	cr_expect_eq(listener->on_memory, on_memory, "%s on the memory chain: %d", name, listener->on_memory);
	cr_expect_eq(listener->on_node, on_node, "%s on the chain of nodes: %d", name, listener->on_node);
}

Test(compat, node_priority_puts_a_listener_on_the_second_chain_too)
{
	struct mh_plan *plan = scenario_good(both_chains, NULL, NULL);

	expect_chains(plan, "both.1", true, true);
	cr_expect_eq(find_listener(plan, "both.1")->priority, 7);
	cr_expect_eq(find_listener(plan, "both.1")->node_priority, 2);
	expect_chains(plan, "memory", true, false);
	mh_plan_free(plan);
}

Test(compat, a_presets_listeners_are_on_the_chains_of_the_preset)
{
	struct mh_plan *plan = scenario_good(both_chains, NULL, NULL);

	expect_chains(plan, "ksm_memory_callback", true, false);
	expect_chains(plan, "slab_memory_callback", false, true);
	cr_expect_eq(find_listener(plan, "memtier_hotplug_callback")->node_priority, 100);
	mh_plan_free(plan);
}

/* The resolved scenario keeps `all`, which is right for any kernel. */
Test(compat, a_listener_hears_all_events_of_its_chains_by_default)
{
	struct mh_plan *plan = scenario_good(both_chains, NULL, NULL);
	unsigned events = find_listener(plan, "both.0")->events;

	cr_expect_eq(events, MH_EVENTS_ALL, "0x%x", events);
	cr_expect_not_null(strstr(plan->cells[0].scenario->resolved, " on: all"), "%s",
			   plan->cells[0].scenario->resolved);
	mh_plan_free(plan);
}

Test(compat, events_of_another_kernel_are_refused_with_the_one_that_has_them)
{
	char *messages = scenario_refused(SCENARIO_HEAD "slo: [{expr: \"steady/walk.prepare_online.p99 < 1ms\"}]\n"
							"record: {series: [\"walk.*\"]}\n",
					  "machine.compat", "v7.3");

	cr_expect_not_null(strstr(messages, "v7.3 has no event 'prepare_online'"), "%s", messages);
	cr_expect_not_null(strstr(messages, "{compat: v6.12}"), "%s", messages);
	free(messages);
}
