/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the core does just now: an empty loop, whose pace somebody on the other half of the core takes from, and a chain
 * of additions, which waits for itself and so tells the frequency. No counter of the system tells either in a virtual
 * machine.
 */
#ifndef BENCH_MICRO_PROBE_H
#define BENCH_MICRO_PROBE_H

#include <stdbool.h>

#include "base/clock.h"

#define MH_PROBE_QUIET_RATIO   1.25 /* the empty loop against its best, in cycles */
#define MH_PROBE_CHANGED_RATIO 1.10 /* the frequency against the first */

/* One reading of both. */
struct mh_core_probe {
	double loop_ns; /* a turn of an empty loop */
	double add_ns;  /* an addition: one cycle */
};

/* About 0.1 ms: the best of eight tries of each. */
void mh_core_probe(const struct mh_clock *clock, struct mh_core_probe *ret_probe);

static inline double mh_core_probe_ghz(const struct mh_core_probe *probe)
{
	return 1 / probe->add_ns;
}

/* What they say over time. */
struct mh_core_watch {
	double first_add_ns, best_loop_cycles;
	double ghz_min, ghz_max;
};

enum mh_core_doubt { MH_CORE_SHARED = 1 << 0, MH_CORE_FREQUENCY = 1 << 1 };

void mh_core_watch_init(struct mh_core_watch *watch, const struct mh_core_probe *first);
/* What is to be said of the time between two probes: enum mh_core_doubt. */
unsigned mh_core_watch_judge(struct mh_core_watch *watch, const struct mh_core_probe *before,
			     const struct mh_core_probe *after);

#endif
