/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memoryN/state, memoryN/online and memoryN/valid_zones.
 *
 * A request to online a block that is online is refused and remembered: the kernel stores it before it looks. It is
 * what the next write to memoryN/online asks for, and any attempt that gets as far as trying forgets it.
 */
#include "core/block_device.h"

#include <errno.h>

#include "core/hotplug_reader.h"
#include "core/machine_private.h"
#include "core/sysfs_value.h"
#include "core/zone_choice.h"

static const struct {
	const char *word;
	bool online;
	enum mh_online_type type;
} requests[] = {
	{"online", true, MH_ONLINE_DEFAULT},
	{"online_kernel", true, MH_ONLINE_KERNEL},
	{"online_movable", true, MH_ONLINE_MOVABLE},
	{"offline", false, MH_ONLINE_DEFAULT},
};

#define REQUEST_COUNT (sizeof(requests) / sizeof(requests[0]))

/* Relaxed: two writers of one block's files are serialised by the hotplug lock as far as it matters; what is left is
 * the kernel's own race. */
static void arm(struct mh_machine *machine, uint32_t block, unsigned char armed)
{
	atomic_store_explicit(&machine->blocks[block].armed, armed, memory_order_relaxed);
}

static enum mh_online_type armed_type(const struct mh_machine *machine, uint32_t block)
{
	unsigned char armed = atomic_load_explicit(&machine->blocks[block].armed, memory_order_relaxed);

	return armed ? (enum mh_online_type)(armed - 1) : MH_ONLINE_DEFAULT;
}

int mh_block_device_online(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
			   const enum mh_online_type *type)
{
	int ret = mh_block_online(machine, operation, block, type ? *type : armed_type(machine, block));

	if (operation->outcome != MH_OUTCOME_ALREADY)
		arm(machine, block, 0);
	return ret;
}

int64_t mh_block_write_state(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
			     const char *data, size_t length)
{
	size_t i = 0;
	int ret;

	if (!mh_machine_block_is_present(machine, block))
		return -ENODEV;
	if (!length)
		return 0;
	while (i < REQUEST_COUNT && !mh_sysfs_word_is(data, length, requests[i].word))
		i++;
	if (i == REQUEST_COUNT)
		return -EINVAL;
	if (!requests[i].online) {
		ret = mh_block_offline(machine, operation, block);
	} else {
		ret = mh_block_device_online(machine, operation, block, &requests[i].type);
		if (operation->outcome == MH_OUTCOME_ALREADY)
			arm(machine, block, (unsigned char)(requests[i].type + 1));
	}
	return ret ? ret : (int64_t)length;
}

int64_t mh_block_write_online(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
			      const char *data, size_t length)
{
	int wanted, ret;

	if (!mh_machine_block_is_present(machine, block))
		return -ENODEV;
	if (!length)
		return 0;
	wanted = mh_sysfs_bool(data, length);
	if (wanted < 0)
		return wanted;
	ret = wanted ? mh_block_device_online(machine, operation, block, NULL)
		     : mh_block_offline(machine, operation, block);
	return ret && operation->outcome != MH_OUTCOME_ALREADY ? ret : (int64_t)length;
}

static unsigned offline_zones(struct mh_machine *machine, uint32_t block, enum mh_zone_kind *ret_kinds)
{
	enum mh_zone_kind kernel = mh_zone_choose_kernel(machine, block);
	unsigned count = 0;

	ret_kinds[count++] =
		mh_zone_choose(machine, &machine->nodes[machine->blocks[block].node], block, MH_ONLINE_DEFAULT);
	if (ret_kinds[0] != kernel)
		ret_kinds[count++] = kernel;
	if (ret_kinds[0] != MH_ZONE_MOVABLE)
		ret_kinds[count++] = MH_ZONE_MOVABLE;
	return count;
}

unsigned mh_block_valid_zones(struct mh_machine *machine, uint32_t block, enum mh_zone_kind ret_kinds[MH_ZONE_KINDS])
{
	struct mh_hotplug_reader reader;
	unsigned count = 1;

	mh_hotplug_read_lock(machine, machine->blocks[block].node, &reader);
	if (mh_machine_block_state(machine, block) == MH_BLOCK_OFFLINE) {
		count = offline_zones(machine, block, ret_kinds);
	} else {
		ret_kinds[0] = mh_machine_block_zone(machine, block);
		if (ret_kinds[0] == MH_ZONE_NONE)
			count = 0;
	}
	mh_hotplug_read_unlock(machine, &reader);
	return count;
}
