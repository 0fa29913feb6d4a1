/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An event that is left out or walked twice is found, whichever it is, and the machine is whole afterwards.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "core/protocol.h"
#include "tests/unit/faults/fault_fixture.h"

static struct fixture fixture;

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(event_kind, .fini = teardown);

static const char *const kinds[] = {"event-drop", "event-repeat"};

enum { KINDS = 2, LEVELS = 2, ANSWERS = 3, PER_EVENT = KINDS * LEVELS * ANSWERS };

/* Block 0 alone in its node, so that the events of a node come, too. */
static void empty_node(void)
{
	for (uint32_t block = 1; block < FIXTURE_NODE_BLOCKS; block++)
		if (mh_machine_block_state(fixture.machine, block) == MH_BLOCK_ONLINE)
			cr_assert_eq(fixture_toggle(&fixture, NULL, 0, 0, block), 0);
}

static uint64_t cycle_with(const struct mh_fault *fault, struct mh_fault_counts *ret_counts)
{
	struct mh_fault_set *set = fixture_arm(&fixture, fault, 1, 1, 1);
	struct mh_fault_detected detected[MH_DETECTS_MAX];
	const struct mh_unmet *unmet;
	unsigned detects;
	uint64_t sum = 0;

	for (uint64_t i = 0; i < 4; i++)
		(void)fixture_toggle(&fixture, set, 0, i, 0);
	*ret_counts = fixture_counts(&fixture, set, 0);
	if (mh_fault_set_unmet(set, &unmet))
		cr_expect_fail("%s", unmet[0].text);
	detects = mh_fault_set_detected(set, 0, detected);
	for (unsigned i = 0; i < detects; i++)
		sum += detected[i].count;
	mh_fault_set_free(set);
	return sum;
}

#define ROWS (MH_COMPAT_COUNT * MH_EVENT_COUNT * PER_EVENT)

ParameterizedTestParameters(event_kind, each_event_is_missed_and_each_second_one_found)
{
	static int rows[ROWS];

	for (int i = 0; i < ROWS; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, ROWS);
}

ParameterizedTest(int *row, event_kind, each_event_is_missed_and_each_second_one_found)
{
	enum mh_event event = (enum mh_event)(*row / PER_EVENT % MH_EVENT_COUNT);
	enum mh_compat compat = (enum mh_compat)(*row / PER_EVENT / MH_EVENT_COUNT);
	bool full = *row & 1;
	unsigned answers = (unsigned)*row / LEVELS % ANSWERS; /* all agree, the lowest refuses, the highest does */
	bool refused = answers > 0;
	const char *kind = kinds[*row / (LEVELS * ANSWERS) % KINDS];
	char *words[] = {(char *)mh_event_names[event]};
	struct mh_fault_counts counts;
	struct mh_fault fault;
	uint64_t detected;

	fixture_init_with(&fixture, &(struct fixture_options){.compat = compat,
							      .verify = full ? MH_VERIFY_FULL : MH_VERIFY_FAST});
	empty_node();
	if (refused)
		fixture_answer(&fixture, answers == 1 ? LOW : TOP, NOTIFY_BAD);
	fault = fixture_fault("e", kind, NULL);
	fault.where.event = (struct mh_string_list){words, 1};
	fault.expect = MH_EXPECT_DETECTED;
	detected = cycle_with(&fault, &counts);
	cr_expect_eq(counts.judged, counts.fired, "%s of %s: %lu of %lu", kind, words[0], counts.judged, counts.fired);
	cr_expect_geq(detected, counts.fired, "%s of %s: %lu of %lu", kind, words[0], detected, counts.fired);
	if (!refused && event <= MH_OFFLINE && event != MH_CANCEL_ONLINE && event != MH_CANCEL_OFFLINE)
		cr_expect_eq(counts.fired, 2, "%s of %s: %lu", kind, words[0], counts.fired);
	cr_expect_eq(mh_check_machine(fixture.machine), 0, "%s of %s, %s, %s: %s", kind, words[0],
		     mh_protocol_of(compat)->name, full ? "full" : "fast",
		     mh_machine_check(fixture.machine)->violations[0].detail);
	cr_expect_eq(mh_machine_check(fixture.machine)->violation_count, 0, "%s of %s, %s, %s, %s: %s", kind, words[0],
		     mh_protocol_of(compat)->name, full ? "full" : "fast", refused ? "refused" : "",
		     mh_machine_check(fixture.machine)->violations[0].detail);
}

Test(event_kind, an_operation_without_any_event_is_found)
{
	struct mh_fault_counts counts;
	struct mh_fault fault;

	for (int compat = 0; compat < MH_COMPAT_COUNT; compat++) {
		fixture_init_with(&fixture, &(struct fixture_options){.compat = (enum mh_compat)compat});
		fault = fixture_fault("e", "event-drop", NULL);
		fault.expect = MH_EXPECT_DETECTED;
		(void)cycle_with(&fault, &counts);
		cr_expect_geq(counts.judged, 8, "%lu", counts.judged);
		cr_expect_eq(mh_machine_check(fixture.machine)->violation_count, 0);
		cr_expect_eq(fixture.listeners[TOP].calls[MH_ONLINE], 0);
		if (compat + 1 < MH_COMPAT_COUNT)
			fixture_release(&fixture);
	}
}

Test(event_kind, a_dropped_event_is_heard_by_nobody)
{
	char *words[] = {(char *)"going_offline"};
	struct mh_fault_counts counts;
	struct mh_fault fault;

	fixture_init(&fixture);
	fixture_answer(&fixture, LOW, NOTIFY_OK);
	fault = fixture_fault("e", "event-drop", NULL);
	fault.where.event = (struct mh_string_list){words, 1};
	fault.expect = MH_EXPECT_DETECTED;
	(void)cycle_with(&fault, &counts);
	cr_expect_eq(fixture.listeners[TOP].calls[MH_GOING_OFFLINE], 0);
	cr_expect_eq(fixture.listeners[TOP].calls[MH_OFFLINE], 2);
}

Test(event_kind, a_repeated_event_is_heard_twice)
{
	char *words[] = {(char *)"online"};
	struct mh_fault_counts counts;
	struct mh_fault fault;

	fixture_init(&fixture);
	fault = fixture_fault("e", "event-repeat", NULL);
	fault.where.event = (struct mh_string_list){words, 1};
	fault.expect = MH_EXPECT_DETECTED;
	(void)cycle_with(&fault, &counts);
	cr_expect_eq(fixture.listeners[TOP].calls[MH_ONLINE], 4);
	cr_expect_eq(fixture.listeners[TOP].calls[MH_GOING_ONLINE], 2);
}
