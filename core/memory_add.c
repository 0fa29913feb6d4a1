/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Add and remove. The hotplug lock is held over the whole of each, the onlining and offlining of the blocks included,
 * as the kernel holds its device_hotplug_lock: no other operation comes between.
 */
#include "core/memory_add.h"

#include <errno.h>

#include "core/block_device.h"
#include "core/machine_private.h"

#define MEMMAP_BYTES_PER_PAGE 64 /* sizeof(struct page) */

static void lock(struct mh_machine *machine, struct mh_operation *operation)
{
	mh_mutex_lock(&machine->hotplug);
	operation->holds_lock = true;
}

static void unlock(struct mh_machine *machine, struct mh_operation *operation)
{
	operation->holds_lock = false;
	mh_mutex_unlock(&machine->hotplug);
}

static uint32_t vmemmap_pages(const struct mh_machine *machine)
{
	return machine->pages_per_block / (MH_PAGE_SIZE / MEMMAP_BYTES_PER_PAGE);
}

/* The memmap of a block must fill whole pageblocks; 6.1 wants a range of exactly one block, too. */
static bool memmap_applies(const struct mh_machine *machine, uint32_t count)
{
	if (!machine->config.memmap_on_memory || vmemmap_pages(machine) % MH_PAGEBLOCK_PAGES)
		return false;
	return machine->protocol->memmap_per_block || count == 1;
}

static int check_range(const struct mh_machine *machine, uint32_t first, uint32_t count)
{
	if (!machine->facts || !count || first >= machine->block_count || count > machine->block_count - first)
		return -EINVAL;
	return 0;
}

static int check_add(const struct mh_machine *machine, const struct mh_memory_range *range)
{
	int ret = check_range(machine, range->first, range->count);

	if (ret < 0 || range->node >= machine->node_count || range->group > machine->group_count)
		return -EINVAL;
	for (uint32_t i = 0; i < range->count; i++)
		if (mh_machine_block_state(machine, range->first + i) != MH_BLOCK_ABSENT)
			return -EEXIST;
	/* Later kernels fall back to a memmap elsewhere. */
	if (range->memmap_on_memory && !memmap_applies(machine, range->count) && !machine->protocol->memmap_per_block)
		return -EINVAL;
	return 0;
}

static void add_devices(struct mh_machine *machine, const struct mh_memory_range *range)
{
	bool memmap = range->memmap_on_memory && memmap_applies(machine, range->count);

	for (uint32_t block = range->first; block < range->first + range->count; block++) {
		machine->blocks[block].node = (uint16_t)range->node;
		machine->facts[block] = (struct mh_block_facts){
			.vmemmap_pages = memmap ? vmemmap_pages(machine) : 0,
			.group = (uint16_t)range->group,
		};
		atomic_store_explicit(&machine->blocks[block].armed, 0, memory_order_relaxed);
		/* The release orders what the block is before its being there, for who looks without the lock. */
		atomic_store_explicit(&machine->blocks[block].state, MH_BLOCK_OFFLINE, memory_order_release);
		mh_uevent(machine, MH_UEVENT_ADD, block);
	}
	mh_node_mask_set(machine->is_online, range->node, true);
}

static void auto_online(struct mh_machine *machine, struct mh_operation *operation, const struct mh_memory_range *range)
{
	static const enum mh_online_type types[MH_AUTO_ONLINES] = {
		[MH_AUTO_ONLINE] = MH_ONLINE_DEFAULT,
		[MH_AUTO_ONLINE_KERNEL] = MH_ONLINE_KERNEL,
		[MH_AUTO_ONLINE_MOVABLE] = MH_ONLINE_MOVABLE,
	};

	if (machine->auto_online == MH_AUTO_OFFLINE)
		return;
	for (uint32_t block = range->first; block < range->first + range->count; block++) {
		mh_trace_reset(operation->trace);
		if (mh_block_device_online(machine, operation, block, &types[machine->auto_online]) < 0)
			return;
	}
}

static int add_locked(struct mh_machine *machine, struct mh_operation *operation, const struct mh_memory_range *range)
{
	int ret = check_add(machine, range);

	if (ret < 0)
		return ret;
	add_devices(machine, range);
	auto_online(machine, operation, range);
	return 0;
}

int mh_memory_add(struct mh_machine *machine, struct mh_operation *operation, const struct mh_memory_range *range)
{
	int ret;

	lock(machine, operation);
	ret = add_locked(machine, operation, range);
	unlock(machine, operation);
	return ret;
}

