/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts about the kernel's own listeners. Names, priorities and their order were read off the chain of a booted Linux
 * 6.1 (Debian, x86-64); the events are those to which each callback reacts in the sources of 6.1.
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
	EVERY_EVENT = (1 << MH_EVENT_COUNT) - 1,
};

/* cpuset queues a rescan on every event; slab allocates in GOING_ONLINE and drops in the two ends. */
static const struct mh_listener_facts linux_6_1[] = {
	{"ksm_memory_callback", 100, GOING_OFFLINE | CANCEL_OFFLINE | OFFLINE},
	{"memtier_hotplug_callback", 100, ONLINE | OFFLINE},
	{"cpuset_track_online_nodes", 10, EVERY_EVENT},
	{"mm_compute_batch_notifier", 10, ONLINE | OFFLINE},
	{"slab_memory_callback", 1, GOING_ONLINE | CANCEL_ONLINE | GOING_OFFLINE | OFFLINE},
	{"reserve_mem_notifier", 0, ONLINE | OFFLINE},
	{"kcore_callback", 0, ONLINE | OFFLINE},
};

static const struct mh_listener_preset presets[] = {
	{"linux-6.1", linux_6_1, sizeof(linux_6_1) / sizeof(linux_6_1[0])},
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
