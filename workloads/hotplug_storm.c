/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hotplug-storm: every operation flips some block; all threads have all blocks.
 *
 * The block that an operation looks at is a function of the stream key and the operation's index. If it is offline it
 * is onlined; if it is online it is offlined, unless its node would keep fewer than `keep_online` blocks: then the next
 * offline block of that node is onlined instead.
 *
 * Threads meet on a block: the second finds it in the wanted state and gets -EINVAL without an event. That is what the
 * kernel answers to two writers of one file, and no failure: step returns 0, and the outcome says ALREADY.
 *
 * node->online is the one counter that threads share: what keeps each node's share. It is never above the number of
 * blocks that are online, since it is lowered before an offline and raised after an online. Operations on a node meet
 * at its hotplug lock anyway. What other workloads do to the blocks it does not count.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>

#include "base/units.h"

#define LINE_SIZE  128   /* a pair of cache lines */
#define SEARCH_MAX 4096u /* blocks looked at for one that is offline */

enum storm_zone { ZONE_KEEP, ZONE_DEFAULT, ZONE_KERNEL, ZONE_MOVABLE };

struct storm_parameters {
	uint64_t keep_online_ppb;
	int zone; /* enum storm_zone */
};

static const struct mh_schema_row storm_rows[] = {
	{.key = "keep_online",
	 .type = MH_VALUE_SHARE,
	 .offset = offsetof(struct storm_parameters, keep_online_ppb),
	 .default_text = "50%",
	 .max = "100%",
	 .help = "share of each node's blocks, rounded down, below which no offline takes it"},
	{.key = "zone",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct storm_parameters, zone),
	 .default_text = "keep",
	 .values = "keep|default|kernel|movable",
	 .help = "zone asked for by an online; keep: the one that the block had when the machine began, else default"},
};

static const struct mh_schema storm_schema = {
	.name = "workload hotplug-storm",
	.rows = storm_rows,
	.count = sizeof(storm_rows) / sizeof(storm_rows[0]),
	.size = sizeof(struct storm_parameters),
};

struct storm_node {
	_Atomic int64_t online; /* blocks; see above */
	int64_t keep;
	uint32_t first, count; /* its blocks */
} __attribute__((aligned(LINE_SIZE)));

/* Workload's state. */
struct storm {
	struct storm_node *nodes; /* by index; as many as the machine has */
	uint32_t block_count;
	unsigned char types[]; /* by block: enum mh_online_type that an online asks for */
};

static enum mh_online_type online_type(enum storm_zone zone, enum mh_zone_kind initial)
{
	if (zone == ZONE_KERNEL || (zone == ZONE_KEEP && initial == MH_ZONE_NORMAL))
		return MH_ONLINE_KERNEL;
	if (zone == ZONE_MOVABLE || (zone == ZONE_KEEP && initial == MH_ZONE_MOVABLE))
		return MH_ONLINE_MOVABLE;
	return MH_ONLINE_DEFAULT;
}

static int fill_node(const struct mh_workload *workload, struct storm *storm, unsigned index, struct mh_error *reterr)
{
	const struct storm_parameters *parameters = workload->parameters;
	struct storm_node *node = &storm->nodes[index];
	int64_t online = 0;

	node->count = mh_machine_node_blocks(workload->machine, index, &node->first);
	node->keep = (int64_t)((unsigned __int128)node->count * parameters->keep_online_ppb / MH_PPB_ONE);
	if (node->count && node->keep == node->count)
		return mh_error_set(reterr, -EINVAL,
				    "workload '%s': keep_online: all %u blocks of node %d would have to stay online: "
				    "lower it, so that there is one to flip",
				    workload->name, node->count, mh_machine_nid(workload->machine, index));
	for (uint32_t block = node->first; block < node->first + node->count; block++) {
		online += mh_machine_block_state(workload->machine, block) == MH_BLOCK_ONLINE;
		storm->types[block] = (unsigned char)online_type((enum storm_zone)parameters->zone,
								 mh_machine_initial_zone(workload->machine, block));
	}
	atomic_init(&node->online, online);
	return 0;
}

