/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bars that are no time of an instance: sizes, and what another program or the harness itself takes. Each as
 * bar->figure.
 */
#ifndef BENCH_MICRO_BAR_FIGURES_H
#define BENCH_MICRO_BAR_FIGURES_H

#include "bench/micro/bar_measure.h"

typedef int mh_bar_figure_fn(const struct mh_bar_context *context, const struct mh_bar *bar,
			     struct mh_bar_outcome *outcome, struct mh_error *reterr);

/* Of the counts of a series of two digits up to an hour, in one thread; and of those what a constant value touches. */
mh_bar_figure_fn mh_bar_histogram_kib, mh_bar_histogram_touched_kib;
/* Our loop over Google Benchmark's while (KeepRunning()), without a body. */
mh_bar_figure_fn mh_bar_empty_loop;
/* The same body in both: the greater time over the less. */
mh_bar_figure_fn mh_bar_same_loop;
/* What a benchmark of bar->times seconds takes, over these. */
mh_bar_figure_fn mh_bar_wall_time;

#endif
