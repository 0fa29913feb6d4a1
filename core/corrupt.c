/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every break is its own reverse but for the direction of a count, so that nothing need be remembered.
 *
 * What is broken is read by other threads only under the same hotplug lock, but for the mask and the state: whoever
 * looks at those without it acts on them under the lock, and finds them mended.
 */
#include "core/corrupt.h"

#include "core/machine_private.h"

static void turn_mask(struct mh_machine *machine, unsigned node)
{
	mh_node_mask_set(machine->has_normal, node, !mh_node_mask_test(machine->has_normal, node));
}

static void turn_state(struct mh_machine *machine, uint32_t block)
{
	enum mh_block_state state = mh_machine_block_state(machine, block);
	enum mh_block_state turned = state == MH_BLOCK_ONLINE ? MH_BLOCK_OFFLINE : MH_BLOCK_ONLINE;

	/* Relaxed: as every change of a state. */
	atomic_store_explicit(&machine->blocks[block].state, (unsigned char)turned, memory_order_relaxed);
}

static void turn_span(struct mh_zone *zone, uint32_t index)
{
	if (mh_bitmap_test(&zone->span, index))
		mh_bitmap_clear(&zone->span, index);
	else
		mh_bitmap_set(&zone->span, index);
}

/* @mend: the way back. */
static void apply(struct mh_machine *machine, const struct mh_operation *operation, enum mh_corruption corruption,
		  bool mend)
{
	struct mh_node *node = &machine->nodes[operation->node];
	struct mh_zone *zone = &node->zones[operation->zone];

	switch (corruption) {
	case MH_CORRUPT_COUNTER:
		zone->managed_pages += mend ? -UINT64_C(1) : 1;
		break;
	case MH_CORRUPT_PRESENT:
		zone->present_pages += mend ? -UINT64_C(1) : 1;
		break;
	case MH_CORRUPT_MASK:
		turn_mask(machine, operation->node);
		break;
	case MH_CORRUPT_STATE:
		turn_state(machine, operation->block);
		break;
	case MH_CORRUPT_SPAN:
		turn_span(zone, operation->block - node->first_block);
		break;
	case MH_CORRUPT_ISOLATION:
		zone->isolated_blocks += mend ? -1u : 1;
		break;
	case MH_CORRUPT_DAEMON:
		node->kswapd = !node->kswapd;
		break;
	case MH_CORRUPTIONS:
		break;
	}
}

static void apply_each(struct mh_machine *machine, const struct mh_operation *operation, bool mend)
{
	for (unsigned i = 0; i < MH_CORRUPTIONS; i++)
		if (operation->corrupt & MH_CORRUPT_BIT(i))
			apply(machine, operation, (enum mh_corruption)i, mend);
}

void mh_corrupt_begin(struct mh_machine *machine, struct mh_operation *operation)
{
	apply_each(machine, operation, false);
}

void mh_corrupt_end(struct mh_machine *machine, struct mh_operation *operation)
{
	/* Present pages and daemons are looked at after an operation by verify: full only. */
	if (machine->config.verify != MH_VERIFY_OFF &&
	    operation->corrupt & (MH_CORRUPT_BIT(MH_CORRUPT_PRESENT) | MH_CORRUPT_BIT(MH_CORRUPT_DAEMON)))
		mh_check_node(machine, operation, operation->node);
	apply_each(machine, operation, true);
	operation->corrupt = 0;
}
