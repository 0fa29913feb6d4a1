/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine whose blocks go offline and online again, and a thread that does it: node lock, verify fast, blocks of 128
 * MiB, all of them online in Normal, so that no cycle changes a node mask unless a node has one block only.
 */
#ifndef BENCH_MICRO_CYCLE_MACHINE_H
#define BENCH_MICRO_CYCLE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/error.h"
#include "bench/micro/cycle_code.h"
#include "core/topology/topology.h"

#define MH_CYCLE_LISTENERS  3
#define MH_CYCLE_BLOCK_SIZE (UINT64_C(128) << 20)

struct mh_cycle_machine_config {
	uint32_t node_blocks; /* of each node; a power of two */
	unsigned nodes;       /* 0: one */
	bool movable;         /* all blocks in Movable */
	unsigned listeners;   /* 0: three */
	bool by_page;         /* each page is accounted for itself, however large the machine is */
	struct mh_chain_config chain;
	const struct mh_clock *clock;
};

struct mh_cycle_machine {
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct notifier_block *listeners;
	unsigned listener_count; /* registered */
};

/* 0 or -errno with a sentence. */
int mh_cycle_machine_init(struct mh_cycle_machine *cycled, const struct mh_cycle_machine_config *config,
			  struct mh_error *reterr);
/* Safe on a zeroed struct. */
void mh_cycle_machine_release(struct mh_cycle_machine *cycled);

/* One thread's. */
struct mh_cycle {
	struct mh_machine *machine;
	const struct mh_cycle_code *code;
	bool random;           /* order of the blocks; else one after the other */
	uint32_t first, count; /* its blocks */
	uint32_t next;         /* below count */
	struct mh_trace trace;
	struct mh_operation operation;
} __attribute__((aligned(128)));

/* The blocks of node @node; core's own code, in order, until the caller says otherwise. It stays where it is. 0 or
 * -ENOMEM. */
int mh_cycle_init(struct mh_cycle *cycle, struct mh_cycle_machine *cycled, unsigned node, enum mh_stamp_level level);
void mh_cycle_release(struct mh_cycle *cycle); /* safe on a zeroed struct */

/* A generator of full period over a power of two: every block once before any twice, and no table to read. */
static inline uint32_t mh_cycle_next(const struct mh_cycle *cycle)
{
	if (cycle->random)
		return (cycle->next * 0x5bd1e995u + 0x3c6ef35fu) & (cycle->count - 1);
	return cycle->next + 1 == cycle->count ? 0 : cycle->next + 1;
}

static inline int mh_cycle_offline(struct mh_cycle *cycle)
{
	mh_trace_reset(&cycle->trace);
	return cycle->code->offline(cycle->machine, &cycle->operation, cycle->first + cycle->next);
}

static inline int mh_cycle_online(struct mh_cycle *cycle)
{
	mh_trace_reset(&cycle->trace);
	return cycle->code->online(cycle->machine, &cycle->operation, cycle->first + cycle->next, MH_ONLINE_KERNEL);
}

/* One block offline and online again, then the next. Nothing of it may fail. */
static inline void mh_cycle_once(struct mh_cycle *cycle)
{
	uint32_t next = mh_cycle_next(cycle);

	if (cycle->random) /* as the workload does */
		mh_block_expect(cycle->machine, cycle->first + next);
	MH_ASSERT(mh_cycle_offline(cycle) == 0);
	MH_ASSERT(mh_cycle_online(cycle) == 0);
	cycle->next = next;
}

#endif
