/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel tells user space of a memory block's device (SUBSYSTEM=memory).
 */
#ifndef CORE_UEVENT_H
#define CORE_UEVENT_H

#include <stdint.h>

enum mh_uevent { MH_UEVENT_ADD, MH_UEVENT_REMOVE, MH_UEVENT_ONLINE, MH_UEVENT_OFFLINE, MH_UEVENTS };

extern const char *const mh_uevent_names[MH_UEVENTS]; /* "add" … */

/* Who listens to them: called in the thread of the operation, under the hotplug lock, after the last MEM_ event. */
struct mh_uevent_sink {
	void (*told)(void *data, enum mh_uevent uevent, uint32_t block);
	void *data;
};

#endif
