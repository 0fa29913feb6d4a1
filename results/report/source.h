/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a page is made from: result folders with all their runs. A *side* is one folder; a page has one, or several to
 * be laid over each other. `ab` and `gate` leave a folder that holds two, a/ and b/.
 */
#ifndef RESULTS_REPORT_SOURCE_H
#define RESULTS_REPORT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "results/folder.h"
#include "results/result.h"

#define MH_REPORT_SIDES_MAX 8

struct mh_report_run {
	const struct mh_result_folder_run *entry;
	struct mh_result result;
};

/* A run that cannot be read; the page says why. */
struct mh_report_unread {
	const struct mh_result_folder_run *entry;
	char *why;
};

struct mh_report_side {
	const char *label; /* "a", or the folder's own name */
	struct mh_result_folder folder;
	struct mh_report_run *runs;
	size_t run_count;
	struct mh_report_unread *unread;
	size_t unread_count;
};

/* Whether a folder holds two results, a/ and b/. */
bool mh_report_is_pair(const char *path);

struct mh_report_source {
	struct mh_report_side sides[MH_REPORT_SIDES_MAX];
	size_t side_count;
	const char **cells; /* all that have a run, in the order in which they come up */
	size_t cell_count;
	char *pair_folder; /* the folder that holds a/ and b/, or NULL */
};

/**
 * mh_report_source_open - read all runs of all folders
 *
 * Return: 0; -EINVAL a folder without a run that can be read, more than MH_REPORT_SIDES_MAX; what
 * mh_result_folder_open() returns; -ENOMEM; each with a sentence.
 */
int mh_report_source_open(const char *const *paths, size_t path_count, struct mh_report_source *ret_source,
			  struct mh_error *reterr);
void mh_report_source_release(struct mh_report_source *source); /* safe on a zeroed struct */

/* The next run of @cell at or behind index @from; NULL: none. */
const struct mh_report_run *mh_report_next_run(const struct mh_report_side *side, const char *cell, size_t from);
size_t mh_report_run_index(const struct mh_report_side *side, const struct mh_report_run *run);
size_t mh_report_count_runs(const struct mh_report_side *side, const char *cell);

/* Whether a run's values go into what is merged: one that was aborted does not, unless it is the only one. */
bool mh_report_run_counts(const struct mh_report_side *side, const struct mh_report_run *run);

/**
 * mh_report_merge - add up a series over the runs of a cell that count
 * @ret_merged: to be released
 *
 * A run whose histogram has another layout is left out. Return: runs that went in; 0: none has the series, and there is
 * nothing to release; -ENOMEM.
 */
int mh_report_merge(const struct mh_report_side *side, const char *cell, const char *tag,
		    struct mh_histogram *ret_merged);

/* "side a, run-003", or less where there is only one: how a run is called on the page. */
void mh_report_name_run(const struct mh_report_source *source, const struct mh_report_side *side,
			const struct mh_report_run *run, struct mh_text *name);

#endif
