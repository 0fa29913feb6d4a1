/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which zone a block goes to (semantics.md 2.4). Under the hotplug lock.
 */
#ifndef CORE_ZONE_CHOICE_H
#define CORE_ZONE_CHOICE_H

#include "core/machine_private.h"

/* The kernel zone for a block: the first of DMA and DMA32 whose span meets it, else Normal. */
enum mh_zone_kind mh_zone_choose_kernel(const struct mh_machine *machine, uint32_t block);
/* The zone for a block that is onlined without a word about it: by the machine's policy. */
enum mh_zone_kind mh_zone_choose_default(const struct mh_machine *machine, uint32_t block);

/* @node: the block's. */
static inline enum mh_zone_kind mh_zone_choose(const struct mh_machine *machine, const struct mh_node *node,
					       uint32_t block, enum mh_online_type type)
{
	if (type == MH_ONLINE_MOVABLE)
		return MH_ZONE_MOVABLE;
	if (type == MH_ONLINE_DEFAULT)
		return mh_zone_choose_default(machine, block);
	if (__builtin_expect(node->zone_min == MH_ZONE_NORMAL, 1))
		return MH_ZONE_NORMAL;
	return mh_zone_choose_kernel(machine, block);
}

#endif
