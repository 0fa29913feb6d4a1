/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two readings of the core are taken for. */
#include "bench/micro/probe.h"

#include <criterion/criterion.h>

static const struct mh_core_probe first = {.loop_ns = 0.28, .add_ns = 0.28};

static const struct {
	struct mh_core_probe before, after;
	unsigned doubts;
} rows[] = {
	{{0.28, 0.28}, {0.29, 0.285}, 0},
	{{0.28, 0.28}, {0.50, 0.285}, MH_CORE_SHARED},
	{{0.50, 0.28}, {0.28, 0.28}, MH_CORE_SHARED},
	{{0.28, 0.28}, {0.36, 0.36}, MH_CORE_FREQUENCY}, /* slower as a whole: nobody else is there */
	{{0.21, 0.21}, {0.28, 0.28}, MH_CORE_FREQUENCY},
	{{0.28, 0.28}, {0.70, 0.36}, MH_CORE_FREQUENCY | MH_CORE_SHARED},
};

Test(probe, tells_a_shared_core_from_a_change_of_frequency)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_core_watch watch;
		unsigned doubts;

		mh_core_watch_init(&watch, &first);
		doubts = mh_core_watch_judge(&watch, &rows[i].before, &rows[i].after);
		cr_expect_eq(doubts, rows[i].doubts, "row %zu: %#x, not %#x", i, doubts, rows[i].doubts);
	}
}

Test(probe, keeps_the_range_of_frequencies)
{
	struct mh_core_watch watch;

	mh_core_watch_init(&watch, &first);
	(void)mh_core_watch_judge(&watch, &(struct mh_core_probe){0.2, 0.2}, &(struct mh_core_probe){0.5, 0.5});
	cr_expect_float_eq(watch.ghz_min, 2, 1e-9);
	cr_expect_float_eq(watch.ghz_max, 5, 1e-9);
}

Test(probe, reads_some_time_for_both)
{
	struct mh_core_probe probe;
	struct mh_clock clock;

	mh_clock_init(&clock, MH_CLOCK_TSC);
	mh_core_probe(&clock, &probe);
	cr_expect_gt(probe.loop_ns, 0);
	cr_expect_gt(probe.add_ns, 0);
}
