/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeping memory from coming and going. Not in a callback: the operation holds the lock for writing, so the kernel
 * hangs and here it is reported.
 */
#ifndef MEMHP_LINUX_MEMORY_HOTPLUG_H
#define MEMHP_LINUX_MEMORY_HOTPLUG_H

#include <linux/mmzone.h>
#include <linux/notifier.h>
#include <memhp/kapi_hotplug.h>

#define get_online_mems() memhp_mems_get(MEMHP_HERE)
#define put_online_mems() memhp_mems_put(MEMHP_HERE)

#endif
