/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making a machine's nodes, zones and blocks, from a topology or from a memory map, in the state after boot.
 */
#ifndef CORE_MACHINE_COMPOSE_H
#define CORE_MACHINE_COMPOSE_H

#include "core/machine_private.h"

/* Everything but the chains. What was made is freed by mh_machine_free, also after a failure. */
int mh_machine_compose(struct mh_machine *machine, const struct mh_machine_config *config, struct mh_error *reterr);

/* A node with a window of block numbers and empty zones, from its zone_min on, which is set before. -ENOMEM. */
int mh_node_init(struct mh_node *node, int nid, uint32_t first_block, uint32_t block_count);
/* Room for @count nodes. -ENOMEM. */
int mh_nodes_new(struct mh_machine *machine, size_t count);
/* An offline block comes online as boot does it: no events, nobody listens yet. */
void mh_block_online_at_start(struct mh_machine *machine, uint32_t block, enum mh_zone_kind kind, bool early);

/* machine_map.c: nodes, and after mh_machine's arrays are there, blocks and zones. */
int mh_map_nodes(struct mh_machine *machine, const struct mh_memory_map *map);
int mh_map_blocks(struct mh_machine *machine, const struct mh_memory_map *map, struct mh_error *reterr);

#endif
