/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc-burst: how many pages a burst holds, that they go at once, and where the next burst asks.
 */
#include <criterion/criterion.h>

#include "core/page_walk.h"
#include "tests/unit/workloads/workload_fixture.h"

/* As alloc_burst.c lays them out. */
struct burst_parameters {
	uint64_t order;
	uint64_t burst;
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

TestSuite(alloc_burst, .init = setup, .fini = teardown);

static uint64_t pages_out(void)
{
	struct mh_machine_counts counts;

	mh_machine_counts(fixture.machine, &counts);
	return counts.managed_pages - counts.free_pages;
}

Test(alloc_burst, parameters_are_laid_out_as_here)
{
	const struct mh_schema *schema = mh_workload_kind_find("alloc-burst")->parameters;

	cr_expect_eq(schema->size, sizeof(struct burst_parameters));
	cr_expect_eq(schema->rows[1].offset, offsetof(struct burst_parameters, burst));
	cr_expect_eq(schema->rows[2].offset, offsetof(struct burst_parameters, movable_ppb));
}

Test(alloc_burst, grows_by_one_and_falls_at_once)
{
	struct burst_parameters parameters = {.order = 1, .burst = 5, .movable_ppb = ALL};

	fixture_begin(&fixture, "alloc-burst", &parameters, 1);
	for (unsigned i = 0; i < 23; i++) {
		uint64_t expected = 2 * (i % 5 + 1);

		cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
		cr_expect_eq(pages_out(), expected, "step %u: %lu, not %lu", i, pages_out(), expected);
	}
	fixture_end(&fixture);
	cr_expect_eq(pages_out(), 0, "%lu pages left", pages_out());
	cr_expect_eq(mh_check_machine(fixture.machine), 0);
}

Test(alloc_burst, each_thread_has_its_own)
{
	struct burst_parameters parameters = {.order = 1, .burst = 4, .movable_ppb = ALL};

	fixture_begin(&fixture, "alloc-burst", &parameters, 3);
	for (unsigned i = 0; i < 12; i++)
		cr_assert_eq(fixture_step(&fixture, i % 3, 0), 0);
	cr_expect_eq(pages_out(), 2 * 12, "%lu", pages_out());
	fixture_end(&fixture);
	cr_expect_eq(pages_out(), 0);
}

/* 2 GiB in chunks of 4 MiB, half of it for kernel pages: 256 of 300 are given; the burst ends all the same. */
Test(alloc_burst, a_refused_chunk_does_not_stop_the_bursts)
{
	struct burst_parameters parameters = {.order = 10, .burst = 300, .movable_ppb = 0};
	unsigned refused = 0;

	fixture_begin(&fixture, "alloc-burst", &parameters, 1);
	for (unsigned i = 0; i < 600; i++)
		refused += fixture_step(&fixture, 0, 0) == -ENOMEM;
	cr_expect_eq(refused, 2 * 44, "%u refused", refused);
	cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
	cr_expect_eq(pages_out(), 1024);
	fixture_end(&fixture);
	cr_expect_eq(pages_out(), 0);
}

static bool has_pages_out(unsigned node)
{
	uint32_t first, count = mh_machine_node_blocks(fixture.machine, node, &first);
	bool out = false;

	for (uint32_t i = 0; i < count; i++) {
		struct mh_page_walk walk;

		mh_page_walk(fixture.machine, first + i, &walk);
		out |= walk.out > 0;
	}
	return out;
}

Test(alloc_burst, bursts_take_the_nodes_in_turn)
{
	struct burst_parameters parameters = {.order = 1, .burst = 2, .movable_ppb = ALL};

	fixture_begin(&fixture, "alloc-burst", &parameters, 1);
	for (unsigned i = 0; i < 8; i++) {
		unsigned node = i / 2 % 2;

		cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
		cr_expect(has_pages_out(node), "step %u: nothing on node %u", i, node);
		cr_expect_not(has_pages_out(!node), "step %u: something on node %u", i, !node);
	}
	fixture_end(&fixture);
}
