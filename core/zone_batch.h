/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many single units of a zone at once: the buddy is asked for chunks and not for each unit, with the same result.
 */
#ifndef CORE_ZONE_BATCH_H
#define CORE_ZONE_BATCH_H

#include "core/machine_private.h"

#define MH_ZONE_BATCH_MAX 128u

/* Up to @count single units, MH_ZONE_BATCH_MAX at most: those that mh_zone_take() would give, in that order. Return:
 * how many there were. Takes zone->lock. */
uint32_t mh_zone_take_many(struct mh_machine *machine, unsigned node, enum mh_zone_kind kind, uint64_t *ret_pfns,
			   uint32_t count);
/* Gives @count units of one block back, whether that is open or isolated. Takes zone->lock once. */
void mh_zone_give_block(struct mh_machine *machine, uint32_t block, const uint32_t *units, uint32_t count);

#endif