static void storm_end(struct mh_workload *workload)
{
	struct storm *storm = workload->state;

	if (!storm)
		return;
	free(storm->nodes);
	free(storm);
	workload->state = NULL;
}

static int storm_begin(struct mh_workload *workload, struct mh_error *reterr)
{
	uint32_t block_count = mh_machine_block_count(workload->machine);
	unsigned node_count = mh_machine_node_count(workload->machine);
	struct storm *storm = calloc(1, sizeof(*storm) + block_count);
	int ret = 0;

	workload->state = storm;
	if (storm)
		storm->nodes = aligned_alloc(LINE_SIZE, node_count * sizeof(*storm->nodes));
	if (!storm || !storm->nodes)
		ret = mh_error_set(reterr, -ENOMEM, "workload '%s': no memory for %u blocks", workload->name,
				   block_count);
	for (unsigned i = 0; ret == 0 && i < node_count; i++)
		ret = fill_node(workload, storm, i, reterr);
	if (ret < 0)
		storm_end(workload);
	else
		storm->block_count = block_count;
	return ret;
}

/* Relaxed: a count and nothing else hangs on it; the blocks themselves are ordered by the hotplug lock. */
static bool take_from_node(struct storm_node *node)
{
	if (atomic_fetch_sub_explicit(&node->online, 1, memory_order_relaxed) > node->keep)
		return true;
	atomic_fetch_add_explicit(&node->online, 1, memory_order_relaxed);
	return false;
}

static void add_to_node(struct storm_node *node)
{
	atomic_fetch_add_explicit(&node->online, 1, memory_order_relaxed);
}

/* The next offline block of the node after @block; @block itself when none is near: its online is a harmless ALREADY.
 */
static uint32_t offline_after(const struct mh_machine *machine, const struct storm_node *node, uint32_t block)
{
	uint32_t left = node->count < SEARCH_MAX ? node->count : SEARCH_MAX;
	uint32_t at = block;

	while (left--) {
		at = at + 1 == node->first + node->count ? node->first : at + 1;
		if (mh_machine_block_state(machine, at) == MH_BLOCK_OFFLINE)
			return at;
	}
	return block;
}

static int flip_on(struct mh_worker *worker, struct storm_node *node, uint32_t block)
{
	const struct storm *storm = worker->workload->state;
	int ret = mh_block_online(worker->workload->machine, worker->operation, block,
				  (enum mh_online_type)storm->types[block]);

	if (ret == 0)
		add_to_node(node);
	return ret;
}

static int flip_off(struct mh_worker *worker, struct storm_node *node, uint32_t block)
{
	int ret = mh_block_offline(worker->workload->machine, worker->operation, block);

	if (ret < 0)
		add_to_node(node);
	return ret;
}

static int storm_step(struct mh_worker *worker)
{
	struct mh_machine *machine = worker->workload->machine;
	struct storm *storm = worker->workload->state;
	const struct mh_identity *identity = &worker->operation->identity;
	uint64_t draw = mh_rng_mix(identity->stream, identity->index);
	uint32_t block = (uint32_t)(((draw >> 32) * storm->block_count) >> 32);
	struct storm_node *node = &storm->nodes[mh_machine_block_node(machine, block)];
	int ret;

	if (mh_machine_block_state(machine, block) != MH_BLOCK_ONLINE)
		ret = flip_on(worker, node, block);
	else if (take_from_node(node))
		ret = flip_off(worker, node, block);
	else
		ret = flip_on(worker, node, offline_after(machine, node, block));
	return worker->operation->outcome == MH_OUTCOME_ALREADY ? 0 : ret;
}

const struct mh_workload_kind mh_workload_hotplug_storm = {
	.name = "hotplug-storm",
	.help = "each operation flips some block; the threads share all blocks",
	.parameters = &storm_schema,
	.hotplug = true,
	.begin = storm_begin,
	.end = storm_end,
	.step = storm_step,
};
