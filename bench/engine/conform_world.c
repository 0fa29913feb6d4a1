/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worlds.json: from JSON to memory maps. */
#include "bench/engine/conform_world.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "core/topology/layout.h"
#include "results/json_get.h"

#define LIST_MAX    (1u << 20)
#define NODES_MAX   1024
#define PLUGGABLE   64 /* block numbers behind the last that a DIMM can still take */
#define PAGE_SIZE   4096u
#define STRUCT_PAGE 64u /* bytes that a page costs in its memmap */

int mh_conform_world_node(const struct mh_conform_world *world, int nid)
{
	for (size_t i = 0; i < world->map.node_count; i++)
		if (world->map.nodes[i].nid == nid)
			return (int)i;
	return -1;
}

const struct mh_conform_world *mh_conform_worlds_find(const struct mh_conform_worlds *worlds, const char *name)
{
	for (size_t i = 0; i < worlds->count; i++)
		if (strcmp(worlds->worlds[i].name, name) == 0)
			return &worlds->worlds[i];
	return NULL;
}

static void *array_new(struct mh_json_get *get, size_t count, size_t size)
{
	void *array = calloc(count ? count : 1, size);

	if (!array)
		get->ret = -ENOMEM;
	return array;
}

static uint32_t u32_of(struct mh_json_get *get, const json_t *object, const char *key)
{
	uint64_t number = mh_json_get_u64(get, object, key);

	if (number > INT32_MAX)
		mh_json_get_fail(get, "'%s' is too large", key);
	return (uint32_t)number;
}

/* Whether @number is in a list as sysfs shows it: "0-1,3". */
static bool list_holds(struct mh_json_get *get, const char *list, int number)
{
	while (*list) {
		int first, last, length = 0;

		if (sscanf(list, "%d%n", &first, &length) != 1) {
			mh_json_get_fail(get, "'%.60s' is no list of nodes", list);
			return false;
		}
		list += length;
		last = first;
		if (*list == '-' && sscanf(list, "-%d%n", &last, &length) == 1)
			list += length;
		if (number >= first && number <= last)
			return true;
		list += *list == ',';
	}
	return false;
}

static void nodes_load(struct mh_json_get *get, struct mh_conform_world *world)
{
	const json_t *list = mh_json_get_list(get, world->root, "nodes");
	const char *online = mh_json_get_text(get, world->root, "node_online");
	size_t count = json_array_size(list);

	if (count == 0 || count > NODES_MAX)
		mh_json_get_fail(get, "'nodes' has %zu nodes, not 1 to %d", count, NODES_MAX);
	if (get->ret < 0)
		return;
	world->nodes = array_new(get, count, sizeof(*world->nodes));
	for (size_t i = 0; i < count && get->ret == 0; i++) {
		const json_t *object = json_array_get(list, i);

		world->nodes[i] = (struct mh_map_node){
			.nid = (int)u32_of(get, object, "node"),
			.has_cpu = json_is_integer(json_object_get(object, "cpu")),
		};
		world->nodes[i].online = list_holds(get, online, world->nodes[i].nid);
		if (i && world->nodes[i].nid <= world->nodes[i - 1].nid)
			mh_json_get_fail(get, "'nodes' are not in ascending order");
	}
	world->map.nodes = world->nodes;
	world->map.node_count = get->ret < 0 ? 0 : count;
}

static unsigned node_of(struct mh_json_get *get, const struct mh_conform_world *world, int nid)
{
	int node = mh_conform_world_node(world, nid);

	if (node < 0)
		mh_json_get_fail(get, "there is no node %d", nid);
	return node < 0 ? 0 : (unsigned)node;
}

