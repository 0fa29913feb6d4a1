/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/replay_world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/zone_kind.h"

#define COMMAND_LINE_MAX 65536

const struct mh_map_block *mh_kernel_world_block(const struct mh_conform_world *world, uint32_t index)
{
	for (size_t i = 0; i < world->map.block_count; i++)
		if (world->blocks[i].block == index)
			return &world->blocks[i];
	return NULL;
}

struct mh_kernel_home mh_kernel_world_home(const struct mh_map_block *block)
{
	struct mh_kernel_block as_opened = {.index = block->block,
					    .home = block->online ? MH_BLOCK_ONLINE : MH_BLOCK_OFFLINE};

	snprintf(as_opened.home_zone, sizeof(as_opened.home_zone), "%s",
		 block->zone == MH_ZONE_NONE ? "none" : mh_zone_names[block->zone]);
	return mh_kernel_home_of(&as_opened);
}

static bool is_kernel(const struct mh_kernel_release *release, const struct mh_conform_world *world,
		      struct mh_text *difference)
{
	struct mh_kernel_release of_world;

	if (!world->kernel)
		return true;
	if (mh_kernel_release_parse(world->kernel, &of_world, NULL) == 0 && of_world.major == release->major &&
	    of_world.minor == release->minor)
		return true;
	mh_text_add(difference, "it runs Linux %s, and that one %s", release->text, world->kernel);
	return false;
}

/* @wanted is what @file shows. */
static bool shows(const struct mh_kernel_tree *tree, const char *file, const char *wanted, struct mh_text *difference)
{
	char path[MH_KERNEL_PATH_SIZE], value[MH_KERNEL_VALUE_SIZE];
	struct mh_error error;

	if (mh_kernel_read(tree, mh_kernel_path(tree, path, "%s", file), value, &error) < 0) {
		mh_text_add(difference, "%s", error.text);
		return false;
	}
	if (strcmp(value, wanted) == 0)
		return true;
	mh_text_add(difference, "'%s' shows '%s' instead of '%s'", path, value, wanted);
	return false;
}

static bool has_nodes(const struct mh_kernel_tree *tree, const struct mh_conform_world *world,
		      struct mh_text *difference)
{
	const char *online = json_string_value(json_object_get(world->root, "node_online"));

	return shows(tree, "/sys/devices/system/node/online", online ? online : "", difference);
}

static bool has_block_size(const struct mh_kernel_tree *tree, const struct mh_conform_world *world,
			   struct mh_text *difference)
{
	char size[32];

	snprintf(size, sizeof(size), "%" PRIx64, world->block_size_bytes);
	return shows(tree, MH_KERNEL_MEMORY "/block_size_bytes", size, difference);
}

/* Listing the machine's blocks. */
struct listing {
	const struct mh_conform_world *world;
	size_t known;
	int64_t other; /* a block that the world does not have; -1: none */
};

static int list_block(void *into, const char *name)
{
	struct listing *listing = into;
	uint32_t index;
	int end = 0;

	if (sscanf(name, "memory%" SCNu32 "%n", &index, &end) != 1 || name[end])
		return 0;
	if (mh_kernel_world_block(listing->world, index))
		listing->known++;
	else
		listing->other = index;
	return 0;
}

static bool has_node(const struct mh_kernel_tree *tree, uint32_t index, int nid)
{
	char path[MH_KERNEL_PATH_SIZE];

	return mh_kernel_has(tree, mh_kernel_path(tree, path, MH_KERNEL_MEMORY "/memory%u/node%d", index, nid));
}

static bool blocks_are_on_nodes(const struct mh_kernel_tree *tree, const struct mh_conform_world *world,
				struct mh_text *difference)
{
	for (size_t i = 0; i < world->map.block_count; i++) {
		const struct mh_map_block *block = &world->blocks[i];
		const int nid = world->nodes[block->node].nid;

		if (has_node(tree, block->block, nid))
			continue;
		mh_text_add(difference, "it has no block %u on node %d", block->block, nid);
		return false;
	}
	return true;
}

static bool has_blocks(const struct mh_kernel_tree *tree, const struct mh_conform_world *world,
		       struct mh_text *difference)
{
	struct listing listing = {.world = world, .other = -1};
	char path[MH_KERNEL_PATH_SIZE];

	(void)tree->calls->list(tree->calls->data, mh_kernel_path(tree, path, MH_KERNEL_MEMORY), list_block, &listing);
	if (listing.other >= 0) {
		mh_text_add(difference, "it has a block %" PRId64, listing.other);
		return false;
	}
	return blocks_are_on_nodes(tree, world, difference);
}

/* A kernel that lacks the file has not the feature either. */
static bool has_memmap_on_memory(const struct mh_kernel_tree *tree)
{
	char path[MH_KERNEL_PATH_SIZE], value[MH_KERNEL_VALUE_SIZE];

	mh_kernel_path(tree, path, "/sys/module/memory_hotplug/parameters/memmap_on_memory");
	return mh_kernel_read(tree, path, value, NULL) == 0 && value[0] != 'N';
}

static bool has_movable_node(const struct mh_kernel_tree *tree)
{
	char path[MH_KERNEL_PATH_SIZE], *rest = NULL;
	struct mh_text text = MH_TEXT_INIT;
	bool found = false;

	mh_kernel_path(tree, path, "/proc/cmdline");
	if (mh_kernel_read_text(tree, path, COMMAND_LINE_MAX, &text, NULL) == 0)
		for (char *word = strtok_r(text.data, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest))
			found |= strcmp(word, "movable_node") == 0;
	mh_text_release(&text);
	return found;
}

static bool is_switched(const char *name, bool on, bool wanted, struct mh_text *difference)
{
	if (on == wanted)
		return true;
	mh_text_add(difference, "it was booted with%s %s", on ? "" : "out", name);
	return false;
}

bool mh_kernel_is_world(const struct mh_kernel_tree *tree, const struct mh_kernel_release *release,
			const struct mh_conform_world *world, struct mh_text *difference)
{
	return is_kernel(release, world, difference) && has_block_size(tree, world, difference) &&
	       has_nodes(tree, world, difference) && has_blocks(tree, world, difference) &&
	       is_switched("memmap_on_memory", has_memmap_on_memory(tree), world->memmap_on_memory, difference) &&
	       is_switched("movable_node", has_movable_node(tree), world->movable_node, difference);
}
