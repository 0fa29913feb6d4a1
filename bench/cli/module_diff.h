/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench module FILE.so --kernel FILE.ko --blocks RANGE: the contract check's cases here and on this kernel, side
 * by side.
 */
#ifndef BENCH_CLI_MODULE_DIFF_H
#define BENCH_CLI_MODULE_DIFF_H

#include <stdbool.h>

#include "bench/engine/contract.h"

struct mh_module_diff {
	struct mh_contract_request contract;
	const char *module; /* FILE.ko */
	const char *blocks;
	const char *kernel_root; /* NULL: this system's */
	bool quiet;              /* differences and the last line only */
};

/* Prints. Return: the exit code. */
int mh_module_diff(const struct mh_module_diff *request);

#endif
