/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hotplug-cycle: takes a block to its other state and back, two operations, then the next.
 *
 * Nouns. A visit is what is done to one block before the next: out and back, or only back for a block that an earlier
 * visit could not bring home. Home is the state, and zone, that a block had when the phase began.
 *
 * A failure ends the visit. The block keeps its count of failures in a row and, when its turn comes again, is operated
 * on with that as identity.attempt; a block that is not at home goes home then. So at most one block a thread, and
 * those that could not come back, are away.
 *
 * What a step needs to know of a block is one byte, written by the one thread that owns it: blocks are split between
 * the threads in contiguous parts. The choice of a block is a function of the stream key and the operation's index;
 * round-robin goes by the number of the visit, which is a function of the operations before.
 */
#include "workloads/workload.h"

#include "base/assert.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define LINE_SIZE 128 /* a pair of cache lines */

/* The byte of a block: home in bits 0-1, away in bit 2, failures in a row above, at most FAILURES_MAX. */
#define HOME_MASK     3u
#define HOME_KERNEL   0u
#define HOME_MOVABLE  1u
#define HOME_OFFLINE  2u
#define AWAY          4u
#define FAILURE_SHIFT 3
#define FAILURES_MAX  31u
#define FAILURE       (1u << FAILURE_SHIFT)

enum cycle_order { ORDER_ROUND_ROBIN, ORDER_RANDOM, ORDER_ZIPF, ORDER_ONE };
enum cycle_zone { ZONE_KEEP, ZONE_DEFAULT, ZONE_KERNEL, ZONE_MOVABLE };

struct cycle_parameters {
	int order; /* enum cycle_order */
	int zone;  /* enum cycle_zone */
};

static const struct mh_schema_row cycle_rows[] = {
	{.key = "order",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct cycle_parameters, order),
	 .default_text = "round-robin",
	 .values = "round-robin|random|zipf|one",
	 .help = "which block is next; zipf prefers low ones (block k about as 1/k), one is the thread's first"},
	{.key = "zone",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct cycle_parameters, zone),
	 .default_text = "keep",
	 .values = "keep|default|kernel|movable",
	 .help = "zone asked for by an online; keep: the one that the block had when the phase began, else default"},
};

static const struct mh_schema cycle_schema = {
	.name = "workload hotplug-cycle",
	.rows = cycle_rows,
	.count = sizeof(cycle_rows) / sizeof(cycle_rows[0]),
	.size = sizeof(struct cycle_parameters),
};

/* Workload's state: a byte a block; the parts of two threads lie LINE_SIZE apart. */
struct cycle_blocks {
	uint32_t count;
	unsigned char bytes[];
};

/* A worker's state. */
struct cycle_worker {
	unsigned char *blocks; /* the byte of block @first */
	uint32_t first, count; /* the blocks that are this thread's */
	enum cycle_order order;
	enum mh_online_type types[HOME_MASK + 1]; /* what an online asks for, by home */
	bool returning;                           /* the visit goes on: @visited is away */
	uint32_t visited;                         /* from 0, within this thread's */
	uint32_t next;                            /* round-robin */
	double zipf_scale;                        /* ln(count + 1) */
} __attribute__((aligned(LINE_SIZE)));

/* The blocks of @worker begin here; those of one past the last: the number of blocks. */
static uint32_t part_begin(uint32_t count, unsigned worker, unsigned workers)
{
	return (uint32_t)((uint64_t)count * worker / workers);
}

static unsigned char *part_bytes(struct cycle_blocks *blocks, unsigned worker, unsigned workers)
{
	return blocks->bytes + part_begin(blocks->count, worker, workers) + (size_t)worker * LINE_SIZE;
}

static unsigned char home_of(enum mh_zone_kind zone)
{
	if (zone == MH_ZONE_NONE)
		return HOME_OFFLINE;
	return zone == MH_ZONE_MOVABLE ? HOME_MOVABLE : HOME_KERNEL;
}

static void note_homes(struct mh_workload *workload, struct cycle_blocks *blocks, unsigned worker)
{
	uint32_t first = part_begin(blocks->count, worker, workload->workers);
	uint32_t end = part_begin(blocks->count, worker + 1, workload->workers);
	unsigned char *bytes = part_bytes(blocks, worker, workload->workers);

	for (uint32_t block = first; block < end; block++) {
		/* Home is where the block was when the machine began: a phase that keeps a state that faults left
		 * behind brings its blocks back. */
		enum mh_zone_kind zone = mh_machine_initial_zone(workload->machine, block);
		bool is_online = mh_machine_block_state(workload->machine, block) == MH_BLOCK_ONLINE;

		bytes[block - first] = home_of(zone);
		if (is_online != (zone != MH_ZONE_NONE))
			bytes[block - first] |= AWAY;
	}
}

static int cycle_begin(struct mh_workload *workload, struct mh_error *reterr)
{
	uint32_t count = mh_machine_block_count(workload->machine);
	struct cycle_blocks *blocks;

	if (count < workload->workers)
		return mh_error_set(
			reterr, -EINVAL,
			"workload '%s': %u threads, but the machine has %u blocks, which are split between them",
			workload->name, workload->workers, count);
	blocks = malloc(sizeof(*blocks) + count + (size_t)workload->workers * LINE_SIZE);
	if (!blocks)
		return mh_error_set(reterr, -ENOMEM, "workload '%s': no memory for %u blocks", workload->name, count);
	blocks->count = count;
	for (unsigned worker = 0; worker < workload->workers; worker++)
		note_homes(workload, blocks, worker);
	workload->state = blocks;
	return 0;
}

