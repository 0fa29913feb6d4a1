/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memhp-bench micro --bars: the table of bars. */
#ifndef BENCH_CLI_MICRO_BARS_H
#define BENCH_CLI_MICRO_BARS_H

#include <stdbool.h>

#include "base/error.h"
#include "bench/micro/settings.h"

/* -EINVAL: a flag was given that is of benchmarks and not of bars. */
int mh_micro_bars_check(const struct mh_micro_settings *settings, struct mh_error *reterr);

/**
 * mh_micro_bars - measure the bars that --benchmark_filter picks, by their ids
 * @verbose: how each was measured goes to stderr
 *
 * With --benchmark_dry_run everything runs as shortly as it can, and no figure means anything.
 *
 * Return: MH_EXIT_DONE each that could be measured was held; MH_EXIT_REGRESSED one was missed, for a bar is a target of
 * the program's own; MH_EXIT_INCONCLUSIVE none could be measured; MH_EXIT_USAGE the filter picks none; those of
 * signals and of lacking memory.
 */
int mh_micro_bars(const struct mh_micro_settings *settings, bool verbose);

#endif
