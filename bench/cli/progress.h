/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The progress of a run on stderr: one line that is drawn anew on a terminal, else a plain line now and then.
 */
#ifndef BENCH_CLI_PROGRESS_H
#define BENCH_CLI_PROGRESS_H

#include <stdbool.h>

#include "bench/cli/options.h"
#include "bench/engine/run.h"

struct mh_progress_line {
	bool terminal; /* draws anew */
	bool silent;
	bool drawn;        /* something stands in the line */
	uint64_t next_ns;  /* when the next plain line is due */
	const char *label; /* of the run among many; NULL: one only */
};

void mh_progress_line_init(struct mh_progress_line *line, const struct mh_options *options);
/* For mh_run_request.progress; @data: the line. */
void mh_progress_line_show(void *data, const struct mh_progress *progress);
/* A line of our own instead of a run's: as often, and by the same rules. */
void mh_progress_line_say(struct mh_progress_line *line, const char *text);
/* Wipes the line, before anything else is printed. */
void mh_progress_line_clear(struct mh_progress_line *line);

#endif