/* The DIMM of a block, 1-based; made when it is new. */
static unsigned group_of(struct mh_conform_world *world, const char *dimm, unsigned node)
{
	struct mh_map_group *group;
	size_t i;

	for (i = 0; i < world->map.group_count; i++)
		if (strcmp(world->group_names[i], dimm) == 0)
			break;
	group = &world->groups[i];
	if (i == world->map.group_count) {
		world->map.group_count++;
		world->group_names[i] = dimm;
		group->node = node;
	}
	group->max_pages += world->pages_per_block;
	return (unsigned)i + 1;
}

static enum mh_zone_kind zone_of(struct mh_json_get *get, const json_t *object)
{
	const char *name = mh_json_get_text(get, object, "zone");
	enum mh_zone_kind kind = mh_zone_parse(name);

	if (get->ret == 0 && kind == MH_ZONE_NONE && strcmp(name, "none") != 0)
		mh_json_get_fail(get, "'%.40s' is no zone", name);
	return kind;
}

/* Where the recorder never saw how much memmap a block holds ("vmemmap_seen": false), it is what the kernel takes. */
static uint32_t vmemmap_of(struct mh_json_get *get, const struct mh_conform_world *world, const json_t *object)
{
	if (world->memmap_on_memory && json_is_false(json_object_get(object, "vmemmap_seen")))
		return world->pages_per_block * STRUCT_PAGE / PAGE_SIZE;
	return json_object_get(object, "vmemmap_pages") ? u32_of(get, object, "vmemmap_pages") : 0;
}

static void block_load(struct mh_json_get *get, struct mh_conform_world *world, const json_t *object,
		       struct mh_map_block *block)
{
	static const char *const states[] = {"offline", "online"};
	const char *dimm = mh_json_get_optional_text(get, object, "dimm");

	block->block = u32_of(get, object, "block");
	block->node = node_of(get, world, (int)u32_of(get, object, "node"));
	block->online = mh_json_get_word(get, object, "state", states, 2) == 1;
	block->early = mh_json_get_optional_bool(get, object, "early", false);
	block->hole = mh_json_get_optional_bool(get, object, "has_hole", false);
	block->zone = block->online ? zone_of(get, object) : MH_ZONE_NONE;
	block->vmemmap_pages = vmemmap_of(get, world, object);
	if (dimm)
		block->group = group_of(world, dimm, block->node);
	if (get->ret == 0 &&
	    mh_json_get_u64(get, object, "start_pfn") != (uint64_t)block->block * world->pages_per_block)
		mh_json_get_fail(get, "block %u does not begin where its number says", block->block);
	if (get->ret == 0 && u32_of(get, object, "pages") != world->pages_per_block)
		mh_json_get_fail(get, "block %u has not the pages of a block", block->block);
}

static void blocks_load(struct mh_json_get *get, struct mh_conform_world *world)
{
	const json_t *list = mh_json_get_list(get, world->root, "blocks");
	size_t count = json_array_size(list);

	world->blocks = array_new(get, count, sizeof(*world->blocks));
	world->groups = array_new(get, count, sizeof(*world->groups));
	world->group_names = array_new(get, count, sizeof(*world->group_names));
	for (size_t i = 0; i < count && get->ret == 0; i++) {
		mh_json_get_place(get, "blocks", i);
		block_load(get, world, json_array_get(list, i), &world->blocks[i]);
	}
	get->place[0] = '\0';
	world->map.blocks = world->blocks;
	world->map.block_count = count;
	world->map.groups = world->groups;
	world->map.block_limit = u32_of(get, world->root, "next_hotplug_block") + PLUGGABLE;
}

/* "0/DMA32". */
static void zone_load(struct mh_json_get *get, const struct mh_conform_world *world, const char *key,
		      const json_t *object, struct mh_map_zone *zone)
{
	int nid, length = 0;

	if (sscanf(key, "%d/%n", &nid, &length) != 1 || !length || mh_zone_parse(key + length) == MH_ZONE_NONE) {
		mh_json_get_fail(get, "'zones_at_start': '%.40s' is no zone of a node", key);
		return;
	}
	*zone = (struct mh_map_zone){
		.node = node_of(get, world, nid),
		.kind = mh_zone_parse(key + length),
		.start_pfn = mh_json_get_u64(get, object, "start_pfn"),
		.spanned_pages = mh_json_get_u64(get, object, "spanned"),
		.present_pages = mh_json_get_u64(get, object, "present"),
	};
}

