/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * block-corrupt and `expect: detected`: found at each level of checks, and mended.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#include "core/corrupt.h"
#include "tests/unit/faults/fault_fixture.h"

static struct fixture fixture;

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(corrupt_kind, .fini = teardown);

/* What is broken, at each level of checks, in operations that succeed and that are refused, with memory left or not. */
#define CORRUPT_ROWS (MH_CORRUPTIONS * 8)

ParameterizedTestParameters(corrupt_kind, is_detected_and_mended)
{
	static int rows[CORRUPT_ROWS];

	for (int i = 0; i < CORRUPT_ROWS; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, CORRUPT_ROWS);
}

/* Leaves block 0 alone in its node. */
static void empty_node(void)
{
	for (uint32_t block = 1; block < FIXTURE_NODE_BLOCKS; block++)
		if (mh_machine_block_state(fixture.machine, block) == MH_BLOCK_ONLINE)
			cr_assert_eq(fixture_toggle(&fixture, NULL, 0, 0, block), 0);
}

ParameterizedTest(int *row, corrupt_kind, is_detected_and_mended)
{
	bool full = *row & 1, refused = *row & 2, alone = *row & 4;
	struct mh_fault fault;
	struct fixture_outcome outcome;
	uint64_t detected = 0;

	fixture_init_with(&fixture, &(struct fixture_options){.verify = full ? MH_VERIFY_FULL : MH_VERIFY_FAST});
	if (alone)
		empty_node();
	if (refused)
		fixture_answer(&fixture, LOW, NOTIFY_BAD);
	fault = fixture_fault("c", "block-corrupt", NULL);
	fixture_set(&fault, "what", (uint64_t)*row / 8);
	fault.expect = MH_EXPECT_DETECTED;
	outcome = fixture_cycle_with(&fixture, &fault, 0);
	cr_expect_eq(outcome.counts.fired, 8, "row %d: %lu", *row, outcome.counts.fired);
	cr_expect_eq(outcome.counts.judged, 8, "row %d: %lu", *row, outcome.counts.judged);
	cr_expect_eq(outcome.violations, 0, "row %d: %s", *row,
		     mh_machine_check(fixture.machine)->violations[0].detail);
	for (unsigned i = 0; i < outcome.detects; i++)
		detected += outcome.detected[i].count;
	cr_expect_geq(detected, 8, "row %d: %lu found", *row, detected);
	cr_expect_eq(fixture.operation.corrupt, 0);
}

Test(corrupt_kind, without_expectation_is_a_violation)
{
	struct mh_fault fault;
	struct fixture_outcome outcome;

	fixture_init(&fixture);
	fault = fixture_fault("c", "block-corrupt", NULL);
	fixture_set(&fault, "what", MH_CORRUPT_STATE);
	outcome = fixture_cycle_with(&fixture, &fault, 0);
	cr_expect_eq(outcome.violations, 4, "%lu", outcome.violations);
	cr_expect_eq(outcome.detects, 0);
	cr_expect_str_eq(mh_machine_check(fixture.machine)->violations[0].invariant, "I40");
}

Test(corrupt_kind, detected_is_unmet_when_nothing_was_found)
{
	struct mh_fault fault;
	struct mh_fault_set *set;
	const struct mh_unmet *unmet;

	fixture_init(&fixture);
	fault = fixture_fault("c", "block-corrupt", NULL);
	fixture_set(&fault, "what", MH_CORRUPT_SPAN);
	fault.expect = MH_EXPECT_DETECTED;
	fault.trigger.times = 1;
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	(void)fixture_toggle(&fixture, NULL, 0, 3, 0);
	fixture.operation.check.detected = 0; /* as if the check were blind */
	mh_fault_set_judge(set, false, &fixture.operation, 1, 1);
	cr_assert_eq(mh_fault_set_unmet(set, &unmet), 1);
	cr_expect_not_null(strstr(unmet[0].text,
				  "fault 'c' expects 'detected': offline of block 0 (operation 3, worker 0): "
				  "nothing found that I24 or I38 was broken\n"),
			   "%s", unmet[0].text);
	cr_expect_eq(fixture_counts(&fixture, set, 0).unmet, 1);
	mh_fault_set_free(set);
}
