/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about the kernel's own listeners. Names, chains, priorities and their order were read off the chains of booted
 * kernels (Debian, x86-64): 6.1.192, 6.12.95, 7.3.4.
 *
 * The events are those to which each callback reacts in its source. No recorded trace judges them: in every trace every
 * one of these answers OK to every event of its chain, whether it does anything or not.
 */
#include "core/listeners.h"

#include "core/event.h"

#include <string.h>

enum {
	GOING_ONLINE = 1 << MH_GOING_ONLINE,
	CANCEL_ONLINE = 1 << MH_CANCEL_ONLINE,
	ONLINE = 1 << MH_ONLINE,
	GOING_OFFLINE = 1 << MH_GOING_OFFLINE,
	CANCEL_OFFLINE = 1 << MH_CANCEL_OFFLINE,
	OFFLINE = 1 << MH_OFFLINE,
	NODE_ADDING = 1 << MH_NODE_ADDING_FIRST_MEMORY,
	NODE_ADDED = 1 << MH_NODE_ADDED_FIRST_MEMORY,
	NODE_REMOVING = 1 << MH_NODE_REMOVING_LAST_MEMORY,
	NODE_REMOVED = 1 << MH_NODE_REMOVED_LAST_MEMORY,
	EVERY_EVENT = (1 << MH_EVENT_COUNT) - 1, /* of those that the kernel sends to its chain */
};

enum { MEMORY_CHAIN = false, NODE_CHAIN = true };

/* cpuset queues a rescan on every event; slab allocates in GOING_ONLINE and drops in the two ends. */
static const struct mh_listener_facts linux_6_1[] = {
	{"ksm_memory_callback", MEMORY_CHAIN, 100, GOING_OFFLINE | CANCEL_OFFLINE | OFFLINE},
	{"memtier_hotplug_callback", MEMORY_CHAIN, 100, ONLINE | OFFLINE},
	{"cpuset_track_online_nodes", MEMORY_CHAIN, 10, EVERY_EVENT},
	{"mm_compute_batch_notifier", MEMORY_CHAIN, 10, ONLINE | OFFLINE},
	{"slab_memory_callback", MEMORY_CHAIN, 1, GOING_ONLINE | CANCEL_ONLINE | GOING_OFFLINE | OFFLINE},
	{"reserve_mem_notifier", MEMORY_CHAIN, 0, ONLINE | OFFLINE},
	{"kcore_callback", MEMORY_CHAIN, 0, ONLINE | OFFLINE},
};

static const struct mh_listener_facts linux_6_12[] = {
	{"ksm_memory_callback", MEMORY_CHAIN, 100, GOING_OFFLINE | CANCEL_OFFLINE | OFFLINE},
	{"memtier_hotplug_callback", MEMORY_CHAIN, 100, ONLINE | OFFLINE},
	{"cpuset_track_online_nodes", MEMORY_CHAIN, 10, EVERY_EVENT},
	{"mm_compute_batch_notifier", MEMORY_CHAIN, 10, ONLINE | OFFLINE},
	{"slab_memory_callback", MEMORY_CHAIN, 1, GOING_ONLINE | CANCEL_ONLINE | GOING_OFFLINE | OFFLINE},
	{"crash_memhp_notifier", MEMORY_CHAIN, 0, ONLINE | OFFLINE},
	{"reserve_mem_notifier", MEMORY_CHAIN, 0, ONLINE | OFFLINE},
	{"kcore_callback", MEMORY_CHAIN, 0, ONLINE | OFFLINE},
};

/* What cares for nodes has left the memory chain. wi: the weights of interleaved allocation. */
static const struct mh_listener_facts linux_7_3[] = {
	{"ksm_memory_callback", MEMORY_CHAIN, 100, GOING_OFFLINE | CANCEL_OFFLINE | OFFLINE},
	{"mm_compute_batch_notifier", MEMORY_CHAIN, 10, ONLINE | OFFLINE},
	{"crash_memhp_notifier", MEMORY_CHAIN, 0, ONLINE | OFFLINE},
	{"reserve_mem_notifier", MEMORY_CHAIN, 0, ONLINE | OFFLINE},
	{"kcore_callback", MEMORY_CHAIN, 0, ONLINE | OFFLINE},
	{"memtier_hotplug_callback", NODE_CHAIN, 100, NODE_ADDED | NODE_REMOVED},
	{"cpuset_track_online_nodes", NODE_CHAIN, 10, EVERY_EVENT},
	{"slab_memory_callback", NODE_CHAIN, 1, NODE_ADDING | NODE_REMOVING},
	{"wi_node_notifier", NODE_CHAIN, 0, NODE_ADDED | NODE_REMOVED},
};

#define PRESET(name, table)                                                                                            \
	{                                                                                                              \
		name, table, sizeof(table) / sizeof((table)[0])                                                        \
	}

static const struct mh_listener_preset presets[] = {
	PRESET("linux-6.1", linux_6_1),
	PRESET("linux-6.12", linux_6_12),
	PRESET("linux-7.3", linux_7_3),
};

const struct mh_listener_preset *mh_listener_presets(size_t *ret_count)
{
	*ret_count = sizeof(presets) / sizeof(presets[0]);
	return presets;
}

const struct mh_listener_preset *mh_listener_preset(const char *name)
{
	for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); i++)
		if (strcmp(presets[i].name, name) == 0)
			return &presets[i];
	return NULL;
}
