/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/replay_answers.h"

#include <memhp/kernel.h>

#include "bench/engine/conform_value.h"
#include "bench/kernel/injector.h"

int mh_kernel_replay_errno(enum mh_event event, int value)
{
	const int error = -notifier_to_errno(value);

	if (value == NOTIFY_DONE || value == NOTIFY_OK)
		return 0;
	if (!mh_kernel_injector_knows(event) || error < 1 || error > MH_KERNEL_ERRNO_MAX ||
	    value != notifier_from_errno(-error))
		return -1;
	return error;
}

static bool note(struct mh_kernel_replay_answers *answers, unsigned callback, enum mh_event event, int value,
		 struct mh_text *reason)
{
	const int error = mh_kernel_replay_errno(event, value);
	char word[MH_CONFORM_WORD_SIZE];

	if (error == 0)
		return true;
	if (error < 0) {
		mh_text_add(reason, "callback %u answers %s by %s, which the kernel's injector cannot", callback,
			    mh_conform_event_name(event), mh_conform_value_name(value, word));
		return false;
	}
	if (answers->of[event].callback >= 0 && answers->of[event].callback != (int)callback) {
		mh_text_add(reason, "callbacks %d and %u refuse %s, and there is one injector",
			    answers->of[event].callback, callback, mh_conform_event_name(event));
		return false;
	}
	answers->of[event].callback = (int)callback;
	answers->refuses = true;
	return true;
}

static bool note_callback(struct mh_kernel_replay_answers *answers, const struct mh_conform_callback *callback,
			  struct mh_text *reason)
{
	bool possible = true;

	for (int event = 0; possible && event < MH_EVENT_COUNT; event++)
		possible = note(answers, callback->id, (enum mh_event)event, callback->answers[event].value, reason);
	return possible;
}

bool mh_kernel_replay_answers_init(struct mh_kernel_replay_answers *answers, const struct mh_conform_case *recorded,
				   struct mh_text *reason)
{
	bool possible = true;

	*answers = (struct mh_kernel_replay_answers){.refuses = false};
	for (int event = 0; event < MH_EVENT_COUNT; event++)
		answers->of[event].callback = -1;
	for (size_t i = 0; possible && i < recorded->callback_count; i++)
		possible = note_callback(answers, &recorded->callbacks[i], reason);
	for (size_t i = 0; possible && i < recorded->step_count; i++) {
		const struct mh_conform_control *control = &recorded->steps[i].control;

		if (recorded->steps[i].kind == MH_CONFORM_CONTROL && control->word == MH_CONFORM_RET)
			possible = note(answers, control->callback, control->event, control->answer.value, reason);
	}
	for (size_t i = 0; possible && i < recorded->callback_count; i++)
		for (int event = 0; event < MH_EVENT_COUNT; event++)
			if (answers->of[event].callback == (int)recorded->callbacks[i].id)
				answers->of[event].told = recorded->callbacks[i].answers[event];
	return possible;
}

void mh_kernel_replay_answers_tell(struct mh_kernel_replay_answers *answers, const struct mh_conform_control *control)
{
	if (control->word != MH_CONFORM_RET || answers->of[control->event].callback != (int)control->callback)
		return;
	answers->of[control->event].told = control->answer;
	answers->of[control->event].calls = 0;
}

int mh_kernel_replay_answers_next(const struct mh_kernel_replay_answers *answers, enum mh_event event)
{
	const struct mh_conform_answer *told = &answers->of[event].told;
	const uint64_t index = answers->of[event].calls;

	if (answers->of[event].callback < 0 || index < told->skip || (told->times && index - told->skip >= told->times))
		return 0;
	return mh_kernel_replay_errno(event, told->value);
}

void mh_kernel_replay_answers_called(struct mh_kernel_replay_answers *answers, enum mh_event event)
{
	answers->of[event].calls++;
}
