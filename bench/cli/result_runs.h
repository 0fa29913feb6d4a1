/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All runs of a result folder that count, read into memory. */
#ifndef BENCH_CLI_RESULT_RUNS_H
#define BENCH_CLI_RESULT_RUNS_H

#include "base/error.h"
#include "base/text.h"
#include "results/folder.h"
#include "results/result.h"

struct mh_result_runs {
	struct mh_result_folder folder;
	struct mh_result *items; /* in the order of the folder */
	size_t count;
	struct mh_text left_out; /* a line each: which run, and why */
	size_t left_out_count;
};

/**
 * mh_result_runs_load - read them
 *
 * Left out, and named, are runs that were aborted or never ended, that have no readable run.json, and that were
 * discarded. Return: 0, also when none is left; what mh_result_folder_open says; -ENOMEM.
 */
int mh_result_runs_load(const char *path, struct mh_result_runs *ret_runs, struct mh_error *reterr);
void mh_result_runs_release(struct mh_result_runs *runs);

/* scenario.resolved.yaml of the folder; NULL: there is none. To be freed. */
char *mh_result_runs_scenario(const struct mh_result_runs *runs);

#endif
