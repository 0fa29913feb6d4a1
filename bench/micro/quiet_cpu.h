/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPU is best to measure on.
 */
#ifndef BENCH_MICRO_QUIET_CPU_H
#define BENCH_MICRO_QUIET_CPU_H

#include "base/clock.h"

/* The one of the process's CPUs on which an empty loop is fastest just now: on the others somebody may be at work on
 * the other half of the core, whom no counter tells. 0.2 ms a CPU; at most 16 are tried. -1: none could be tried. */
int mh_quiet_cpu(const struct mh_clock *clock);

#endif
