/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks of modules: right uses are silent, each misuse is named, and what is held can be asked.
 */
#include "core/kapi_lock.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "base/thread.h"
#include "core/kapi_report.h"
#include "kapi_fixture.h"

#define MISDEEDS "lock_misdeeds"

Test(kapi_lock, every_kind_works_and_is_silent)
{
	kapi_expect_sound("lock_family");
}

static const struct kapi_misdeed misdeeds[] = {
	{"mutex_released_unheld", MH_KAPI_RULE_LOCK, "mutex '&drv_mutex' is released at "},
	{"mutex_released_unheld", MH_KAPI_RULE_LOCK, "nobody holds it"},
	{"mutex_taken_twice", MH_KAPI_RULE_LOCK, "mutex '&drv_mutex' is taken at "},
	{"spinlock_taken_twice", MH_KAPI_RULE_LOCK, "it would wait for itself"},
	{"rwsem_read_twice", MH_KAPI_RULE_LOCK, "rw_semaphore '&drv_sem' is taken at "},
	{"rwsem_released_the_other_way", MH_KAPI_RULE_LOCK, "is released for writing at "},
	{"mutex_under_spinlock", MH_KAPI_RULE_SLEEP, "with the spinlock '&drv_spin' held, taken at "},
	{"sleeps_without_preemption", MH_KAPI_RULE_SLEEP, "with preemption disabled: preempt_disable() at "},
	{"sleeps_without_interrupts", MH_KAPI_RULE_SLEEP, "with interrupts disabled: "},
	{"preemption_enabled_twice", MH_KAPI_RULE_LOCK, "without its begin"},
	{"asserts_what_is_not_held", MH_KAPI_RULE_LOCK, "'&drv_mutex' is not held by this thread, as asserted at "},
	{"destroys_what_is_held", MH_KAPI_RULE_LOCK, "is destroyed at "},
	{"take_mutex", MH_KAPI_RULE_LOCK, "is unloaded with the mutex '&drv_mutex' held, taken at "},
};

ParameterizedTestParameters(kapi_lock, misuse_is_named)
{
	static int indices[sizeof(misdeeds) / sizeof(misdeeds[0])];

	for (int i = 0; i < (int)(sizeof(misdeeds) / sizeof(misdeeds[0])); i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, sizeof(misdeeds) / sizeof(misdeeds[0]));
}

ParameterizedTest(int *index, kapi_lock, misuse_is_named)
{
	kapi_expect_misdeed(MISDEEDS, &misdeeds[*index]);
}

static void run_function(void *data)
{
	kapi_call(MISDEEDS, data);
}

static void call_in_thread(const char *function)
{
	struct mh_thread thread;

	cr_assert_eq(mh_thread_start(&thread, "stranger", -1, run_function, (void *)(uintptr_t)function, NULL), 0);
	mh_thread_join(&thread);
}

Test(kapi_lock, held_by_a_thread_that_ends_is_named_and_opened)
{
	struct kapi_fixture fixture;
	struct mh_module *module;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MISDEEDS);
	call_in_thread("take_mutex");
	kapi_expect_report(&fixture, MH_KAPI_RULE_LOCK, "thread 'stranger' ends with the mutex '&drv_mutex' held");
	kapi_forget_reports(&fixture);
	kapi_call(MISDEEDS, "take_mutex"); /* hangs unless it was opened */
	kapi_call(MISDEEDS, "release_mutex");
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}

Test(kapi_lock, released_by_another_thread_is_named_once)
{
	struct kapi_fixture fixture;
	struct mh_module *module;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MISDEEDS);
	kapi_call(MISDEEDS, "take_mutex");
	call_in_thread("release_mutex");
	kapi_expect_report(&fixture, MH_KAPI_RULE_LOCK, "by thread 'stranger': another holds it since ");
	kapi_forget_reports(&fixture);
	kapi_call(MISDEEDS, "take_mutex"); /* hangs unless it is free, and is no second taking */
	kapi_call(MISDEEDS, "release_mutex");
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}

struct seen {
	unsigned count;
	char text[256];
	bool is_caller;
};

static void see(void *data, const struct mh_kapi_held *held, const struct mh_kapi_holder *holder)
{
	struct seen *seen = data;

	seen->count++;
	seen->is_caller = holder->is_caller;
	mh_kapi_held_text(held, seen->text, sizeof(seen->text));
}

Test(kapi_lock, what_is_held_can_be_asked)
{
	struct kapi_fixture fixture;
	struct mh_module *module;
	struct seen seen = {.count = 0};

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MISDEEDS);
	mh_kapi_locks_held(see, &seen);
	cr_expect_eq(seen.count, 0, "%u", seen.count);
	kapi_call(MISDEEDS, "take_mutex");
	mh_kapi_locks_held(see, &seen);
	cr_expect_eq(seen.count, 1, "%u", seen.count);
	cr_expect(seen.is_caller);
	cr_expect_not_null(strstr(seen.text, "the mutex '&drv_mutex' held, taken at "), "%s", seen.text);
	cr_expect_not_null(strstr(seen.text, "lock_misdeeds.c:"), "%s", seen.text);
	kapi_call(MISDEEDS, "release_mutex");
	seen.count = 0;
	mh_kapi_locks_held(see, &seen);
	cr_expect_eq(seen.count, 0, "%u", seen.count);
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}
