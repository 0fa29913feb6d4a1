/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that crashes is noted and stands where it crashed; one of which nobody wants to know ends the process. */
#include "base/crash.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hold.h"
#include "base/rcu.h"
#include "base/sync.h"
#include "base/thread.h"

static mh_crash crash;

static void crash_here(void *data)
{
	mh_hold_accept();
	mh_crash_accept(&crash);
	(void)raise(*(int *)data);
}

static void crash_unheard(void *data)
{
	(void)data;
	(void)raise(SIGSEGV);
}

static int wait_for_crash(void)
{
	int number;

	while (!(number = mh_crash_number(&crash)))
		mh_sleep_ns(1000000);
	return number;
}

Test(crash, is_noted_and_its_stack_is_known)
{
	static struct mh_hold hold;
	static struct mh_thread thread;
	static int number = SIGFPE;
	struct mh_error error;

	if (!mh_crash_catch())
		cr_skip_test("a sanitizer reports crashes itself");
	cr_assert_eq(mh_hold_prepare(), 0);
	cr_assert_eq(mh_thread_start(&thread, "crashes", -1, crash_here, &number, &error), 0, "%s", error.text);
	cr_expect_eq(wait_for_crash(), SIGFPE);
	cr_assert(mh_hold_begin(&hold, &thread));
	cr_expect_gt(hold.depth, 4, "%d frames", hold.depth);
	mh_hold_end(&hold);
}

/* A sanitizer reports crashes itself, and its report would be a failure. */
Test(crash, of_a_thread_that_accepts_none_ends_the_process, .signal = SIGSEGV, .disabled = MH_RCU_ASAN)
{
	struct mh_thread thread;
	struct mh_error error;

	(void)mh_crash_catch();
	cr_assert_eq(mh_thread_start(&thread, "crashes", -1, crash_unheard, NULL, &error), 0, "%s", error.text);
	mh_thread_join(&thread);
}

Test(crash, number_is_zero_while_it_lives)
{
	static mh_crash alive;

	cr_expect_eq(mh_crash_number(&alive), 0);
}
