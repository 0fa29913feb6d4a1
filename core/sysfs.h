/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of /sys/devices/system/memory, and the few beside them that hotplug reads, by their paths.
 */
#ifndef CORE_SYSFS_H
#define CORE_SYSFS_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "core/machine.h"

/* The words of auto_online_blocks by enum mh_auto_online, and of online_policy by enum mh_online_policy. */
extern const char *const mh_auto_online_words[MH_AUTO_ONLINES];
extern const char *const mh_online_policy_words[2];

/**
 * mh_sysfs_write, mh_sysfs_read - the same by path
 * @path: /sys/devices/system/memory/{memoryN/state,memoryN/online,auto_online_blocks},
 *	/sys/module/memory_hotplug/parameters/{online_policy,auto_movable_ratio,auto_movable_numa_aware}; read also
 *	memoryN/{valid_zones,phys_index,phys_device,removable}, block_size_bytes, parameters/memmap_on_memory and
 *	/sys/devices/system/node/{online,has_memory,has_normal_memory}
 *
 * At most 4096 bytes of a write are taken, as by the kernel; an empty one does nothing where writing is allowed.
 * Return: bytes taken, or 0 and the text as read without its newline; -ENOENT no such file; -EACCES it is read-only;
 * -EINVAL, -ERANGE the kernel refuses the value; -EOPNOTSUPP the kernel has the file, the machine does not model it.
 */
int64_t mh_sysfs_write(struct mh_machine *machine, struct mh_operation *operation, const char *path, const char *data,
		       size_t length);
int mh_sysfs_read(struct mh_machine *machine, const char *path, struct mh_text *ret_text);

#endif
