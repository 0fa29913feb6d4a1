/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of bars, one after the other, each told as soon as it is measured.
 */
#ifndef BENCH_MICRO_BAR_RUN_H
#define BENCH_MICRO_BAR_RUN_H

#include <stdio.h>

#include "bench/micro/bar_measure.h"

struct mh_bar_run {
	struct mh_bar_context context; /* details: filled here, where @details_to asks for them */
	const struct mh_bar *bars;     /* ends with one without an id */
	const char *filter;            /* regular expression over ids, "-…" for those it does not match; NULL: all */
	FILE *lines, *details_to;      /* the latter may be NULL */
};

struct mh_bar_counts {
	unsigned held, missed, not_measurable;
};

/**
 * mh_bar_run - measure and tell
 * @ret_counts: so far, also on failure
 *
 * Return: 0; -EINVAL the filter is no expression; -ENOENT it matches no bar; else as mh_bar_measure(); with a sentence.
 */
int mh_bar_run(const struct mh_bar_run *run, struct mh_bar_counts *ret_counts, struct mh_error *reterr);

#endif
