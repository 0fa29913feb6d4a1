/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The double read of I31.
 */
#include "core/hotplug_reader.h"

#include <string.h>

#include "core/machine_private.h"

static void look(const struct mh_machine *machine, unsigned node, struct mh_hotplug_reader *ret_reader)
{
	*ret_reader = (struct mh_hotplug_reader){
		.node = node,
		.memory = mh_node_mask_test(machine->has_memory, node),
		.normal = mh_node_mask_test(machine->has_normal, node),
	};
	for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
		ret_reader->present[kind] = machine->nodes[node].zones[kind].present_pages;
}

void mh_hotplug_read_lock(struct mh_machine *machine, unsigned node, struct mh_hotplug_reader *ret_reader)
{
	mh_mutex_lock(mh_hotplug_mutex(machine, node));
	ret_reader->node = node;
	if (machine->full)
		look(machine, node, ret_reader);
}

void mh_hotplug_read_unlock(struct mh_machine *machine, const struct mh_hotplug_reader *reader)
{
	struct mh_hotplug_reader now;

	if (machine->full) {
		look(machine, reader->node, &now);
		if (memcmp(now.present, reader->present, sizeof(now.present)) != 0 || now.memory != reader->memory ||
		    now.normal != reader->normal)
			mh_check_violated(machine, NULL, "I31",
					  "node %d: its present pages or masks changed while a reader held the lock",
					  machine->nodes[reader->node].nid);
		atomic_fetch_add_explicit(&machine->check.checked, 1, memory_order_relaxed);
	}
	mh_mutex_unlock(mh_hotplug_mutex(machine, reader->node));
}
