/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moving the pages of an isolated block elsewhere, behind their owners' backs.
 */
#ifndef CORE_MIGRATE_H
#define CORE_MIGRATE_H

#include "core/machine_private.h"

/* One pass over the operation's block; failures are left for the next pass, as in the kernel. Return: pages moved. */
uint32_t mh_migrate_block(struct mh_machine *machine, struct mh_operation *operation);

/* What of an isolated block is still out, by what an offline makes of it; chunks. */
struct mh_leftover {
	uint32_t movable; /* looks movable, whether it is or not */
	uint32_t held;    /* offline-flagged, its driver has not let go */
	uint32_t stuck;   /* huge pages in use that cannot be moved */
};

void mh_migrate_survey(struct mh_machine *machine, uint32_t block, struct mh_leftover *ret_leftover);
/* Gives the free huge pages of a block back as ordinary free pages; their handles hold 0 then. */
void mh_dissolve_block(struct mh_machine *machine, uint32_t block);

#endif
