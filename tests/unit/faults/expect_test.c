/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expectations: met by what the machine does, unmet when it is broken on purpose, and refused where they make no sense.
 */
#include "faults/expect.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/distribution.h"
#include "tests/unit/faults/fault_fixture.h"

struct errno_parameters {
	char *name, *raw;
};
struct delay_parameters {
	struct mh_distribution delay;
	int wait;
};

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture);
}

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(expect, .init = setup, .fini = teardown);

/* Unmet firings after one toggle of block 0 (online) under these faults; the first sentence in @ret_text. */
static uint64_t unmet_after_toggle(const struct mh_fault *faults, unsigned count, char *ret_text)
{
	struct mh_fault_set *set = fixture_arm(&fixture, faults, count, 1, 1);
	const struct mh_unmet *unmet;
	uint64_t sum = 0;

	(void)fixture_toggle(&fixture, set, 0, 3, 0);
	ret_text[0] = '\0';
	if (mh_fault_set_unmet(set, &unmet))
		snprintf(ret_text, MH_UNMET_TEXT_SIZE, "%.*s", (int)strcspn(unmet[0].text, "\n"), unmet[0].text);
	for (unsigned i = 0; i < count; i++)
		sum += fixture_counts(&fixture, set, i).unmet;
	mh_fault_set_free(set);
	return sum;
}

#define EXPECT_UNMET(faults, count, expected)                                                                          \
	do {                                                                                                           \
		char text_[MH_UNMET_TEXT_SIZE];                                                                        \
		uint64_t unmet_ = unmet_after_toggle(faults, count, text_);                                            \
		cr_expect_eq(unmet_, expected, "%lu unmet, not %d: %s", unmet_, expected, text_);                      \
	} while (0)

Test(expect, rollback_is_met_by_a_veto)
{
	struct mh_fault fault = fixture_fault("v", "notifier-veto", NULL);

	fault.expect = MH_EXPECT_ROLLBACK;
	EXPECT_UNMET(&fault, 1, 0);
	cr_expect_eq(fixture.operation.result, -EPERM);
}

Test(expect, rollback_is_unmet_when_the_value_is_lost)
{
	struct errno_parameters raw = {.raw = (char *)"2"}; /* no stop bit: counts only if the last listener gives it */
	struct mh_fault fault = fixture_fault("e", "notifier-errno", &raw);
	char text[MH_UNMET_TEXT_SIZE];

	fault.expect = MH_EXPECT_ROLLBACK;
	fault.where.callback = (char *)"top";
	cr_expect_eq(unmet_after_toggle(&fault, 1, text), 1);
	cr_expect_str_eq(text, "fault 'e' expects 'rollback': offline of block 0 (operation 3, worker 0): "
			       "it returned 0, not -1");
}

Test(expect, rollback_is_judged_by_trace_and_state)
{
	struct mh_firing firing = {.value = NOTIFY_BAD, .event = MH_GOING_OFFLINE, .replaced = true};
	struct mh_operation operation = {
		.trace = &fixture.trace,
		.result = -EPERM,
		.outcome = MH_OUTCOME_VETOED,
		.event_count = 2,
		.left = MH_BLOCK_ONLINE,
	};
	struct mh_expect_case judged = {
		.machine = fixture.machine,
		.operation = &operation,
		.firings = &firing,
		.firing_count = 1,
	};
	char text[MH_UNMET_TEXT_SIZE];

	mh_trace_reset(&fixture.trace);
	cr_expect_eq(mh_expect_judge(MH_EXPECT_ROLLBACK, &judged, 0, text), 1);
	cr_expect(strstr(text, "MEM_CANCEL_OFFLINE was not walked"), "%s", text);
	mh_trace_add(&fixture.trace, MH_STAMP_WALK_BEGIN, MH_CANCEL_OFFLINE, 0, 0);
	cr_expect_eq(mh_expect_judge(MH_EXPECT_ROLLBACK, &judged, 0, text), 0);
	operation.left = MH_BLOCK_OFFLINE;
	cr_expect_eq(mh_expect_judge(MH_EXPECT_ROLLBACK, &judged, 0, text), 1);
	cr_expect(strstr(text, "the block is offline, and was online before"), "%s", text);
}

/* What another thread does with the block afterwards is no part of it. */
Test(expect, rollback_is_judged_by_the_state_that_the_operation_left)
{
	struct mh_fault veto = fixture_fault("v", "notifier-veto", NULL);
	struct mh_fault_set *set = fixture_arm(&fixture, &veto, 1, 1, 1);

	cr_assert_eq(fixture_toggle(&fixture, set, 0, 3, 0), -EPERM);
	cr_expect_eq(fixture.operation.left, MH_BLOCK_ONLINE);
	(void)fixture_counts(&fixture, set, 0); /* disarms */
	mh_fault_set_free(set);
	cr_assert_eq(fixture_toggle(&fixture, NULL, 0, 4, 0), 0);
	cr_expect_eq(fixture.operation.left, MH_BLOCK_OFFLINE);
}

