/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hotplug-storm: which block an operation flips, what each node keeps, and what a thread that comes too late is told.
 */
#include <criterion/criterion.h>

#include "tests/unit/workloads/workload_fixture.h"

/* As hotplug_storm.c lays them out. */
struct storm_parameters {
	uint64_t keep_online_ppb;
	int zone;
};

enum { KEEP, DEFAULT, KERNEL, MOVABLE };

#define ALL 1000000000u

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture, 2, ALL, ALL / 2);
}

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(hotplug_storm, .init = setup, .fini = teardown);

static unsigned online_of(unsigned node)
{
	unsigned online = 0;
	uint32_t first, count = mh_machine_node_blocks(fixture.machine, node, &first);

	for (uint32_t i = 0; i < count; i++)
		online += mh_machine_block_state(fixture.machine, first + i) == MH_BLOCK_ONLINE;
	return online;
}

Test(hotplug_storm, parameters_are_laid_out_as_here)
{
	const struct mh_schema *schema = mh_workload_kind_find("hotplug-storm")->parameters;

	cr_expect_eq(schema->size, sizeof(struct storm_parameters));
	cr_expect_eq(schema->rows[1].offset, offsetof(struct storm_parameters, zone));
}

static void keeps(uint64_t keep_ppb, unsigned kept)
{
	struct storm_parameters parameters = {.keep_online_ppb = keep_ppb};
	unsigned lowest = FIXTURE_NODE_BLOCKS;

	fixture_begin(&fixture, "hotplug-storm", &parameters, 2);
	for (unsigned i = 0; i < 500; i++) {
		cr_assert_eq(fixture_step(&fixture, i % 2, 0), 0, "step %u", i);
		for (unsigned node = 0; node < 2; node++) {
			unsigned online = online_of(node);

			cr_assert_geq(online, kept, "step %u: %u of node %u, not %u", i, online, node, kept);
			lowest = online < lowest ? online : lowest;
		}
	}
	cr_expect_eq(lowest, kept, "the share is reached: %u, not %u", lowest, kept);
	fixture_end(&fixture);
	cr_expect_eq(mh_check_machine(fixture.machine), 0);
}

Test(hotplug_storm, keeps_half_of_each_node)
{
	keeps(ALL / 2, FIXTURE_NODE_BLOCKS / 2);
}

Test(hotplug_storm, rounds_what_it_keeps_down)
{
	keeps(ALL / 8 * 7 - 1, FIXTURE_NODE_BLOCKS - 2);
}

Test(hotplug_storm, may_empty_a_node)
{
	keeps(0, 0);
}

Test(hotplug_storm, every_step_is_an_operation_that_succeeds_when_alone)
{
	struct storm_parameters parameters = {.keep_online_ppb = ALL / 2};

	fixture_begin(&fixture, "hotplug-storm", &parameters, 1);
	for (unsigned i = 0; i < 200; i++) {
		cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
		cr_expect_eq(fixture.workers[0].operation.outcome, MH_OUTCOME_DONE, "step %u: %d", i,
			     fixture.workers[0].operation.outcome);
	}
	fixture_end(&fixture);
}

Test(hotplug_storm, goes_up_from_below_its_share)
{
	struct storm_parameters parameters = {.keep_online_ppb = ALL / 2};

	fixture_release(&fixture);
	fixture_init(&fixture, 1, 0, 0);
	fixture_begin(&fixture, "hotplug-storm", &parameters, 1);
	for (unsigned i = 0; i < FIXTURE_NODE_BLOCKS / 2; i++) {
		cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
		cr_expect_eq(online_of(0), i + 1, "%u", online_of(0));
	}
	fixture_end(&fixture);
}

static int refuse_offline(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)data;
	return action == MEM_GOING_OFFLINE ? NOTIFY_BAD : NOTIFY_OK;
}

/* What is refused stays online and counted: or the node's share would be thought to be reached. */
Test(hotplug_storm, a_refused_offline_takes_no_block_from_the_share)
{
	struct storm_parameters parameters = {.keep_online_ppb = ALL / 2};
	struct notifier_block nb = {.notifier_call = refuse_offline};
	struct mh_chain *chain = mh_machine_chain(fixture.machine);

	cr_assert_eq(mh_chain_register(chain, &nb, "refuses"), 0);
	fixture_begin(&fixture, "hotplug-storm", &parameters, 1);
	for (unsigned i = 0; i < 100; i++)
		cr_expect_eq(fixture_step(&fixture, 0, 0), -EPERM, "step %u", i);
	cr_assert_eq(mh_chain_unregister(chain, &nb), 0);
	for (unsigned i = 0; i < 500; i++)
		cr_expect_eq(fixture_step(&fixture, 0, 0), 0, "step %u", i);
	cr_expect_lt(online_of(0), FIXTURE_NODE_BLOCKS);
	fixture_end(&fixture);
}

/* The walk of one step flips the block that the step is about: the same answer as another thread's operation in time
 * between the look and the lock. Here by its effect: an online of what is online. */
Test(hotplug_storm, already_is_no_failure)
{
	struct storm_parameters parameters = {.keep_online_ppb = ALL / 8 * 7};

	fixture_begin(&fixture, "hotplug-storm", &parameters, 1);
	/* One block of each node goes off; then others bring it back behind the workload's back. */
	for (unsigned i = 0; i < 50; i++)
		cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
	for (uint32_t block = 0; block < mh_machine_block_count(fixture.machine); block++) {
		struct mh_operation operation = {.trace = &fixture.workers[0].trace};

		mh_trace_reset(operation.trace);
		(void)mh_block_online(fixture.machine, &operation, block, MH_ONLINE_DEFAULT);
	}
	cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
	fixture_end(&fixture);
}

Test(hotplug_storm, asks_for_the_zone_that_it_is_told)
{
	struct storm_parameters parameters = {.keep_online_ppb = 0, .zone = KERNEL};

	fixture_release(&fixture);
	fixture_init(&fixture, 1, 0, 0);
	fixture_begin(&fixture, "hotplug-storm", &parameters, 1);
	for (unsigned i = 0; i < 100; i++)
		cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
	for (uint32_t block = 0; block < FIXTURE_NODE_BLOCKS; block++)
		cr_expect_neq(mh_machine_block_zone(fixture.machine, block), MH_ZONE_MOVABLE);
	fixture_end(&fixture);
}

Test(hotplug_storm, refuses_to_keep_everything)
{
	struct storm_parameters parameters = {.keep_online_ppb = ALL};
	struct mh_workload workload = {
		.name = "all", .parameters = &parameters, .machine = fixture.machine, .workers = 1};
	struct mh_error error = {0};

	cr_expect_eq(mh_workload_kind_find("hotplug-storm")->begin(&workload, &error), -EINVAL);
	cr_expect_str_eq(error.text, "workload 'all': keep_online: all 8 blocks of node 0 would have to stay online: "
				     "lower it, so that there is one to flip");
	cr_expect_null(workload.state);
}

Test(hotplug_storm, the_same_stream_flips_the_same_blocks)
{
	struct storm_parameters parameters = {.keep_online_ppb = ALL / 2};
	uint32_t blocks[100];

	for (unsigned round = 0; round < 2; round++) {
		fixture_begin(&fixture, "hotplug-storm", &parameters, 1);
		for (unsigned i = 0; i < 100; i++) {
			cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
			if (round == 0)
				blocks[i] = fixture.workers[0].operation.block;
			cr_expect_eq(fixture.workers[0].operation.block, blocks[i], "step %u", i);
		}
		fixture_end(&fixture);
		teardown();
		setup();
	}
}
