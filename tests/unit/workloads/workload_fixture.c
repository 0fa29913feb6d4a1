/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine and the workers that the tests of workloads run on.
 */
#include "tests/unit/workloads/workload_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/topology/topology.h"

#define TRACE_SIZE 256

void fixture_init(struct fixture *fixture, unsigned nodes, uint64_t online_ppb, uint64_t movable_ppb)
{
	struct mh_error error = {0};
	char spec[64];
	struct mh_machine_config config = {
		.block_size_bytes = UINT64_C(128) << 20,
		.initial_online_ppb = online_ppb,
		.movable_ppb = movable_ppb,
		.clock = &fixture->clock,
	};

	memset(fixture, 0, sizeof(*fixture));
	mh_clock_init(&fixture->clock, MH_CLOCK_MONOTONIC);
	(void)snprintf(spec, sizeof(spec), "pack:%u [numa(memory=1GiB)] core:1 pu:1", nodes);
	cr_assert_eq(mh_topology_load(spec, 0, &fixture->topology, &error), 0, "%s", error.text);
	config.topology = fixture->topology;
	cr_assert_eq(mh_machine_new(&config, &fixture->machine, &error), 0, "%s", error.text);
}

void fixture_release(struct fixture *fixture)
{
	mh_machine_free(fixture->machine);
	mh_topology_free(fixture->topology);
}

static void begin_worker(struct fixture *fixture, unsigned index)
{
	struct fixture_worker *own = &fixture->workers[index];
	const struct mh_workload_kind *kind = fixture->workload.kind;

	cr_assert_eq(mh_trace_init(&own->trace, TRACE_SIZE, MH_STAMPS_NONE, &fixture->clock), 0);
	own->operation = (struct mh_operation){
		.trace = &own->trace,
		.identity = {.stream = mh_rng_key(1, "stream", index), .worker = (uint16_t)index},
	};
	own->worker = (struct mh_worker){
		.workload = &fixture->workload,
		.index = index,
		.operation = &own->operation,
	};
	mh_rng_init(&own->worker.rng, 1, "worker", index);
	if (kind->uses_pages) {
		cr_assert_eq(mh_cpu_new(fixture->machine, &own->worker.cpu), 0);
		mh_cpu_enter(own->worker.cpu);
	}
	if (kind->thread_begin)
		cr_assert_eq(kind->thread_begin(&own->worker), 0);
}

void fixture_begin(struct fixture *fixture, const char *kind, const void *parameters, unsigned workers)
{
	struct mh_error error = {0};

	cr_assert_leq(workers, FIXTURE_WORKERS_MAX);
	fixture->workload = (struct mh_workload){
		.kind = mh_workload_kind_find(kind),
		.name = "w",
		.parameters = parameters,
		.machine = fixture->machine,
		.clock = &fixture->clock,
		.workers = workers,
	};
	cr_assert_not_null(fixture->workload.kind);
	if (fixture->workload.kind->begin)
		cr_assert_eq(fixture->workload.kind->begin(&fixture->workload, &error), 0, "%s", error.text);
	for (unsigned i = 0; i < workers; i++)
		begin_worker(fixture, i);
}

int fixture_step(struct fixture *fixture, unsigned worker, uint64_t now_ticks)
{
	struct fixture_worker *own = &fixture->workers[worker];
	int ret;

	mh_trace_reset(&own->trace);
	own->worker.now_ticks = now_ticks;
	ret = fixture->workload.kind->step(&own->worker);
	own->operation.identity.index++;
	return ret;
}

void fixture_end(struct fixture *fixture)
{
	const struct mh_workload_kind *kind = fixture->workload.kind;

	for (unsigned i = 0; i < fixture->workload.workers; i++) {
		struct fixture_worker *own = &fixture->workers[i];

		if (kind->thread_end)
			kind->thread_end(&own->worker);
		if (own->worker.cpu) {
			mh_cpu_leave(own->worker.cpu);
			mh_cpu_free(fixture->machine, own->worker.cpu);
		}
		mh_trace_release(&own->trace);
	}
	if (kind->end)
		kind->end(&fixture->workload);
}
