/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a page is online, and keeping memory from coming and going. The latter not in a callback: the operation holds
 * the lock for writing, so the kernel hangs and here it is reported.
 */
#ifndef MEMHP_LINUX_MEMORY_HOTPLUG_H
#define MEMHP_LINUX_MEMORY_HOTPLUG_H

#include <linux/mmzone.h>
#include <linux/notifier.h>
#include <memhp/kapi_hotplug.h>

#define get_online_mems() memhp_mems_get(MEMHP_HERE)
#define put_online_mems() memhp_mems_put(MEMHP_HERE)

/*
 * NULL where the page is offline. As in the kernel a block is online here from before MEM_ONLINE to before MEM_OFFLINE:
 * not yet in GOING_ONLINE, still in GOING_OFFLINE.
 */
#define pfn_to_online_page(pfn)                                                                                        \
	(__extension__({                                                                                               \
		unsigned long memhp_pfn = (pfn);                                                                       \
		memhp_pfn_is_online(memhp_pfn) ? pfn_to_page(memhp_pfn) : NULL;                                        \
	}))

#endif
