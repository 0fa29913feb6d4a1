/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's own speed: some value for each loop, in the order that any machine has. */
#include "bench/engine/probe.h"

#include <criterion/criterion.h>

#include "base/clock.h"

Test(probe, times_three_loops_of_which_the_cheapest_is_the_empty_one)
{
	const uint64_t begin = mh_clock_monotonic_ns();
	struct mh_probes probes;

	mh_probe_host(&probes);
	cr_expect_gt(mh_clock_monotonic_ns() - begin, UINT64_C(14000000));
	cr_expect_gt(probes.loop_ns, 0.0);
	/* Eight additions that wait for each other take longer than a turn of the loop, at any frequency. */
	cr_expect_gt(probes.add_ns, 2 * probes.loop_ns, "%g %g", probes.add_ns, probes.loop_ns);
	/* More than the first level of any cache holds. */
	cr_expect_gt(probes.chase_ns, probes.loop_ns, "%g %g", probes.chase_ns, probes.loop_ns);
}
