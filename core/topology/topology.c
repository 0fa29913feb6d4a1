/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading: choose the source by the spec, read hwloc's tree into our own struct, settle what the source left open
 * (memory sizes), and let go of hwloc.
 */
#include "core/topology/topology_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

void mh_topology_warn(struct mh_topology *topology, const char *format, ...)
{
	va_list arguments;
	char *warning;

	if (topology->warning_count == MH_TOPOLOGY_WARNINGS_MAX)
		return;
	va_start(arguments, format);
	if (vasprintf(&warning, format, arguments) >= 0)
		topology->warnings[topology->warning_count++] = warning;
	va_end(arguments);
}

int mh_topology_tree_init(hwloc_topology_t *ret_tree, struct mh_error *reterr)
{
	/* What hwloc has to say of a broken file goes into our sentence, not to stderr. It offers no other switch. */
	if (setenv("HWLOC_HIDE_ERRORS", "2", 1) < 0 || hwloc_topology_init(ret_tree) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for a topology");
	/* All CPUs and nodes of the machine: which of them this process may use is placement's business. */
	if (hwloc_topology_set_flags(*ret_tree, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) < 0) {
		hwloc_topology_destroy(*ret_tree);
		return mh_error_set(reterr, -EINVAL, "hwloc refuses to describe a whole machine: %s", strerror(errno));
	}
	return 0;
}

/* A memory size for every node where the source has none for any. */
static void settle_memory(struct mh_topology *topology, bool memory_given, uint64_t node_memory_bytes)
{
	char size[32];

	for (size_t i = 0; i < topology->node_count && memory_given; i++)
		if (topology->nodes[i].memory_bytes)
			return;
	for (size_t i = 0; i < topology->node_count; i++)
		topology->nodes[i].memory_bytes = node_memory_bytes;
	mh_topology_warn(topology, "the topology gives memory to no node: each gets %s (node_memory)",
			 mh_format_size(size, sizeof(size), node_memory_bytes));
}

static int tree_open(const char *spec, hwloc_topology_t *ret_tree, bool *ret_memory_given, struct mh_error *reterr)
{
	*ret_memory_given = true;
	if (strcmp(spec, "host") == 0)
		return mh_topology_open_host(ret_tree, reterr);
	if (strncmp(spec, "xml:", 4) == 0)
		return mh_topology_open_xml(spec + 4, ret_tree, reterr);
	return mh_topology_open_synthetic(spec, ret_tree, ret_memory_given, reterr);
}

int mh_topology_load(const char *spec, uint64_t node_memory_bytes, struct mh_topology **ret_topology,
		     struct mh_error *reterr)
{
	hwloc_topology_t tree;
	bool memory_given;
	int ret = tree_open(spec, &tree, &memory_given, reterr);

	if (ret < 0)
		return ret;
	struct mh_topology *topology = calloc(1, sizeof(*topology));

	if (!topology || !(topology->source = strdup(spec)))
		ret = mh_error_set(reterr, -ENOMEM, "no memory for a topology");
	else
		ret = mh_topology_read_tree(topology, tree, reterr);
	if (ret == 0) {
		topology->is_host = hwloc_topology_is_thissystem(tree);
		settle_memory(topology, memory_given, node_memory_bytes);
		if (topology->is_host)
			mh_topology_check_host(topology);
		*ret_topology = topology;
	} else {
		mh_topology_free(topology);
	}
	hwloc_topology_destroy(tree);
	return ret;
}

void mh_topology_free(struct mh_topology *topology)
{
	if (!topology)
		return;
	for (size_t i = 0; i < topology->node_count; i++)
		free(topology->nodes[i].cpus);
	for (size_t i = 0; i < topology->warning_count; i++)
		free(topology->warnings[i]);
	free(topology->nodes);
	free(topology->cpus);
	free(topology->distances);
	free(topology->source);
	free(topology);
}

uint64_t mh_topology_memory_bytes(const struct mh_topology *topology)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < topology->node_count; i++)
		if (__builtin_add_overflow(sum, topology->nodes[i].memory_bytes, &sum))
			return UINT64_MAX;
	return sum;
}
