/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where an operation works, looked up once. Nodes and zones are large, so that finding one is a multiplication, and an
 * operation on an empty block went for its zone a dozen times.
 */
#ifndef CORE_PLACE_H
#define CORE_PLACE_H

#include "core/machine_private.h"

struct mh_place {
	struct mh_node *node;
	struct mh_zone *zone; /* in which the block is, or goes to; valid as long as mh_block.zone is */
	struct mh_block *block;
	uint32_t index; /* of the block in its node */
};

/* All but the zone. */
static inline struct mh_place mh_place_without_zone(struct mh_machine *machine, uint32_t block)
{
	struct mh_block *record = &machine->blocks[block];
	struct mh_node *node = &machine->nodes[record->node];

	return (struct mh_place){.node = node, .block = record, .index = block - node->first_block};
}

static inline struct mh_place mh_place_of(struct mh_machine *machine, uint32_t block)
{
	struct mh_place place = mh_place_without_zone(machine, block);

	place.zone = &place.node->zones[mh_block_zone_kind(machine, block)];
	return place;
}

#endif
