/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds that act in the walk: a stall that ends, an argument that is changed, calls back into the chain.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "base/thread.h"
#include "tests/unit/faults/fault_fixture.h"

/* As notifier_stall.c and notifier_reenter.c have them. */
enum { UNTIL_PHASE, UNTIL_WATCHDOG };
enum { WAIT_SPIN, WAIT_SLEEP };
enum { UNREGISTER, REGISTER, WALK };

static struct fixture fixture;

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(walk_kind, .fini = teardown);

/* Block 0 off and on again under this fault, which must then have no unmet firing and leave the machine whole. */
static struct mh_fault_counts cycle_with(struct mh_fault *fault)
{
	struct mh_fault_set *set = fixture_arm(&fixture, fault, 1, 1, 1);
	const struct mh_unmet *unmet;
	struct mh_fault_counts counts;

	for (uint64_t i = 0; i < 2; i++) {
		int ret = fixture_toggle(&fixture, set, 0, i, 0);

		cr_expect_eq(ret, 0, "toggle %lu: %d", i, ret);
	}
	counts = fixture_counts(&fixture, set, 0);
	if (mh_fault_set_unmet(set, &unmet))
		cr_expect_fail("%s", unmet[0].text);
	mh_fault_set_free(set);
	cr_expect_eq(mh_check_machine(fixture.machine), 0, "the machine is not whole");
	return counts;
}

static void stall_for_a_time(int wait)
{
	struct mh_fault fault;
	struct mh_fault_counts counts;
	uint64_t begin;

	fixture_init(&fixture);
	fault = fixture_fault("s", "notifier-stall", NULL);
	fixture_set(&fault, "for", 300000);
	fixture_set(&fault, "wait", (uint64_t)wait);
	fixture_set(&fault, "until", UNTIL_WATCHDOG);
	cr_expect_eq(mh_fault_sleeps(&fault), wait == WAIT_SLEEP);
	fault.where.callback = (char *)"top";
	fault.expect = MH_EXPECT_SLOWER;
	begin = mh_clock_monotonic_ns();
	counts = cycle_with(&fault);
	begin = mh_clock_monotonic_ns() - begin;
	cr_expect_eq(counts.fired, 4, "%lu", counts.fired);
	cr_expect_eq(counts.judged, 4, "%lu", counts.judged);
	cr_expect_geq(begin, 1200000, "four stalls of 300 us took %lu ns", begin);
}

Test(walk_kind, stall_lasts_its_time_spinning)
{
	stall_for_a_time(WAIT_SPIN);
}

Test(walk_kind, stall_lasts_its_time_sleeping)
{
	stall_for_a_time(WAIT_SLEEP);
}

static atomic_bool stall_near, phase_over;

/* Above all others, so that the stall comes after it. */
static int note_going_online(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)data;
	if (action == MEM_GOING_ONLINE)
		atomic_store(&stall_near, true);
	return NOTIFY_DONE;
}

static void end_phase(void *data)
{
	unsigned turns = 0;

	(void)data;
	while (!atomic_load(&stall_near))
		mh_spin_turn(&turns);
	mh_sleep_ns(2000000);
	atomic_store(&phase_over, true);
}

Test(walk_kind, stall_ends_with_the_phase)
{
	struct notifier_block near = {.notifier_call = note_going_online, .priority = 200};
	struct mh_fault fault;
	struct mh_thread thread;
	struct mh_error error;

	fixture_init(&fixture);
	atomic_store(&phase_over, false);
	atomic_store(&stall_near, false);
	cr_assert_eq(mh_chain_register(mh_machine_chain(fixture.machine), &near, "near"), 0);
	fixture.operation.signal = &phase_over;
	fault = fixture_fault("s", "notifier-stall", NULL);
	fixture_set(&fault, "until", UNTIL_PHASE);
	fault.where.callback = (char *)"top";
	fault.trigger.times = 1;
	fault.trigger.after = 2; /* of the online: an offline ends with the signal, too */
	fault.expect = MH_EXPECT_SLOWER;
	cr_assert_eq(mh_thread_start(&thread, "ender", -1, end_phase, NULL, &error), 0);
	cr_expect_eq(cycle_with(&fault).fired, 1);
	cr_expect(atomic_load(&phase_over), "it was let go before");
	mh_thread_join(&thread);
	cr_expect_eq(mh_chain_unregister(mh_machine_chain(fixture.machine), &near), 0);
}

