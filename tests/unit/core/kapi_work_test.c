/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Works, threads and timers of modules: right uses are silent, misuse and what a module leaves behind are named, and
 * all that was set going can be waited for.
 */
#include "core/kapi_work.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "core/kapi_report.h"
#include "kapi_fixture.h"

#define MISDEEDS "work_misdeeds"

Test(kapi_work, queues_of_every_kind_work_and_are_silent)
{
	kapi_expect_sound("work_family");
}

Test(kapi_work, threads_and_timers_work_and_are_silent)
{
	kapi_expect_sound("thread_family");
}

static const struct kapi_misdeed misdeeds[] = {
	{"leaves_delayed_work", MH_KAPI_RULE_USE, "is unloaded with the delayed work pending '&later', from "},
	{"leaves_work_running", MH_KAPI_RULE_USE, "is unloaded with the work "},
	{"leaves_rearming_work", MH_KAPI_RULE_USE, "is unloaded with the "},
	{"leaves_workqueue", MH_KAPI_RULE_USE, "is unloaded with the workqueue 'kept', from "},
	{"leaves_timer", MH_KAPI_RULE_USE, "is unloaded with the timer '&timer' pending, armed at "},
	{"leaves_thread", MH_KAPI_RULE_USE, "is unloaded with the thread 'left_behind' running, started at "},
	{"stops_thread_twice", MH_KAPI_RULE_USE, "of what is no thread, or was stopped before"},
	{"asks_to_stop_outside_of_thread", MH_KAPI_RULE_USE, "kthread_should_stop() at "},
	{"queues_uninitialised_work", MH_KAPI_RULE_USE, "work '&zeroed' is queued and was never initialised"},
	{"queues_on_destroyed_queue", MH_KAPI_RULE_USE, "is queued on a workqueue that does not exist"},
	{"initialises_pending_work", MH_KAPI_RULE_USE, "work '&nothing' is initialised while it is queued"},
	{"arms_uninitialised_timer", MH_KAPI_RULE_USE, "and was never set up"},
	{"adds_timer_twice", MH_KAPI_RULE_USE, "by add_timer() while it is pending"},
	{"work_waits_for_itself", MH_KAPI_RULE_USE, "work '&self_waiter' waits at "},
	{"work_flushes_its_queue", MH_KAPI_RULE_USE, "work '&self_flusher' flushes its own workqueue 'events' at "},
	{"work_keeps_mutex", MH_KAPI_RULE_LOCK, "the work '&keeper' ends with the mutex '&drv_mutex' held"},
	{"timer_sleeps", MH_KAPI_RULE_SLEEP, "with the thread in the callback of which, set at "},
	{"timer_waits_for_itself", MH_KAPI_RULE_USE, "a timer's callback waits at "},
	{"flushes_under_spinlock", MH_KAPI_RULE_SLEEP, "with the spinlock '&drv_spin' held"},
	{"destroys_queue_with_delayed_work", MH_KAPI_RULE_USE, "while the delayed work '&later' waits for it"},
};

#define MISDEED_COUNT (sizeof(misdeeds) / sizeof(misdeeds[0]))

ParameterizedTestParameters(kapi_work, misuse_is_named)
{
	static int indices[MISDEED_COUNT];

	for (int i = 0; i < (int)MISDEED_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, MISDEED_COUNT);
}

ParameterizedTest(int *index, kapi_work, misuse_is_named)
{
	kapi_expect_misdeed(MISDEEDS, &misdeeds[*index]);
}

/* Its code runs: it must not vanish. */
Test(kapi_work, a_module_whose_thread_does_not_stop_stays_mapped)
{
	struct kapi_fixture fixture;
	struct mh_module *module;
	struct mh_error error;
	int ret;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, "thread_stubborn");
	ret = mh_module_unload(module, &error);
	cr_expect_eq(ret, -EBUSY, "%d", ret);
	cr_expect_not_null(strstr(error.text, "its thread 'stubborn' does not stop"), "%s", error.text);
	kapi_expect_report(&fixture, MH_KAPI_RULE_USE, "with the thread 'stubborn' running");
	kapi_call("thread_stubborn", "give_in");
	kapi_end(&fixture);
}

Test(kapi_work, quiesce_waits_for_what_runs_and_not_for_what_is_later)
{
	struct kapi_fixture fixture;
	struct mh_module *module;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MISDEEDS);
	cr_expect(mh_kapi_quiesce());
	kapi_call(MISDEEDS, "leaves_work_running");
	cr_expect(mh_kapi_quiesce());
	cr_expect_eq(mh_module_unload(module, NULL), 0); /* nothing runs: silence */
	kapi_expect_silence(&fixture);
	module = kapi_load(&fixture, MISDEEDS);
	kapi_call(MISDEEDS, "leaves_delayed_work");
	cr_expect(mh_kapi_quiesce());
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_report(&fixture, MH_KAPI_RULE_USE, "delayed work pending");
	kapi_end(&fixture);
}
