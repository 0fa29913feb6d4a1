/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The means of a phase's intervals, by series: what its values are worth is told by how much those vary, because
 * operations that follow each other resemble each other (a grace period, a convoy at a lock).
 *
 * Of the collecting thread alone; none of it is on a measured path.
 */
#ifndef BENCH_ENGINE_BATCHES_H
#define BENCH_ENGINE_BATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/histogram.h"

#define MH_BATCHES_MIN 8 /* the variance of fewer means says next to nothing */

struct mh_batch_list {
	double *means;
	uint64_t *counts;
	size_t count, capacity;
	bool lost; /* memory ran out: nothing is known of this series */
};

struct mh_batches {
	struct mh_batch_list *series;
	size_t series_count;
};

int mh_batches_init(struct mh_batches *batches, size_t series_count); /* 0 or -ENOMEM */
void mh_batches_release(struct mh_batches *batches);                  /* safe on a zeroed struct */
void mh_batches_clear(struct mh_batches *batches);                    /* a phase begins */

/* An interval has ended; @interval: of each series. */
void mh_batches_add(struct mh_batches *batches, const struct mh_histogram *interval);

/* How many independent values the phase's values of a series are worth (mh_effective_count); 0: not known.
 * @total: all of them. */
double mh_batches_effective(const struct mh_batches *batches, size_t series, const struct mh_histogram *total);

#endif
