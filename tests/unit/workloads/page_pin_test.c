/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page-pin: how many pins there are, for how long, and what they do to an offline.
 */
#include <criterion/criterion.h>

#include "base/distribution.h"
#include "core/page_walk.h"
#include "tests/unit/workloads/workload_fixture.h"

/* As page_pin.c lays them out. */
struct pin_parameters {
	uint64_t order;
	uint64_t pins;
	struct mh_distribution hold;
};

#define ALL 1000000000u

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture, 2, ALL, ALL);
}

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(page_pin, .init = setup, .fini = teardown);

static struct pin_parameters pins_of(uint64_t pins, double hold_ns)
{
	return (struct pin_parameters){.pins = pins, .hold = {.kind = MH_DISTRIBUTION_CONSTANT, .a = hold_ns}};
}

static uint64_t pinned(void)
{
	uint64_t count = 0;

	for (uint32_t block = 0; block < mh_machine_block_count(fixture.machine); block++) {
		struct mh_page_walk walk;

		mh_page_walk(fixture.machine, block, &walk);
		count += walk.kinds[MH_PAGE_PINNED];
	}
	return count;
}

Test(page_pin, parameters_are_laid_out_as_here)
{
	const struct mh_schema *schema = mh_workload_kind_find("page-pin")->parameters;

	cr_expect_eq(schema->size, sizeof(struct pin_parameters));
	cr_expect_eq(schema->rows[1].offset, offsetof(struct pin_parameters, pins));
	cr_expect_eq(schema->rows[2].offset, offsetof(struct pin_parameters, hold));
}

Test(page_pin, holds_at_most_so_many_a_thread_and_none_at_the_end)
{
	struct pin_parameters parameters = pins_of(5, 1e12);

	fixture_begin(&fixture, "page-pin", &parameters, 2);
	for (unsigned i = 0; i < 40; i++) {
		uint64_t expected = i + 1 < 10 ? i + 1 : 10;

		cr_assert_eq(fixture_step(&fixture, i % 2, i), 0);
		cr_expect_eq(pinned(), expected, "step %u: %lu, not %lu", i, pinned(), expected);
	}
	fixture_end(&fixture);
	cr_expect_eq(pinned(), 0, "%lu left", pinned());
	cr_expect_eq(mh_check_machine(fixture.machine), 0);
}

Test(page_pin, lets_go_when_the_time_is_over)
{
	struct pin_parameters parameters = pins_of(100, 1000);

	fixture_begin(&fixture, "page-pin", &parameters, 1);
	for (unsigned i = 0; i < 4; i++)
		cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
	cr_expect_eq(pinned(), 4);
	cr_assert_eq(fixture_step(&fixture, 0, mh_clock_ticks_of_ns(&fixture.clock, 5000)), 0);
	cr_expect_eq(pinned(), 1, "%lu", pinned());
	fixture_end(&fixture);
}

/* In the zone Movable, where isolation trusts it: the offline goes on until its deadline. */
Test(page_pin, an_offline_of_its_block_ends_by_the_deadline, .timeout = 60)
{
	struct pin_parameters parameters = pins_of(1, 1e12);
	unsigned held = 0;

	fixture_begin(&fixture, "page-pin", &parameters, 1);
	cr_assert_eq(fixture_step(&fixture, 0, 0), 0);
	mh_cpu_leave(fixture.workers[0].worker.cpu);
	for (uint32_t block = 0; block < mh_machine_block_count(fixture.machine); block++) {
		struct mh_operation operation = {.trace = &fixture.workers[0].trace};
		int ret;

		operation.deadline_ticks =
			mh_clock_ticks(&fixture.clock) + mh_clock_ticks_of_ns(&fixture.clock, 20000000);
		mh_trace_reset(operation.trace);
		ret = mh_block_offline(fixture.machine, &operation, block);
		cr_expect(ret == 0 || ret == -EINTR, "block %u: %d", block, ret);
		held += ret == -EINTR;
	}
	mh_cpu_enter(fixture.workers[0].worker.cpu);
	cr_expect_eq(held, 1, "%u", held);
	fixture_end(&fixture);
}
