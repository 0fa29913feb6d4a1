/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An operation taken apart: its parts add up, stand in the order of time, and the longest is named. */
#include "results/explain.h"

#include <criterion/criterion.h>
#include <string.h>

#define STEP(of, text, from, to)                                                                                       \
	{                                                                                                              \
		.kind = (of), .name = (text), .begin_ns = (from), .end_ns = (to)                                       \
	}

/* 1,000 ns of response: 200 waited; then lock, a walk of two listeners, a gap, a walk whose end was cut off. */
static struct mh_result_step steps[] = {
	STEP(MH_STEP_LOCK, "lock", 0, 50),
	STEP(MH_STEP_LISTENER, "going_offline/slab", 60, 160),
	STEP(MH_STEP_LISTENER, "going_offline/slow", 160, 460),
	STEP(MH_STEP_WALK, "going_offline", 55, 465),
	STEP(MH_STEP_MIGRATE, "migrate", 600, 640),
	STEP(MH_STEP_LISTENER, "offline/slab", 640, 700),
};

static struct mh_result_exemplar make(void)
{
	return (struct mh_result_exemplar){
		.phase = "steady",
		.workload = "toggle",
		.operation = "offline",
		.block = 7,
		.wait_ns = 200,
		.service_ns = 800,
		.response_ns = 1000,
		.switched = MH_NOT_AVAILABLE,
		.steps = steps,
		.step_count = sizeof(steps) / sizeof(steps[0]),
	};
}

Test(explain, parts_besides_listeners_add_up_to_the_response)
{
	const struct mh_result_exemplar exemplar = make();
	struct mh_parts parts;
	uint64_t sum = 0;

	cr_assert_eq(mh_parts_make(&exemplar, &parts), 0);
	for (size_t i = 0; i < parts.count; i++)
		sum += parts.items[i].kind == MH_PART_LISTENER ? 0 : parts.items[i].took_ns;
	cr_expect_eq(sum, 1000, "%lu", (unsigned long)sum);
	mh_parts_release(&parts);
}

Test(explain, parts_stand_in_the_order_of_time_with_gaps_between)
{
	static const enum mh_part_kind kinds[] = {MH_PART_WAIT,     MH_PART_LOCK, MH_PART_WALK,    MH_PART_LISTENER,
						  MH_PART_LISTENER, MH_PART_REST, MH_PART_MIGRATE, MH_PART_WALK,
						  MH_PART_LISTENER, MH_PART_REST, MH_PART_REST};
	const struct mh_result_exemplar exemplar = make();
	struct mh_parts parts;

	cr_assert_eq(mh_parts_make(&exemplar, &parts), 0);
	cr_assert_eq(parts.count, sizeof(kinds) / sizeof(kinds[0]), "%zu parts", parts.count);
	for (size_t i = 0; i < parts.count; i++)
		cr_expect_eq(parts.items[i].kind, kinds[i], "part %zu is %s", i,
			     mh_part_kind_names[parts.items[i].kind]);
	cr_expect_str_eq(parts.items[2].event, "going_offline");
	cr_expect_str_eq(parts.items[4].event, "going_offline");
	cr_expect_str_eq(parts.items[4].listener, "slow");
	cr_expect_eq(parts.items[5].begin_ns, 465, "the gap before the migration");
	cr_expect_eq(parts.items[5].took_ns, 135);
	cr_expect_eq(parts.items[7].took_ns, 60, "a walk that was cut off ends with its last listener");
	cr_expect_eq(parts.items[10].begin_ns, MH_PART_NOWHERE);
	cr_expect_eq(parts.items[10].took_ns, 5);
	mh_parts_release(&parts);
}

Test(explain, the_longest_part_is_a_listener_and_not_its_walk)
{
	const struct mh_result_exemplar exemplar = make();
	struct mh_parts parts;

	cr_assert_eq(mh_parts_make(&exemplar, &parts), 0);
	cr_expect_eq(parts.longest, 4);
	mh_parts_release(&parts);
}

static void expect_said(const char *text, const char *said)
{
	cr_expect(strstr(text, said), "lacks '%s':\n%s", said, text);
}

Test(explain, says_what_it_was_and_that_the_scheduler_is_not_known)
{
	struct mh_result_exemplar exemplar = make();
	struct mh_result_firing firing = {
		.fault = "late", .event = "going_offline", .listener = "slow", .value = 0x800d, .delay_ns = 300};
	struct mh_result_longest longest = {.series = "cb.slow", .value_ns = 300};
	struct mh_result result = {.exemplars = &exemplar, .exemplar_count = 1};
	struct mh_explain_options options = {.show = {.ascii = true}};
	struct mh_text text = MH_TEXT_INIT;

	exemplar.firings = &firing;
	exemplar.firing_count = exemplar.fired = 1;
	exemplar.longest = &longest;
	exemplar.longest_count = 1;
	cr_assert_eq(mh_explain_run(&result, &options, &text), 0);
	expect_said(text.data,
		    "1. offline of block 7 took 1.00 us, 30 % of it in listener 'slow' on MEM_GOING_OFFLINE");
	expect_said(text.data, "the longest of: cb.slow 300 ns");
	expect_said(text.data,
		    "fault 'late' fired in 'slow' on MEM_GOING_OFFLINE: held it up for 300 ns, answer errno -12");
	expect_said(text.data, "scheduler: not available");
	mh_text_release(&text);
}

Test(explain, a_fault_outside_of_any_listener_names_none)
{
	struct mh_result_exemplar exemplar = make();
	struct mh_result_firing firings[] = {{.fault = "none", .value = -12},
					     {.fault = "held", .event = "going_offline", .delay_ns = 300}};
	struct mh_result result = {.exemplars = &exemplar, .exemplar_count = 1};
	struct mh_explain_options options = {.show = {.ascii = true, .verbose = true}};
	struct mh_text text = MH_TEXT_INIT;

	exemplar.firings = firings;
	exemplar.firing_count = exemplar.fired = 2;
	cr_assert_eq(mh_explain_run(&result, &options, &text), 0);
	expect_said(text.data, "fault 'none' fired: answer -12\n");
	expect_said(text.data, "fault 'held' fired on MEM_GOING_OFFLINE: held it up for 300 ns, answer 0\n");
	mh_text_release(&text);
}

Test(explain, an_operation_that_is_the_longest_of_nothing_is_told_with_verbose_only)
{
	const struct mh_result_exemplar exemplar = make();
	struct mh_explain_options options = {.series = NULL};

	cr_expect_not(mh_explain_selects(&options, &exemplar));
	options.show.verbose = true;
	cr_expect(mh_explain_selects(&options, &exemplar));
	options.series = "*";
	cr_expect_not(mh_explain_selects(&options, &exemplar));
}
