/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds that only read: what a section keeps from happening, how long it lasts, and that a phase's end cuts it
 * short; walks over the chain and over pages.
 */
#include <criterion/criterion.h>

#include "base/distribution.h"
#include "core/page_walk.h"
#include "tests/unit/workloads/workload_fixture.h"

#define ALL 1000000000u

/* As rcu_reader.c and mem_reader.c lay them out. */
struct reader_parameters {
	struct mh_distribution hold;
};

static struct fixture fixture;
static const char *const readers[] = {"rcu-reader", "mem-reader"};

static void setup(void)
{
	mh_rcu_thread_register();
	fixture_init(&fixture, 2, ALL / 2, ALL / 2);
}

static void teardown(void)
{
	fixture_release(&fixture);
	mh_rcu_thread_unregister();
}

TestSuite(reader, .init = setup, .fini = teardown);

static struct reader_parameters hold_of(double ns)
{
	return (struct reader_parameters){.hold = {.kind = MH_DISTRIBUTION_CONSTANT, .a = ns}};
}

static void enter(void)
{
	mh_rcu_thread_enter(&mh_machine_chain(fixture.machine)->rcu);
}

static void leave(void)
{
	mh_rcu_thread_leave(&mh_machine_chain(fixture.machine)->rcu);
}

Test(reader, a_section_lasts_as_long_as_it_is_told)
{
	struct reader_parameters parameters = hold_of(2e6);

	enter();
	for (unsigned i = 0; i < 2; i++) {
		uint64_t begin, took;

		fixture_begin(&fixture, readers[i], &parameters, 1);
		begin = mh_clock_monotonic_ns();
		cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
		took = mh_clock_monotonic_ns() - begin;
		cr_expect_geq(took, 1990000, "%s: %lu ns", readers[i], took);
		fixture_end(&fixture);
	}
	leave();
}

Test(reader, the_end_of_the_phase_cuts_a_section_short, .timeout = 60)
{
	struct reader_parameters parameters = hold_of(3600e9);
	atomic_bool signal = true;

	enter();
	for (unsigned i = 0; i < 2; i++) {
		fixture_begin(&fixture, readers[i], &parameters, 1);
		fixture.workers[0].operation.signal = &signal;
		cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
		fixture_end(&fixture);
	}
	leave();
}

struct section {
	atomic_bool signal;
	atomic_bool inside;
};

static void read_long(void *data)
{
	struct section *section = data;

	enter();
	fixture.workers[0].operation.signal = &section->signal;
	atomic_store(&section->inside, true);
	(void)fixture_step(&fixture, 0, 0);
	leave();
}

static void release_later(void *data)
{
	struct section *section = data;

	mh_sleep_ns(50000000);
	atomic_store(&section->signal, true);
}

/* Runs @wait_for while a section of @kind is open for 50 ms more. Return: how long it took, ns. */
static uint64_t time_beside(const char *kind, void (*wait_for)(void))
{
	struct reader_parameters parameters = hold_of(3600e9);
	struct section section = {.signal = false};
	struct mh_thread reader, releaser;
	struct mh_error error;
	uint64_t begin;

	fixture_begin(&fixture, kind, &parameters, 1);
	cr_assert_eq(mh_thread_start(&reader, "reader", -1, read_long, &section, &error), 0);
	while (!atomic_load(&section.inside))
		mh_yield();
	mh_sleep_ns(20000000); /* the step is inside by then, or the wait below is shorter and the test says so */
	begin = mh_clock_monotonic_ns();
	cr_assert_eq(mh_thread_start(&releaser, "release", -1, release_later, &section, &error), 0);
	wait_for();
	begin = mh_clock_monotonic_ns() - begin;
	mh_thread_join(&releaser);
	mh_thread_join(&reader);
	fixture_end(&fixture);
	return begin;
}

static void synchronize(void)
{
	mh_rcu_synchronize(&mh_machine_chain(fixture.machine)->rcu);
}

static void operate(void)
{
	struct mh_trace trace;
	struct mh_operation operation = {.trace = &trace};

	cr_assert_eq(mh_trace_init(&trace, 256, MH_STAMPS_NONE, &fixture.clock), 0);
	enter();
	cr_expect_eq(mh_block_offline(fixture.machine, &operation, 0), 0);
	leave();
	mh_trace_release(&trace);
}

Test(reader, an_rcu_section_delays_a_grace_period, .timeout = 60)
{
	uint64_t took = time_beside("rcu-reader", synchronize);

	cr_expect_geq(took, 45000000, "%lu ns", took);
}

Test(reader, a_mem_section_delays_an_operation, .timeout = 60)
{
	uint64_t took = time_beside("mem-reader", operate);

	cr_expect_geq(took, 45000000, "%lu ns", took);
}

static unsigned long heard;
static unsigned calls;

static int listen(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)data;
	heard = action;
	calls++;
	return NOTIFY_OK;
}

Test(reader, a_chain_call_is_one_walk, .timeout = 60)
{
	struct notifier_block nb = {.notifier_call = listen};
	struct mh_chain *chain = mh_machine_chain(fixture.machine);
	int event = 0;

	calls = 0;
	enter();
	cr_assert_eq(mh_chain_register(chain, &nb, "listens"), 0);
	fixture_begin(&fixture, "chain-call", &event, 1);
	for (unsigned i = 0; i < 7; i++)
		cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
	cr_expect_eq(calls, 7, "%u", calls);
	cr_expect_eq(mh_protocol_event(mh_machine_protocol(fixture.machine), false, heard), -1, "%lu is an event",
		     heard);
	event = 1 + MH_GOING_OFFLINE;
	cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
	cr_expect_eq(heard, MEM_GOING_OFFLINE, "%lu", heard);
	fixture_end(&fixture);
	cr_assert_eq(mh_chain_unregister(chain, &nb), 0);
	leave();
}

/* As page_walk.c lays them out. */
struct walk_parameters {
	int order;
};

Test(reader, a_page_walk_meets_holes_and_goes_on)
{
	struct walk_parameters parameters = {.order = 0};

	fixture_begin(&fixture, "page-walk", &parameters, 2);
	for (unsigned i = 0; i < 64; i++)
		cr_expect_eq(fixture_step(&fixture, i % 2, 0), 0);
	fixture_end(&fixture);
	parameters.order = 1;
	fixture_begin(&fixture, "page-walk", &parameters, 2);
	for (unsigned i = 0; i < 64; i++)
		cr_expect_eq(fixture_step(&fixture, i % 2, 0), 0);
	fixture_end(&fixture);
}
