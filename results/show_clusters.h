/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How sure the quantiles of several runs together are, for the terminal: their 95 % intervals, by the runs. Of each run
 * no more is kept than the buckets that hold values.
 */
#ifndef RESULTS_SHOW_CLUSTERS_H
#define RESULTS_SHOW_CLUSTERS_H

#include <stddef.h>

#include "results/result.h"
#include "results/show_private.h"

struct mh_kept_bucket {
	uint64_t low, high, count;
};

struct mh_kept_run {
	struct mh_kept_bucket *buckets;
	size_t count;
};

/* Of one series, each run that has values. */
struct mh_kept_series {
	char *tag;
	struct mh_kept_run *runs;
	size_t run_count, run_capacity;
};

struct mh_kept {
	struct mh_kept_series *series;
	size_t count, capacity;
};

/* Keeps what is wanted of a run: its response times. 0 or -ENOMEM. */
int mh_kept_add(struct mh_kept *kept, const struct mh_result *run);
/* A line a series: its quantiles and their intervals. */
void mh_kept_show(const struct mh_kept *kept, const struct mh_show *show);
void mh_kept_release(struct mh_kept *kept); /* safe on a zeroed struct */

#endif
