/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds that end a thread: killed, or crashed in the place of a listener.
 */
#include <criterion/criterion.h>
#include <signal.h>

#include "base/rcu.h"
#include "tests/unit/faults/fault_fixture.h"

static struct fixture fixture;

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(end_kind, .fini = teardown);

Test(end_kind, thread_kill_marks_the_operation_and_leaves_the_machine_whole)
{
	struct mh_fault fault;
	struct fixture_outcome outcome;

	fixture_init(&fixture);
	fault = fixture_fault("k", "thread-kill", NULL);
	fault.trigger.times = 1;
	fault.expect = MH_EXPECT_IGNORED;
	outcome = fixture_cycle_with(&fixture, &fault, 0);
	cr_expect_eq(outcome.counts.fired, 1);
	cr_expect_eq(outcome.counts.judged, 1);
	cr_expect(fixture.operation.killed);
}

/* The crash itself, in a process of its own. */
static void crash(uint64_t how)
{
	struct mh_fault fault;
	struct mh_fault_set *set;

	fixture_init(&fixture);
	fault = fixture_fault("c", "notifier-crash", NULL);
	fixture_set(&fault, "how", how);
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	(void)fixture_toggle(&fixture, set, 0, 0, 0);
	cr_assert_fail("it went on");
}

/* The address sanitizer would report the next one and the division, and a report is a failure. */
Test(crash_kind, by_an_address, .signal = SIGSEGV, .disabled = MH_RCU_ASAN)
{
	crash(0);
}

Test(crash_kind, by_abort, .signal = SIGABRT)
{
	crash(1);
}

Test(crash_kind, by_a_division, .signal = SIGFPE, .disabled = MH_RCU_ASAN)
{
	crash(2);
}
