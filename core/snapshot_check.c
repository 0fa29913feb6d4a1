/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that an operation may change of its node and its block, as numbers. What other threads change meanwhile by
 * allocating is compared only where there are none.
 */
#include "core/snapshot_check.h"

#include <string.h>

static const char *const zone_fields[MH_SNAPSHOT_ZONE_FIELDS] = {
	"present pages",     "managed pages",    "isolated blocks",   "early pages", "blocks in the span",
	"first in the span", "last in the span", "span of the block", "free units",
};

#define FREE_UNITS (MH_SNAPSHOT_ZONE_FIELDS - 1)

static const char *const node_fields[MH_SNAPSHOT_NODE_FIELDS] = {
	"N_MEMORY",
	"N_NORMAL_MEMORY",
	"N_ONLINE",
	"kswapd",
	"kcompactd",
	"the block's state",
	"the block's zone",
	"the block's gate",
	"the group's kernel pages",
	"the group's movable pages",
};

static void take_zone(struct mh_machine *machine, const struct mh_operation *operation, struct mh_zone *zone,
		      uint64_t *ret_fields)
{
	uint32_t index = operation->block - machine->nodes[operation->node].first_block;
	uint64_t fields[MH_SNAPSHOT_ZONE_FIELDS] = {
		zone->present_pages,
		zone->managed_pages,
		zone->isolated_blocks,
		zone->early_pages,
		zone->span.count,
		zone->span.count ? mh_bitmap_first(&zone->span) : 0,
		zone->span.count ? mh_bitmap_last(&zone->span) : 0,
		mh_bitmap_test(&zone->span, index),
	};

	mh_brief_lock(&zone->lock);
	fields[FREE_UNITS] = zone->free_units;
	mh_brief_unlock(&zone->lock);
	memcpy(ret_fields, fields, sizeof(fields));
}

void mh_snapshot_take(struct mh_machine *machine, const struct mh_operation *operation,
		      struct mh_snapshot *ret_snapshot)
{
	struct mh_node *node = &machine->nodes[operation->node];
	const struct mh_memory_group *group = NULL;
	uint64_t fields[MH_SNAPSHOT_NODE_FIELDS] = {
		mh_node_mask_test(machine->has_memory, operation->node),
		mh_node_mask_test(machine->has_normal, operation->node),
		mh_node_mask_test(machine->is_online, operation->node),
		node->kswapd,
		node->kcompactd,
		mh_machine_block_state(machine, operation->block),
		mh_machine_block_zone(machine, operation->block),
		atomic_load_explicit(&machine->blocks[operation->block].gate, memory_order_relaxed),
	};

	if (machine->facts && machine->facts[operation->block].group)
		group = &machine->groups[machine->facts[operation->block].group - 1];
	fields[8] = group ? group->kernel_pages : 0;
	fields[9] = group ? group->movable_pages : 0;
	memcpy(ret_snapshot->node, fields, sizeof(fields));
	for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
		take_zone(machine, operation, &node->zones[kind], ret_snapshot->zones[kind]);
}

/* Nobody allocates, and the operation did not get as far as moving pages. */
static bool free_stands_still(const struct mh_machine *machine, const struct mh_operation *operation)
{
	return !machine->cpu_count && machine->config.hotplug_lock == MH_HOTPLUG_LOCK_GLOBAL &&
	       operation->outcome != MH_OUTCOME_SIGNAL && operation->outcome != MH_OUTCOME_DISSOLVE &&
	       operation->outcome != MH_OUTCOME_UNMOVABLE;
}

static void tell(struct mh_machine *machine, struct mh_operation *operation, const char *zone, const char *field,
		 const uint64_t before_and_now[2])
{
	mh_check_violated(machine, operation, "I24", "%s%s%s: %llu before the failed operation, %llu after it", zone,
			  *zone ? ": " : "", field, (unsigned long long)before_and_now[0],
			  (unsigned long long)before_and_now[1]);
}

void mh_snapshot_check(struct mh_machine *machine, struct mh_operation *operation, const struct mh_snapshot *before)
{
	unsigned zone_fields_now = free_stands_still(machine, operation) ? FREE_UNITS + 1 : FREE_UNITS;
	struct mh_snapshot now;

	mh_snapshot_take(machine, operation, &now);
	for (unsigned i = 0; i < MH_SNAPSHOT_NODE_FIELDS; i++)
		if (before->node[i] != now.node[i]) {
			tell(machine, operation, "", node_fields[i], (uint64_t[]){before->node[i], now.node[i]});
			return;
		}
	for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
		for (unsigned i = 0; i < zone_fields_now; i++)
			if (before->zones[kind][i] != now.zones[kind][i]) {
				tell(machine, operation, mh_zone_names[kind], zone_fields[i],
				     (uint64_t[]){before->zones[kind][i], now.zones[kind][i]});
				return;
			}
}
