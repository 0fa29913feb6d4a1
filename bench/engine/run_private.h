/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run while it goes, for run.c, phase.c and what they are split into. Owned by the controlling thread.
 */
#ifndef BENCH_ENGINE_RUN_PRIVATE_H
#define BENCH_ENGINE_RUN_PRIVATE_H

#include "base/clock.h"
#include "base/io.h"
#include "bench/engine/batches.h"
#include "bench/engine/run.h"
#include "bench/engine/series.h"
#include "bench/engine/stand_in.h"
#include "bench/engine/worker.h"
#include "core/kapi_count.h"
#include "core/module.h"
#include "core/topology/topology.h"
#include "results/hlog.h"

/* A fault's counts, summed over the phases. */
struct mh_run_fault {
	uint64_t armed, evaluated, fired, judged, unmet, unjudged, late_unjudged, digest;
	struct mh_fault_detected detected[MH_DETECTS_MAX]; /* those without a name: none */
	struct mh_result_fault sites;                      /* only its list, of a census */
};

struct mh_run {
	const struct mh_run_request *request;
	const struct mh_scenario *scenario;
	struct mh_result *result;
	struct mh_clock clock;
	uint64_t seed;
	uint64_t start_ticks;                /* the run's own time 0 */
	uint64_t limit_ticks;                /* of max_duration; UINT64_MAX: none */
	struct mh_topology *topology, *host; /* host: for placement; the same object when the machine is the host */
	unsigned *cpus_allowed;
	size_t cpu_count;
	struct mh_machine *machine;
	struct mh_costing *costing; /* NULL: the scenario has no costs */
	struct mh_stand_ins *stand_ins;
	struct mh_module **modules;
	size_t module_count; /* loaded */
	struct mh_series series;
	struct mh_collection collection;
	struct mh_batches batches;
	struct mh_scars scars; /* without blocks where the scenario has no fault */
	const char *drifted;   /* the phase since which the machine's state is no function of the scenario; or NULL */
	uint64_t first_allocations;  /* that modules held before the first phase */
	const char *first_drift;     /* the first one that ever was; or NULL */
	struct mh_run_fault *faults; /* by index in the scenario */
	struct mh_hlog hlog;
	struct mh_stream history, firings;
	struct mh_history_file history_file; /* of history, with verify.history: file */
	struct mh_probes probes_before;      /* of a run of a pair */
	enum mh_run_end end;
	struct mh_error *reterr;
};

static inline uint64_t mh_run_ns(const struct mh_run *run, uint64_t ticks)
{
	return mh_clock_ns(&run->clock, ticks - run->start_ticks);
}

/* One phase, whole. 0; -errno when it could not begin, with a sentence. run->end says when it ended early. */
int mh_phase_execute(struct mh_run *run, unsigned phase);

/* What had been counted when a phase began. */
struct mh_phase_start {
	struct mh_machine_counts machine;
	struct mh_kapi_counts kapi;
	uint64_t allocations; /* that modules held */
};

/* A phase while it goes. */
struct mh_phase {
	struct mh_run *run;
	const struct mh_scenario_phase *scenario;
	struct mh_phase_shared shared;
	struct mh_workload *workloads; /* by index in the scenario; those of the phase have a machine */
	bool *begun;                   /* by the same index */
	int *cpus;                     /* of each worker: bound to, or -1 */
	struct mh_worker_run *workers;
	unsigned worker_count, worker_opened;
	struct mh_fault_set *fault_set;
	const struct mh_fault **armed; /* of the phase */
	size_t *armed_index;           /* of each, in the scenario */
	unsigned armed_count;
	uint32_t *firings_taken;  /* by worker, once threads hang: how many of its firings are whole */
	uint64_t end_ticks;       /* of `for` or `max`; UINT64_MAX: none */
	uint64_t interval_begin;  /* ticks */
	uint64_t finished_ticks;  /* when the last worker had ended */
	uint64_t converged_ticks; /* 0: not */
	struct mh_phase_start start;
	bool cut; /* `max` came first */
};

/* run_report.c: after the last phase. */
void mh_run_report(struct mh_run *run);
void mh_run_add_violation(struct mh_run *run, const char *invariant, uint64_t sequence, const char *detail);
/* control.c: runs the phase until it ends; workers are open and started. */
void mh_phase_control(struct mh_phase *phase);
/* slo_watch.c: ends the run when a threshold with `after` is breached by what was recorded so far. */
void mh_phase_watch_slos(struct mh_phase *phase, uint64_t now);
/* collect.c: intervals, and the phase's part of the result. */
void mh_phase_collect(struct mh_phase *phase);
void mh_phase_write_interval(struct mh_phase *phase, uint64_t now);
void mh_phase_report(struct mh_phase *phase);
/* report_counts.c: how often things happened, into the result; from when the phase's workers were made on. */
void mh_phase_counts_begin(struct mh_phase *phase);
void mh_phase_report_counts(struct mh_phase *phase);
/* Of the listener with that id on the event's chain, by the phase's workers. */
uint64_t mh_phase_calls(const struct mh_phase *phase, uint32_t listener, int event);
/* report_module_counts.c: what modules called, in a phase whose counts are @inexact (NULL: exact), and in @path's init
 * or exit, since @before. */
void mh_phase_module_counts_begin(struct mh_phase *phase);
void mh_phase_report_module_counts(struct mh_phase *phase, const char *inexact);
void mh_run_report_module(struct mh_run *run, const char *path, enum mh_kapi_caller caller,
			  const struct mh_kapi_counts *before);
/* report_exemplars.c: the worst operations, into the result. */
void mh_phase_report_exemplars(struct mh_phase *phase);
/* hang.c: after the watchdog's end; the phase's workers are copies from then on, the threads keep the old ones. */
int mh_phase_salvage(struct mh_phase *phase);
/* faulting.c: the faults of a phase. */
int mh_phase_arm(struct mh_phase *phase, struct mh_error *reterr);
void mh_phase_disarm(struct mh_phase *phase);
void mh_phase_free_faults(struct mh_phase *phase); /* last: reports name them */
/* Without disarming: threads hang. After mh_phase_salvage(). */
void mh_phase_count_faults(struct mh_phase *phase);

#endif
