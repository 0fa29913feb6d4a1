/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The body of a machine, for core's own files.
 *
 * Flat arrays by block, bytes where bytes do: an operation's cost must not grow with the number of blocks. What several
 * threads write stands on its own 128-byte line (two lines of 64 are fetched together).
 */
#ifndef CORE_MACHINE_PRIVATE_H
#define CORE_MACHINE_PRIVATE_H

#include "base/assert.h"
#include "base/brief.h"
#include "base/line.h"
#include "core/kapi_node.h"
#include "core/machine.h"
#include "core/topology/topology.h"
#include "core/units.h"

#define MH_LINE __attribute__((aligned(MH_LINE_BYTES)))

/* May pages of a block be handed out? Written under zone->lock, or while nothing of the block is out. */
enum mh_gate {
	MH_GATE_OFFLINE, /* no, and its pages are none that a module may look for: from before MEM_OFFLINE on */
	MH_GATE_CLOSED,  /* no: isolated and drained */
	MH_GATE_CLOSING, /* isolated; lists of threads may still hold pages of it */
	MH_GATE_OPEN,
};

/*
 * What an operation looks at of a block that nobody took a page from: one line of memory, however many blocks there
 * are, where a flat array for each of these was a miss for each once they did not fit into a cache.
 */
struct mh_block {
	atomic_uchar state; /* enum mh_block_state; under the hotplug lock, read by anyone */
	atomic_uchar gate;  /* enum mh_gate */
	atomic_uchar zone;  /* enum mh_zone_kind; under the hotplug lock, read by anyone; valid while the gate is not
			       closed  or pages are out */
	bool has_pages;     /* machine->pages has something of it; written with that */
	uint16_t node;      /* index */
	atomic_uchar armed; /* online type left by a refused write, + 1; 0 = none (block_device.c) */
} __attribute__((aligned(8)));

MH_STATIC_ASSERT(sizeof(struct mh_block) == 8, "sixteen blocks a pair of lines");

/* A block at an end of a zone of which some pages lie outside the zone, as boot found it. */
struct mh_zone_edge {
	uint32_t block, pages_outside;
};

struct mh_zone {
	struct mh_brief lock;     /* guards whole, partial, free_units and the buddy of every block of the zone; favours
				     whoever has the hotplug lock, until somebody takes a page */
	struct mh_bitmap whole;   /* by index in the node: open blocks that no page was ever taken from */
	struct mh_bitmap partial; /* open blocks with a buddy and at least one free unit */
	_Atomic uint64_t
		free_units; /* in open blocks; changed under the lock, read without it by who asks whether to take it */
	/* Under the hotplug lock: */
	struct mh_bitmap span; /* blocks in the zone, from before GOING_ONLINE to after OFFLINE */
	uint64_t present_pages, managed_pages;
	unsigned isolated_blocks; /* 0 outside operations */
	/* Of machines made from a memory map: */
	struct mh_zone_edge first_edge, last_edge;
	uint64_t partial_pages; /* present pages of blocks that do not lie whole in the zone: never offlined */
	uint64_t early_pages;   /* present pages that boot found */
} MH_LINE;

/* What only a memory map says of a block. */
struct mh_block_facts {
	uint32_t vmemmap_pages;
	uint16_t group; /* 1-based index into machine->groups; 0 = none */
	bool early, hole;
	bool daemon_page; /* holds what kswapd took when it was started: cannot be isolated */
};

/* Memory that was plugged as one: a DIMM, or a device that grows and shrinks by units. */
struct mh_memory_group {
	unsigned node;
	bool dynamic;
	uint64_t max_pages, unit_pages;
	uint64_t kernel_pages, movable_pages; /* present; under the hotplug lock */
};

#define MH_MEMORY_GROUPS_MAX 256

struct mh_node {
	struct mh_mutex hotplug; /* hotplug_lock: node */
	struct mh_zone zones[MH_ZONE_KINDS];
	int nid;
	uint32_t first_block, block_count; /* its window of block numbers: of others', too, in a memory map */
	enum mh_zone_kind zone_min;        /* no zone below it ever has pages */
	bool has_cpu;
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
	struct mh_operation *operation; /* whose identity its allocations have; NULL: no hook is asked */
	unsigned slot;                  /* in machine->cpus */
	struct mh_pcp *lists;           /* node * MH_ZONE_KINDS + zone */
} MH_LINE;

