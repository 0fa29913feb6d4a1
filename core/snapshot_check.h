/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * I24: a node and a block before an operation, to be held against them after one that failed. verify: full.
 */
#ifndef CORE_SNAPSHOT_CHECK_H
#define CORE_SNAPSHOT_CHECK_H

#include "core/machine_private.h"

#define MH_SNAPSHOT_ZONE_FIELDS 9
#define MH_SNAPSHOT_NODE_FIELDS 10

/* By index into the tables of names in snapshot_check.c. */
struct mh_snapshot {
	uint64_t zones[MH_ZONE_KINDS][MH_SNAPSHOT_ZONE_FIELDS];
	uint64_t node[MH_SNAPSHOT_NODE_FIELDS];
};

/* Under the hotplug lock of @operation's node. */
void mh_snapshot_take(struct mh_machine *machine, const struct mh_operation *operation,
		      struct mh_snapshot *ret_snapshot);
/* I24: names the first field that differs now. */
void mh_snapshot_check(struct mh_machine *machine, struct mh_operation *operation, const struct mh_snapshot *before);

#endif
