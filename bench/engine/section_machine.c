/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section `machine`: the simulated computer and how its memory begins. */
#include "bench/engine/section.h"

#include "base/units.h"
#include "bench/engine/paths.h"
#include "core/topology/topology.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AT(field)             offsetof(struct mh_scenario_machine, field)
#define NODE_MEMORY_FOR_CHECK (UINT64_C(1) << 30) /* whatever node_memory says: it cannot make a topology wrong */

static const struct mh_schema_row machine_rows[] = {
	{.key = "topology",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(topology),
	 .default_text = "host",
	 .help = "host, xml:FILE, or a string such as \"pack:2 [numa(memory=16GiB)] core:4 pu:1\""},
	{.key = "node_memory",
	 .type = MH_VALUE_SIZE,
	 .offset = AT(node_memory_bytes),
	 .default_text = "1GiB",
	 .min = "16MiB",
	 .max = "16TiB",
	 .help = "memory of each node, with a warning, if the topology tells it for none"},
	{.key = "block_size",
	 .type = MH_VALUE_SIZE,
	 .offset = AT(block_size_bytes),
	 .default_text = "128MiB",
	 .min = "16MiB",
	 .max = "64GiB",
	 .flags = MH_SCHEMA_POWER_OF_TWO,
	 .help = "the unit of online and offline; a section is the smaller of it and 128MiB"},
	{.key = "initial_online",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(initial_online_ppb),
	 .default_text = "all",
	 .help = "share of the blocks that are online when a phase begins; the rest is added but offline"},
	{.key = "movable",
	 .type = MH_VALUE_SHARE,
	 .offset = AT(movable_ppb),
	 .default_text = "50%",
	 .help = "share of the blocks online at the beginning that lie in the zone Movable"},
	{.key = "online_policy",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(online_policy),
	 .default_text = "contig-zones",
	 .values = "contig-zones|auto-movable",
	 .help = "how the kernel chooses the zone of a block that is onlined without one"},
	{.key = "auto_movable_ratio",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = AT(auto_movable_ratio),
	 .default_text = "301",
	 .min = "0",
	 .max = "1000000",
	 .unit = "percent",
	 .help = "auto-movable: Movable memory that may be online for each part of boot's kernel memory"},
	{.key = "auto_movable_numa_aware",
	 .type = MH_VALUE_BOOL,
	 .offset = AT(auto_movable_numa_aware),
	 .default_text = "true",
	 .help = "auto-movable: the ratio must hold in the block's node, too"},
	{.key = "movable_node",
	 .type = MH_VALUE_BOOL,
	 .offset = AT(movable_node),
	 .default_text = "false",
	 .help = "the kernel was booted with movable_node: what is added goes to Movable"},
	{.key = "compat",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(compat),
	 .default_text = "v6.1",
	 .values = "v6.1|v6.12|v7.3|doc5x",
	 .help = "which kernel's protocol; doc5x is 6.1's for sources that name status_change_nid_high"},
	{.key = "hotplug_lock",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(hotplug_lock),
	 .default_text = "global",
	 .values = "global|node",
	 .help = "one lock for all operations, as in the kernel, or one a node"},
	{.key = "lock_wait",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(lock_wait),
	 .values = "queue|poll",
	 .help = "how an operation waits for the lock: in order, or, with costs, by trying every 5 ms as sysfs writers "
		 "do"},
	{.key = "page_unit",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(page_unit),
	 .values = "|page|pageblock",
	 .help = "grain of the page accounting; page up to 256 GiB of machine, else pageblock"},
	{.key = "backing",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(backing),
	 .default_text = "none",
	 .values = "none|mmap",
	 .help = "mmap: real memory behind the frames, touched when allocated, copied when migrated, given back by an "
		 "offline; bound to the nodes that the host has"},
};

const struct mh_schema mh_machine_schema = {
	.name = "machine",
	.rows = machine_rows,
	.count = sizeof(machine_rows) / sizeof(machine_rows[0]),
	.size = sizeof(struct mh_scenario_machine),
};

/* What belongs to another policy is refused, and left out of the resolved scenario. */
int mh_machine_finish(struct mh_binder *binder, const struct mh_node *root, struct mh_node *resolved)
{
	static const char *const keys[] = {"auto_movable_ratio", "auto_movable_numa_aware"};
	const struct mh_node *given = mh_node_find(root, "machine");
	struct mh_node *section = mh_node_find(resolved, "machine");
	int ret = 0;

	if (binder->scenario->machine.online_policy == MH_POLICY_AUTO_MOVABLE)
		return 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct mh_pair *pair = given ? mh_node_find_pair(given, keys[i]) : NULL;

		if (pair) {
			mh_diagnose(&binder->reader->diagnostics, pair->place,
				    "'%s' has no effect without 'online_policy: auto-movable'", keys[i]);
			ret = -EINVAL;
		}
		if (section)
			mh_node_remove(section, keys[i]);
	}
	return ret;
}

/* Loaded once to see that it can be; the host always can. An error's sentence may name a column within the value. */
static int topology_check(struct mh_binder *binder, const struct mh_node *node, const char *spec)
{
	struct mh_topology *topology;
	struct mh_error error = {0};
	int ret;

	if (strcmp(spec, "host") == 0 ||
	    (binder->reader->topology_checked && strcmp(binder->reader->topology_checked, spec) == 0))
		return 0;
	ret = mh_topology_load(spec, NODE_MEMORY_FOR_CHECK, &topology, &error);
	if (ret == -ENOMEM)
		return ret;
	if (ret < 0) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s", error.text);
		return -EINVAL;
	}
	mh_topology_free(topology);
	binder->reader->topology_checked = mh_arena_copy(&binder->reader->arena, spec, strlen(spec));
	return 0;
}

static int topology_keep(struct mh_binder *binder, const struct mh_node *node, const char *spec, void *value)
{
	char *copy;
	int ret = topology_check(binder, node, spec);

	if (ret < 0)
		return ret;
	copy = strdup(spec);
	if (!copy)
		return -ENOMEM;
	*(char **)value = copy;
	return 0;
}

/* The file of xml: begins from the scenario's folder; kept absolute, so that the resolved scenario can be moved. */
int mh_topology_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_arena *arena = &binder->reader->arena;
	const char *path, *text;

	if (!mh_value_is_text(binder, node, "topology", "host, xml:FILE or an hwloc string"))
		return -EINVAL;
	if (strncmp(node->text, "xml:", 4) != 0)
		return topology_keep(binder, node, node->text, value);
	if (!node->text[4]) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "topology: 'xml:' names no file");
		return -EINVAL;
	}
	path = mh_path_absolute(binder->reader, node->place, node->text + 4);
	text = path ? mh_arena_print(arena, "xml:%s", path) : NULL;
	*ret_resolved = text ? mh_node_scalar(arena, node->place, text) : NULL;
	return *ret_resolved ? topology_keep(binder, node, text, value) : -ENOMEM;
}

int mh_initial_online_read(struct mh_binder *binder, const struct mh_node *node, void *value,
			   struct mh_node **ret_resolved)
{
	struct mh_error error = {0};
	uint64_t ppb = 0;

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "initial_online", "all, none or a share such as 50%"))
		return -EINVAL;
	if (strcmp(node->text, "all") == 0)
		ppb = MH_PPB_ONE;
	else if (strcmp(node->text, "none") != 0 && mh_parse_share(node->text, &ppb, &error) < 0) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "initial_online: %s; or write all or none",
			    error.text);
		return -EINVAL;
	}
	*(uint64_t *)value = ppb;
	return 0;
}
