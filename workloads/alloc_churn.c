/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc-churn: allocates pages that live for a drawn time, and frees them.
 *
 * Nouns. A pool is what one thread keeps alive of what it asked one node for: at most so many chunks that together with
 * the node's other pools they are `live` pages. A step goes to the thread's next pool, frees there what is due (at most
 * FREES_MAX, the oldest first), and allocates one chunk; when the pool is full, the one due soonest makes room.
 *
 * Fewer threads than nodes with memory: each thread has a pool for every so many-th node. More: they share nodes.
 *
 * The handles lie in one array from begin to end, so that an offline that still runs while a thread ends finds them.
 * Lifetimes are picked by the operation's index from a table drawn when the thread begins.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>

#include "base/distribution.h"
#include "base/units.h"
#include "core/page.h"
#include "workloads/drawn_times.h"
#include "workloads/lifetime_wheel.h"
#include "workloads/memory_nodes.h"

#define LINE_SIZE    128u /* a pair of cache lines */
#define LINE_HANDLES (LINE_SIZE / sizeof(mh_handle))
#define FREES_MAX    8                            /* chunks freed in one step because they are due */
#define CHUNKS_MAX   (UINT64_C(1) << 27)          /* of one workload: 1 GiB of handles */
#define MOVABLE_SALT UINT64_C(0xa54ff53a5f1d36f1) /* keeps the share of movable ones apart from lifetimes */

struct churn_parameters {
	uint64_t order;
	uint64_t live;
	struct mh_distribution lifetime;
	uint64_t movable_ppb;
};

static const struct mh_schema_row churn_rows[] = {
	{.key = "order",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct churn_parameters, order),
	 .default_text = "0",
	 .max = "10",
	 .help = "an allocation is 2^order pages (of machine.page_unit)"},
	{.key = "live",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct churn_parameters, live),
	 .default_text = "4096",
	 .min = "1",
	 .max = "16777216",
	 .unit = "pages",
	 .help = "pages asked of each node that are alive at once, at most, all threads together"},
	{.key = "lifetime",
	 .type = MH_VALUE_DISTRIBUTION,
	 .offset = offsetof(struct churn_parameters, lifetime),
	 .default_text = "{exponential: {mean: 100us}}",
	 .help = "how long an allocation lives"},
	{.key = "movable",
	 .type = MH_VALUE_SHARE,
	 .offset = offsetof(struct churn_parameters, movable_ppb),
	 .default_text = "100%",
	 .help = "share of allocations that an offline may migrate; the rest makes its blocks' isolation fail"},
};

static const struct mh_schema churn_schema = {
	.name = "workload alloc-churn",
	.rows = churn_rows,
	.count = sizeof(churn_rows) / sizeof(churn_rows[0]),
	.size = sizeof(struct churn_parameters),
};

/* Workload's state. */
struct churn_handles {
	mh_handle *handles;
	uint64_t *first; /* by worker: index of its first handle; one more: their number */
	struct mh_memory_nodes nodes;
};

struct churn_pool {
	struct mh_wheel wheel;
	mh_handle *handles; /* by slot */
	struct mh_wheel_slot *slots;
	unsigned node;
};

/* A worker's state. */
struct churn_worker {
	struct churn_pool *pools;
	unsigned pool_count;
	unsigned turn; /* pool of the next step */
	unsigned order;
	bool all_movable;
	uint64_t movable_threshold;
	struct mh_drawn_times lifetimes;
} __attribute__((aligned(LINE_SIZE)));

static unsigned pool_count(const struct churn_handles *state, unsigned worker, unsigned workers)
{
	if (workers > state->nodes.count)
		return 1;
	return (state->nodes.count - worker + workers - 1) / workers;
}

static unsigned pool_node(const struct churn_handles *state, unsigned worker, unsigned workers, unsigned pool)
{
	return state->nodes.nodes[workers > state->nodes.count ? worker % state->nodes.count : worker + pool * workers];
}

/* Chunks in each pool of @worker. */
static uint64_t pool_size(const struct churn_handles *state, const struct churn_parameters *parameters, unsigned worker,
			  unsigned workers)
{
	uint64_t chunks = parameters->live >> parameters->order;
	unsigned nodes = state->nodes.count, sharers, rank;

	if (workers <= nodes)
		return chunks;
	sharers = workers / nodes + (worker % nodes < workers % nodes);
	rank = worker / nodes;
	return chunks / sharers + (rank < chunks % sharers);
}

