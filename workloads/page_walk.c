/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page-walk: walks over the pages of the machine, block by block, and meets holes: blocks that are offline, or go
 * offline under the walk.
 *
 * An operation looks at each page of one block. It holds no hotplug lock, only the zone's for a few hundred pages at a
 * time, as compaction does: so it takes part in what allocations and offlines wait for. A hole is no failure. Threads
 * begin at different blocks; all walk over the whole machine.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"
#include "core/page_walk.h"

enum walk_order { ORDER_SEQUENTIAL, ORDER_RANDOM };

struct walk_parameters {
	int order; /* enum walk_order */
};

static const struct mh_schema_row walk_rows[] = {
	{.key = "order",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct walk_parameters, order),
	 .default_text = "sequential",
	 .values = "sequential|random",
	 .help = "which block is next"},
};

static const struct mh_schema walk_schema = {
	.name = "workload page-walk",
	.rows = walk_rows,
	.count = sizeof(walk_rows) / sizeof(walk_rows[0]),
	.size = sizeof(struct walk_parameters),
};

/* A worker's state. */
struct walk_worker {
	uint32_t block_count;
	uint32_t next; /* sequential */
};

static int walk_thread_begin(struct mh_worker *worker)
{
	struct walk_worker *state = mh_line_calloc(1, sizeof(*state));

	if (!state)
		return -ENOMEM;
	state->block_count = mh_machine_block_count(worker->workload->machine);
	state->next = (uint32_t)((uint64_t)state->block_count * worker->index / worker->workload->workers);
	worker->state = state;
	return 0;
}

static void walk_thread_end(struct mh_worker *worker)
{
	free(worker->state);
	worker->state = NULL;
}

static uint32_t choose(struct walk_worker *state, const struct walk_parameters *parameters,
		       const struct mh_identity *identity)
{
	uint32_t block = state->next;

	if (parameters->order == ORDER_RANDOM)
		return (uint32_t)(((mh_rng_mix(identity->stream, identity->index) >> 32) * state->block_count) >> 32);
	state->next = block + 1 == state->block_count ? 0 : block + 1;
	return block;
}

static int walk_step(struct mh_worker *worker)
{
	struct mh_page_walk walk;

	mh_page_walk(worker->workload->machine,
		     choose(worker->state, worker->workload->parameters, &worker->operation->identity), &walk);
	return 0;
}

const struct mh_workload_kind mh_workload_page_walk = {
	.name = "page-walk",
	.help = "looks at the pages of one block after the other, holes and all; an operation is one block",
	.parameters = &walk_schema,
	.thread_begin = walk_thread_begin,
	.thread_end = walk_thread_end,
	.step = walk_step,
};
