/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thresholds of a scenario held against all runs of a folder, a cell at a time. */
#ifndef BENCH_CLI_RUN_SLOS_H
#define BENCH_CLI_RUN_SLOS_H

#include "base/text.h"
#include "bench/engine/plan.h"
#include "results/folder.h"

/**
 * mh_run_slos - judge what several runs show together
 * @text: a line for each threshold that can fail, its verdict in words; nothing where there is none
 *
 * Runs that left no result are none. Return: an exit code: 0, 1 a threshold was breached, 6 no memory.
 */
int mh_run_slos(const struct mh_plan *plan, const struct mh_result_folder *folder, struct mh_text *text);

#endif
