/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A block as user space sees it: what writing to its files does. By path: core/sysfs.h.
 *
 * Any registered thread; not from inside a callback. Writers wait for the hotplug lock as machine.lock_wait says.
 */
#ifndef CORE_BLOCK_DEVICE_H
#define CORE_BLOCK_DEVICE_H

#include <stddef.h>
#include <stdint.h>

#include "core/machine.h"

/**
 * mh_block_write_state - write(2) to memoryN/state (semantics.md 4.2, 4.3)
 * @data: @length bytes as written; "online", "online_kernel", "online_movable" or "offline" and at most one newline;
 *	what comes after a NUL is not looked at
 *
 * An online type written to a block that is online is refused and stays behind for the next write to memoryN/online.
 * Return: @length; -EINVAL another word, or already so; -ENODEV @block is absent; the operation's -errno. An empty
 * write returns 0 and does nothing.
 */
int64_t mh_block_write_state(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
			     const char *data, size_t length);

/**
 * mh_block_write_online - write(2) to memoryN/online
 * @data: begins with 1, y, t or "on", or with 0, n, f or "of", of either case
 *
 * Return: as mh_block_write_state; already so is success.
 */
int64_t mh_block_write_online(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
			      const char *data, size_t length);

/**
 * mh_block_device_online - bring a block online as the kernel's device_online() does
 * @type: NULL: the type that a refused write to memoryN/state left behind, else the default
 *
 * An attempt forgets what was left behind, whether it succeeds and whichever type it was by.
 * Return: as mh_block_online.
 */
int mh_block_device_online(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
			   const enum mh_online_type *type);

/**
 * mh_block_valid_zones - what memoryN/valid_zones shows
 *
 * Online: its zone, or "none" for several. Offline: the zone that "online" would choose, then the other choices.
 * Return: the number of kinds in @ret_kinds, 0 for "none".
 */
unsigned mh_block_valid_zones(struct mh_machine *machine, uint32_t block, enum mh_zone_kind ret_kinds[MH_ZONE_KINDS]);

#endif
