/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A mark falls when its thread sleeps, and only its own thread's.
 */
#include "base/switch_mark.h"

#include <criterion/criterion.h>
#include <stdatomic.h>

#include "base/sync.h"
#include "base/thread.h"

#define TRIES 1000

/* True when a mark outlived a moment without a wait: at least once, for the scheduler may come at any time. */
static bool stands_without_a_wait(void)
{
	for (unsigned i = 0; i < TRIES; i++) {
		mh_switch_mark_set();
		if (mh_switch_mark_stands())
			return true;
	}
	return false;
}

Test(switch_mark, stands_until_the_thread_sleeps)
{
	if (!mh_switch_mark_works())
		cr_skip_test("this host registers no restartable sequences");
	cr_expect(stands_without_a_wait());
	for (unsigned i = 0; i < 10; i++) {
		mh_switch_mark_set();
		mh_sleep_ns(2000000);
		cr_expect_not(mh_switch_mark_stands(), "sleep %u", i);
	}
}

static void sleep_and_tell(void *data)
{
	atomic_bool *fell = data;

	if (!mh_switch_mark_works())
		return;
	mh_switch_mark_set();
	mh_sleep_ns(2000000);
	atomic_store(fell, !mh_switch_mark_stands());
}

Test(switch_mark, is_each_threads_own)
{
	struct mh_thread thread;
	struct mh_error error;
	atomic_bool fell = false;

	if (!mh_switch_mark_works())
		cr_skip_test("this host registers no restartable sequences");
	cr_assert_eq(mh_thread_start(&thread, "sleeper", -1, sleep_and_tell, &fell, &error), 0);
	mh_thread_join(&thread);
	cr_expect(fell);
	cr_expect(stands_without_a_wait());
}
