/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc-fill: keeps a node filled to a share of its online memory, so that offlines meet pages that must be moved.
 *
 * Nouns. The level is how many chunks a thread shall hold: its part of `share` of the node's online blocks. A thread
 * fills up to it before the phase begins; then each step frees the oldest chunk and allocates another, on that node
 * only: what an offline has moved to other nodes comes home in turn.
 *
 * It gives way: blocks that are going offline do not count, so that the level sinks as soon as one is taken, and up to
 * FREES_MAX chunks a step go back until it is reached. What is left online then has room for what must be moved, if
 * nobody else fills it: share x (blocks - 1) of it is held at most. Pages are movable, all of them.
 *
 * The level follows the blocks by looking at LOOKS of them a step, in turn.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"
#include "base/units.h"
#include "core/page.h"
#include "core/units.h"
#include "workloads/handle_rows.h"

#define FREES_MAX 64 /* chunks freed in one step */
#define LOOKS     4  /* blocks looked at in one step */

struct fill_parameters {
	uint64_t node;
	uint64_t share_ppb;
	uint64_t order;
};

static const struct mh_schema_row fill_rows[] = {
	{.key = "node",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct fill_parameters, node),
	 .default_text = "0",
	 .max = "1023",
	 .help = "the node that is filled, by its number"},
	{.key = "share",
	 .type = MH_VALUE_SHARE,
	 .offset = offsetof(struct fill_parameters, share_ppb),
	 .default_text = "80%",
	 .min = "1ppm",
	 .max = "99%",
	 .help = "of the node's online memory that is kept allocated, all threads together"},
	{.key = "order",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct fill_parameters, order),
	 .default_text = "0",
	 .max = "10",
	 .help = "an allocation is 2^order pages (of machine.page_unit)"},
};

static const struct mh_schema fill_schema = {
	.name = "workload alloc-fill",
	.rows = fill_rows,
	.count = sizeof(fill_rows) / sizeof(fill_rows[0]),
	.size = sizeof(struct fill_parameters),
};

/* Workload's state. */
struct fill {
	struct mh_handle_rows rows;
	unsigned node;         /* index */
	uint32_t first, count; /* its blocks */
	uint64_t size;         /* handles of a thread */
};

/* A worker's state. */
struct fill_worker {
	mh_handle *handles; /* a ring: the oldest at @tail, @held of them */
	uint64_t tail, held;
	uint64_t level; /* chunks */
	uint32_t look;  /* block looked at next, from 0 */
	uint32_t seen;  /* online so far, of this round */
	uint32_t known; /* online in the round before: what level is of */
};

/* A worker's chunks when @blocks blocks are online. */
static uint64_t level_of(const struct mh_workload *workload, uint32_t blocks)
{
	const struct fill_parameters *parameters = workload->parameters;
	uint64_t units = mh_machine_units_per_block(workload->machine) * blocks;

	return (uint64_t)((unsigned __int128)units * parameters->share_ppb / MH_PPB_ONE >> parameters->order) /
	       workload->workers;
}

static int find_node(struct mh_workload *workload, struct fill *fill, struct mh_error *reterr)
{
	const struct fill_parameters *parameters = workload->parameters;

	for (unsigned i = 0; i < mh_machine_node_count(workload->machine); i++) {
		if ((uint64_t)mh_machine_nid(workload->machine, i) != parameters->node)
			continue;
		fill->node = i;
		fill->count = mh_machine_node_blocks(workload->machine, i, &fill->first);
		if (fill->count)
			return 0;
	}
	return mh_error_set(reterr, -EINVAL,
			    "workload '%s': node: the machine has no node %llu with memory ('memhp-bench topology' "
			    "names those that it has)",
			    workload->name, (unsigned long long)parameters->node);
}

static int make_rows(struct mh_workload *workload, struct fill *fill, struct mh_error *reterr)
{
	int ret;

	fill->size = level_of(workload, fill->count);
	if (!fill->size)
		return mh_error_set(reterr, -EINVAL,
				    "workload '%s': share: it is less than one chunk for each of %u threads: raise it",
				    workload->name, workload->workers);
	ret = mh_handle_rows_init(&fill->rows, workload->workers, fill->size);
	if (ret < 0)
		return mh_error_set(reterr, ret,
				    "workload '%s': %llu chunks for each of %u threads are too many: raise order, or "
				    "lower share",
				    workload->name, (unsigned long long)fill->size, workload->workers);
	return 0;
}

