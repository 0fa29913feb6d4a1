/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The durations of one phase: of each write, as the program that wrote waited for it, and of each walk in it, as the
 * kernel's own clock tells.
 */
#ifndef BENCH_KERNEL_RECORDING_H
#define BENCH_KERNEL_RECORDING_H

#include "bench/engine/scenario.h"
#include "bench/kernel/judge.h"
#include "results/hlog.h"
#include "results/result.h"

/* service, response, online, offline, walk, then walk.EVENT by enum mh_event. */
#define MH_KERNEL_SERIES_WALKS 5
#define MH_KERNEL_SERIES       (MH_KERNEL_SERIES_WALKS + MH_EVENT_COUNT)

struct mh_kernel_recording {
	struct mh_histogram items[MH_KERNEL_SERIES];
	bool wanted[MH_KERNEL_SERIES];
};

/* Those that record.series asks for. 0 or -ENOMEM; to be released in either case. */
int mh_kernel_recording_init(struct mh_kernel_recording *recording, const struct mh_scenario_record *record);
void mh_kernel_recording_release(struct mh_kernel_recording *recording);
/* For the next phase. */
void mh_kernel_recording_clear(struct mh_kernel_recording *recording);

/* As the simulated machine's: `online` and `offline` are of operations that succeeded. */
void mh_kernel_recording_add(struct mh_kernel_recording *recording, const struct mh_kernel_operation *operation);

/* Into the result and, where there is one, the log: as one interval, @begin_ns to @end_ns of the run. */
void mh_kernel_recording_report(const struct mh_kernel_recording *recording, const char *phase, uint64_t begin_ns,
				uint64_t end_ns, struct mh_result *result, struct mh_hlog *hlog);

#endif
