/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this binary is.
 */
#ifndef BENCH_ENGINE_BUILD_H
#define BENCH_ENGINE_BUILD_H

#include "results/result.h"

#define MH_BUILD_VERSION "0.1.0"

/* Fills result->binary; its texts are constants. */
void mh_build_describe(struct mh_result *result);

#endif
