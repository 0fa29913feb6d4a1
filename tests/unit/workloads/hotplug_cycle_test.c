/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hotplug-cycle: which block, which way, which zone, and what a failure does.
 */
#include <criterion/criterion.h>
#include <math.h>

#include "tests/unit/workloads/workload_fixture.h"

/* As hotplug_cycle.c lays them out, in the order of the words in its schema. */
enum { ROUND_ROBIN, RANDOM, ZIPF, ONE };
enum { KEEP, DEFAULT, KERNEL, MOVABLE };
struct cycle_parameters {
	int order, zone;
};

#define ALL  1000000000u
#define HALF 500000000u

static struct fixture fixture;
static int veto; /* what the listener answers to GOING events */

static int answer(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)data;
	return action & (MEM_GOING_ONLINE | MEM_GOING_OFFLINE) ? veto : NOTIFY_OK;
}

static struct notifier_block listener = {.notifier_call = answer};

static void setup(void)
{
	fixture_init(&fixture, 2, HALF, HALF);
	veto = NOTIFY_OK;
	cr_assert_eq(mh_chain_register(mh_machine_chain(fixture.machine), &listener, "veto"), 0);
}

static void teardown(void)
{
	(void)mh_chain_unregister(mh_machine_chain(fixture.machine), &listener);
	fixture_release(&fixture);
}

TestSuite(hotplug_cycle, .init = setup, .fini = teardown);

static void begin(int order, int zone, unsigned workers)
{
	static struct cycle_parameters parameters;

	parameters = (struct cycle_parameters){order, zone};
	fixture_begin(&fixture, "hotplug-cycle", &parameters, workers);
}

/* One step of worker 0; the block that it operated on. */
static uint32_t step(int expected)
{
	int ret = fixture_step(&fixture, 0, 0);

	cr_expect_eq(ret, expected, "%d, not %d", ret, expected);
	return fixture.workers[0].operation.block;
}

static unsigned blocks_away(void)
{
	unsigned away = 0;

	for (uint32_t block = 0; block < mh_machine_block_count(fixture.machine); block++)
		away += mh_machine_block_zone(fixture.machine, block) !=
			mh_machine_initial_zone(fixture.machine, block);
	return away;
}

Test(hotplug_cycle, parameters_are_laid_out_as_here)
{
	const struct mh_schema *schema = mh_workload_kind_find("hotplug-cycle")->parameters;

	cr_expect_eq(schema->size, sizeof(struct cycle_parameters));
	cr_expect_str_eq(schema->rows[0].values, "round-robin|random|zipf|one");
	cr_expect_str_eq(schema->rows[1].values, "keep|default|kernel|movable");
}

Test(hotplug_cycle, takes_each_block_out_and_back_in_turn)
{
	begin(ROUND_ROBIN, KEEP, 1);
	for (uint32_t i = 0; i < 3 * 2 * FIXTURE_NODE_BLOCKS; i++) {
		uint32_t expected = i % (2 * FIXTURE_NODE_BLOCKS), block;

		block = step(0);
		cr_expect_eq(block, expected, "%u, not %u", block, expected);
		cr_expect_eq(blocks_away(), 1);
		cr_expect_eq(step(0), expected);
		cr_expect_eq(blocks_away(), 0, "%u blocks are away after the way back", blocks_away());
	}
	fixture_end(&fixture);
}

Test(hotplug_cycle, keeps_the_zone_of_each_block)
{
	begin(ROUND_ROBIN, KEEP, 1);
	for (uint32_t i = 0; i < 4 * FIXTURE_NODE_BLOCKS; i++)
		(void)step(0);
	cr_expect_eq(blocks_away(), 0);
	fixture_end(&fixture);
}

Test(hotplug_cycle, onlines_into_the_zone_that_is_asked_for)
{
	begin(ONE, MOVABLE, 1);
	cr_assert_eq(mh_machine_block_zone(fixture.machine, 0), MH_ZONE_NORMAL);
	cr_expect_eq(step(0), 0);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 0), MH_ZONE_NONE);
	cr_expect_eq(step(0), 0);
	cr_expect_eq(fixture.workers[0].operation.zone, MH_ZONE_MOVABLE);
	fixture_end(&fixture);
}

Test(hotplug_cycle, splits_all_blocks_between_the_threads)
{
	static const unsigned threads[] = {1, 2, 3, 5, 8};

	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		int owner[2 * FIXTURE_NODE_BLOCKS];

		for (uint32_t block = 0; block < 2 * FIXTURE_NODE_BLOCKS; block++)
			owner[block] = -1;
		begin(ROUND_ROBIN, KEEP, threads[i]);
		for (unsigned worker = 0; worker < threads[i]; worker++) {
			for (unsigned j = 0; j < 2 * 2 * FIXTURE_NODE_BLOCKS; j++) {
				uint32_t block;

				cr_assert_eq(fixture_step(&fixture, worker, 0), 0);
				block = fixture.workers[worker].operation.block;
				cr_expect(owner[block] < 0 || owner[block] == (int)worker, "block %u: thread %d and %u",
					  block, owner[block], worker);
				owner[block] = (int)worker;
			}
			/* An even number of steps may still end in the middle of a visit: finish it. */
			while (blocks_away())
				cr_assert_eq(fixture_step(&fixture, worker, 0), 0);
		}
		for (uint32_t block = 0; block < 2 * FIXTURE_NODE_BLOCKS; block++)
			cr_expect_neq(owner[block], -1, "%u threads: block %u is nobody's", threads[i], block);
		fixture_end(&fixture);
	}
}

