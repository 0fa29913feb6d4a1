/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole run of a small scenario, in this process. */
#ifndef TESTS_UNIT_BENCH_ENGINE_RUN_FIXTURE_H
#define TESTS_UNIT_BENCH_ENGINE_RUN_FIXTURE_H

#include "bench/engine/run.h"

struct outcome {
	enum mh_run_end end;
	struct mh_result result; /* the caller's to release */
	struct mh_error error;
};

/* The first cell of @yaml, once; asserts that it can be read. */
void run_scenario(const char *yaml, struct outcome *ret_outcome);

#endif
