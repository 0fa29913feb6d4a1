/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting and waking of modules between two threads, and their time, which can run faster than ours.
 */
#include "core/kapi_wait.h"

#include <stdint.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "base/clock.h"
#include "base/thread.h"
#include "core/kapi_report.h"
#include "core/kapi_time.h"
#include "kapi_fixture.h"

#define MODULE "wait_family"

Test(kapi_wait, every_kind_works_and_is_silent)
{
	kapi_expect_sound(MODULE);
}

static void run_function(void *data)
{
	kapi_call(MODULE, data);
}

static void start(struct mh_thread *thread, const char *function)
{
	cr_assert_eq(mh_thread_start(thread, function, -1, run_function, (void *)(uintptr_t)function, NULL), 0);
}

static const struct pair {
	const char *first, *second;      /* each in a thread, waiting */
	const char *waker, *waker_twice; /* what lets them go on; each waits for one or for both */
} pairs[] = {
	{"waits_for_event", "waits_for_event_in_pieces", "makes_event", NULL},
	{"waits_under_lock", "waits_for_event", "makes_event", NULL},
	{"waits_for_completion", "waits_for_completion", "completes", "completes"},
	{"waits_for_completion", "waits_for_completion", "completes_all", NULL},
};

#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))
#define TURNS 200

ParameterizedTestParameters(kapi_wait, both_waiters_are_woken)
{
	static int indices[PAIRS];

	for (int i = 0; i < (int)PAIRS; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, PAIRS);
}

/* Often, so that the waker comes before, while and after they go to sleep: a lost wake-up hangs. */
ParameterizedTest(int *index, kapi_wait, both_waiters_are_woken)
{
	const struct pair *pair = &pairs[*index];
	struct kapi_fixture fixture;
	struct mh_thread first, second;
	struct mh_module *module;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MODULE);
	for (int turn = 0; turn < TURNS; turn++) {
		start(&first, pair->first);
		start(&second, pair->second);
		kapi_call(MODULE, pair->waker);
		if (pair->waker_twice)
			kapi_call(MODULE, pair->waker_twice);
		mh_thread_join(&first);
		mh_thread_join(&second);
		kapi_call(MODULE, "expects_two_answers");
	}
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}

Test(kapi_wait, a_semaphore_is_given_by_another_thread)
{
	struct kapi_fixture fixture;
	struct mh_module *module;
	struct mh_thread thread;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MODULE);
	for (int turn = 0; turn < TURNS; turn++) {
		start(&thread, "takes_semaphore");
		kapi_call(MODULE, "gives_semaphore");
		mh_thread_join(&thread);
		kapi_call(MODULE, "gives_semaphore");
	}
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}

static const struct kapi_misdeed misdeeds[] = {
	{"sleeps_under_spinlock", MH_KAPI_RULE_SLEEP, "with the spinlock '&lock' held"},
	{"waits_under_spinlock", MH_KAPI_RULE_SLEEP, "with the spinlock '&lock' held"},
};

ParameterizedTestParameters(kapi_wait, under_a_spinlock_is_named)
{
	static int indices[] = {0, 1};

	return cr_make_param_array(int, indices, 2);
}

ParameterizedTest(int *index, kapi_wait, under_a_spinlock_is_named)
{
	kapi_expect_misdeed(MODULE, &misdeeds[*index]);
}

Test(kapi_time, an_hour_of_a_module_can_last_a_moment)
{
	struct kapi_fixture fixture;
	struct mh_module *module;
	uint64_t before = mh_clock_monotonic_ns(), module_before, took_ns;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MODULE);
	mh_kapi_time_scale(1e-6);
	module_before = mh_kapi_now_ns();
	kapi_call(MODULE, "sleeps_an_hour"); /* checks its own clocks */
	cr_expect_geq(mh_kapi_now_ns() - module_before, UINT64_C(3600000000000));
	mh_kapi_time_scale(1);
	took_ns = mh_clock_monotonic_ns() - before;
	cr_expect_geq(took_ns, UINT64_C(3600000), "%llu ns", (unsigned long long)took_ns);
	cr_expect_lt(took_ns, UINT64_C(3600000000), "%llu ns", (unsigned long long)took_ns);
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}

Test(kapi_time, goes_on_where_it_was_when_the_scale_changes)
{
	uint64_t before = mh_kapi_now_ns();

	mh_kapi_time_scale(0.5);
	cr_expect_geq(mh_kapi_now_ns(), before);
	mh_kapi_time_scale(1);
	cr_expect_geq(mh_kapi_now_ns(), before);
	cr_expect_eq(mh_kapi_real_ns(1000), 1000);
}