/* The room of a pool: its handles fill whole lines, and one lies between it and the next. */
static uint64_t pool_room(uint64_t size)
{
	return (size + LINE_HANDLES - 1) / LINE_HANDLES * LINE_HANDLES + LINE_HANDLES;
}

static void churn_end(struct mh_workload *workload)
{
	struct churn_handles *state = workload->state;

	if (!state)
		return;
	free(state->handles);
	free(state->first);
	mh_memory_nodes_release(&state->nodes);
	free(state);
	workload->state = NULL;
}

/* Fills state->first; 0, or -EINVAL with the sentence. */
static int lay_out(struct mh_workload *workload, struct churn_handles *state, struct mh_error *reterr)
{
	const struct churn_parameters *parameters = workload->parameters;

	for (unsigned i = 0; i < workload->workers; i++) {
		uint64_t size = pool_size(state, parameters, i, workload->workers);

		if (!size)
			return mh_error_set(reterr, -EINVAL,
					    "workload '%s': live: %llu pages a node in chunks of %u pages are too few "
					    "for %u threads on %u nodes",
					    workload->name, (unsigned long long)parameters->live,
					    1u << parameters->order, workload->workers, state->nodes.count);
		state->first[i + 1] = state->first[i] + pool_room(size) * pool_count(state, i, workload->workers);
		if (state->first[i + 1] > CHUNKS_MAX)
			return mh_error_set(
				reterr, -EINVAL,
				"workload '%s': live: %llu pages on each of %u nodes: more than %llu in all",
				workload->name, (unsigned long long)parameters->live, state->nodes.count,
				(unsigned long long)CHUNKS_MAX);
	}
	return 0;
}

static int make_handles(struct mh_workload *workload, struct churn_handles *state, struct mh_error *reterr)
{
	int ret = mh_memory_nodes_init(&state->nodes, workload, reterr);

	if (ret < 0)
		return ret;
	state->first = calloc(workload->workers + 1, sizeof(*state->first));
	if (!state->first)
		goto no_memory;
	ret = lay_out(workload, state, reterr);
	if (ret < 0)
		return ret;
	state->handles = aligned_alloc(LINE_SIZE, state->first[workload->workers] * sizeof(*state->handles));
	if (!state->handles)
		goto no_memory;
	for (uint64_t i = 0; i < state->first[workload->workers]; i++)
		atomic_init(&state->handles[i], 0);
	return 0;

no_memory:
	return mh_error_set(reterr, -ENOMEM, "workload '%s': no memory for its handles", workload->name);
}

static int churn_begin(struct mh_workload *workload, struct mh_error *reterr)
{
	int ret;

	workload->state = calloc(1, sizeof(struct churn_handles));
	if (!workload->state)
		return mh_error_set(reterr, -ENOMEM, "workload '%s': no memory", workload->name);
	ret = make_handles(workload, workload->state, reterr);
	if (ret < 0)
		churn_end(workload);
	return ret;
}

static void free_pools(struct churn_worker *state)
{
	for (unsigned i = 0; state->pools && i < state->pool_count; i++)
		free(state->pools[i].slots);
	free(state->pools);
	free(state);
}

static int make_pools(struct mh_worker *worker, struct churn_worker *state)
{
	const struct mh_workload *workload = worker->workload;
	const struct churn_handles *shared = workload->state;
	uint64_t size = pool_size(shared, workload->parameters, worker->index, workload->workers);

	state->pool_count = pool_count(shared, worker->index, workload->workers);
	state->pools = calloc(state->pool_count, sizeof(*state->pools));
	if (!state->pools)
		return -ENOMEM;
	for (unsigned i = 0; i < state->pool_count; i++) {
		struct churn_pool *pool = &state->pools[i];

		pool->node = pool_node(shared, worker->index, workload->workers, i);
		pool->handles = shared->handles + shared->first[worker->index] + i * pool_room(size);
		pool->slots = malloc(size * sizeof(*pool->slots));
		if (!pool->slots)
			return -ENOMEM;
		mh_wheel_init(&pool->wheel, pool->slots, (uint32_t)size, mh_drawn_times_mean(&state->lifetimes),
			      worker->now_ticks);
	}
	return 0;
}

