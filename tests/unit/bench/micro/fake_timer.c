/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_timer.h"

uint64_t fake_now_ns = 1000;
uint64_t fake_read_back, fake_reads;
long fake_preemptions_step;

static uint64_t read_fake(const struct mh_clock *clock)
{
	(void)clock;
	return ++fake_reads == fake_read_back ? 0 : fake_now_ns;
}

static long count_fake(void)
{
	static _Thread_local long preemptions;

	preemptions += fake_preemptions_step;
	return preemptions;
}

const struct mh_timer fake_timer = {
	.clock = {.ns_per_tick = UINT64_C(1) << 32}, .ticks = read_fake, .preemptions = count_fake};
