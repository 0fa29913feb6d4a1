/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The body of a machine, for core's own files.
 *
 * Flat arrays by block, bytes where bytes do: an operation's cost must not grow with the number of blocks. What several
 * threads write stands on its own 128-byte line (two lines of 64 are fetched together).
 */
#ifndef CORE_MACHINE_PRIVATE_H
#define CORE_MACHINE_PRIVATE_H

#include "core/machine.h"
#include "core/topology/topology.h"
#include "core/units.h"

#define MH_LINE __attribute__((aligned(128)))

/* May pages of a block be handed out? Written under zone->lock. */
enum mh_gate {
	MH_GATE_CLOSED,  /* no: offline, or isolated and drained */
	MH_GATE_CLOSING, /* isolated; lists of threads may still hold pages of it */
	MH_GATE_OPEN,
};

struct mh_zone {
	struct mh_mutex lock;     /* guards whole, partial, free_units and the buddy of every block of the zone */
	struct mh_bitmap whole;   /* by index in the node: open blocks that no page was ever taken from */
	struct mh_bitmap partial; /* open blocks with a buddy and at least one free unit */
	uint64_t free_units;      /* in open blocks */
	/* Under the hotplug lock: */
	struct mh_bitmap span; /* blocks in the zone, from before GOING_ONLINE to after OFFLINE */
	uint64_t present_pages, managed_pages;
	unsigned isolated_blocks; /* 0 outside operations */
} MH_LINE;

struct mh_node {
	struct mh_mutex hotplug; /* hotplug_lock: node */
	struct mh_zone zones[MH_ZONE_KINDS];
	int nid;
	uint32_t first_block, block_count;
	uint16_t *fallback;     /* node indices, nearest first, itself first; @node_count of them */
	bool kswapd, kcompactd; /* run while the node is in N_MEMORY */
} MH_LINE;

#define MH_CPU_COUNT_MAX 2048
#define MH_PCP_HIGH      256 /* units on one list at most */
#define MH_PCP_BATCH     64  /* units moved at once: one word of a bitmap */

struct mh_pcp {
	uint32_t count;
	uint64_t pfns[MH_PCP_HIGH];
};

enum mh_cpu_gate { MH_CPU_OUTSIDE, MH_CPU_INSIDE, MH_CPU_DRAINED_BY_OTHER };

struct mh_cpu {
	atomic_uint drain; /* 1: the owner is asked to empty its lists at its next allocation or free */
	char pad[124];     /* the flag is written by others, the rest by the owner */
	atomic_uint gate;  /* enum mh_cpu_gate */
	uint64_t refused;  /* allocations */
	struct mh_machine *machine;
	unsigned slot;        /* in machine->cpus */
	struct mh_pcp *lists; /* node * MH_ZONE_KINDS + zone */
} MH_LINE;

struct mh_machine {
	struct mh_machine_config config;
	struct mh_chain chain;
	const struct mh_hook *hooks[MH_HOOK_POINTS];

	uint32_t block_count;
	unsigned node_count;
	unsigned block_shift;     /* pfn >> block_shift = block */
	uint32_t pages_per_block; /* 2^block_shift; up to 2^24 */
	unsigned unit_pages;      /* pages accounted as one: 1 or MH_PAGEBLOCK_PAGES */
	unsigned unit_shift;
	uint32_t units_per_block;

	atomic_uchar *state; /* by block: enum mh_block_state; under the hotplug lock, read by anyone */
	atomic_uchar *gate;  /* by block: enum mh_gate */
	atomic_uchar *zone; /* by block: enum mh_zone_kind; under the hotplug lock, read by anyone; valid while the gate
			       is not closed or pages are out */
	uint16_t *node;     /* by block: index */
	struct mh_block_pages **pages; /* by block: NULL until a page is taken from it */
	struct mh_node *nodes;

	struct mh_mutex hotplug MH_LINE;                                 /* hotplug_lock: global */
	_Atomic uint64_t has_memory[MH_TOPOLOGY_NODES_MAX / 64] MH_LINE; /* N_MEMORY, by node index */
	_Atomic uint64_t has_normal[MH_TOPOLOGY_NODES_MAX / 64] MH_LINE; /* N_NORMAL_MEMORY */

	struct mh_mutex cpu_lock MH_LINE; /* guards cpus and cpu_count */
	struct mh_cpu *cpus[MH_CPU_COUNT_MAX];
	unsigned cpu_count; /* slots in use: some may be NULL */

	struct mh_mutex spare_lock;   /* guards spare */
	struct mh_block_pages *spare; /* page tables of blocks that went offline, for the next block */
	unsigned spare_count;

	_Atomic uint64_t pages_migrated, drains, refused;
	struct mh_check check;
};

/* Relaxed: zone->lock orders it for whoever holds a page of the block; others only look. */
static inline enum mh_zone_kind mh_block_zone_kind(const struct mh_machine *machine, uint32_t block)
{
	return (enum mh_zone_kind)atomic_load_explicit(&machine->zone[block], memory_order_relaxed);
}

static inline struct mh_zone *mh_block_zone(struct mh_machine *machine, uint32_t block)
{
	return &machine->nodes[machine->node[block]].zones[mh_block_zone_kind(machine, block)];
}

static inline uint32_t mh_block_of_pfn(const struct mh_machine *machine, uint64_t pfn)
{
	return (uint32_t)(pfn >> machine->block_shift);
}

static inline uint32_t mh_unit_of_pfn(const struct mh_machine *machine, uint64_t pfn)
{
	return (uint32_t)((pfn & (machine->pages_per_block - 1)) >> machine->unit_shift);
}

static inline uint64_t mh_pfn_of_unit(const struct mh_machine *machine, uint32_t block, uint32_t unit)
{
	return ((uint64_t)block << machine->block_shift) + ((uint64_t)unit << machine->unit_shift);
}

static inline bool mh_node_mask_test(_Atomic uint64_t *mask, unsigned node)
{
	return atomic_load_explicit(&mask[node / 64], memory_order_relaxed) >> (node % 64) & 1;
}

/* Tested first: the line is shared by all nodes and written only when a node's first or last block changes. */
static inline void mh_node_mask_set(_Atomic uint64_t *mask, unsigned node, bool member)
{
	uint64_t bit = UINT64_C(1) << (node % 64);

	if (mh_node_mask_test(mask, node) == member)
		return;
	if (member)
		atomic_fetch_or_explicit(&mask[node / 64], bit, memory_order_relaxed);
	else
		atomic_fetch_and_explicit(&mask[node / 64], ~bit, memory_order_relaxed);
}

#endif
