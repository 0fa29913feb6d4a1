/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scars of a machine's blocks.
 */
#include "bench/engine/class.h"

#include <errno.h>
#include <stdlib.h>

int mh_scars_init(struct mh_scars *scars, uint32_t block_count)
{
	scars->blocks = calloc(block_count ? block_count : 1, sizeof(scars->blocks[0]));
	scars->count = block_count;
	return scars->blocks ? 0 : -ENOMEM;
}

void mh_scars_release(struct mh_scars *scars)
{
	free(scars->blocks);
	*scars = (struct mh_scars){.blocks = NULL};
}

bool mh_scars_any(const struct mh_scars *scars)
{
	for (uint32_t block = 0; block < scars->count; block++)
		if (atomic_load_explicit(&scars->blocks[block], memory_order_relaxed))
			return true;
	return false;
}

static bool is_at_home(const struct mh_machine *machine, uint32_t block)
{
	bool was_online = mh_machine_initial_zone(machine, block) != MH_ZONE_NONE;

	return was_online == (mh_machine_block_state(machine, block) == MH_BLOCK_ONLINE);
}

void mh_scars_forget_restored(struct mh_scars *scars, const struct mh_machine *machine)
{
	for (uint32_t block = 0; block < scars->count; block++)
		if (is_at_home(machine, block))
			atomic_store_explicit(&scars->blocks[block], 0, memory_order_relaxed);
}
