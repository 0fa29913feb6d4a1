/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds that act when an operation has ended: on its node and on its listener.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#include "tests/unit/faults/fault_fixture.h"

static struct fixture fixture;

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(after_kind, .fini = teardown);

/* Counts the events of a node's last and first memory. */
static unsigned first_last[2];

static int count_first_last(struct notifier_block *nb, unsigned long action, void *data)
{
	const struct memory_notify *arg = data;

	(void)nb;
	if (arg->status_change_nid >= 0)
		first_last[action == MEM_ONLINE] += action == MEM_ONLINE || action == MEM_OFFLINE;
	return NOTIFY_OK;
}

Test(after_kind, node_flap_takes_the_last_memory_and_brings_it_back)
{
	struct notifier_block watcher = {.notifier_call = count_first_last, .priority = 7};
	struct mh_machine_counts before, after;
	struct mh_fault fault;
	struct fixture_outcome outcome;

	fixture_init_with(&fixture, &(struct fixture_options){.verify = MH_VERIFY_FULL});
	first_last[0] = first_last[1] = 0;
	cr_assert_eq(mh_chain_register(mh_machine_chain(fixture.machine), &watcher, "watcher"), 0);
	mh_machine_counts(fixture.machine, &before);
	fault = fixture_fault("f", "node-flap", NULL);
	fixture_set(&fault, "deadline", 1000000000);
	fault.expect = MH_EXPECT_IGNORED;
	outcome = fixture_cycle_with(&fixture, &fault, 0);
	mh_machine_counts(fixture.machine, &after);
	cr_expect_eq(mh_chain_unregister(mh_machine_chain(fixture.machine), &watcher), 0);
	cr_expect_geq(outcome.counts.fired, 8, "%lu", outcome.counts.fired);
	cr_expect_eq(first_last[0], 4, "%u last memories: one flap an operation", first_last[0]);
	cr_expect_eq(first_last[1], 4, "%u first memories", first_last[1]);
	cr_expect_eq(after.blocks_online, before.blocks_online, "%lu blocks", after.blocks_online);
	cr_expect_eq(mh_machine_blocks_away(fixture.machine), 0);
	cr_expect_eq(outcome.violations, 0);
}

Test(after_kind, node_flap_tells_of_a_block_that_is_refused_when_it_comes_back)
{
	struct mh_fault fault;
	struct mh_fault_set *set;
	const struct mh_unmet *unmet;

	fixture_init(&fixture);
	fault = fixture_fault("f", "node-flap", NULL);
	fixture_set(&fault, "deadline", 1000000000);
	fault.expect = MH_EXPECT_IGNORED;
	fault.trigger.times = 1;
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	fixture_refuse_online(&fixture, true);
	(void)fixture_toggle(&fixture, set, 0, 0, 0);
	fixture_refuse_online(&fixture, false);
	cr_assert_eq(mh_fault_set_unmet(set, &unmet), 1);
	cr_expect(strstr(unmet[0].text, "was refused when it came back"), "%s", unmet[0].text);
	(void)fixture_counts(&fixture, set, 0);
	mh_fault_set_free(set);
	cr_expect_eq(mh_check_machine(fixture.machine), 0);
}

ParameterizedTestParameters(after_kind, module_unload_has_the_listener_leave_and_come_back)
{
	static int types[MH_CHAIN_TYPES];

	for (int i = 0; i < MH_CHAIN_TYPES; i++)
		types[i] = i;
	return cr_make_param_array(int, types, MH_CHAIN_TYPES);
}

ParameterizedTest(int *type, after_kind, module_unload_has_the_listener_leave_and_come_back)
{
	struct mh_fault fault;
	struct fixture_outcome outcome;
	uint64_t sequence;

	fixture_init_with(&fixture, &(struct fixture_options){.chain.type = (enum mh_chain_type) * type,
							      .verify = MH_VERIFY_FULL});
	sequence = mh_chain_listener(mh_machine_chain(fixture.machine), MID_0)->sequence;
	fault = fixture_fault("u", "module-unload", NULL);
	fixture_set(&fault, "away", 1000);
	fault.where.callback = (char *)"mid.0";
	fault.expect = MH_EXPECT_IGNORED;
	outcome = fixture_cycle_with(&fixture, &fault, 0);
	cr_expect_eq(outcome.counts.fired, 8, "%lu", outcome.counts.fired);
	cr_expect_eq(outcome.violations, 0);
	cr_expect_eq(mh_chain_count(mh_machine_chain(fixture.machine)), FIXTURE_LISTENERS);
	cr_expect_eq(fixture.listeners[MID_0].calls[MH_OFFLINE], 2, "it hears on");
	cr_expect_gt(mh_chain_listener(mh_machine_chain(fixture.machine), MID_0)->sequence, sequence,
		     "it has been registered anew");
}
