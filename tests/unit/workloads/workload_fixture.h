/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine of @nodes nodes of eight blocks each, and workers that are stepped by the test as the engine would.
 */
#ifndef TESTS_UNIT_WORKLOADS_WORKLOAD_FIXTURE_H
#define TESTS_UNIT_WORKLOADS_WORKLOAD_FIXTURE_H

#include "core/machine.h"
#include "workloads/workload.h"

#define FIXTURE_NODE_BLOCKS 8
#define FIXTURE_WORKERS_MAX 8

struct fixture_worker {
	struct mh_worker worker;
	struct mh_operation operation;
	struct mh_trace trace;
};

struct fixture {
	struct mh_clock clock;
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct mh_workload workload;
	struct fixture_worker workers[FIXTURE_WORKERS_MAX];
};

/* @online_ppb, @movable_ppb: as in struct mh_machine_config. */
void fixture_init(struct fixture *fixture, unsigned nodes, uint64_t online_ppb, uint64_t movable_ppb);
void fixture_release(struct fixture *fixture);

/* begin and each worker's thread_begin, at time 0; asserts success. */
void fixture_begin(struct fixture *fixture, const char *kind, const void *parameters, unsigned workers);
/* One step of @worker at @now_ticks; counts identity.index up. */
int fixture_step(struct fixture *fixture, unsigned worker, uint64_t now_ticks);
/* Each worker's thread_end, and end. */
void fixture_end(struct fixture *fixture);

#endif