Test(hotplug_cycle, refuses_more_threads_than_blocks)
{
	static const struct cycle_parameters parameters = {ROUND_ROBIN, KEEP};
	struct mh_workload workload = {
		.name = "many",
		.parameters = &parameters,
		.machine = fixture.machine,
		.workers = 2 * FIXTURE_NODE_BLOCKS + 1,
	};
	struct mh_error error = {0};

	cr_expect_eq(mh_workload_kind_find("hotplug-cycle")->begin(&workload, &error), -EINVAL);
	cr_expect_str_eq(error.text, "workload 'many': 17 threads, but the machine has 16 blocks, which are split "
				     "between them");
}

Test(hotplug_cycle, goes_on_after_a_failure_and_retries_in_turn)
{
	begin(ROUND_ROBIN, KEEP, 1);
	veto = NOTIFY_BAD;
	cr_expect_eq(step(-EPERM), 0);
	cr_expect_eq(fixture.workers[0].operation.identity.attempt, 0);
	veto = NOTIFY_OK;
	for (uint32_t block = 1; block < 2 * FIXTURE_NODE_BLOCKS; block++) {
		cr_expect_eq(step(0), block);
		cr_expect_eq(fixture.workers[0].operation.identity.attempt, 0);
		cr_expect_eq(step(0), block);
	}
	veto = NOTIFY_BAD;
	cr_expect_eq(step(-EPERM), 0, "it comes back in its order");
	cr_expect_eq(fixture.workers[0].operation.identity.attempt, 1);
	veto = NOTIFY_OK;
	for (uint32_t i = 0; i < 2 * (2 * FIXTURE_NODE_BLOCKS - 1); i++)
		(void)step(0);
	cr_expect_eq(step(0), 0);
	cr_expect_eq(fixture.workers[0].operation.identity.attempt, 2);
	cr_expect_eq(step(0), 0);
	cr_expect_eq(fixture.workers[0].operation.identity.attempt, 0, "a success ends the row of failures");
	fixture_end(&fixture);
}

Test(hotplug_cycle, brings_home_first_what_could_not_come_back)
{
	begin(ROUND_ROBIN, KEEP, 1);
	cr_expect_eq(step(0), 0);
	veto = NOTIFY_BAD;
	cr_expect_eq(step(-EPERM), 0);
	veto = NOTIFY_OK;
	cr_expect_eq(blocks_away(), 1);
	for (uint32_t i = 0; i < 2 * (2 * FIXTURE_NODE_BLOCKS - 1); i++)
		(void)step(0);
	cr_expect_eq(blocks_away(), 1);
	cr_expect_eq(step(0), 0);
	cr_expect_eq(fixture.workers[0].operation.identity.attempt, 1);
	cr_expect_eq(blocks_away(), 0);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 0), mh_machine_initial_zone(fixture.machine, 0));
	cr_expect_eq(step(0), 1, "and then the next");
	fixture_end(&fixture);
}

Test(hotplug_cycle, attempts_stay_within_their_bits)
{
	begin(ONE, KEEP, 1);
	veto = NOTIFY_BAD;
	for (unsigned i = 0; i < 50; i++)
		(void)step(-EPERM);
	cr_expect_eq(fixture.workers[0].operation.identity.attempt, 31, "%u",
		     fixture.workers[0].operation.identity.attempt);
	veto = NOTIFY_OK;
	(void)step(0);
	(void)step(0);
	cr_expect_eq(blocks_away(), 0);
	fixture_end(&fixture);
}

/* Blocks of the visits that begin at even indices, into @ret_visits. */
static void visit(int order, uint32_t *ret_visits, unsigned count)
{
	begin(order, KEEP, 1);
	for (unsigned i = 0; i < count; i++) {
		ret_visits[i] = step(0);
		(void)step(0);
	}
	fixture_end(&fixture);
}

Test(hotplug_cycle, random_order_depends_on_stream_and_index_alone)
{
	uint32_t first[200], again[200];
	unsigned seen[2 * FIXTURE_NODE_BLOCKS] = {0};

	visit(RANDOM, first, 200);
	visit(RANDOM, again, 200);
	for (unsigned i = 0; i < 200; i++) {
		cr_expect_eq(first[i], again[i], "visit %u: %u and %u", i, first[i], again[i]);
		seen[first[i]]++;
	}
	for (unsigned i = 0; i < 2 * FIXTURE_NODE_BLOCKS; i++)
		cr_expect(seen[i] > 0 && seen[i] < 40, "block %u visited %u times of 200", i, seen[i]);
}

Test(hotplug_cycle, zipf_prefers_low_blocks_as_documented)
{
	static uint32_t visits[4000];
	unsigned seen[2 * FIXTURE_NODE_BLOCKS] = {0};

	visit(ZIPF, visits, 4000);
	for (unsigned i = 0; i < 4000; i++)
		seen[visits[i]]++;
	for (unsigned k = 1; k <= 2 * FIXTURE_NODE_BLOCKS; k++) {
		double share = log((k + 1.0) / k) / log(2 * FIXTURE_NODE_BLOCKS + 1), mean = 4000 * share;

		cr_expect(fabs(seen[k - 1] - mean) < 5 * sqrt(mean), "block %u: %u visits, not %.0f", k - 1,
			  seen[k - 1], mean);
	}
}

Test(hotplug_cycle, one_stays_with_the_threads_first_block)
{
	uint32_t visits[10];

	visit(ONE, visits, 10);
	for (unsigned i = 0; i < 10; i++)
		cr_expect_eq(visits[i], 0);
}
