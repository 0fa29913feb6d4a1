/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Moving the pages of an isolated block elsewhere, behind their owners' backs.
 */
#ifndef CORE_MIGRATE_H
#define CORE_MIGRATE_H

#include "core/machine_private.h"

/* One pass over the block; failures are left for the next pass, as in the kernel. Return: pages moved. */
uint32_t mh_migrate_block(struct mh_machine *machine, uint32_t block);

#endif