static void fill_end(struct mh_workload *workload)
{
	struct fill *fill = workload->state;

	if (!fill)
		return;
	mh_handle_rows_release(&fill->rows);
	free(fill);
	workload->state = NULL;
}

/* A handle a chunk, and an owner word a page that was taken: by page, which is the most. */
static uint64_t fill_memory_bytes(const void *of, const struct mh_workload_shape *shape)
{
	const struct fill_parameters *parameters = of;
	uint64_t pages = (uint64_t)((unsigned __int128)shape->node_pages * parameters->share_ppb / MH_PPB_ONE);

	return (pages >> parameters->order) * sizeof(mh_handle) + pages * sizeof(uint64_t);
}

static int fill_begin(struct mh_workload *workload, struct mh_error *reterr)
{
	struct fill *fill = calloc(1, sizeof(*fill));
	int ret;

	if (!fill)
		return mh_error_set(reterr, -ENOMEM, "workload '%s': no memory", workload->name);
	workload->state = fill;
	ret = find_node(workload, fill, reterr);
	if (ret == 0)
		ret = make_rows(workload, fill, reterr);
	if (ret < 0)
		fill_end(workload);
	return ret;
}

static int allocate(struct mh_worker *worker, struct fill_worker *state)
{
	const struct fill_parameters *parameters = worker->workload->parameters;
	const struct fill *fill = worker->workload->state;
	uint64_t head = state->tail + state->held;
	int ret = mh_page_alloc(worker->workload->machine, worker->cpu,
				&(struct mh_page_request){
					.node = fill->node,
					.order = (unsigned)parameters->order,
					.kind = MH_PAGE_MOVABLE,
					.this_node = true,
				},
				&state->handles[head < fill->size ? head : head - fill->size]);

	state->held += ret == 0;
	return ret;
}

static void free_oldest(struct mh_worker *worker, struct fill_worker *state)
{
	const struct fill *fill = worker->workload->state;

	mh_page_free(worker->workload->machine, worker->cpu, &state->handles[state->tail]);
	state->tail = state->tail + 1 == fill->size ? 0 : state->tail + 1;
	state->held--;
}

static bool is_online(const struct mh_worker *worker, uint32_t index)
{
	const struct fill *fill = worker->workload->state;

	return mh_machine_block_state(worker->workload->machine, fill->first + index) == MH_BLOCK_ONLINE;
}

static void set_level(struct mh_worker *worker, struct fill_worker *state, uint32_t online)
{
	state->known = online;
	state->level = level_of(worker->workload, online);
}

static int fill_thread_begin(struct mh_worker *worker)
{
	const struct fill *fill = worker->workload->state;
	struct fill_worker *state = mh_line_calloc(1, sizeof(*state));
	uint32_t online = 0;

	if (!state)
		return -ENOMEM;
	state->handles = mh_handle_row(&fill->rows, worker->index);
	for (uint32_t i = 0; i < fill->count; i++)
		online += is_online(worker, i);
	set_level(worker, state, online);
	while (state->held < state->level && allocate(worker, state) == 0)
		; /* what others have of the node is theirs: the steps go on trying */
	worker->state = state;
	return 0;
}

static void fill_thread_end(struct mh_worker *worker)
{
	struct fill_worker *state = worker->state;

	if (!state)
		return;
	while (state->held)
		free_oldest(worker, state);
	free(state);
	worker->state = NULL;
}

static void look(struct mh_worker *worker, struct fill_worker *state)
{
	const struct fill *fill = worker->workload->state;

	for (unsigned i = 0; i < LOOKS; i++) {
		state->seen += is_online(worker, state->look);
		if (++state->look < fill->count)
			continue;
		if (state->seen != state->known) /* the one division, when a block has come or gone */
			set_level(worker, state, state->seen);
		state->look = state->seen = 0;
	}
}

static int fill_step(struct mh_worker *worker)
{
	struct fill_worker *state = worker->state;

	look(worker, state);
	for (unsigned i = 0; i < FREES_MAX && state->held && state->held >= state->level; i++)
		free_oldest(worker, state);
	return state->held < state->level ? allocate(worker, state) : 0;
}

const struct mh_workload_kind mh_workload_alloc_fill = {
	.name = "alloc-fill",
	.help = "keeps a node allocated to a share, and gives way to offlines; an operation is an allocation and its "
		"free",
	.parameters = &fill_schema,
	.uses_pages = true,
	.memory_bytes = fill_memory_bytes,
	.begin = fill_begin,
	.end = fill_end,
	.thread_begin = fill_thread_begin,
	.thread_end = fill_thread_end,
	.step = fill_step,
};
