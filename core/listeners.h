/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own memory-hotplug listeners, as a preset: stand-ins with their names, priorities and events.
 */
#ifndef CORE_LISTENERS_H
#define CORE_LISTENERS_H

#include <stdbool.h>
#include <stddef.h>

struct mh_listener_facts {
	const char *name;
	bool node;       /* on the chain of nodes, else on the memory chain */
	int priority;    /* on that chain */
	unsigned events; /* bits 1 << enum mh_event: those to which it does anything */
};

struct mh_listener_preset {
	const char *name; /* "linux-6.1"; enum mh_compat's protocols name theirs */
	/* In the order of registration: the memory chain, then the chain of nodes; on each falling priority, equal
	 * ones as the kernel has them. */
	const struct mh_listener_facts *listeners;
	size_t count;
};

/* The preset of that name, or NULL. Static data. */
const struct mh_listener_preset *mh_listener_preset(const char *name);
/* All presets, to iterate. */
const struct mh_listener_preset *mh_listener_presets(size_t *ret_count);

#endif