Test(expect, rollback_is_met_through_another_firing)
{
	struct errno_parameters lost = {.raw = (char *)"0x7fff"};
	struct mh_fault faults[] = {
		fixture_fault("e", "notifier-errno", &lost),
		fixture_fault("v", "notifier-veto", NULL),
	};

	faults[0].where.callback = (char *)"top";
	faults[0].expect = MH_EXPECT_ROLLBACK;
	faults[1].where.callback = (char *)"low";
	EXPECT_UNMET(faults, 2, 0);
	cr_expect_eq(fixture.operation.result, -EPERM);
}

Test(expect, ignored_is_met_by_a_stop)
{
	struct mh_fault fault = fixture_fault("s", "notifier-stop", NULL);

	fault.expect = MH_EXPECT_IGNORED;
	EXPECT_UNMET(&fault, 1, 0);
}

Test(expect, ignored_is_met_by_a_veto_of_a_final_event)
{
	char *words[] = {(char *)"offline"};
	struct mh_fault fault = fixture_fault("v", "notifier-veto", NULL);

	fault.expect = MH_EXPECT_IGNORED;
	fault.where.event = (struct mh_string_list){words, 1};
	EXPECT_UNMET(&fault, 1, 0);
	cr_expect_eq(fixture.operation.fault_count, 1);
}

Test(expect, ignored_is_unmet_by_a_veto_that_counts)
{
	struct mh_fault fault = fixture_fault("v", "notifier-veto", NULL);

	fault.expect = MH_EXPECT_IGNORED;
	EXPECT_UNMET(&fault, 1, 1);
}

Test(expect, ignored_is_not_judged_by_the_listeners_own_veto)
{
	struct delay_parameters delay = {.delay = {.kind = MH_DISTRIBUTION_CONSTANT, .a = 1000}};
	struct mh_fault fault = fixture_fault("d", "notifier-delay", &delay);

	fixture_answer(&fixture, LOW, NOTIFY_BAD);
	fault.expect = MH_EXPECT_IGNORED;
	EXPECT_UNMET(&fault, 1, 0);
	cr_expect_eq(fixture.operation.result, -EPERM);
}

Test(expect, slower_is_met_by_a_delay)
{
	struct delay_parameters delay = {.delay = {.kind = MH_DISTRIBUTION_CONSTANT, .a = 50000}};
	struct mh_fault fault = fixture_fault("d", "notifier-delay", &delay);

	fault.expect = MH_EXPECT_SLOWER;
	EXPECT_UNMET(&fault, 1, 0);
}

Test(expect, slower_is_unmet_when_it_fails_or_is_faster)
{
	struct mh_firing firings[] = {{.delay_ns = 600}, {.delay_ns = 400}};
	struct mh_operation operation = {.trace = &fixture.trace};
	struct mh_expect_case judged = {
		.machine = fixture.machine,
		.operation = &operation,
		.firings = firings,
		.firing_count = 2,
		.service_ns = 1000,
	};
	char text[MH_UNMET_TEXT_SIZE];

	cr_expect_eq(mh_expect_judge(MH_EXPECT_SLOWER, &judged, 0, text), 0);
	judged.service_ns = 999;
	cr_expect_eq(mh_expect_judge(MH_EXPECT_SLOWER, &judged, 0, text), 1);
	cr_expect(strstr(text, "it took 999 ns, less than the injected 1000 ns"), "%s", text);
	judged.service_ns = 1000;
	operation.result = -EBUSY;
	cr_expect_eq(mh_expect_judge(MH_EXPECT_SLOWER, &judged, 0, text), 1);
	cr_expect(strstr(text, "it returned -16, not 0"), "%s", text);
	operation.result = -EINVAL;
	operation.outcome = MH_OUTCOME_ALREADY; /* a storm's thread that comes second: no failure */
	cr_expect_eq(mh_expect_judge(MH_EXPECT_SLOWER, &judged, 0, text), 0, "%s", text);
}

#define CONVERGE_NS 1000000 /* converge_within of the fixture; its clock's ticks are ns */

static void judge_at(struct mh_fault_set *set, uint64_t now_ticks)
{
	mh_fault_set_judge(set, mh_fault_set_follows_blocks(set), &fixture.operation, 1, now_ticks);
}

/* One veto that ends at time 0 of the phase, a retry that ends at @retry_ns (0: none), the end of the phase. */
static struct mh_fault_counts retry_at(uint64_t retry_ns, uint64_t end_ns)
{
	struct mh_fault fault = fixture_fault("v", "notifier-veto", NULL);
	struct mh_fault_set *set;
	struct mh_fault_counts counts;

