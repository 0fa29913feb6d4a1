/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc-burst: a thread allocates `burst` chunks in a row, one an operation, and the next operation begins by giving
 * all of them back at once.
 *
 * So lists of free pages run empty and over, and the zones' locks are taken in waves. Each burst asks the next node
 * with memory; a chunk that is refused stays out of its burst. With `arrival: burst` the bursts come in time, too.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"
#include "base/units.h"
#include "core/page.h"
#include "workloads/handle_rows.h"
#include "workloads/memory_nodes.h"

struct burst_parameters {
	uint64_t order;
	uint64_t burst;
	uint64_t movable_ppb;
};

static const struct mh_schema_row burst_rows[] = {
	{.key = "order",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct burst_parameters, order),
	 .default_text = "0",
	 .max = "10",
	 .help = "an allocation is 2^order pages (of machine.page_unit)"},
	{.key = "burst",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct burst_parameters, burst),
	 .default_text = "1024",
	 .min = "1",
	 .max = "1048576",
	 .unit = "allocations",
	 .help = "how many a thread makes before it frees them all"},
	{.key = "movable",
	 .type = MH_VALUE_SHARE,
	 .offset = offsetof(struct burst_parameters, movable_ppb),
	 .default_text = "100%",
	 .help = "share of allocations that an offline may migrate; the rest makes its blocks' isolation fail"},
};

static const struct mh_schema burst_schema = {
	.name = "workload alloc-burst",
	.rows = burst_rows,
	.count = sizeof(burst_rows) / sizeof(burst_rows[0]),
	.size = sizeof(struct burst_parameters),
};

/* Workload's state. */
struct bursts {
	struct mh_handle_rows rows;
	struct mh_memory_nodes nodes;
	uint64_t movable_threshold;
};

/* A worker's state. */
struct burst_worker {
	mh_handle *handles; /* the first @held are in use */
	uint32_t held;
	uint32_t left; /* allocations until the burst is over */
	unsigned turn; /* in the nodes with memory: of this burst */
};

static void burst_end(struct mh_workload *workload)
{
	struct bursts *state = workload->state;

	if (!state)
		return;
	mh_handle_rows_release(&state->rows);
	mh_memory_nodes_release(&state->nodes);
	free(state);
	workload->state = NULL;
}

/* A handle a chunk, and an owner word a page. */
static uint64_t burst_memory_bytes(const void *of, const struct mh_workload_shape *shape)
{
	const struct burst_parameters *parameters = of;
	uint64_t chunks = parameters->burst * shape->threads;
	uint64_t pages = chunks << parameters->order;

	return chunks * sizeof(mh_handle) + (pages < shape->node_pages ? pages : shape->node_pages) * sizeof(uint64_t);
}

static int burst_begin(struct mh_workload *workload, struct mh_error *reterr)
{
	const struct burst_parameters *parameters = workload->parameters;
	struct bursts *state = calloc(1, sizeof(*state));
	int ret;

	if (!state)
		return mh_error_set(reterr, -ENOMEM, "workload '%s': no memory", workload->name);
	workload->state = state;
	state->movable_threshold = mh_share_threshold(parameters->movable_ppb);
	ret = mh_memory_nodes_init(&state->nodes, workload, reterr);
	if (ret == 0) {
		ret = mh_handle_rows_init(&state->rows, workload->workers, parameters->burst);
		if (ret < 0)
			(void)mh_error_set(reterr, ret, "workload '%s': bursts of %llu in %u threads are too many",
					   workload->name, (unsigned long long)parameters->burst, workload->workers);
	}
	if (ret < 0)
		burst_end(workload);
	return ret;
}

static int burst_thread_begin(struct mh_worker *worker)
{
	const struct burst_parameters *parameters = worker->workload->parameters;
	const struct bursts *shared = worker->workload->state;
	struct burst_worker *state = mh_line_calloc(1, sizeof(*state));

	if (!state)
		return -ENOMEM;
	*state = (struct burst_worker){
		.handles = mh_handle_row(&shared->rows, worker->index),
		.left = (uint32_t)parameters->burst,
		.turn = worker->index % shared->nodes.count,
	};
	worker->state = state;
	return 0;
}

static void give_back(struct mh_worker *worker, struct burst_worker *state)
{
	while (state->held)
		mh_page_free(worker->workload->machine, worker->cpu, &state->handles[--state->held]);
}

static void burst_thread_end(struct mh_worker *worker)
{
	if (!worker->state)
		return;
	give_back(worker, worker->state);
	free(worker->state);
	worker->state = NULL;
}

static void begin_burst(struct mh_worker *worker, struct burst_worker *state)
{
	const struct burst_parameters *parameters = worker->workload->parameters;
	const struct bursts *shared = worker->workload->state;

	give_back(worker, state);
	state->left = (uint32_t)parameters->burst;
	state->turn = state->turn + 1 == shared->nodes.count ? 0 : state->turn + 1;
}

static int burst_step(struct mh_worker *worker)
{
	const struct burst_parameters *parameters = worker->workload->parameters;
	const struct bursts *shared = worker->workload->state;
	const struct mh_identity *identity = &worker->operation->identity;
	struct burst_worker *state = worker->state;
	bool is_movable = parameters->movable_ppb == MH_PPB_ONE ||
			  mh_rng_mix(identity->stream, identity->index) < shared->movable_threshold;
	int ret;

	if (!state->left)
		begin_burst(worker, state);
	state->left--;
	ret = mh_page_alloc(worker->workload->machine, worker->cpu,
			    &(struct mh_page_request){
				    .node = shared->nodes.nodes[state->turn],
				    .order = (unsigned)parameters->order,
				    .kind = is_movable ? MH_PAGE_MOVABLE : MH_PAGE_KERNEL,
			    },
			    &state->handles[state->held]);
	state->held += ret == 0;
	return ret;
}

const struct mh_workload_kind mh_workload_alloc_burst = {
	.name = "alloc-burst",
	.help = "allocates chunks in a row and frees them all at once; an operation is an allocation and its free",
	.parameters = &burst_schema,
	.uses_pages = true,
	.memory_bytes = burst_memory_bytes,
	.begin = burst_begin,
	.end = burst_end,
	.thread_begin = burst_thread_begin,
	.thread_end = burst_thread_end,
	.step = burst_step,
};
