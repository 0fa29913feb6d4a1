/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rounds over samples that a test makes up. */
#include <criterion/criterion.h>

#include "bench/micro/round.h"

#define SAMPLE_NS 300000u

/* 10 ns an iteration; the first sample is preempted for 10 ms. */
static bool preempted_once(void *data, uint64_t iterations, const struct mh_clock *clock,
			   struct mh_round_sample *ret_sample)
{
	unsigned *calls = data;

	(void)clock;
	ret_sample->preempted = (*calls)++ == 0;
	ret_sample->ns = 10.0 * (double)iterations + (ret_sample->preempted ? 1e7 : 0);
	return true;
}

Test(round, preempted_sample_does_not_calibrate)
{
	static struct mh_rounds rounds = {.round_count = 3, .sample_ns = SAMPLE_NS};
	struct mh_clock clock;
	unsigned calls = 0;

	mh_clock_init(&clock, MH_CLOCK_TSC);
	(void)mh_rounds_add_sample(&rounds, "it", preempted_once, &calls);
	mh_rounds_run(&rounds, &clock, 1);
	cr_expect_eq(rounds.variants[0].iterations, SAMPLE_NS / 10);
}
