/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc-churn: how many pages live, for how long, on which node, and that none is left.
 */
#include <criterion/criterion.h>

#include "base/distribution.h"
#include "tests/unit/workloads/workload_fixture.h"

/* As alloc_churn.c lays them out. */
struct churn_parameters {
	uint64_t order;
	uint64_t live;
	struct mh_distribution lifetime;
	uint64_t movable_ppb;
};

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

TestSuite(alloc_churn, .init = setup, .fini = teardown);

static struct churn_parameters constant_lifetime(uint64_t live, double lifetime_ns)
{
	return (struct churn_parameters){
		.live = live,
		.lifetime = {.kind = MH_DISTRIBUTION_CONSTANT, .a = lifetime_ns},
		.movable_ppb = ALL,
	};
}

/* Pages that are not free in a zone: held by handles, or (order 0 only) on a thread's list. */
static uint64_t pages_out(void)
{
	struct mh_machine_counts counts;

	mh_machine_counts(fixture.machine, &counts);
	return counts.managed_pages - counts.free_pages;
}

Test(alloc_churn, parameters_are_laid_out_as_here)
{
	const struct mh_schema *schema = mh_workload_kind_find("alloc-churn")->parameters;

	cr_expect_eq(schema->size, sizeof(struct churn_parameters));
	cr_expect_eq(schema->rows[0].offset, offsetof(struct churn_parameters, order));
	cr_expect_eq(schema->rows[1].offset, offsetof(struct churn_parameters, live));
	cr_expect_eq(schema->rows[2].offset, offsetof(struct churn_parameters, lifetime));
	cr_expect_eq(schema->rows[3].offset, offsetof(struct churn_parameters, movable_ppb));
}

Test(alloc_churn, gives_everything_back_at_the_end)
{
	struct churn_parameters parameters = constant_lifetime(100, 1e9);

	fixture_begin(&fixture, "alloc-churn", &parameters, 1);
	for (unsigned i = 0; i < 1000; i++)
		cr_assert_eq(fixture_step(&fixture, 0, i), 0);
	cr_expect_gt(pages_out(), 0);
	fixture_end(&fixture);
	cr_expect_eq(pages_out(), 0, "%lu pages left", pages_out());
	cr_expect_eq(mh_check_machine(fixture.machine), 0);
}

Test(alloc_churn, keeps_at_most_live_pages_of_each_node)
{
	struct churn_parameters parameters = constant_lifetime(101, 1e9);

	parameters.order = 1;
	fixture_begin(&fixture, "alloc-churn", &parameters, 1);
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t chunks = i + 1 < 100 ? i + 1 : 100;

		cr_assert_eq(fixture_step(&fixture, 0, i), 0);
		cr_expect_eq(pages_out(), 2 * chunks, "step %u: %lu pages, not %lu", i, pages_out(), 2 * chunks);
	}
	fixture_end(&fixture);
}

Test(alloc_churn, frees_when_the_lifetime_is_over)
{
	struct churn_parameters parameters = constant_lifetime(4096, 100000);

	parameters.order = 1;
	fixture_release(&fixture);
	fixture_init(&fixture, 1, ALL, ALL);
	fixture_begin(&fixture, "alloc-churn", &parameters, 1);
	/* A step each us: 100 chunks are alive, and at most one bucket (1.6 % of the mean, rounded to 2^n) more. */
	for (unsigned i = 0; i < 1000; i++)
		cr_assert_eq(fixture_step(&fixture, 0, i * UINT64_C(1000)), 0);
	cr_expect_geq(pages_out(), 2 * 100, "%lu pages", pages_out());
	cr_expect_leq(pages_out(), 2 * 105, "%lu pages", pages_out());
	fixture_end(&fixture);
}

