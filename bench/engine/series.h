/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which series a run has, and how the trace of an operation becomes values of them.
 *
 * `service`, `wait`, `response` belong to the hotplug workloads (if there are none: to the first workload); those of
 * any other are "WORKLOAD.service" and so on, recorded when `service` is asked for. A listener's series is "cb." and
 * its name; beyond MH_LISTENER_SERIES_MAX listeners the rest is "cb.other".
 */
#ifndef BENCH_ENGINE_SERIES_H
#define BENCH_ENGINE_SERIES_H

#include "bench/engine/scenario.h"
#include "core/notifier.h"
#include "results/recorder.h"

#define MH_LISTENER_SERIES_MAX 64

#define MH_SERIES_NONE (-1) /* not recorded */

struct mh_workload_series {
	int service, wait, response;
};

struct mh_series {
	struct mh_series_table table;
	int online, offline, lock, grace, drain, migrate;
	int walk, walk_event[MH_EVENT_COUNT];
	int *listeners; /* by listener id, listener_count of them; ids above are listener_other */
	uint32_t listener_count;
	int listener_other;
	struct mh_workload_series *workloads; /* by index in the scenario */
	bool stamped; /* any series but those of struct mh_workload_series, online and offline */
};

/* @chain: with all listeners of the scenario and its modules registered. 0, or -errno with a sentence. */
int mh_series_init(struct mh_series *series, const struct mh_scenario *scenario, const struct mh_chain *chain,
		   struct mh_error *reterr);
void mh_series_release(struct mh_series *series);

/* Index of the workload whose service, wait and response are the headline series; several hotplug ones share them. */
bool mh_workload_is_headline(const struct mh_scenario *scenario, size_t workload);

/* Turns the stamps of one operation into values. @start_ticks: when it started. */
void mh_series_record_trace(const struct mh_series *series, struct mh_recorder *recorder, const struct mh_trace *trace,
			    uint64_t start_ticks);

#endif
