/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory chain: events, their argument, registration. */
#ifndef MEMHP_LINUX_MEMORY_H
#define MEMHP_LINUX_MEMORY_H

#include <linux/memhp_kobject.h>
#include <linux/memhp_types.h>
#include <linux/mmzone.h>
#include <linux/node.h>
#include <linux/notifier.h>
#include <memhp/kernel.h>

/*
 * Where the kernel puts its own. 6.1 names the slab allocator and the limit of overcommitted memory; from 6.2 on all
 * have names. Read off the chains of booted kernels, but for HMAT and CXL, which no recorded machine had.
 */
#define SLAB_CALLBACK_PRI 1
#if MEMHP_COMPAT == 61
#define IPC_CALLBACK_PRI 10
#else
#define DEFAULT_CALLBACK_PRI 0
#define CXL_CALLBACK_PRI     5
#define MM_COMPUTE_BATCH_PRI 10
#define CPUSET_CALLBACK_PRI  10
#define MEMTIER_HOTPLUG_PRI  100
#define KSM_CALLBACK_PRI     100
#if MEMHP_COMPAT == 612
#define HMAT_CALLBACK_PRI 2
#else
#define HMAT_CALLBACK_PRI 6
#endif
#endif

#define MIN_MEMORY_BLOCK_SIZE (1ul << SECTION_SIZE_BITS)

/* Bytes; of a machine with machine.block_size below 128 MiB less than MIN_MEMORY_BLOCK_SIZE. */
static inline unsigned long memory_block_size_bytes(void)
{
	return memhp_block_pages() << PAGE_SHIFT;
}

/* A copy, made for one call of a walker. Unlike the kernel's it has no device, group or counts of its own. */
struct memory_block {
	unsigned long start_section_nr;
	unsigned long state; /* MEM_ONLINE, MEM_GOING_OFFLINE, MEM_OFFLINE */
	int nid;
};

typedef int (*walk_memory_blocks_func_t)(struct memory_block *block, void *data);

static inline unsigned long memhp_block_state(unsigned long pfn)
{
	int state = memhp_pfn_state(pfn);

	if (state == MEMHP_BLOCK_ONLINE)
		return MEM_ONLINE;
	return state == MEMHP_BLOCK_GOING_OFFLINE ? MEM_GOING_OFFLINE : MEM_OFFLINE;
}

/* Every block from that of @start on to that of the last of @size bytes. Return: what @call gave first that is not 0.
 */
static inline int walk_memory_blocks(unsigned long start, unsigned long size, void *data,
				     walk_memory_blocks_func_t call)
{
	unsigned long step = memhp_block_pages();
	int ret = 0;

	if (!size || !step)
		return 0;
	for (unsigned long pfn = PHYS_PFN(start) / step * step; !ret && pfn <= PHYS_PFN(start + size - 1);
	     pfn += step) {
		struct memory_block block = {pfn_to_section_nr(pfn), memhp_block_state(pfn), pfn_to_nid(pfn)};

		if (memhp_pfn_state(pfn) != MEMHP_BLOCK_ABSENT)
			ret = call(&block, data);
	}
	return ret;
}

#endif
