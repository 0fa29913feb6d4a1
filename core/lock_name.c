/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which lock of a machine a mutex is, for whoever tells what a thread waits for.
 */
#include "core/machine_private.h"

#include <stddef.h>

static const char *name_of_chain(const struct mh_chain *chain, const struct mh_mutex *mutex)
{
	if (mutex == &chain->writer)
		return "the lock for changes of the chain";
	return mutex == &chain->mutex ? "the chain's own lock" : NULL;
}

static const char *name_of_node(const struct mh_node *node, const struct mh_mutex *mutex)
{
	if (mutex == &node->hotplug)
		return "the hotplug lock of its node";
	for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
		if (mutex == &node->zones[kind].lock.mutex)
			return "the lock of a zone";
	return NULL;
}

const char *mh_machine_lock_name(const struct mh_machine *machine, const struct mh_mutex *mutex)
{
	const char *name = name_of_chain(&machine->chain, mutex);

	if (mutex == &machine->hotplug)
		return "the hotplug lock";
	if (!name && machine->protocol->node_chain)
		name = name_of_chain(&machine->node_chain, mutex);
	for (unsigned node = 0; !name && node < machine->node_count; node++)
		name = name_of_node(&machine->nodes[node], mutex);
	if (name)
		return name;
	if (mutex == &machine->cpu_lock || mutex == &machine->spare_lock || mutex == &machine->check.lock)
		return "a lock of the machine";
	return NULL;
}
