/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a module sees of the machine that it is bound to: nodes, zones, blocks. Any thread, also inside a
 * callback. Without a machine there is nothing: no node, no memory.
 */
#ifndef MEMHP_KAPI_NODE_H
#define MEMHP_KAPI_NODE_H

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEMHP_NODES_MAX 1024

/* The order of enum node_states in <linux/nodemask.h>. */
enum {
	MEMHP_NODE_POSSIBLE,
	MEMHP_NODE_ONLINE,
	MEMHP_NODE_NORMAL_MEMORY,
	MEMHP_NODE_MEMORY,
	MEMHP_NODE_CPU,
	MEMHP_NODE_GENERIC_INITIATOR,
	MEMHP_NODE_STATES
};

#define MEMHP_NODE_WORDS (MEMHP_NODES_MAX / (8 * sizeof(unsigned long)))

/* A set of nids each, kept as the machine's nodes change. */
MEMHP_EXPORT extern unsigned long memhp_node_sets[MEMHP_NODE_STATES][MEMHP_NODE_WORDS];
/* One above the highest. */
MEMHP_EXPORT int memhp_node_ids(void);
MEMHP_EXPORT int memhp_node_distance(int from, int to);

/* A module's CPUs are threads: they are dealt out in turn over the nodes that have CPUs, or are online if none has. */
MEMHP_EXPORT int memhp_cpu_node(unsigned cpu);

/* Pages a block; 0 without a machine. */
MEMHP_EXPORT unsigned long memhp_block_pages(void);
/* What a pfn's block is: -1 beyond the machine. */
MEMHP_EXPORT int memhp_pfn_nid(unsigned long pfn);

enum { MEMHP_BLOCK_ABSENT, MEMHP_BLOCK_OFFLINE, MEMHP_BLOCK_GOING_OFFLINE, MEMHP_BLOCK_ONLINE };
MEMHP_EXPORT int memhp_pfn_state(unsigned long pfn);
/* Whether the memmap of the block is in use: from before MEM_ONLINE to before MEM_OFFLINE. */
MEMHP_EXPORT int memhp_pfn_is_online(unsigned long pfn);

#define MEMHP_ZONES 4 /* DMA, DMA32, Normal, Movable */

/*
 * A zone and a node as they are when somebody asks for them: the struct stays where it is, its fields are written anew
 * each time. The kernel's names are fields that its code reads.
 */
struct pglist_data;
struct zone {
	const char *name;
	int node;
	unsigned long zone_start_pfn, spanned_pages, present_pages; /* pages */
	unsigned long memhp_managed_pages;
	struct pglist_data *zone_pgdat;
};

typedef struct pglist_data {
	struct zone node_zones[MEMHP_ZONES];
	int nr_zones;
	int node_id;
	unsigned long node_start_pfn, node_present_pages, node_spanned_pages;
} pg_data_t;

/* NULL: no such node. */
MEMHP_EXPORT struct pglist_data *memhp_node_data(int nid);
/* The zone that @pfn lies in, or lay in last; NULL beyond the machine. */
MEMHP_EXPORT struct zone *memhp_pfn_zone(unsigned long pfn);
/* Managed pages of all zones. */
MEMHP_EXPORT unsigned long memhp_managed_pages(void);

#ifdef __cplusplus
}
#endif

#endif
