/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bar of one thread is measured on one CPU of the process's, and the main thread stays free. */
#include "bench/micro/quiet_cpu.h"

#include <criterion/criterion.h>
#include <sched.h>

#include "base/thread.h"
#include "bench/micro/bar_measure.h"
#include "bench/micro/timer.h"

Test(quiet_cpu, is_the_only_one_there_is)
{
	struct mh_clock clock;
	cpu_set_t here;
	int cpu = sched_getcpu();

	mh_clock_init(&clock, MH_CLOCK_MONOTONIC);
	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	cr_assert_eq(sched_setaffinity(0, sizeof(here), &here), 0);
	cr_expect_eq(mh_quiet_cpu(&clock), cpu);
}

static int tell_bound_cpu(const struct mh_bar_context *context, const struct mh_bar *bar,
			  struct mh_bar_outcome *outcome, struct mh_error *reterr)
{
	(void)context;
	(void)bar;
	(void)reterr;
	outcome->reached = mh_thread_bound_cpu();
	return 0;
}

Test(quiet_cpu, is_where_a_bar_of_one_thread_is_measured)
{
	const struct mh_bar bar = {.id = "X", .kind = MH_BAR_FIGURE, .figure = tell_bound_cpu};
	struct mh_timer timer = {0};
	struct mh_bar_context context = {.timer = &timer};
	unsigned count = mh_thread_cpu_count();
	struct mh_bar_outcome outcome;
	struct mh_error error;

	mh_clock_init(&timer.clock, MH_CLOCK_MONOTONIC);
	cr_assert_eq(mh_bar_measure(&context, &bar, &outcome, &error), 0);
	cr_expect_geq(outcome.reached, 0, "bound to %f", outcome.reached);
	cr_expect_eq(mh_thread_cpu_count(), count);
}
