/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the latency of a run went over time, from its interval log: columns one after the other, each a stretch of time
 * and the histogram of what ended in it. However long the log, at most MH_TIMELINE_COLUMNS: when they are full,
 * neighbours are added up in pairs.
 */
#ifndef RESULTS_REPORT_TIMELINE_H
#define RESULTS_REPORT_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "results/histogram.h"

#define MH_TIMELINE_COLUMNS 240

struct mh_timeline_column {
	double begin_s, end_s;      /* from the run's beginning */
	struct mh_histogram values; /* counts NULL: none */
};

struct mh_timeline {
	struct mh_timeline_column columns[MH_TIMELINE_COLUMNS]; /* rising */
	size_t count;
	size_t each, filled;   /* intervals in a column, and in the last one */
	size_t left_out;       /* intervals of another layout than their neighbours', or out of order */
	struct mh_text broken; /* why reading ended before the file did; empty: it did not */
};

/**
 * mh_timeline_read - the overall response of each interval of a .hlog
 *
 * A log that is cut off or broken gives what stands before that place. Return: 0; what mh_hlog_read_open() returns when
 * there is nothing to read; -ENOMEM.
 */
int mh_timeline_read(const char *path, struct mh_timeline *ret_timeline, struct mh_error *reterr);
void mh_timeline_release(struct mh_timeline *timeline);        /* safe on a zeroed struct */
double mh_timeline_end_s(const struct mh_timeline *timeline);  /* of the last interval; 0: none */
bool mh_timeline_is_empty(const struct mh_timeline *timeline); /* no interval with a value */

#endif