/* The operation that this thread runs, for who is called without it: a module's reports. NULL: none. */
extern _Thread_local struct mh_operation *mh_operation_current __attribute__((tls_model("initial-exec")));

struct mh_machine {
	struct mh_machine_config config;
	const struct mh_protocol *protocol;
	/* On lines of their own: a change of one must not take from an operation what it reads beside it. */
	struct mh_chain chain MH_LINE;
	struct mh_chain node_chain MH_LINE; /* only where protocol->node_chain */
	const struct mh_hook *hooks[MH_HOOK_POINTS] MH_LINE;

	uint32_t block_count;
	unsigned node_count;
	unsigned block_shift;     /* pfn >> block_shift = block */
	uint32_t pages_per_block; /* 2^block_shift; up to 2^24 */
	unsigned unit_pages;      /* pages accounted as one: 1 or MH_PAGEBLOCK_PAGES */
	unsigned unit_shift;
	uint32_t units_per_block;

	struct mh_block *blocks;
	struct mh_block_pages **pages; /* by block: NULL until a page is taken from it (mh_block_pages_of) */
	unsigned char *memory;         /* backing: mmap: of block 0; else NULL */
	char *backing_note;
	struct mh_node *nodes;

	/* Of machines made from a memory map; NULL, 0 otherwise. Under the hotplug lock. */
	struct mh_block_facts *facts; /* by block */
	struct mh_memory_group *groups;
	unsigned group_count;
	uint32_t next_block; /* the lowest number that memory from outside may get */

	uint16_t *poisoned;       /* by block: poisoned pages, kept while the block is offline, too */
	atomic_bool poisoned_any; /* spares an online the look at poisoned */
	enum mh_auto_online auto_online;
	const struct mh_uevent_sink *uevents;
	bool walks_apart; /* another chain than rcu-array, or chain.cancel: heard or verify: full, which do more */
	struct mh_full_check *full;          /* what verify: full remembers; NULL at the other levels */
	const mh_automaton_row *automata[2]; /* by mh_operation.online, of an operation that asks no node */

	struct mh_mutex hotplug MH_LINE;                                 /* hotplug_lock: global */
	_Atomic uint64_t has_memory[MH_TOPOLOGY_NODES_MAX / 64] MH_LINE; /* N_MEMORY, by node index */
	_Atomic uint64_t has_normal[MH_TOPOLOGY_NODES_MAX / 64] MH_LINE; /* N_NORMAL_MEMORY */
	_Atomic uint64_t is_online[MH_TOPOLOGY_NODES_MAX / 64] MH_LINE;  /* N_ONLINE */

	struct mh_mutex cpu_lock MH_LINE; /* guards cpus and cpu_count */
	struct mh_cpu *cpus[MH_CPU_COUNT_MAX];
	unsigned cpu_count; /* slots in use: some may be NULL */

	struct mh_mutex spare_lock MH_LINE; /* guards spare */
	struct mh_block_pages *spare;       /* page tables of blocks that went offline, for the next block */
	unsigned spare_count;

	_Atomic uint64_t pages_migrated MH_LINE;
	_Atomic uint64_t drains MH_LINE;
	_Atomic uint64_t refused MH_LINE;
	struct mh_check check MH_LINE;
};

/* What two threads on two nodes, or with two sets of lists, write: never on one line. */
MH_STATIC_ASSERT(sizeof(struct mh_node) % MH_LINE_BYTES == 0, "nodes share no line");
MH_STATIC_ASSERT(sizeof(struct mh_zone) % MH_LINE_BYTES == 0, "zones share no line");
MH_STATIC_ASSERT(offsetof(struct mh_node, zones) % MH_LINE_BYTES == 0, "nor does a node's lock with its zones");
MH_STATIC_ASSERT(sizeof(struct mh_cpu) % MH_LINE_BYTES == 0, "threads' lists share no line");
MH_STATIC_ASSERT(offsetof(struct mh_cpu, gate) == MH_LINE_BYTES, "what others write of them is apart");
MH_STATIC_ASSERT(offsetof(struct mh_machine, chain) % MH_LINE_BYTES == 0 &&
			 offsetof(struct mh_machine, node_chain) % MH_LINE_BYTES == 0 &&
			 offsetof(struct mh_machine, hooks) % MH_LINE_BYTES == 0,
		 "chains are apart from each other, and from what operations read");
