/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which series a run has, and how the trace of an operation becomes values of them.
 *
 * `service`, `wait`, `response` belong to the hotplug workloads (if there are none: to the first workload); those of
 * any other are "WORKLOAD.service" and so on, recorded when `service` is asked for. A listener's series is "cb." and
 * its name, with its calls on both chains; beyond MH_LISTENER_SERIES_MAX listeners the rest is "cb.other". Only events
 * that the machine's kernel sends have a series.
 *
 * With faults in the scenario each series is split by the class of the operation (bench/engine/class.h). Its parts have
 * the ids behind all wholes, in the same order, so that a class is one number to be added to an id: mh_series_base().
 */
#ifndef BENCH_ENGINE_SERIES_H
#define BENCH_ENGINE_SERIES_H

#include "bench/engine/class.h"
#include "bench/engine/peak.h"
#include "bench/engine/scenario.h"
#include "core/notifier.h"
#include "results/recorder.h"

#define MH_LISTENER_SERIES_MAX 64

#define MH_SERIES_NONE (-1) /* not recorded */

struct mh_workload_series {
	int service, wait, response;
};

/* By listener id, @count of them; ids above are listener_other. */
struct mh_chain_series {
	int *items;
	uint32_t count;
};

struct mh_series {
	struct mh_series_table table;
	int online, offline, lock, grace, drain, migrate;
	int walk, walk_event[MH_EVENT_COUNT];
	struct mh_chain_series listeners[2]; /* of the memory chain, and of the chain of nodes */
	int listener_other;
	struct mh_workload_series *workloads; /* by index in the scenario */
	int whole_count; /* ids below it are wholes; their parts follow, class by class, where there are any */
	bool split;
	bool stamped; /* any series but those of struct mh_workload_series, online and offline */
};

/* @machine: with all listeners of the scenario and its modules registered. 0, or -errno with a sentence. */
int mh_series_init(struct mh_series *series, const struct mh_scenario *scenario, struct mh_machine *machine,
		   struct mh_error *reterr);
void mh_series_release(struct mh_series *series);

/* Index of the workload whose service, wait and response are the headline series; several hotplug ones share them. */
bool mh_workload_is_headline(const struct mh_scenario *scenario, size_t workload);

/* What is added to the id of a whole for its part of operations of @class. Only of series that are split. */
static inline int mh_series_base(const struct mh_series *series, enum mh_class class)
{
	return series->whole_count * (1 + (int)class);
}

/* Where the values of one operation go. */
struct mh_series_sink {
	struct mh_recorder *recorder;
	struct mh_peaks *peaks; /* learns of the longest values */
	int base;               /* mh_series_base() of the operation's class; 0 where nothing is split */
};

static inline void mh_series_record(const struct mh_series_sink *sink, int id, uint64_t value_ns)
{
	if (id < 0)
		return;
	if (__builtin_expect(mh_recorder_record(sink->recorder, (unsigned)(id + sink->base), value_ns), 0))
		mh_peaks_note(sink->peaks, (unsigned)id, value_ns);
}

/* Turns the stamps of one operation into values. @start_ticks: when it started. */
void mh_series_record_trace(const struct mh_series *series, const struct mh_series_sink *sink,
			    const struct mh_trace *trace, uint64_t start_ticks);

#endif