static void cycle_end(struct mh_workload *workload)
{
	free(workload->state);
	workload->state = NULL;
}

static enum mh_online_type online_type(enum cycle_zone zone, unsigned home)
{
	switch (zone) {
	case ZONE_KERNEL:
		return MH_ONLINE_KERNEL;
	case ZONE_MOVABLE:
		return MH_ONLINE_MOVABLE;
	case ZONE_KEEP:
		if (home == HOME_MOVABLE)
			return MH_ONLINE_MOVABLE;
		return home == HOME_KERNEL ? MH_ONLINE_KERNEL : MH_ONLINE_DEFAULT;
	default:
		return MH_ONLINE_DEFAULT;
	}
}

static int cycle_thread_begin(struct mh_worker *worker)
{
	const struct cycle_parameters *parameters = worker->workload->parameters;
	struct cycle_blocks *blocks = worker->workload->state;
	struct cycle_worker *state = aligned_alloc(LINE_SIZE, sizeof(*state));
	unsigned workers = worker->workload->workers;

	if (!state)
		return -ENOMEM;
	*state = (struct cycle_worker){.order = (enum cycle_order)parameters->order};
	state->first = part_begin(blocks->count, worker->index, workers);
	state->count = part_begin(blocks->count, worker->index + 1, workers) - state->first;
	state->blocks = part_bytes(blocks, worker->index, workers);
	state->zipf_scale = log((double)state->count + 1);
	for (unsigned home = 0; home <= HOME_MASK; home++)
		state->types[home] = online_type((enum cycle_zone)parameters->zone, home);
	worker->state = state;
	return 0;
}

static void cycle_thread_end(struct mh_worker *worker)
{
	free(worker->state);
	worker->state = NULL;
}

static uint32_t next_in_turn(struct cycle_worker *state)
{
	uint32_t block = state->next;

	state->next = block + 1 == state->count ? 0 : block + 1;
	return block;
}

/* Continuous Zipf with exponent 1, cut to whole numbers: P(k) = ln((k + 1) / k) / ln(count + 1), k from 1. */
static uint32_t zipf(const struct cycle_worker *state, uint64_t draw)
{
	double unit = ((double)(draw >> 12) + 0.5) * 0x1p-52;
	uint32_t rank = (uint32_t)exp(unit * state->zipf_scale);

	return (rank > state->count ? state->count : rank) - 1;
}

/* Of operation @index, where the order draws. */
static uint32_t draw_block(const struct cycle_worker *state, uint64_t stream, uint64_t index)
{
	uint64_t draw = mh_rng_mix(stream, index);

	if (state->order == ORDER_ZIPF)
		return zipf(state, draw);
	return (uint32_t)(((draw >> 32) * state->count) >> 32);
}

static uint32_t choose(struct cycle_worker *state, const struct mh_identity *identity)
{
	if (state->order == ORDER_ROUND_ROBIN)
		return next_in_turn(state);
	if (state->order == ORDER_ONE)
		return 0;
	return draw_block(state, identity->stream, identity->index);
}

/* The block of the next visit, in an order that no processor foresees; this operation begins a visit, which has one
 * more unless this one fails. One operation ahead would be too late: it takes less time than memory does. */
static void expect_next(const struct mh_worker *worker, const struct cycle_worker *state)
{
	const struct mh_identity *identity = &worker->operation->identity;

	if (state->order == ORDER_RANDOM)
		mh_block_expect(worker->workload->machine,
				state->first + draw_block(state, identity->stream, identity->index + 2));
}

static int operate(struct mh_worker *worker, const struct cycle_worker *state, uint32_t visited, unsigned byte)
{
	struct mh_machine *machine = worker->workload->machine;
	struct mh_operation *operation = worker->operation;
	bool is_offline = ((byte & HOME_MASK) == HOME_OFFLINE) != ((byte & AWAY) != 0);
	uint32_t block = state->first + visited;

	operation->identity.attempt = byte >> FAILURE_SHIFT;
	if (is_offline)
		return mh_block_online(machine, operation, block, state->types[byte & HOME_MASK]);
	return mh_block_offline(machine, operation, block);
}

static unsigned one_more_failure(unsigned byte)
{
	return byte >> FAILURE_SHIFT == FAILURES_MAX ? byte : byte + FAILURE;
}

static int cycle_step(struct mh_worker *worker)
{
	struct cycle_worker *state = worker->state;
	unsigned byte;
	int ret;

	if (!state->returning) {
		state->visited = choose(state, &worker->operation->identity);
		expect_next(worker, state);
	}
	byte = state->blocks[state->visited];
	ret = operate(worker, state, state->visited, byte);
	state->returning = ret == 0 && !(byte & AWAY);
	byte = ret == 0 ? (byte & (HOME_MASK | AWAY)) ^ AWAY : one_more_failure(byte);
	state->blocks[state->visited] = (unsigned char)byte;
	return ret;
}

const struct mh_workload_kind mh_workload_hotplug_cycle = {
	.name = "hotplug-cycle",
	.help = "takes one block to its other state and back, then the next; blocks are split between the threads",
	.parameters = &cycle_schema,
	.hotplug = true,
	.begin = cycle_begin,
	.end = cycle_end,
	.thread_begin = cycle_thread_begin,
	.thread_end = cycle_thread_end,
	.step = cycle_step,
};
