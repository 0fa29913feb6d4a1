/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How fast is this host just now? A neighbour that no counter shows (steal is 0 in many virtual machines) slows a plain
 * loop as much as it slows a run.
 */
#ifndef BENCH_ENGINE_PROBE_H
#define BENCH_ENGINE_PROBE_H

#include "results/environment.h"

/* Times each for 5 ms in slices, and keeps the median slice: one preemption does not count, a slow host does. All 0
 * when memory ran out. Any thread; allocates and frees 4 MiB. */
void mh_probe_host(struct mh_probes *ret_probes);

#endif