	fault.expect = MH_EXPECT_RETRIED;
	fault.trigger.times = 1;
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	mh_fault_set_start(set, 5000);
	cr_expect_eq(fixture_toggle(&fixture, NULL, 0, 0, 0), -EPERM);
	judge_at(set, 5000);
	if (retry_ns) {
		cr_expect_eq(fixture_toggle(&fixture, NULL, 0, 1, 0), 0);
		judge_at(set, 5000 + retry_ns);
	}
	mh_fault_set_disarm(set, 5000 + end_ns);
	mh_fault_set_counts(set, 0, &counts);
	mh_fault_set_free(set);
	return counts;
}

/* @retry_ns and @end_ns as above. */
static void expect_retry(uint64_t retry_ns, uint64_t end_ns, uint64_t unmet, uint64_t unjudged)
{
	struct mh_fault_counts counts = retry_at(retry_ns, end_ns);

	cr_expect_eq(counts.fired, 1, "%lu", counts.fired);
	cr_expect_eq(counts.unmet, unmet, "%lu unmet, not %lu", counts.unmet, unmet);
	cr_expect_eq(counts.late_unjudged, unjudged, "%lu unjudged, not %lu", counts.late_unjudged, unjudged);
	cr_expect_eq(counts.judged, 1 - unjudged, "%lu judged", counts.judged);
}

Test(expect, retried_is_met_in_time)
{
	expect_retry(CONVERGE_NS, CONVERGE_NS, 0, 0);
}

Test(expect, retried_is_unmet_when_late)
{
	expect_retry(CONVERGE_NS + 1, CONVERGE_NS + 2, 1, 0);
}

Test(expect, retried_is_unmet_when_the_phase_ends_after_the_time)
{
	expect_retry(0, CONVERGE_NS + 1, 1, 0);
}

Test(expect, retried_is_unjudged_when_the_phase_ends_before_the_time)
{
	expect_retry(0, CONVERGE_NS, 0, 1);
}

Test(expect, keeps_a_bounded_number_of_sentences)
{
	struct mh_fault fault = fixture_fault("v", "notifier-veto", NULL);
	struct mh_fault_set *set;
	const struct mh_unmet *unmet;

	fault.expect = MH_EXPECT_IGNORED;
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	for (uint64_t i = 0; i < MH_UNMET_KEPT + 10; i++)
		(void)fixture_toggle(&fixture, set, 0, i, 0);
	cr_expect_eq(mh_fault_set_unmet(set, &unmet), MH_UNMET_KEPT);
	cr_expect_eq(unmet[3].sequence, 3);
	cr_expect(strstr(unmet[3].text, "\n  MEM_GOING_OFFLINE: top BAD\n"), "%s", unmet[3].text);
	cr_expect_eq(fixture_counts(&fixture, set, 0).unmet, MH_UNMET_KEPT + 10);
	mh_fault_set_free(set);
}

Test(expect, is_refused_where_it_makes_no_sense)
{
	static char *const final_events[] = {(char *)"online"};
	struct errno_parameters enomem = {.name = (char *)"ENOMEM"}, success = {.raw = (char *)"-12"};
	const struct {
		const char *kind;
		void *parameters;
		bool final_event;
		enum mh_expect expect;
		int ret;
	} rows[] = {
		{"notifier-veto", NULL, false, MH_EXPECT_ROLLBACK, 0},
		{"notifier-veto", NULL, true, MH_EXPECT_ROLLBACK, -EINVAL},
		{"notifier-veto", NULL, true, MH_EXPECT_IGNORED, 0},
		{"notifier-veto", NULL, false, MH_EXPECT_SLOWER, -EINVAL},
		{"notifier-stop", NULL, false, MH_EXPECT_ROLLBACK, -EINVAL},
		{"notifier-stop", NULL, false, MH_EXPECT_IGNORED, 0},
		{"notifier-errno", &enomem, false, MH_EXPECT_ROLLBACK, 0},
		{"notifier-errno", &success, false, MH_EXPECT_ROLLBACK, -EINVAL},
		{"notifier-errno", &success, false, MH_EXPECT_IGNORED, 0},
		{"notifier-veto", NULL, false, MH_EXPECT_DETECTED, -EINVAL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_fault fault = fixture_fault("f", rows[i].kind, rows[i].parameters);
		struct mh_error error = {0};
		const char *key;
		int ret;

		fault.expect = rows[i].expect;
		if (rows[i].final_event)
			fault.where.event = (struct mh_string_list){(char **)final_events, 1};
		ret = mh_fault_check(&fault, &key, &error);
		cr_expect_eq(ret, rows[i].ret, "row %zu: %d, not %d (%s)", i, ret, rows[i].ret, error.text);
		if (ret < 0)
			cr_expect_str_eq(key, "expect");
	}
}

Test(expect, check_names_the_key_that_is_wrong)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);
	struct mh_error error = {0};
	const char *key;

	fault.trigger.nth = (char *)"sweep";
	cr_expect_eq(mh_fault_check(&fault, &key, &error), -EINVAL);
	cr_expect_str_eq(key, "trigger.nth");
}
