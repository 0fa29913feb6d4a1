/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc-fill: how full it keeps its node, and that it gives way to an offline.
 */
#include <criterion/criterion.h>

#include "core/page_walk.h"
#include "tests/unit/workloads/workload_fixture.h"

/* As alloc_fill.c lays them out. */
struct fill_parameters {
	uint64_t node;
	uint64_t share_ppb;
	uint64_t order;
};

#define ALL         1000000000u
#define BLOCK_PAGES 32768u /* 128 MiB */

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture, 2, ALL, ALL / 2);
}

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(alloc_fill, .init = setup, .fini = teardown);

static uint64_t pages_of(unsigned node)
{
	uint32_t first, count = mh_machine_node_blocks(fixture.machine, node, &first);
	uint64_t pages = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct mh_page_walk walk;

		mh_page_walk(fixture.machine, first + i, &walk);
		pages += walk.out;
	}
	return pages;
}

Test(alloc_fill, parameters_are_laid_out_as_here)
{
	const struct mh_schema *schema = mh_workload_kind_find("alloc-fill")->parameters;

	cr_expect_eq(schema->size, sizeof(struct fill_parameters));
	cr_expect_eq(schema->rows[1].offset, offsetof(struct fill_parameters, share_ppb));
	cr_expect_eq(schema->rows[2].offset, offsetof(struct fill_parameters, order));
}

static void fills(unsigned workers, uint64_t share_ppb, uint64_t order)
{
	struct fill_parameters parameters = {.node = 1, .share_ppb = share_ppb, .order = order};
	uint64_t expected = (uint64_t)FIXTURE_NODE_BLOCKS * BLOCK_PAGES * share_ppb / ALL;

	fixture_begin(&fixture, "alloc-fill", &parameters, workers);
	for (unsigned i = 0; i < 1000; i++) {
		cr_assert_eq(fixture_step(&fixture, i % workers, 0), 0);
		cr_expect_eq(pages_of(1), expected, "step %u: %lu, not %lu", i, pages_of(1), expected);
	}
	cr_expect_eq(pages_of(0), 0, "the other node is not touched: %lu", pages_of(0));
	fixture_end(&fixture);
	cr_expect_eq(pages_of(1), 0, "%lu left", pages_of(1));
	cr_expect_eq(mh_check_machine(fixture.machine), 0);
}

Test(alloc_fill, keeps_its_node_at_the_share_from_the_beginning)
{
	fills(1, ALL / 4 * 3, 9);
}

Test(alloc_fill, threads_share_the_share)
{
	fills(4, ALL / 2, 6);
}

static int offline(uint32_t block)
{
	struct mh_operation operation = {.trace = &fixture.workers[0].trace};

	mh_trace_reset(operation.trace);
	return mh_block_offline(fixture.machine, &operation, block);
}

/* What must be moved has room without a step of the workload: on a machine of one node, too. */
Test(alloc_fill, level_follows_the_blocks)
{
	struct fill_parameters parameters = {.node = 0, .share_ppb = ALL / 2, .order = 6};
	uint64_t expected = (uint64_t)(FIXTURE_NODE_BLOCKS - 1) * BLOCK_PAGES / 2;

	fixture_release(&fixture);
	fixture_init(&fixture, 1, ALL, ALL);
	fixture_begin(&fixture, "alloc-fill", &parameters, 1);
	mh_cpu_leave(fixture.workers[0].worker.cpu);
	cr_assert_eq(offline(0), 0);
	mh_cpu_enter(fixture.workers[0].worker.cpu);
	for (unsigned i = 0; i < 100; i++)
		cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
	cr_expect_eq(pages_of(0), expected, "%lu, not %lu", pages_of(0), expected);
	fixture_end(&fixture);
}

struct offliner {
	atomic_int ret; /* 1: it still runs */
	struct mh_trace trace;
};

static void offline_all(void *data)
{
	struct offliner *offliner = data;
	struct mh_rcu_domain *domain = &mh_machine_chain(fixture.machine)->rcu;
	int ret = 0;

	mh_rcu_thread_enter(domain);
	for (uint32_t block = 0; ret == 0 && block < FIXTURE_NODE_BLOCKS; block++) {
		struct mh_operation operation = {.trace = &offliner->trace};

		operation.deadline_ticks =
			mh_clock_ticks(&fixture.clock) + mh_clock_ticks_of_ns(&fixture.clock, UINT64_C(20000000000));
		mh_trace_reset(operation.trace);
		ret = mh_block_offline(fixture.machine, &operation, block);
	}
	mh_rcu_thread_leave(domain);
	atomic_store(&offliner->ret, ret);
}

/* At 99 % of the only node nothing could be moved if the workload did not make room, down to the last block. */
Test(alloc_fill, gives_way_until_the_node_is_gone, .timeout = 60)
{
	struct fill_parameters parameters = {.node = 0, .share_ppb = ALL / 100 * 99, .order = 6};
	struct offliner offliner = {.ret = 1};
	struct mh_thread thread;
	struct mh_error error;

	fixture_release(&fixture);
	fixture_init(&fixture, 1, ALL, ALL);
	fixture_begin(&fixture, "alloc-fill", &parameters, 1);
	cr_assert_eq(mh_trace_init(&offliner.trace, 256, MH_STAMPS_NONE, &fixture.clock), 0);
	cr_assert_eq(mh_thread_start(&thread, "offline", -1, offline_all, &offliner, &error), 0);
	while (atomic_load(&offliner.ret) == 1) {
		int ret = fixture_step(&fixture, 0, 0);

		cr_expect(ret == 0 || ret == -ENOMEM, "%d", ret);
	}
	mh_thread_join(&thread);
	cr_expect_eq(atomic_load(&offliner.ret), 0, "%d", atomic_load(&offliner.ret));
	fixture_end(&fixture);
	mh_trace_release(&offliner.trace);
}

Test(alloc_fill, refuses_a_node_that_is_not_there)
{
	struct fill_parameters parameters = {.node = 7, .share_ppb = ALL / 2};
	struct mh_workload workload = {
		.name = "full", .parameters = &parameters, .machine = fixture.machine, .workers = 1};
	struct mh_error error = {0};

	cr_expect_eq(mh_workload_kind_find("alloc-fill")->begin(&workload, &error), -EINVAL);
	cr_expect_str_eq(error.text, "workload 'full': node: the machine has no node 7 with memory ('memhp-bench "
				     "topology' names those that it has)");
	cr_expect_null(workload.state);
}
