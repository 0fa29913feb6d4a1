/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine on which a case was recorded: its memory map, its policies, and the kernel's own listeners.
 */
#ifndef BENCH_ENGINE_CONFORM_WORLD_H
#define BENCH_ENGINE_CONFORM_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "core/machine.h"
#include "core/memory_map.h"

/* One of the kernel's own listeners. */
struct mh_conform_builtin {
	const char *name; /* in the world's document */
	int priority;
	bool on_nodes;
};

struct mh_conform_world {
	const char *name;
	const char *kernel; /* its release; NULL: not said */
	json_t *root;       /* borrowed: owns the texts */
	struct mh_memory_map map;
	struct mh_map_node *nodes;
	struct mh_map_block *blocks;
	struct mh_map_zone *zones;
	struct mh_map_group *groups;
	const char **group_names; /* of the DIMMs; by index of group */
	uint64_t block_size_bytes;
	uint32_t pages_per_block;
	enum mh_online_policy online_policy;
	bool movable_node, memmap_on_memory;
	const char *auto_online;             /* "offline" … */
	struct mh_conform_builtin *builtins; /* in the order of registration */
	size_t builtin_count;
};

/* All worlds of a file. */
struct mh_conform_worlds {
	json_t *root;
	struct mh_conform_world *worlds;
	size_t count;
};

/* Return: 0; -EINVAL no file, no JSON, or a world that contradicts itself, with a sentence; -ENOMEM. */
int mh_conform_worlds_load(struct mh_conform_worlds *worlds, const char *path, struct mh_error *reterr);
void mh_conform_worlds_release(struct mh_conform_worlds *worlds);
/* The world of that name, or NULL. */
const struct mh_conform_world *mh_conform_worlds_find(const struct mh_conform_worlds *worlds, const char *name);

/* The index of the node with that number, or -1. */
int mh_conform_world_node(const struct mh_conform_world *world, int nid);

#endif
