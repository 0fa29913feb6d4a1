/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a set of threads does. A kind is one row of functions and parameters; the engine runs it and measures it.
 *
 * Legal order, for each phase: begin, then in each worker's own thread thread_begin, step …, thread_end, and after all
 * threads are joined end. begin and end run in one thread, with no thread on the machine. A step does ONE operation and
 * measures nothing: no lock, allocation, division or shared counter of its own.
 *
 * The engine has entered worker->cpu (mh_cpu_enter) around thread_begin, step and thread_end of a kind that uses pages.
 */
#ifndef WORKLOADS_WORKLOAD_H
#define WORKLOADS_WORKLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/rng.h"
#include "base/schema.h"
#include "core/machine.h"

struct mh_workload_kind;

/* One entry of the scenario's list during one phase. The engine fills all but @state. */
struct mh_workload {
	const struct mh_workload_kind *kind;
	const char *name;
	const void *parameters; /* the struct that kind->parameters describes, bound and with defaults; NULL if it has
				   none */
	struct mh_machine *machine;
	const struct mh_clock *clock;
	unsigned workers; /* threads, from 1 */
	void *state;      /* the kind's own, from begin to end */
};

/* One thread of a workload during one phase. The engine fills all but @state. */
struct mh_worker {
	struct mh_workload *workload;
	unsigned index;                 /* 0 … workload->workers - 1 */
	struct mh_operation *operation; /* identity.stream is constant, identity.index set before each step */
	struct mh_cpu *cpu;             /* entered; NULL unless kind->uses_pages */
	struct mh_rng rng;  /* keyed by (seed, cell, phase, workload, worker); for thread_begin, not for steps */
	uint64_t now_ticks; /* when this step began: so that lifetimes need no clock read */
	void *state;        /* the kind's own, from thread_begin to thread_end */
};

/* What an estimate knows of a run. */
struct mh_workload_shape {
	uint64_t threads;
	uint64_t node_pages; /* of the largest node */
};

struct mh_workload_kind {
	const char *name;
	const char *help; /* one line, no full stop */
	const struct mh_schema *parameters;
	bool hotplug;     /* drives blocks: its service, wait and response are the headline series */
	bool uses_pages;  /* needs a struct mh_cpu a worker */
	bool unregisters; /* its steps wait for grace periods in mh_machine_unregister */

	/* What it needs beyond a few hundred KiB a node, before there is a machine; NULL: nothing. */
	uint64_t (*memory_bytes)(const void *parameters, const struct mh_workload_shape *shape);
	/* 0, or -EINVAL and -ENOMEM with a sentence; NULL: nothing to do. */
	int (*begin)(struct mh_workload *workload, struct mh_error *reterr);
	/* Frees what begin made; also after a thread_begin that failed. NULL: nothing to do. */
	void (*end)(struct mh_workload *workload);
	/* 0 or -errno, with nothing left to undo; NULL: nothing to do. */
	int (*thread_begin)(struct mh_worker *worker);
	/* Gives back pages and listeners. May be NULL. */
	void (*thread_end)(struct mh_worker *worker);
	/*
	 * One operation. Return: 0, or its -errno. For a hotplug kind worker->operation tells the rest: outcome, and
	 * fault_count that says whether a failure was a fault's; for the others every -errno is the simulated kernel's
	 * own answer (-ENOMEM: an allocation was refused).
	 */
	int (*step)(struct mh_worker *worker);
};

/* NULL when no kind has that name. */
const struct mh_workload_kind *mh_workload_kind_find(const char *name);
unsigned mh_workload_kind_count(void);
/* @index below the count; in the order of workload_list.h. */
const struct mh_workload_kind *mh_workload_kind_at(unsigned index);

#endif
