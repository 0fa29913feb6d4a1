/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The CPU's counters, also where there are none. */
#include "base/hw_count.h"

#include <criterion/criterion.h>
#include <linux/perf_event.h>
#include <unistd.h>

static volatile uint64_t sink;

static void work(void)
{
	for (int i = 0; i < 1000000; i++)
		sink += (uint64_t)i;
}

/* Events that no kernel has. */
static const struct mh_hw_event absent[MH_HW_COUNTERS] = {
	{UINT32_MAX, 0}, {UINT32_MAX, 1}, {PERF_TYPE_HARDWARE, UINT32_MAX}, {PERF_TYPE_SOFTWARE, UINT32_MAX}};

Test(hw_count, what_the_host_has_not_is_not_available_and_never_zero)
{
	struct mh_hw_count count;

	mh_hw_open_events(&count, absent);
	mh_hw_start(&count);
	work();
	mh_hw_stop(&count);
	for (int i = 0; i < MH_HW_COUNTERS; i++)
		cr_expect_eq(count.values[i], MH_HW_NOT_AVAILABLE, "%s", mh_hw_names[i]);
	mh_hw_close(&count);
}

Test(hw_count, counts_what_it_has_or_says_that_it_has_not)
{
	struct mh_hw_count count;

	mh_hw_open(&count);
	mh_hw_start(&count);
	work();
	mh_hw_stop(&count);
	for (int i = 0; i < MH_HW_COUNTERS; i++)
		cr_expect(count.values[i] > 0 || count.values[i] == MH_HW_NOT_AVAILABLE, "%s: %ld", mh_hw_names[i],
			  (long)count.values[i]);
	/* A million turns of a loop. */
	if (count.values[MH_HW_INSTRUCTIONS] != MH_HW_NOT_AVAILABLE)
		cr_expect_gt(count.values[MH_HW_INSTRUCTIONS], 1000000);
	mh_hw_close(&count);
}

/* Software events stand in: most kernels have them, also in a guest without counters. */
Test(hw_count, counts_each_event_by_itself_between_start_and_stop)
{
	static const struct mh_hw_event events[MH_HW_COUNTERS] = {{PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK},
								  {UINT32_MAX, 0},
								  {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK},
								  {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY}};
	struct mh_hw_count count;
	int64_t first;

	mh_hw_open_events(&count, events);
	if (count.fds[0] < 0)
		cr_skip_test("this host opens no software event");
	work();
	mh_hw_start(&count);
	work();
	mh_hw_stop(&count);
	first = count.values[0];
	cr_expect_gt(first, 1000, "%ld ns", (long)first);
	cr_expect_eq(count.values[1], MH_HW_NOT_AVAILABLE);
	cr_expect_gt(count.values[2], 1000);
	cr_expect_eq(count.values[3], MH_HW_NOT_AVAILABLE, "a counter that counts nothing is none");
	work();
	cr_expect_eq(count.values[0], first, "nothing is counted behind stop");
	mh_hw_close(&count);
	mh_hw_close(&count); /* safe */
}
