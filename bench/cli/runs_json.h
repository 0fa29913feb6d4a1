/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runs of a result folder as one JSON document on stdout: the run.json itself where there is one run.
 */
#ifndef BENCH_CLI_RUNS_JSON_H
#define BENCH_CLI_RUNS_JSON_H

#include "results/folder.h"

/* A run without a readable run.json is null, and stderr says why. Return: an exit code; usage where no run could be
 * read. */
int mh_print_runs_json(const struct mh_result_folder *folder);

#endif
