/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPU each thread of a phase is bound to: what the workloads ask for, by what this host and this process have.
 */
#ifndef BENCH_ENGINE_PLACING_H
#define BENCH_ENGINE_PLACING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "bench/engine/scenario.h"
#include "core/topology/topology.h"

struct mh_placing {
	const struct mh_topology *host; /* NULL: not known */
	const unsigned *cpus;           /* that this process may use */
	size_t cpu_count;
};

/* Threads of @workloads of a phase, all together. */
unsigned mh_placing_threads(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase);

/**
 * mh_placing_cpus - place the threads of a phase
 * @ret_cpus: mh_placing_threads() entries, in the order of the scenario's workloads and of their threads: a CPU number,
 *	or -1 for one that is left to the scheduler
 * @ret_shared: two threads have the same CPU, as a cpuset smaller than its threads has it
 *
 * What was asked for must be given: cpuset, same-node and cross-node are served first and refused if they cannot be.
 * pack and spread get what is left; where that is not a CPU for each of their threads, all of them are left to the
 * scheduler, which is better than two threads bound to one CPU. No CPU is given to two workloads but by cpusets.
 *
 * Return: 0; -ENOSPC or -EINVAL with a sentence that names the workload and the remedy; -ENOMEM.
 */
int mh_placing_cpus(const struct mh_placing *placing, const struct mh_scenario *scenario,
		    const struct mh_scenario_phase *phase, int *ret_cpus, bool *ret_shared, struct mh_error *reterr);

#endif
