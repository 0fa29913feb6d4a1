/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A result as text for a terminal: the verdict in words first, then what was reached, the series with their spectra,
 * the faults, the checks, and what to know about the times. The same text is report.txt.
 */
#ifndef RESULTS_SHOW_H
#define RESULTS_SHOW_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "results/folder.h"
#include "results/result.h"

#define MH_SHOW_WIDTH_MIN     80
#define MH_SHOW_WIDTH_DEFAULT 100

struct mh_show_options {
	unsigned width; /* columns: MH_SHOW_WIDTH_MIN and more; 0: the default */
	bool ascii;     /* no character beyond ASCII: spectra in " .:-=+*#" */
	bool colour;    /* beside the words, never instead of them */
	bool verbose;   /* also the series that are folded into one line, all counters and the environment */
};

/* Appends the report of one run. text->failed tells that memory ran out. */
void mh_show_run(const struct mh_result *result, const struct mh_show_options *options, struct mh_text *text);

/**
 * mh_show_folder - appends the reports of all runs of a folder
 *
 * One run: its report. Many: a line each, or with @options->verbose the report of each, and what the runs of a cell add
 * up to. A run without a readable run.json is told as such and is no failure. Return: 0; -EINVAL no run could be read;
 * -ENOMEM.
 */
int mh_show_folder(const struct mh_result_folder *folder, const struct mh_show_options *options, struct mh_text *text,
		   struct mh_error *reterr);

/* The one-line verdict that the report opens with: "CORRECT: …" without a newline. */
void mh_show_verdict(const struct mh_result *result, struct mh_text *text);

/* Minimum observations beyond a quantile for it to be reported (statistics 3.1). */
#define MH_SHOW_BEYOND_MIN 10

#endif
