/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How what was reached is judged and told. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <string.h>

#include "bench/micro/bar.h"

struct told_case {
	bool at_least;
	double bar, reached;
	const char *reason, *line;
};

static const struct told_case told_cases[] = {
	{false, 1.30, 1.07, "", "B9z 1.07 1.30 held\n"},
	{false, 1.30, 1.30, "", "B9z 1.30 1.30 held\n"},
	{false, 1.30, 1.3049, "", "B9z 1.30 1.30 held\n"},
	{false, 1.30, 1.3051, "", "B9z 1.31 1.30 missed\n"},
	{false, 0.25, 0.2504, "", "B9z 0.250 0.25 held\n"},
	{false, 0.25, 0.2506, "", "B9z 0.251 0.25 missed\n"},
	{true, 4.00, 5.60, "", "B9z 5.60 4.00 held\n"},
	{true, 4.00, 4.00, "", "B9z 4.00 4.00 held\n"},
	{true, 4.00, 3.9949, "", "B9z 3.99 4.00 missed\n"},
	{true, 100, 390.123, "", "B9z 390.12 100.00 held\n"},
	{false, 1.15, 9, "one CPU: 2 threads need as many",
	 "B9z - 1.15 not-measurable: one CPU: 2 threads need as many\n"},
};

ParameterizedTestParameters(bar, is_judged_by_what_is_printed)
{
	static int indices[sizeof(told_cases) / sizeof(told_cases[0])];

	for (int i = 0; i < (int)(sizeof(indices) / sizeof(indices[0])); i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, sizeof(indices) / sizeof(indices[0]));
}

ParameterizedTest(int *index, bar, is_judged_by_what_is_printed)
{
	const struct told_case *row = &told_cases[*index];
	const struct mh_bar bar = {.id = "B9z", .at_least = row->at_least, .bar = row->bar};
	struct mh_bar_outcome outcome = {.reached = row->reached};
	struct mh_text text = MH_TEXT_INIT;

	strcpy(outcome.reason, row->reason);
	mh_bar_tell(&bar, &outcome, &text);
	cr_expect_str_eq(text.data, row->line, "'%s' instead of '%s'", text.data, row->line);
	mh_text_release(&text);
}

Test(bar, with_a_reason_is_neither_held_nor_missed)
{
	const struct mh_bar bar = {.id = "B9z", .bar = 1};

	cr_expect_eq(mh_bar_judge(&bar, &(struct mh_bar_outcome){.reached = 0.5, .reason = "preempted"}),
		     MH_BAR_NOT_MEASURABLE);
	cr_expect_eq(mh_bar_judge(&bar, &(struct mh_bar_outcome){.reached = 0.5}), MH_BAR_HELD);
	cr_expect_eq(mh_bar_judge(&bar, &(struct mh_bar_outcome){.reached = 1.5}), MH_BAR_MISSED);
}