static void zones_load(struct mh_json_get *get, struct mh_conform_world *world)
{
	json_t *object = mh_json_get_object(get, world->root, "zones_at_start"), *value;
	const char *key;

	world->zones = array_new(get, json_object_size(object), sizeof(*world->zones));
	if (get->ret < 0)
		return;
	json_object_foreach(object, key, value)
		zone_load(get, world, key, value, &world->zones[world->map.zone_count++]);
	world->map.zones = world->zones;
}

/* "100 ksm_memory_callback". */
static void builtin_load(struct mh_json_get *get, const json_t *item, struct mh_conform_builtin *builtin)
{
	const char *text = json_is_string(item) ? json_string_value(item) : "", *space = strchr(text, ' ');
	char number[24] = "";
	struct mh_error ignored;
	int64_t priority;

	if (space && space - text < (ptrdiff_t)sizeof(number))
		memcpy(number, text, (size_t)(space - text));
	if (mh_parse_integer(number, &priority, &ignored) < 0 || priority < INT_MIN || priority > INT_MAX ||
	    !space[1]) {
		mh_json_get_fail(get, "a built-in listener is not 'PRIORITY NAME'");
		return;
	}
	builtin->priority = (int)priority;
	builtin->name = space + 1;
}

static void builtins_append(struct mh_json_get *get, struct mh_conform_world *world, const json_t *list, bool on_nodes)
{
	for (size_t i = 0; i < json_array_size(list) && get->ret == 0; i++) {
		struct mh_conform_builtin *builtin = &world->builtins[world->builtin_count++];

		builtin->on_nodes = on_nodes;
		builtin_load(get, json_array_get(list, i), builtin);
	}
}

static void builtins_load(struct mh_json_get *get, struct mh_conform_world *world)
{
	const json_t *memory = mh_json_get_list(get, world->root, "builtin_chain");
	const json_t *nodes = json_object_get(world->root, "builtin_node_chain");

	world->builtins = array_new(get, json_array_size(memory) + json_array_size(nodes), sizeof(*world->builtins));
	builtins_append(get, world, memory, false);
	builtins_append(get, world, nodes, true);
}

/* Everything divides by these. */
static void geometry_load(struct mh_json_get *get, struct mh_conform_world *world)
{
	const uint64_t size = mh_json_get_u64(get, world->root, "block_bytes");

	world->block_size_bytes = size;
	world->pages_per_block = u32_of(get, world->root, "pages_per_block");
	if (get->ret == 0 && (size < MH_BLOCK_SIZE_MIN || size > MH_BLOCK_SIZE_MAX || (size & (size - 1))))
		mh_json_get_fail(get, "'block_bytes' is %llu, no power of two from %llu to %llu",
				 (unsigned long long)size, (unsigned long long)MH_BLOCK_SIZE_MIN,
				 (unsigned long long)MH_BLOCK_SIZE_MAX);
	if (get->ret == 0 && size != (uint64_t)world->pages_per_block * PAGE_SIZE)
		mh_json_get_fail(get, "'block_bytes' is not %u pages of %u bytes", world->pages_per_block, PAGE_SIZE);
}

static void policies_load(struct mh_json_get *get, struct mh_conform_world *world)
{
	static const char *const policies[] = {"contig-zones", "auto-movable"};
	const char *command_line = mh_json_get_optional_text(get, world->root, "cmdline_extra");

	world->online_policy = mh_json_get_word(get, world->root, "online_policy", policies, 2) == 1
				       ? MH_POLICY_AUTO_MOVABLE
				       : MH_POLICY_CONTIG_ZONES;
	world->movable_node = mh_json_get_optional_bool(get, world->root, "movable_node", false);
	world->memmap_on_memory = command_line && strstr(command_line, "memory_hotplug.memmap_on_memory=1");
	world->auto_online = mh_json_get_text(get, world->root, "auto_online_blocks");
}