Test(walk_kind, stall_without_anybody_to_end_it_is_none)
{
	struct mh_fault fault;

	fixture_init(&fixture);
	fault = fixture_fault("s", "notifier-stall", NULL);
	fixture_set(&fault, "until", UNTIL_PHASE);
	fault.expect = MH_EXPECT_IGNORED;
	cr_expect_eq(cycle_with(&fault).fired, 16);
}

/* Each field, at each protocol whose events have it, with both levels of checks. */
static const struct {
	enum mh_compat compat;
	enum mh_verify verify;
} mutate_rows[] = {
	{MH_COMPAT_V6_1, MH_VERIFY_FAST},
	{MH_COMPAT_V6_1, MH_VERIFY_FULL},
	{MH_COMPAT_V6_12, MH_VERIFY_FAST},
	{MH_COMPAT_V7_3, MH_VERIFY_FULL},
};

ParameterizedTestParameters(walk_kind, mutate_is_detected_and_put_back)
{
	static int rows[sizeof(mutate_rows) / sizeof(mutate_rows[0]) * 4];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		rows[i] = (int)i;
	return cr_make_param_array(int, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(int *row, walk_kind, mutate_is_detected_and_put_back)
{
	struct mh_fault fault;
	struct mh_fault_counts counts;

	fixture_init_with(&fixture, &(struct fixture_options){.compat = mutate_rows[*row / 4].compat,
							      .verify = mutate_rows[*row / 4].verify});
	fault = fixture_fault("m", "notifier-mutate", NULL);
	fixture_set(&fault, "field", (uint64_t)*row % 4);
	fault.where.callback = (char *)"mid.1";
	fault.expect = MH_EXPECT_DETECTED;
	counts = cycle_with(&fault);
	cr_expect_geq(counts.fired, 4, "row %d: %lu", *row, counts.fired);
	cr_expect_eq(counts.judged, counts.fired, "row %d: %lu", *row, counts.judged);
	cr_expect_eq(counts.unmet, 0, "row %d", *row);
	cr_expect_eq(mh_machine_check(fixture.machine)->violation_count, 0, "row %d: it is expected", *row);
}

Test(walk_kind, mutate_without_expectation_is_a_violation)
{
	struct mh_fault fault;
	struct mh_fault_set *set;

	fixture_init(&fixture);
	fault = fixture_fault("m", "notifier-mutate", NULL);
	fixture_set(&fault, "field", 1);
	fault.where.callback = (char *)"top";
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	(void)fixture_toggle(&fixture, set, 0, 0, 0);
	cr_expect_geq(mh_machine_check(fixture.machine)->violation_count, 1);
	cr_expect_str_eq(mh_machine_check(fixture.machine)->violations[0].invariant, "I09");
	cr_expect(fixture.operation.check.violated);
	mh_fault_set_disarm(set, 0);
	mh_fault_set_free(set);
}

/* Every chain type with every call. */
ParameterizedTestParameters(walk_kind, reenter_gets_what_the_chain_type_answers)
{
	static int rows[MH_CHAIN_TYPES * 3];

	for (int i = 0; i < MH_CHAIN_TYPES * 3; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, MH_CHAIN_TYPES * 3);
}

ParameterizedTest(int *row, walk_kind, reenter_gets_what_the_chain_type_answers)
{
	enum mh_chain_type type = (enum mh_chain_type)(*row / 3);
	struct mh_fault fault;
	struct mh_fault_counts counts;
	uint32_t listeners;

	fixture_init_with(&fixture, &(struct fixture_options){.chain.type = type, .verify = MH_VERIFY_FULL});
	listeners = mh_chain_count(mh_machine_chain(fixture.machine));
	fault = fixture_fault("r", "notifier-reenter", NULL);
	fixture_set(&fault, "what", (uint64_t)*row % 3);
	fault.where.callback = (char *)"mid.0";
	fault.expect = MH_EXPECT_IGNORED;
	counts = cycle_with(&fault);
	cr_expect_eq(counts.fired, 4, "row %d: %lu", *row, counts.fired);
	cr_expect_eq(counts.judged, 4, "row %d: %lu", *row, counts.judged);
	cr_expect_eq(mh_chain_count(mh_machine_chain(fixture.machine)), listeners, "row %d: the newcomer stays", *row);
	cr_expect_eq(mh_machine_check(fixture.machine)->violation_count, 0, "row %d", *row);
}
