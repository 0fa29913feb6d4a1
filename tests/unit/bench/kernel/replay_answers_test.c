/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/replay_answers.h"

#include <errno.h>
#include <stdint.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <memhp/kernel.h>

/* What the injector can be armed by in a callback's place. */
static const struct {
	enum mh_event event;
	int value, error;
} answers[] = {
	{MH_GOING_ONLINE, NOTIFY_DONE, 0},
	{MH_GOING_ONLINE, NOTIFY_OK, 0},
	{MH_CANCEL_OFFLINE, NOTIFY_OK, 0},
	{MH_GOING_ONLINE, 0x800d, ENOMEM},
	{MH_GOING_OFFLINE, 0x800d, ENOMEM},
	{MH_GOING_ONLINE, NOTIFY_BAD, EPERM},
	{MH_GOING_ONLINE, 0x8000 | 4096, 4095},
	{MH_GOING_ONLINE, 0x8000 | 4097, -1},
	{MH_GOING_ONLINE, NOTIFY_STOP, -1},
	{MH_GOING_ONLINE, 5, -1},
	{MH_GOING_ONLINE, -1, -1},
	{MH_ONLINE, 0x800d, -1},
	{MH_CANCEL_ONLINE, NOTIFY_BAD, -1},
};

ParameterizedTestParameters(kernel_replay_answers, the_injector_has_errnos_of_going_events_only)
{
	static int rows[sizeof(answers) / sizeof(answers[0])];

	for (int i = 0; i < (int)(sizeof(answers) / sizeof(answers[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(answers) / sizeof(answers[0]));
}

ParameterizedTest(const int *row, kernel_replay_answers, the_injector_has_errnos_of_going_events_only)
{
	cr_expect_eq(mh_kernel_replay_errno(answers[*row].event, answers[*row].value), answers[*row].error,
		     "row %d: %d", *row, mh_kernel_replay_errno(answers[*row].event, answers[*row].value));
}

Test(kernel_replay_answers, count_the_calls_as_the_callback_would)
{
	struct mh_conform_callback callback = {.id = 4};
	const struct mh_conform_case recorded = {.callbacks = &callback, .callback_count = 1};
	const struct mh_conform_control other = {.word = MH_CONFORM_RET, .callback = 3, .event = MH_GOING_ONLINE};
	struct mh_conform_control told = other;
	struct mh_kernel_replay_answers now;
	struct mh_text reason = MH_TEXT_INIT;

	callback.answers[MH_GOING_ONLINE] = (struct mh_conform_answer){.value = 0x800d, .skip = 1, .times = 2};
	cr_assert(mh_kernel_replay_answers_init(&now, &recorded, &reason));
	cr_expect(now.refuses);
	for (int call = 0; call < 5; call++) {
		cr_expect_eq(mh_kernel_replay_answers_next(&now, MH_GOING_ONLINE), call == 1 || call == 2 ? ENOMEM : 0,
			     "call %d", call);
		mh_kernel_replay_answers_called(&now, MH_GOING_ONLINE);
		cr_expect_eq(mh_kernel_replay_answers_next(&now, MH_GOING_OFFLINE), 0);
	}
	told.callback = 4;
	told.answer.value = NOTIFY_BAD;
	mh_kernel_replay_answers_tell(&now, &other);
	cr_expect_eq(mh_kernel_replay_answers_next(&now, MH_GOING_ONLINE), 0);
	mh_kernel_replay_answers_tell(&now, &told);
	cr_expect_eq(mh_kernel_replay_answers_next(&now, MH_GOING_ONLINE), EPERM);
	mh_text_release(&reason);
}

Test(kernel_replay_answers, of_two_that_refuse_the_same_there_is_no_telling)
{
	struct mh_conform_callback callbacks[2] = {{.id = 0}, {.id = 1}};
	const struct mh_conform_case recorded = {.callbacks = callbacks, .callback_count = 2};
	struct mh_kernel_replay_answers now;
	struct mh_text reason = MH_TEXT_INIT;

	callbacks[0].answers[MH_GOING_ONLINE].value = NOTIFY_BAD;
	callbacks[1].answers[MH_GOING_OFFLINE].value = NOTIFY_BAD;
	cr_expect(mh_kernel_replay_answers_init(&now, &recorded, &reason), "%s", reason.data);
	callbacks[1].answers[MH_GOING_ONLINE].value = 0x800d;
	cr_expect_not(mh_kernel_replay_answers_init(&now, &recorded, &reason));
	cr_expect_str_eq(reason.data, "callbacks 0 and 1 refuse GOING_ONLINE, and there is one injector");
	mh_text_release(&reason);
}