static bool spans_nothing(const struct mh_node *node)
{
	for (unsigned kind = node->zone_min; kind < MH_ZONE_KINDS; kind++)
		if (node->zones[kind].span.count)
			return false;
	return true;
}

static void try_node_offline(struct mh_machine *machine, unsigned index)
{
	const struct mh_node *node = &machine->nodes[index];

	if (node->has_cpu || !spans_nothing(node))
		return;
	for (uint32_t block = 0; block < machine->block_count; block++)
		if (mh_block_is_of(machine, block, index))
			return;
	mh_node_mask_set(machine->is_online, index, false);
}

static void free_group(struct mh_machine *machine, unsigned number)
{
	for (uint32_t block = 0; number && block < machine->block_count; block++)
		if (machine->facts[block].group == number)
			return;
	if (number)
		machine->groups[number - 1] = (struct mh_memory_group){0};
}

/* Groups and nodes are tried behind the last block of each stretch that is of the same: a range may be of several. */
static void remove_devices(struct mh_machine *machine, uint32_t first, uint32_t count)
{
	for (uint32_t block = first; block < first + count; block++) {
		bool last = block + 1 == first + count;
		unsigned group = machine->facts[block].group;

		atomic_store_explicit(&machine->blocks[block].state, MH_BLOCK_ABSENT, memory_order_relaxed);
		machine->facts[block] = (struct mh_block_facts){0};
		machine->poisoned[block] = 0;
		mh_uevent(machine, MH_UEVENT_REMOVE, block);
		if (last || machine->facts[block + 1].group != group)
			free_group(machine, group);
		if (last || machine->blocks[block + 1].node != machine->blocks[block].node)
			try_node_offline(machine, machine->blocks[block].node);
	}
}

static int remove_locked(struct mh_machine *machine, uint32_t first, uint32_t count)
{
	for (uint32_t block = first; block < first + count; block++) {
		enum mh_block_state state = mh_machine_block_state(machine, block);

		if (state != MH_BLOCK_OFFLINE)
			return state == MH_BLOCK_ABSENT ? -ENOENT : -EBUSY;
	}
	remove_devices(machine, first, count);
	return 0;
}

int mh_memory_remove(struct mh_machine *machine, struct mh_operation *operation, uint32_t first, uint32_t count)
{
	int ret = check_range(machine, first, count);

	if (ret < 0)
		return ret;
	lock(machine, operation);
	ret = remove_locked(machine, first, count);
	unlock(machine, operation);
	return ret;
}

/* In an array of types: offlined here, and to come back by the type that is armed. */
#define AS_ARMED UINT8_MAX

/* By ordinary operations, with their events; failures ignored. The outcome stays the refusal's: it is what the caller
 * is told of. */
static void online_again(struct mh_machine *machine, struct mh_operation *operation, const unsigned char *types,
			 uint32_t first, uint32_t count)
{
	const enum mh_outcome refusal = operation->outcome;
	const int result = operation->result;

	for (uint32_t i = 0; i < count; i++) {
		enum mh_online_type type = (enum mh_online_type)(types[i] - 1);

		if (!types[i])
			continue;
		mh_trace_reset(operation->trace);
		(void)mh_block_device_online(machine, operation, first + i, types[i] == AS_ARMED ? NULL : &type);
	}
	operation->outcome = refusal;
	operation->result = result;
}

static int offline_one(struct mh_machine *machine, struct mh_operation *operation, uint32_t block)
{
	mh_trace_reset(operation->trace);
	return mh_block_offline(machine, operation, block);
}

/* Offline in order; @types remembers, + 1, how each that went offline here was online. */
static int offline_range(struct mh_machine *machine, struct mh_operation *operation, uint32_t first, uint32_t count,
			 unsigned char *types)
{
	for (uint32_t i = 0; i < count; i++) {
		enum mh_zone_kind kind = mh_machine_block_zone(machine, first + i);
		int ret = offline_one(machine, operation, first + i);

		if (ret == 0)
			types[i] = 1 + (mh_zone_is_kernel(kind) ? MH_ONLINE_KERNEL : MH_ONLINE_MOVABLE);
		else if (operation->outcome != MH_OUTCOME_ALREADY)
			return ret;
	}
	return 0;
}

#define RANGE_MAX 4096 /* blocks in one call: what is remembered of them lives on the stack */

