/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which zone a block goes to (semantics.md 2.4). Under the hotplug lock.
 */
#ifndef CORE_ZONE_CHOICE_H
#define CORE_ZONE_CHOICE_H

#include "core/machine_private.h"

enum mh_zone_kind mh_zone_choose(const struct mh_machine *machine, uint32_t block, enum mh_online_type type);

/* The kernel zone for a block: the first of DMA and DMA32 whose span meets it, else Normal. */
enum mh_zone_kind mh_zone_choose_kernel(const struct mh_machine *machine, uint32_t block);

#endif
