/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child process takes the crash. */
#include "base/trial.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static int succeed(void *data)
{
	(void)data;
	return 0;
}

static int fail(void *data)
{
	(void)data;
	return -EIO;
}

static int crash(void *data)
{
	(void)data;
	fprintf(stderr, "nobody must read this\n");
	raise(SIGSEGV);
	return 0;
}

static int spin(void *data)
{
	volatile unsigned *turns = data;

	for (;;)
		++*turns;
	return 0;
}

Test(trial, tells_how_it_ended, .timeout = 20)
{
	unsigned turns = 0;

	cr_expect_eq(mh_trial_run(succeed, NULL, 5), 0);
	cr_expect_eq(mh_trial_run(fail, NULL, 5), -EINVAL);
	cr_expect_eq(mh_trial_run(crash, NULL, 5), -EFAULT);
	cr_expect_eq(mh_trial_run(spin, &turns, 1), -ETIME);
	cr_expect_eq(turns, 0, "the child wrote into its parent");
}