int mh_memory_offline_and_remove(struct mh_machine *machine, struct mh_operation *operation, uint32_t first,
				 uint32_t count)
{
	unsigned char types[RANGE_MAX] = {0};
	int ret = check_range(machine, first, count);

	if (ret < 0 || count > RANGE_MAX)
		return -EINVAL;
	lock(machine, operation);
	ret = offline_range(machine, operation, first, count, types);
	if (ret == 0)
		ret = remove_locked(machine, first, count);
	else
		online_again(machine, operation, types, first, count);
	unlock(machine, operation);
	return ret;
}

static bool group_is_sound(const struct mh_machine *machine, const struct mh_map_group *group)
{
	return machine->facts && group->node < machine->node_count &&
	       (group->dynamic ? group->unit_pages : group->max_pages);
}

static int group_new_locked(struct mh_machine *machine, const struct mh_map_group *group)
{
	unsigned number = 1;

	while (number <= machine->group_count &&
	       (machine->groups[number - 1].max_pages || machine->groups[number - 1].unit_pages))
		number++;
	if (number > MH_MEMORY_GROUPS_MAX)
		return -ENOSPC;
	if (number > machine->group_count)
		machine->group_count = number;
	machine->groups[number - 1] = (struct mh_memory_group){
		.node = group->node,
		.dynamic = group->dynamic,
		.max_pages = group->max_pages,
		.unit_pages = group->unit_pages,
	};
	return (int)number;
}

int mh_memory_group_new(struct mh_machine *machine, const struct mh_map_group *group)
{
	int ret;

	if (!group_is_sound(machine, group))
		return -EINVAL;
	mh_mutex_lock(&machine->hotplug);
	ret = group_new_locked(machine, group);
	mh_mutex_unlock(&machine->hotplug);
	return ret;
}

/* The lowest run of @count numbers that no block has. */
static uint32_t find_room(const struct mh_machine *machine, uint32_t count)
{
	uint32_t run = 0;

	for (uint32_t block = machine->next_block; block < machine->block_count; block++) {
		run = mh_machine_block_state(machine, block) == MH_BLOCK_ABSENT ? run + 1 : 0;
		if (run == count)
			return block - count + 1;
	}
	return machine->block_count;
}

static int plug_locked(struct mh_machine *machine, struct mh_operation *operation, struct mh_memory_range *range,
		       const struct mh_map_group *group)
{
	int ret = group_new_locked(machine, group);

	if (ret < 0)
		return ret;
	range->group = (unsigned)ret;
	range->first = find_room(machine, range->count);
	ret = add_locked(machine, operation, range);
	if (ret < 0)
		free_group(machine, range->group);
	return ret;
}

int mh_dimm_plug(struct mh_machine *machine, struct mh_operation *operation, unsigned node, uint32_t count,
		 uint32_t *ret_first)
{
	const struct mh_map_group group = {.node = node, .max_pages = (uint64_t)count << machine->block_shift};
	struct mh_memory_range range = {
		.node = node,
		.count = count,
		.memmap_on_memory = memmap_applies(machine, count),
	};
	int ret;

	if (!group_is_sound(machine, &group))
		return -EINVAL;
	lock(machine, operation);
	ret = plug_locked(machine, operation, &range, &group);
	unlock(machine, operation);
	if (ret == 0)
		*ret_first = range.first;
	return ret;
}

/* A pass over the blocks that no pass took offline yet; the second ends at the first refusal. */
static int unplug_pass(struct mh_machine *machine, struct mh_operation *operation, uint32_t first, uint32_t count,
		       unsigned char *types, bool second)
{
	int refusal = 0;

	for (uint32_t i = 0; i < count; i++) {
		int ret;

		if (types[i])
			continue;
		ret = offline_one(machine, operation, first + i);
		if (ret == 0)
			types[i] = AS_ARMED;
		else if (operation->outcome != MH_OUTCOME_ALREADY)
			refusal = ret;
		if (refusal && second)
			break;
	}
	return refusal;
}

int mh_dimm_unplug(struct mh_machine *machine, struct mh_operation *operation, uint32_t first, uint32_t count)
{
	unsigned char types[RANGE_MAX] = {0};
	int ret = check_range(machine, first, count);

	if (ret < 0 || count > RANGE_MAX)
		return -EINVAL;
	lock(machine, operation);
	ret = unplug_pass(machine, operation, first, count, types, false);
	if (ret)
		ret = unplug_pass(machine, operation, first, count, types, true);
	if (ret == 0)
		ret = remove_locked(machine, first, count);
	else
		online_again(machine, operation, types, first, count);
	unlock(machine, operation);
	return ret;
}