Test(alloc_churn, frees_a_bounded_number_in_a_step)
{
	struct churn_parameters parameters = constant_lifetime(4096, 1000000);

	parameters.order = 1;
	fixture_begin(&fixture, "alloc-churn", &parameters, 1);
	for (unsigned i = 0; i < 100; i++)
		cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
	cr_assert_eq(pages_out(), 200);
	cr_assert_eq(fixture_step(&fixture, 0, 10000000), 0);
	cr_expect_eq(pages_out(), 200 - 2 * 8 + 2, "%lu", pages_out());
	fixture_end(&fixture);
}

Test(alloc_churn, says_no_when_memory_is_out)
{
	/* Two nodes of 1 GiB in chunks of 4 MiB: 512 of them, and kernel zones hold half. */
	struct churn_parameters parameters = constant_lifetime(1 << 24, 1e12);
	unsigned refused = 0;

	parameters.order = 10;
	parameters.movable_ppb = 0;
	fixture_begin(&fixture, "alloc-churn", &parameters, 1);
	for (unsigned i = 0; i < 300; i++) {
		int ret = fixture_step(&fixture, 0, 0);

		cr_expect(ret == 0 || ret == -ENOMEM, "%d", ret);
		refused += ret == -ENOMEM;
	}
	cr_expect_eq(refused, 300 - 256, "%u refused", refused);
	fixture_end(&fixture);
	cr_expect_eq(pages_out(), 0);
}

Test(alloc_churn, shares_a_node_between_threads)
{
	struct churn_parameters parameters = constant_lifetime(200, 1e9);

	parameters.order = 1;
	fixture_begin(&fixture, "alloc-churn", &parameters, 5);
	for (unsigned i = 0; i < 300; i++)
		for (unsigned worker = 0; worker < 5; worker++)
			cr_assert_eq(fixture_step(&fixture, worker, i), 0);
	cr_expect_eq(pages_out(), 2 * 200, "%lu: 200 of each node", pages_out());
	fixture_end(&fixture);
	cr_expect_eq(pages_out(), 0);
}

Test(alloc_churn, movable_share_is_kept)
{
	struct churn_parameters parameters = constant_lifetime(1000, 1e9);
	unsigned normal = 0;

	parameters.order = 1;
	parameters.movable_ppb = ALL / 4;
	fixture_begin(&fixture, "alloc-churn", &parameters, 1);
	for (unsigned i = 0; i < 1000; i++)
		cr_assert_eq(fixture_step(&fixture, 0, i), 0);
	/* What is not movable makes the offline of its Normal block fail; all Movable blocks still go. */
	for (uint32_t block = 0; block < mh_machine_block_count(fixture.machine); block++) {
		struct mh_operation operation = {.trace = &fixture.workers[0].trace};
		bool kernel_zone = mh_machine_block_zone(fixture.machine, block) == MH_ZONE_NORMAL;
		int ret;

		mh_trace_reset(operation.trace);
		mh_cpu_leave(fixture.workers[0].worker.cpu);
		ret = mh_block_offline(fixture.machine, &operation, block);
		mh_cpu_enter(fixture.workers[0].worker.cpu);
		cr_expect(kernel_zone || ret == 0, "block %u: %d", block, ret);
		normal += ret == -EBUSY;
	}
	cr_expect_gt(normal, 0);
	fixture_end(&fixture);
}

Test(alloc_churn, refuses_less_than_a_chunk_a_thread)
{
	struct churn_parameters parameters = constant_lifetime(3, 1e9);
	struct mh_workload workload = {
		.name = "few",
		.parameters = &parameters,
		.machine = fixture.machine,
		.clock = &fixture.clock,
		.workers = 4,
	};
	struct mh_error error = {0};
	int ret;

	parameters.order = 1;
	ret = mh_workload_kind_find("alloc-churn")->begin(&workload, &error);
	cr_expect_eq(ret, -EINVAL, "%d", ret);
	cr_expect_str_eq(error.text, "workload 'few': live: 3 pages a node in chunks of 2 pages are too few for 4 "
				     "threads on 2 nodes");
	cr_expect_null(workload.state);
}
