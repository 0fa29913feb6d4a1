/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine's memory, block by block: what firmware and plugged DIMMs say, where a machine is not made from a topology.
 * With it come what only a real machine has: blocks that boot found (early), with holes or of several zones, absent
 * ones, DMA zones, and room for memory that is added later.
 */
#ifndef CORE_MEMORY_MAP_H
#define CORE_MEMORY_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/zone_kind.h"

struct mh_map_node {
	int nid;
	bool online;  /* in N_ONLINE at the start */
	bool has_cpu; /* a node with a CPU stays in N_ONLINE when its memory is removed */
};

struct mh_map_block {
	uint32_t block; /* its number: memoryN; start pfn = block * pages per block */
	unsigned node;  /* index into nodes */
	bool online;
	bool early;             /* boot memory */
	bool hole;              /* some of its pages are not there: it cannot be offlined */
	enum mh_zone_kind zone; /* while online; MH_ZONE_NONE: it lies in several */
	uint32_t vmemmap_pages; /* memmap_on_memory: its first pages hold its own memmap; 0 = not */
	unsigned group;         /* 1-based index into groups: memory that was plugged as one; 0 = none */
};

/* A zone as boot left it. Blocks that lie whole inside are counted by the map's blocks, the rest at its edges here. */
struct mh_map_zone {
	unsigned node; /* index */
	enum mh_zone_kind kind;
	uint64_t start_pfn, spanned_pages, present_pages;
};

struct mh_map_group {
	unsigned node;       /* index */
	bool dynamic;        /* grows and shrinks by units (virtio-mem); else a DIMM */
	uint64_t max_pages;  /* static: what it is made of; dynamic: unused */
	uint64_t unit_pages; /* dynamic */
};

struct mh_memory_map {
	const struct mh_map_node *nodes; /* by ascending nid */
	size_t node_count;
	const struct mh_map_block *blocks; /* by ascending number */
	size_t block_count;
	const struct mh_map_zone *zones;
	size_t zone_count;
	const struct mh_map_group *groups;
	size_t group_count;
	uint32_t block_limit; /* numbers below it can be added later; above every block's */
};

/**
 * mh_memory_map_check - whether a map agrees with itself
 * @pages_per_block: a power of two
 *
 * Return: 0; -EINVAL with a sentence: a block twice or out of order, of no node, beyond the limit, a zone that covers
 * none of its node's blocks, or that holds more pages than it spans.
 */
int mh_memory_map_check(const struct mh_memory_map *map, uint32_t pages_per_block, struct mh_error *reterr);

#endif
