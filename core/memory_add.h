/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that comes and goes as a whole: add, remove, offline-and-remove (semantics.md 2.2), and DIMMs plugged and
 * unplugged from outside. None of it sends a MEM_ event of its own; onlining and offlining the blocks does.
 *
 * Only machines made from a memory map; any registered thread, not from inside a callback.
 */
#ifndef CORE_MEMORY_ADD_H
#define CORE_MEMORY_ADD_H

#include <stdint.h>

#include "core/machine.h"
#include "core/memory_map.h"

struct mh_memory_range {
	unsigned node;  /* index */
	uint32_t first; /* block */
	uint32_t count;
	unsigned group;        /* of mh_memory_group_new, or 0 */
	bool memmap_on_memory; /* asked for; refused with -EINVAL where 6.1 does, else ignored where it cannot be */
};

/**
 * mh_memory_add - create block devices, offline, then online them as auto_online_blocks says
 *
 * A failing online ends the onlining, not the add. Return: 0; -EEXIST a block is there; -EINVAL nothing to add, beyond
 * the map's limit, or memmap_on_memory where it does not apply.
 */
int mh_memory_add(struct mh_machine *machine, struct mh_operation *operation, const struct mh_memory_range *range);

/* Return: 0; -EBUSY a block is not offline: nothing has changed; -ENOENT a block is absent. */
int mh_memory_remove(struct mh_machine *machine, struct mh_operation *operation, uint32_t first, uint32_t count);

/**
 * mh_memory_offline_and_remove - offline block by block, then remove
 *
 * On the first failure what went offline is onlined again, each to its old kind of zone, failures ignored.
 * Return: 0; -EINVAL; -ENOENT; the failing offline's -errno, whose outcome @operation keeps over the onlining.
 */
int mh_memory_offline_and_remove(struct mh_machine *machine, struct mh_operation *operation, uint32_t first,
				 uint32_t count);

/* A new memory group. Return: its number, from 1; -EINVAL; -ENOSPC. */
int mh_memory_group_new(struct mh_machine *machine, const struct mh_map_group *group);

/**
 * mh_dimm_plug - add @count blocks to @node as one group, at the lowest run of free numbers above boot's memory
 * @ret_first: the first block
 *
 * Return: 0; -EINVAL no such node, or no room; -ENOSPC too many groups.
 */
int mh_dimm_plug(struct mh_machine *machine, struct mh_operation *operation, unsigned node, uint32_t count,
		 uint32_t *ret_first);

/**
 * mh_dimm_unplug - what ejecting a DIMM does: offline every block, twice if one refuses, then remove
 *
 * First pass: every block is tried. If one refused: a second pass that ends at the first refusal. Then what these two
 * passes took offline is onlined again: by the type that a refused write to memoryN/state left behind, else the
 * default. Return: 0; the last refusal's -errno, whose outcome @operation keeps over the onlining.
 */
int mh_dimm_unplug(struct mh_machine *machine, struct mh_operation *operation, uint32_t first, uint32_t count);

#endif
