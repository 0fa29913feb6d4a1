/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This host: described by hwloc, its node mask checked by libnuma.
 *
 * libnuma writes to stderr when it is asked for a node that is absent, and goes on. It calls numa_warn and numa_error,
 * which a program may define: ours say nothing, and the mask is looked at before a node is asked for.
 */
#include "core/topology/topology_private.h"

#include <errno.h>
#include <numa.h>
#include <string.h>

/* Visible: libnuma finds them by name. Their signatures are numa.h's. */
__attribute__((visibility("default"))) void numa_error(char *where)
{
	(void)where;
}

__attribute__((visibility("default"))) void numa_warn(int number, char *where, ...)
{
	(void)number;
	(void)where;
}

int mh_topology_open_host(hwloc_topology_t *ret_tree, struct mh_error *reterr)
{
	int ret = mh_topology_tree_init(ret_tree, reterr);

	if (ret < 0)
		return ret;
	if (hwloc_topology_load(*ret_tree) < 0) {
		hwloc_topology_destroy(*ret_tree);
		return mh_error_set(reterr, -EINVAL, "hwloc cannot read this host's topology: %s", strerror(errno));
	}
	return 0;
}

void mh_topology_check_host(struct mh_topology *topology)
{
	if (numa_available() < 0) {
		mh_topology_warn(topology,
				 "the kernel of this host has no NUMA policy: memory cannot be bound to nodes");
		return;
	}
	struct bitmask *allowed = numa_get_mems_allowed();

	for (size_t i = 0; i < topology->node_count; i++)
		if (!numa_bitmask_isbitset(allowed, topology->nodes[i].nid))
			mh_topology_warn(topology, "this process may not use the memory of node %u",
					 topology->nodes[i].nid);
	numa_bitmask_free(allowed);
}
