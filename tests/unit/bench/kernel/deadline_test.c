/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A write that would never end is ended by its deadline, one that ends in time is left alone.
 */
#include "bench/kernel/deadline.h"

#include <errno.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/clock.h"
#include "bench/kernel/calls.h"

/* A pipe that nobody reads: filled, it takes no more, as an offline that finds a pinned page never returns. */
static int full_pipe(int ends[2])
{
	static const char filling[4096];
	int room = 1 << 16;

	cr_assert_eq(pipe(ends), 0);
	for (; room > 0; room -= (int)sizeof(filling))
		cr_assert_eq(write(ends[1], filling, sizeof(filling)), (ssize_t)sizeof(filling));
	return ends[1];
}

Test(kernel_deadline, ends_a_write_that_waits_for_ever, .timeout = 10)
{
	const struct mh_kernel_calls *calls = &mh_kernel_calls_system;
	struct mh_kernel_deadline deadline;
	struct mh_error error = {0};
	int ends[2], fd = full_pipe(ends);
	uint64_t begin = mh_clock_monotonic_ns();

	cr_assert_eq(mh_kernel_deadline_init(&deadline, &error), 0, "%s", error.text);
	mh_kernel_deadline_arm(&deadline, 30000000);
	cr_expect_eq(calls->write(NULL, fd, "offline\n", 8), -EINTR);
	cr_expect(mh_kernel_deadline_disarm(&deadline));
	cr_expect_geq(mh_clock_monotonic_ns() - begin, 25000000u);
	mh_kernel_deadline_release(&deadline);
}

/* The first signal comes before the write: the next ones end it. */
Test(kernel_deadline, ends_a_write_that_begins_after_it, .timeout = 10)
{
	const struct mh_kernel_calls *calls = &mh_kernel_calls_system;
	struct mh_kernel_deadline deadline;
	struct mh_error error = {0};
	int ends[2], fd = full_pipe(ends);

	cr_assert_eq(mh_kernel_deadline_init(&deadline, &error), 0, "%s", error.text);
	mh_kernel_deadline_arm(&deadline, 1);
	while (!deadline.fired)
		;
	cr_expect_eq(calls->write(NULL, fd, "offline\n", 8), -EINTR);
	cr_expect(mh_kernel_deadline_disarm(&deadline));
	mh_kernel_deadline_release(&deadline);
}

Test(kernel_deadline, leaves_alone_what_ends_in_time, .timeout = 10)
{
	struct mh_kernel_deadline deadline;
	struct mh_error error = {0};

	cr_assert_eq(mh_kernel_deadline_init(&deadline, &error), 0, "%s", error.text);
	for (int i = 0; i < 3; i++) {
		mh_kernel_deadline_arm(&deadline, 3600000000000u);
		cr_expect_not(mh_kernel_deadline_disarm(&deadline));
	}
	mh_kernel_deadline_arm(&deadline, 1);
	while (!deadline.fired)
		;
	cr_expect(mh_kernel_deadline_disarm(&deadline));
	/* Armed anew it knows nothing of the time before. */
	mh_kernel_deadline_arm(&deadline, 3600000000000u);
	cr_expect_not(mh_kernel_deadline_disarm(&deadline));
	mh_kernel_deadline_release(&deadline);
}