/* What the masks say of a node must be what its blocks say. */
static void mask_check(struct mh_json_get *get, const struct mh_conform_world *world, const char *key, bool kernel_only)
{
	const char *list = mh_json_get_text(get, world->root, key);

	for (size_t node = 0; node < world->map.node_count && get->ret == 0; node++) {
		bool has = false;

		for (size_t i = 0; i < world->map.block_count; i++)
			has |= world->blocks[i].node == node && world->blocks[i].online &&
			       (!kernel_only || world->blocks[i].zone != MH_ZONE_MOVABLE);
		if (has != list_holds(get, list, world->nodes[node].nid))
			mh_json_get_fail(get, "'%s' is '%.40s', but node %d has %s block online", key, list,
					 world->nodes[node].nid, has ? "such a" : "no such");
	}
}

static void world_load(struct mh_json_get *get, struct mh_conform_world *world)
{
	struct mh_error why;

	world->kernel = mh_json_get_optional_text(get, world->root, "kernel");
	geometry_load(get, world);
	policies_load(get, world);
	nodes_load(get, world);
	if (get->ret == 0)
		blocks_load(get, world);
	if (get->ret == 0)
		zones_load(get, world);
	if (get->ret == 0)
		builtins_load(get, world);
	if (get->ret == 0 && mh_memory_map_check(&world->map, world->pages_per_block, &why) < 0)
		mh_json_get_fail(get, "%.400s", why.text);
	if (get->ret == 0)
		mask_check(get, world, "has_memory", false);
	if (get->ret == 0)
		mask_check(get, world, "has_normal_memory", true);
}

static int worlds_build(struct mh_conform_worlds *worlds, struct mh_error *reterr)
{
	const char *name;
	json_t *object;

	worlds->worlds = calloc(json_object_size(worlds->root) + 1, sizeof(*worlds->worlds));
	if (!worlds->worlds)
		return -ENOMEM;
	json_object_foreach(worlds->root, name, object)
	{
		struct mh_json_get get = {.name = name, .list_max = LIST_MAX, .reterr = reterr};
		struct mh_conform_world *world = &worlds->worlds[worlds->count++];

		*world = (struct mh_conform_world){.name = name, .root = object};
		world_load(&get, world);
		if (get.ret < 0)
			return get.ret;
	}
	return 0;
}

int mh_conform_worlds_load(struct mh_conform_worlds *worlds, const char *path, struct mh_error *reterr)
{
	struct mh_error why = {0};
	json_error_t error;
	int ret;

	*worlds = (struct mh_conform_worlds){.root = json_load_file(path, JSON_REJECT_DUPLICATES, &error)};
	if (!worlds->root && error.line < 0)
		return mh_error_set(reterr, -EINVAL, "'%s' cannot be read: %s", path, error.text);
	if (!worlds->root)
		return mh_error_set(reterr, -EINVAL, "%s:%d: no valid JSON: %s", path, error.line, error.text);
	if (!json_is_object(worlds->root))
		return mh_error_set(reterr, -EINVAL, "%s: no JSON object of worlds", path);
	ret = worlds_build(worlds, &why);
	return ret < 0 ? mh_error_set(reterr, ret, "%s: world %s", path, ret == -ENOMEM ? "too large" : why.text) : 0;
}

static void world_release(struct mh_conform_world *world)
{
	free(world->nodes);
	free(world->blocks);
	free(world->zones);
	free(world->groups);
	free(world->group_names);
	free(world->builtins);
}

void mh_conform_worlds_release(struct mh_conform_worlds *worlds)
{
	for (size_t i = 0; i < worlds->count; i++)
		world_release(&worlds->worlds[i]);
	free(worlds->worlds);
	json_decref(worlds->root);
}
