/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnuma returns memory even for a node that is absent, with a word on stderr (host.c keeps that): so the mask is
 * looked at before a node is asked for.
 */
#include "core/topology/node_memory.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool node_is_allowed(unsigned nid)
{
	struct bitmask *allowed = numa_get_mems_allowed();
	bool is_allowed = nid < allowed->size && numa_bitmask_isbitset(allowed, nid);

	numa_bitmask_free(allowed);
	return is_allowed;
}

static int bind_to(void *memory, size_t size, unsigned nid)
{
	struct bitmask *node = numa_allocate_nodemask();
	int ret;

	numa_bitmask_setbit(node, nid);
	/* The kernel reads one bit less than it is told. */
	ret = mbind(memory, size, MPOL_BIND, node->maskp, node->size + 1, 0) < 0 ? -errno : 0;
	numa_bitmask_free(node);
	return ret;
}

int mh_node_memory_bind(void *memory, size_t size, unsigned nid, struct mh_error *reterr)
{
	int ret;

	if (numa_available() < 0)
		return mh_error_set(reterr, -ENOSYS, "the kernel of this host has no NUMA policy");
	if (!node_is_allowed(nid))
		return mh_error_set(reterr, -ENODEV, "this host has no node %u that this process may use", nid);
	ret = bind_to(memory, size, nid);
	if (ret < 0)
		return mh_error_set(reterr, ret, "the kernel refuses to bind memory to node %u: %s", nid,
				    strerror(-ret));
	return 0;
}

uint64_t mh_node_memory_available(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long long kib = 0;
	bool found = false;
	char line[128];

	if (!file)
		return UINT64_MAX;
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "MemAvailable: %llu kB", &kib) == 1;
	fclose(file);
	return found ? (uint64_t)kib << 10 : UINT64_MAX;
}
