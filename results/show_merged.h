/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the runs of a cell add up to, for the terminal: their histograms, bucket by bucket, as if they were one run.
 * Runs are added one after the other, so that no more than one is in memory.
 */
#ifndef RESULTS_SHOW_MERGED_H
#define RESULTS_SHOW_MERGED_H

#include <stddef.h>

#include "results/result.h"
#include "results/show_clusters.h"
#include "results/show_private.h"

struct mh_merged_cell {
	struct mh_result sum; /* phases and series only, of the first cells */
	size_t run_count;     /* that went in */
	size_t left_out;      /* series of another layout than the first run's */
	struct mh_kept kept;  /* what tells how sure the sum's quantiles are */
};

struct mh_merged_cells {
	struct mh_merged_cell *items;
	size_t count, capacity;
};

#define MH_MERGED_CELLS_MAX 4 /* tables of more are no overview: their runs have a line each, and -v shows all */

/* Adds a run; one that was aborted does not count. 0 or -ENOMEM. */
int mh_merged_add(struct mh_merged_cells *cells, const struct mh_result *run);
/* Appends the tables of all cells that have several runs. */
void mh_merged_show(const struct mh_merged_cells *cells, const struct mh_show *show);
void mh_merged_release(struct mh_merged_cells *cells); /* safe on a zeroed struct */

#endif
