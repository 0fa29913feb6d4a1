/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assertions end the program, and only when they fail. */
#include "base/assert.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

Test(assert, aborts_when_the_condition_fails, .signal = SIGABRT)
{
	cr_assert_not_null(freopen("/dev/null", "w", stderr));
	MH_ASSERT(1 + 1 == 3);
}

Test(assert, goes_on_when_the_condition_holds)
{
	int evaluated = 0;

	MH_ASSERT(++evaluated == 1);
	cr_assert_eq(evaluated, 1, "evaluated %d times", evaluated);
}
