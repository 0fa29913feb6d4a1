/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run on a kernel while it goes, for run.c and what it is split into.
 */
#ifndef BENCH_KERNEL_RUN_PRIVATE_H
#define BENCH_KERNEL_RUN_PRIVATE_H

#include "bench/kernel/changes.h"
#include "bench/kernel/injection.h"
#include "bench/kernel/recording.h"
#include "bench/kernel/refusals.h"
#include "bench/kernel/run.h"
#include "bench/kernel/watch.h"

#define MH_KERNEL_VIOLATIONS_KEPT 64 /* with their sentences; all are counted */

struct mh_kernel_run {
	const struct mh_kernel_run_request *request;
	const struct mh_kernel_tree *tree;
	const struct mh_scenario *scenario;
	struct mh_result *result;
	uint64_t seed;
	uint64_t begin_ns, limit_ns; /* CLOCK_MONOTONIC_RAW; limit: of max_duration, UINT64_MAX none */
	struct mh_kernel_plan plan;
	struct mh_kernel_release release;
	struct mh_kernel_blocks blocks;
	struct mh_kernel_changes changes;
	struct mh_kernel_watch watch;
	bool watches;
	struct mh_kernel_injection injection;
	struct mh_kernel_deadline deadline;
	struct mh_kernel_recording recording;
	struct mh_hlog hlog;
	uint64_t sequence;  /* of the operation in its phase */
	uint64_t checked;   /* rules held against operations */
	uint64_t unchecked; /* rules for which what was seen did not suffice */
	uint64_t walks, other_walks, deadlines;
	struct mh_kernel_refusals refusals;
	char *restore; /* path of restore.sh; NULL: none */
	enum mh_run_end end;
	struct mh_error *reterr;
};

/* One phase, into run->result. 0, or -errno with a sentence in run->reterr: it could not begin. */
int mh_kernel_phase_execute(struct mh_kernel_run *run, size_t index);

#endif
