/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reader of the hotplug lock, as get_online_mems() and put_online_mems() make one: between them no block of the node
 * comes or goes.
 *
 * Unlike the kernel's, readers exclude each other, too: they are rare here. At verify: full each section proves I31:
 * what it saw at its begin it must see at its end.
 */
#ifndef CORE_HOTPLUG_READER_H
#define CORE_HOTPLUG_READER_H

#include "core/machine.h"

struct mh_hotplug_reader {
	unsigned node;
	uint64_t present[MH_ZONE_KINDS]; /* pages; verify: full */
	bool memory, normal;
};

/* Any thread, not from inside a callback nor while it holds the lock. @node: index. Waits for an operation to end. */
void mh_hotplug_read_lock(struct mh_machine *machine, unsigned node, struct mh_hotplug_reader *ret_reader);
void mh_hotplug_read_unlock(struct mh_machine *machine, const struct mh_hotplug_reader *reader);

#endif
