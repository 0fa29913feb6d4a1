/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small machine under threads: one that takes and gives pages, one that brings blocks online and offline. Header
 * only, for the race programs that need a machine.
 */
#ifndef TESTS_RACE_RACE_MACHINE_H
#define TESTS_RACE_RACE_MACHINE_H

#include <errno.h>
#include <string.h>

#include "base/thread.h"
#include "core/machine.h"
#include "core/topology/topology.h"
#include "race.h"

/* Two nodes of eight blocks of 16 MiB: small enough that every block is met often. */
#define RACE_TOPOLOGY    "pack:2 [numa(memory=128MiB)] core:1 pu:1"
#define RACE_BLOCKS      16
#define RACE_HANDLES     512 /* a thread holds at most; by pageblock, where a block has 8 units, RACE_HANDLES_FEW */
#define RACE_HANDLES_FEW 24
#define RACE_DEADLINE_NS 20000000u /* of an offline that finds no room for its pages */
#define RACE_PAGERS      2
#define RACE_HOTPLUGGERS 2

struct race_machine {
	struct mh_clock clock;
	struct mh_topology *topology;
	struct mh_machine *machine;
	atomic_bool stop_hotplug, stop_pages;
	atomic_uint wrong;
	atomic_uint next_pager, next_hotplugger;
	atomic_ulong operations, failed, pages;
	atomic_ulong walks, holes; /* of who looks at pages from outside */
	unsigned handle_count;
	mh_handle handles[RACE_PAGERS][RACE_HANDLES]; /* outlive every offline */
};

static inline void race_machine_new(struct race_machine *race, const struct mh_machine_config *config)
{
	struct mh_machine_config whole = *config;
	struct mh_error error;

	memset(race, 0, sizeof(*race));
	race->handle_count = config->page_unit == MH_PAGE_UNIT_PAGEBLOCK ? RACE_HANDLES_FEW : RACE_HANDLES;
	mh_clock_init(&race->clock, MH_CLOCK_TSC);
	if (mh_topology_load(RACE_TOPOLOGY, 0, &race->topology, &error) < 0) {
		fprintf(stderr, "race: %s\n", error.text);
		abort();
	}
	whole.topology = race->topology;
	whole.clock = &race->clock;
	whole.block_size_bytes = UINT64_C(16) << 20;
	whole.initial_online_ppb = 1000000000;
	whole.movable_ppb = 500000000;
	if (mh_machine_new(&whole, &race->machine, &error) < 0) {
		fprintf(stderr, "race: %s\n", error.text);
		abort();
	}
}

static inline void race_machine_free(struct race_machine *race)
{
	mh_machine_free(race->machine);
	mh_topology_free(race->topology);
}

/* One page: taken into an empty handle, given back from a full one. */
static inline void race_page_step(struct race_machine *race, struct mh_cpu *cpu, mh_handle *handle, uint64_t random)
{
	struct mh_page_request request = {
		.node = random & 1,
		.order = random & 0x1c0 ? 0 : random >> 9 & 3,
		.kind = (random & 0x3e) != 0 ? MH_PAGE_MOVABLE : MH_PAGE_KERNEL,
	};
	int ret;

	if (atomic_load(handle)) {
		mh_page_free(race->machine, cpu, handle);
		return;
	}
	ret = mh_page_alloc(race->machine, cpu, &request, handle);
	if (ret < 0 && ret != -ENOMEM)
		atomic_fetch_add(&race->wrong, 1);
}

static inline void race_pager_run(void *data)
{
	struct race_machine *race = data;
	unsigned worker = atomic_fetch_add(&race->next_pager, 1);
	mh_handle *handles = race->handles[worker];
	uint64_t random = worker + 1;
	struct mh_cpu *cpu;

	if (mh_cpu_new(race->machine, &cpu) < 0)
		abort();
	mh_cpu_enter(cpu);
	while (!atomic_load_explicit(&race->stop_pages, memory_order_relaxed)) {
		uint64_t draw = race_random(&random);

		race_page_step(race, cpu, &handles[draw % race->handle_count], draw / RACE_HANDLES);
		if (draw % 1024 == 0) {
			mh_cpu_leave(cpu); /* as a thread that waits for its next operation */
			mh_yield();
			mh_cpu_enter(cpu);
		}
		atomic_fetch_add_explicit(&race->pages, 1, memory_order_relaxed);
	}
	for (int i = 0; i < RACE_HANDLES; i++)
		if (atomic_load(&handles[i]))
			mh_page_free(race->machine, cpu, &handles[i]);
	mh_cpu_leave(cpu);
	mh_cpu_free(race->machine, cpu);
}

static inline bool race_result_is_right(int ret)
{
	return ret == 0 || ret == -EINVAL || ret == -EBUSY || ret == -EINTR || ret == -EPERM;
}

static inline int race_hotplug_step(struct race_machine *race, struct mh_operation *operation, uint64_t random)
{
	uint32_t block = random % RACE_BLOCKS;

	mh_trace_reset(operation->trace);
	operation->identity.index++;
	operation->deadline_ticks = mh_clock_ticks(&race->clock) + mh_clock_ticks_of_ns(&race->clock, RACE_DEADLINE_NS);
	/* As a workload chooses: a look without the lock, which may be wrong by now. */
	if (mh_machine_block_zone(race->machine, block) == MH_ZONE_NONE)
		return mh_block_online(race->machine, operation, block, (enum mh_online_type)(random / 64 % 3));
	return mh_block_offline(race->machine, operation, block);
}

static inline void race_hotplugger_run(void *data)
{
	struct race_machine *race = data;
	struct mh_chain *chain = mh_machine_chain(race->machine);
	struct mh_operation operation = {.trace = NULL};
	uint64_t random = 77 + atomic_fetch_add(&race->next_hotplugger, 1);
	struct mh_trace trace;
	struct mh_cpu *cpu;

	if (mh_trace_init(&trace, 256, MH_STAMPS_EVENT, &race->clock) < 0 || mh_cpu_new(race->machine, &cpu) < 0)
		abort();
	operation.trace = &trace;
	operation.cpu = cpu;
	mh_rcu_thread_enter(&chain->rcu);
	mh_cpu_enter(cpu);
	while (!atomic_load_explicit(&race->stop_hotplug, memory_order_relaxed)) {
		int ret = race_hotplug_step(race, &operation, race_random(&random));

		mh_rcu_quiescent(&chain->rcu);
		if (!race_result_is_right(ret))
			atomic_fetch_add(&race->wrong, 1);
		atomic_fetch_add_explicit(ret ? &race->failed : &race->operations, 1, memory_order_relaxed);
	}
	mh_cpu_leave(cpu);
	mh_rcu_thread_leave(&chain->rcu);
	mh_cpu_free(race->machine, cpu);
	mh_trace_release(&trace);
}

/* Whole-machine checks with no thread left, and what was found before. */
static inline unsigned race_violations(struct race_machine *race)
{
	const struct mh_check *check = mh_machine_check(race->machine);

	(void)mh_check_machine(race->machine);
	for (unsigned i = 0; i < check->kept; i++)
		printf("# %s: %s\n", check->violations[i].invariant, check->violations[i].detail);
	return (unsigned)atomic_load(&check->violation_count);
}

#endif