static int churn_thread_begin(struct mh_worker *worker)
{
	const struct churn_parameters *parameters = worker->workload->parameters;
	struct churn_worker *state = aligned_alloc(LINE_SIZE, sizeof(*state));
	int ret;

	if (!state)
		return -ENOMEM;
	*state = (struct churn_worker){
		.order = (unsigned)parameters->order,
		.all_movable = parameters->movable_ppb == MH_PPB_ONE,
		.movable_threshold = mh_share_threshold(parameters->movable_ppb),
	};
	mh_drawn_times_init(&state->lifetimes, &parameters->lifetime, worker->workload->clock, &worker->rng);
	ret = make_pools(worker, state);
	if (ret < 0) {
		free_pools(state);
		return ret;
	}
	worker->state = state;
	return 0;
}

static void free_slot(struct mh_worker *worker, struct churn_pool *pool, uint32_t slot)
{
	mh_page_free(worker->workload->machine, worker->cpu, &pool->handles[slot]);
	mh_wheel_give(&pool->wheel, slot);
}

static void churn_thread_end(struct mh_worker *worker)
{
	struct churn_worker *state = worker->state;

	if (!state)
		return;
	for (unsigned i = 0; i < state->pool_count; i++) {
		struct churn_pool *pool = &state->pools[i];
		uint32_t slot;

		while ((slot = mh_wheel_soonest(&pool->wheel)) != MH_WHEEL_SLOT_NONE)
			free_slot(worker, pool, slot);
	}
	free_pools(state);
	worker->state = NULL;
}

static void free_due(struct mh_worker *worker, struct churn_pool *pool)
{
	for (unsigned i = 0; i < FREES_MAX; i++) {
		uint32_t slot = mh_wheel_due(&pool->wheel, worker->now_ticks);

		if (slot == MH_WHEEL_SLOT_NONE)
			return;
		free_slot(worker, pool, slot);
	}
}

static bool is_movable(const struct churn_worker *state, const struct mh_identity *identity)
{
	return state->all_movable ||
	       mh_rng_mix(identity->stream ^ MOVABLE_SALT, identity->index) < state->movable_threshold;
}

static int allocate(struct mh_worker *worker, struct churn_worker *state, struct churn_pool *pool, uint32_t slot)
{
	const struct mh_identity *identity = &worker->operation->identity;
	struct mh_page_request request = {
		.node = pool->node,
		.order = state->order,
		.kind = is_movable(state, identity) ? MH_PAGE_MOVABLE : MH_PAGE_KERNEL,
	};
	uint64_t draw = mh_rng_mix(identity->stream, identity->index);
	int ret = mh_page_alloc(worker->workload->machine, worker->cpu, &request, &pool->handles[slot]);

	if (ret < 0) {
		mh_wheel_give(&pool->wheel, slot);
		return ret;
	}
	pool->slots[slot].due_ticks = worker->now_ticks + mh_drawn_time(&state->lifetimes, draw);
	mh_wheel_insert(&pool->wheel, slot);
	return 0;
}

static int churn_step(struct mh_worker *worker)
{
	struct churn_worker *state = worker->state;
	struct churn_pool *pool = &state->pools[state->turn];
	uint32_t slot;

	state->turn = state->turn + 1 == state->pool_count ? 0 : state->turn + 1;
	free_due(worker, pool);
	slot = mh_wheel_take(&pool->wheel);
	if (slot == MH_WHEEL_SLOT_NONE) {
		free_slot(worker, pool, mh_wheel_soonest(&pool->wheel));
		slot = mh_wheel_take(&pool->wheel);
	}
	return allocate(worker, state, pool, slot);
}

const struct mh_workload_kind mh_workload_alloc_churn = {
	.name = "alloc-churn",
	.help = "allocates pages that live a drawn time, and frees them; an operation is an allocation and its free",
	.parameters = &churn_schema,
	.uses_pages = true,
	.begin = churn_begin,
	.end = churn_end,
	.thread_begin = churn_thread_begin,
	.thread_end = churn_thread_end,
	.step = churn_step,
};