MH_STATIC_ASSERT(offsetof(struct mh_machine, hotplug) % MH_LINE_BYTES == 0 &&
			 offsetof(struct mh_machine, has_memory) - offsetof(struct mh_machine, hotplug) >=
				 MH_LINE_BYTES,
		 "the one lock is apart from the masks");

/* As mh_machine_block_state. */
static inline enum mh_block_state mh_block_state_of(const struct mh_machine *machine, uint32_t block)
{
	return (enum mh_block_state)atomic_load_explicit(&machine->blocks[block].state, memory_order_relaxed);
}

/* NULL until a page is taken from it. Under zone->lock, or by who closed the block. */
static inline struct mh_block_pages *mh_block_pages_of(const struct mh_machine *machine, uint32_t block)
{
	return __builtin_expect(machine->blocks[block].has_pages, 0) ? machine->pages[block] : NULL;
}

/* Relaxed: zone->lock orders it for whoever holds a page of the block; others only look. */
static inline enum mh_zone_kind mh_block_zone_kind(const struct mh_machine *machine, uint32_t block)
{
	return (enum mh_zone_kind)atomic_load_explicit(&machine->blocks[block].zone, memory_order_relaxed);
}

static inline struct mh_zone *mh_block_zone(struct mh_machine *machine, uint32_t block)
{
	return &machine->nodes[machine->blocks[block].node].zones[mh_block_zone_kind(machine, block)];
}

/* Present pages of the kernel zones. */
static inline uint64_t mh_node_normal_pages(const struct mh_node *node)
{
	uint64_t pages = node->zones[MH_ZONE_NORMAL].present_pages;

	if (__builtin_expect(node->zone_min != MH_ZONE_NORMAL, 0))
		pages += node->zones[MH_ZONE_DMA].present_pages + node->zones[MH_ZONE_DMA32].present_pages;
	return pages;
}

static inline uint64_t mh_node_managed_pages(const struct mh_node *node)
{
	uint64_t pages = node->zones[MH_ZONE_NORMAL].managed_pages + node->zones[MH_ZONE_MOVABLE].managed_pages;

	if (__builtin_expect(node->zone_min != MH_ZONE_NORMAL, 0))
		pages += node->zones[MH_ZONE_DMA].managed_pages + node->zones[MH_ZONE_DMA32].managed_pages;
	return pages;
}

/* The lock of the operations on a node's blocks. */
static inline struct mh_mutex *mh_hotplug_mutex_of(struct mh_machine *machine, struct mh_node *node)
{
	return machine->config.hotplug_lock == MH_HOTPLUG_LOCK_NODE ? &node->hotplug : &machine->hotplug;
}

static inline struct mh_mutex *mh_hotplug_mutex(struct mh_machine *machine, unsigned node)
{
	return mh_hotplug_mutex_of(machine, &machine->nodes[node]);
}

/* Tells who listens; under the hotplug lock. */
static inline void mh_uevent(struct mh_machine *machine, enum mh_uevent uevent, uint32_t block)
{
	if (__builtin_expect(machine->uevents != NULL, 0))
		machine->uevents->told(machine->uevents->data, uevent, block);
}

static inline bool mh_block_is_of(const struct mh_machine *machine, uint32_t block, unsigned node)
{
	return machine->blocks[block].node == node && mh_machine_block_state(machine, block) != MH_BLOCK_ABSENT;
}

/* Pages of a block that events speak of: without those that hold its own memmap. */
static inline uint32_t mh_block_vmemmap(const struct mh_machine *machine, uint32_t block)
{
	return __builtin_expect(machine->facts != NULL, 0) ? machine->facts[block].vmemmap_pages : 0;
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

static inline bool mh_node_mask_test(const _Atomic uint64_t *mask, unsigned node)
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
	mh_kapi_node_changed(mask, node, member);
}

#endif
