/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/replay_snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/kernel/zoneinfo.h"

#define NODES_MAX 1024 /* numbers that a mask may hold */

/* "0-1,3" as [0, 1, 3]. */
static json_t *numbers_of(const char *list)
{
	json_t *numbers = json_array();
	int from, to, length;

	while (sscanf(list, "%d%n", &from, &length) == 1) {
		list += length;
		to = from;
		if (*list == '-' && sscanf(list + 1, "%d%n", &to, &length) == 1)
			list += 1 + length;
		for (int number = from; number <= to && number < NODES_MAX; number++)
			json_array_append_new(numbers, json_integer(number));
		if (*list++ != ',')
			break;
	}
	return numbers;
}

static json_t *nodes_in(const struct mh_kernel_tree *tree, const char *file)
{
	char path[MH_KERNEL_PATH_SIZE], value[MH_KERNEL_VALUE_SIZE];

	mh_kernel_path(tree, path, "/sys/devices/system/node/%s", file);
	return mh_kernel_read(tree, path, value, NULL) < 0 ? json_null() : numbers_of(value);
}

static int read_attribute(const struct mh_kernel_tree *tree, uint32_t block, const char *file,
			  char value[MH_KERNEL_VALUE_SIZE])
{
	char path[MH_KERNEL_PATH_SIZE];

	mh_kernel_path(tree, path, MH_KERNEL_MEMORY "/memory%u/%s", block, file);
	return mh_kernel_read(tree, path, value, NULL);
}

static json_t *state_of(const struct mh_kernel_tree *tree, uint32_t block)
{
	char value[MH_KERNEL_VALUE_SIZE];
	int ret = read_attribute(tree, block, "state", value);

	if (ret == -ENOENT)
		return json_string("absent");
	return ret < 0 ? json_null() : json_string(value);
}

/* Appends to @list the words of memoryN/valid_zones. */
static json_t *append_valid_zones(json_t *list, const struct mh_kernel_tree *tree, uint32_t block)
{
	char value[MH_KERNEL_VALUE_SIZE], *rest = NULL;

	if (read_attribute(tree, block, "valid_zones", value) < 0)
		return list;
	for (char *word = strtok_r(value, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		json_array_append_new(list, json_string(word));
	return list;
}

json_t *mh_kernel_replay_before(const struct mh_kernel_tree *tree, uint32_t block)
{
	json_t *object = json_pack("{s:o, s:o, s:o}", "has_memory", nodes_in(tree, "has_memory"), "has_normal_memory",
				   nodes_in(tree, "has_normal_memory"), "node_online", nodes_in(tree, "online"));

	if (block == MH_KERNEL_NO_BLOCK)
		return object;
	json_object_set_new(object, "state", state_of(tree, block));
	json_object_set_new(object, "valid_zones", append_valid_zones(json_array(), tree, block));
	return object;
}

/* While it is online the one word of valid_zones is the zone that it is in. */
static json_t *zone_of(const json_t *before)
{
	const char *state = json_string_value(json_object_get(before, "state"));
	json_t *zone = json_array_get(json_object_get(before, "valid_zones"), 0);

	return state && strcmp(state, "online") == 0 && zone ? json_incref(zone) : json_null();
}

static json_t *blocks_of(const struct mh_kernel_tree *tree, const struct mh_conform_world *world,
			 const json_t *recorded)
{
	json_t *object = json_object();
	char key[16];

	for (size_t i = 0; i < world->map.block_count; i++) {
		const struct mh_map_block *block = &world->blocks[i];

		snprintf(key, sizeof(key), "%u", block->block);
		if (block->early && !json_object_get(recorded, key))
			continue;
		json_t *item = json_pack("[o]", state_of(tree, block->block));

		json_object_set_new(object, key, append_valid_zones(item, tree, block->block));
	}
	return object;
}

static json_t *zones_of(const struct mh_kernel_tree *tree)
{
	struct mh_kernel_zones *zones = malloc(sizeof(*zones));
	json_t *object = json_object();
	char key[48];

	if (!zones || mh_kernel_zones_read(tree, zones, NULL) < 0) {
		free(zones);
		json_decref(object);
		return json_null();
	}
	for (size_t i = 0; i < zones->count; i++) {
		const struct mh_kernel_zone *zone = &zones->items[i];

		if (!zone->spanned && !zone->present)
			continue;
		snprintf(key, sizeof(key), "%d/%s", zone->nid, zone->name);
		json_object_set_new(object, key,
				    json_pack("{s:I, s:I, s:I}", "spanned", (json_int_t)zone->spanned, "present",
					      (json_int_t)zone->present, "start_pfn", (json_int_t)zone->start_pfn));
	}
	free(zones);
	return object;
}

json_t *mh_kernel_replay_final(const struct mh_kernel_tree *tree, const struct mh_conform_world *world, uint32_t block,
			       const json_t *recorded)
{
	json_t *object = mh_kernel_replay_before(tree, block);

	if (block != MH_KERNEL_NO_BLOCK)
		json_object_set_new(object, "zone", zone_of(object));
	json_object_set_new(object, "blocks", blocks_of(tree, world, json_object_get(recorded, "blocks")));
	json_object_set_new(object, "zones", zones_of(tree));
	return object;
}
