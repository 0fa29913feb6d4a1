/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own memory-hotplug listeners, as a preset: stand-ins with their names, priorities and events.
 */
#ifndef CORE_LISTENERS_H
#define CORE_LISTENERS_H

#include <stddef.h>

struct mh_listener_facts {
	const char *name;
	int priority;
	unsigned events; /* bits 1 << enum mh_event */
};

struct mh_listener_preset {
	const char *name; /* "linux-6.1" */
	const struct mh_listener_facts
		*listeners; /* in the order of registration: falling priority, equal ones as the kernel has them */
	size_t count;
};

/* The preset of that name, or NULL. Static data. */
const struct mh_listener_preset *mh_listener_preset(const char *name);
/* All presets, to iterate. */
const struct mh_listener_preset *mh_listener_presets(size_t *ret_count);

#endif
