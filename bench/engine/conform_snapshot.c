/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States, zones and masks as JSON. */
#include "bench/engine/conform_snapshot.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/block_device.h"

bool mh_conform_block_is_there(const struct mh_machine *machine, uint32_t block)
{
	return block < mh_machine_block_count(machine) && mh_machine_block_is_present(machine, block);
}

static json_t *nodes_in(const struct mh_machine *machine, enum mh_node_mask mask)
{
	json_t *list = json_array();

	for (unsigned node = 0; node < mh_machine_node_count(machine); node++)
		if (mh_machine_node_is(machine, node, mask))
			json_array_append_new(list, json_integer(mh_machine_nid(machine, node)));
	return list;
}

static const char *state_of(const struct mh_machine *machine, uint32_t block)
{
	return mh_conform_block_is_there(machine, block) ? mh_block_state_names[mh_machine_block_state(machine, block)]
							 : "absent";
}

/* Appends to @list what memoryN/valid_zones shows. */
static json_t *valid_zones_append(json_t *list, struct mh_machine *machine, uint32_t block)
{
	enum mh_zone_kind kinds[MH_ZONE_KINDS];
	unsigned count;

	if (!mh_conform_block_is_there(machine, block))
		return list;
	count = mh_block_valid_zones(machine, block, kinds);
	for (unsigned i = 0; i < count; i++)
		json_array_append_new(list, json_string(mh_zone_names[kinds[i]]));
	if (count == 0)
		json_array_append_new(list, json_string("none"));
	return list;
}

json_t *mh_conform_snapshot_before(struct mh_machine *machine, uint32_t block)
{
	json_t *object =
		json_pack("{s:o, s:o, s:o}", "has_memory", nodes_in(machine, MH_N_MEMORY), "has_normal_memory",
			  nodes_in(machine, MH_N_NORMAL_MEMORY), "node_online", nodes_in(machine, MH_N_ONLINE));

	if (block == MH_CONFORM_NO_BLOCK)
		return object;
	json_object_set_new(object, "state", json_string(state_of(machine, block)));
	json_object_set_new(object, "valid_zones", valid_zones_append(json_array(), machine, block));
	return object;
}

static json_t *zone_name(const struct mh_machine *machine, uint32_t block)
{
	enum mh_zone_kind kind;

	if (!mh_conform_block_is_there(machine, block) || mh_machine_block_state(machine, block) != MH_BLOCK_ONLINE)
		return json_null();
	kind = mh_machine_block_zone(machine, block);
	return json_string(kind == MH_ZONE_NONE ? "none" : mh_zone_names[kind]);
}

static bool is_early(const struct mh_conform_world *world, uint32_t block)
{
	for (size_t i = 0; i < world->map.block_count; i++)
		if (world->blocks[i].block == block)
			return world->blocks[i].early;
	return false;
}

static json_t *blocks_of(struct mh_machine *machine, const struct mh_conform_world *world, const json_t *recorded)
{
	json_t *object = json_object();
	char key[16];

	for (uint32_t block = 0; block < mh_machine_block_count(machine); block++) {
		snprintf(key, sizeof(key), "%u", block);
		if (!mh_conform_block_is_there(machine, block) ||
		    (is_early(world, block) && !json_object_get(recorded, key)))
			continue;
		json_t *item = json_pack("[s]", state_of(machine, block));

		json_object_set_new(object, key, valid_zones_append(item, machine, block));
	}
	return object;
}

static void zone_append(json_t *object, struct mh_machine *machine, unsigned node, enum mh_zone_kind kind)
{
	struct mh_zone_extent extent;
	char key[48];

	mh_machine_zone_extent(machine, node, kind, &extent);
	if (!extent.spanned_pages && !extent.present_pages)
		return;
	snprintf(key, sizeof(key), "%d/%s", mh_machine_nid(machine, node), mh_zone_names[kind]);
	json_object_set_new(object, key,
			    json_pack("{s:I, s:I, s:I}", "spanned", (json_int_t)extent.spanned_pages, "present",
				      (json_int_t)extent.present_pages, "start_pfn", (json_int_t)extent.start_pfn));
}

static json_t *zones_of(struct mh_machine *machine)
{
	json_t *object = json_object();

	for (unsigned node = 0; node < mh_machine_node_count(machine); node++)
		for (int kind = 0; kind < MH_ZONE_KINDS; kind++)
			zone_append(object, machine, node, (enum mh_zone_kind)kind);
	return object;
}

json_t *mh_conform_snapshot_final(struct mh_machine *machine, const struct mh_conform_world *world, uint32_t block,
				  const json_t *recorded)
{
	json_t *object = mh_conform_snapshot_before(machine, block);

	if (block != MH_CONFORM_NO_BLOCK)
		json_object_set_new(object, "zone", zone_name(machine, block));
	json_object_set_new(object, "blocks", blocks_of(machine, world, json_object_get(recorded, "blocks")));
	json_object_set_new(object, "zones", zones_of(machine));
	return object;
}
