/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One execution of one cell: machine, chain, listeners, modules, then its phases; into a result.
 */
#ifndef BENCH_ENGINE_RUN_H
#define BENCH_ENGINE_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "bench/engine/plan.h"
#include "results/result.h"

/* What a run tells while it goes, at most 10 times a second, from the controlling thread. */
struct mh_progress {
	const char *phase;
	unsigned phase_index, phase_count;
	double share_done;             /* 0 … 1; negative: not known */
	double seconds_left;           /* negative: not known */
	double rate, rate_wanted;      /* operations a second of the headline workloads; wanted 0: closed */
	uint64_t operations;           /* of all workloads, this phase */
	double p50_ns, p99_ns, max_ns; /* of response so far; 0 while there is nothing */
	uint64_t fired, violations;
	bool recorded;
};

struct mh_run_request {
	const struct mh_plan *plan;
	const struct mh_plan_cell *cell;
	uint64_t run;                        /* from 0 */
	const char *folder;                  /* of this run; files are written as they come. NULL: none */
	const char *repro;                   /* the command line that repeats it */
	const volatile sig_atomic_t *signal; /* set by a handler: the run ends early, with what there is */
	const struct mh_result_pair *pair; /* stored, and the host is probed before and after. NULL: a run by itself */
	bool census;                       /* count where each fault is asked: faults[].sites */
	void (*progress)(void *data, const struct mh_progress *progress); /* NULL: none */
	/* The watchdog's end is told here: returns the file descriptor for it. NULL: it is told nowhere. */
	int (*open_dump)(void *data);
	void *data;
};

/* How a run ended, beside its result. */
enum mh_run_end {
	MH_RUN_ENDED, /* all phases are done */
	MH_RUN_ENDED_BY_SIGNAL,
	MH_RUN_ENDED_BY_LIMIT,      /* limits, a full disk */
	MH_RUN_ENDED_BY_WATCHDOG,   /* threads still hang: the process must end, and the plan stays until then */
	MH_RUN_ENDED_BY_CRASH,      /* a thread crashed outside of any listener, and stands there: as before */
	MH_RUN_REFUSED_INPUT,       /* the scenario's files cannot be used: exit 2 */
	MH_RUN_REFUSED_ENVIRONMENT, /* this host cannot run it: exit 6 */
};

/* Threads are left behind: the process must end, nothing of the run can be unmade. */
static inline bool mh_run_end_leaves_threads(enum mh_run_end end)
{
	return end == MH_RUN_ENDED_BY_WATCHDOG || end == MH_RUN_ENDED_BY_CRASH;
}

/* What is known of a run before it begins: who it is, of which scenario, by which program, on which host. */
void mh_run_describe(const struct mh_run_request *request, struct mh_result *result);

/**
 * mh_run_execute - run it
 * @result: initialised; filled as far as the run came
 * @module_log: what modules printed is appended
 *
 * From the main thread, which is registered for RCU. Return: how it ended; @reterr says why where it was refused.
 */
enum mh_run_end mh_run_execute(const struct mh_run_request *request, struct mh_result *result,
			       struct mh_text *module_log, struct mh_error *reterr);

#endif
