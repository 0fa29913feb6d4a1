/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes that own at least one block. */
#include "workloads/memory_nodes.h"

#include <errno.h>
#include <stdlib.h>

int mh_memory_nodes_init(struct mh_memory_nodes *nodes, const struct mh_workload *workload, struct mh_error *reterr)
{
	unsigned count = mh_machine_node_count(workload->machine);

	*nodes = (struct mh_memory_nodes){.nodes = calloc(count, sizeof(*nodes->nodes))};
	if (!nodes->nodes)
		return mh_error_set(reterr, -ENOMEM, "workload '%s': no memory for %u nodes", workload->name, count);
	for (unsigned node = 0; node < count; node++) {
		uint32_t first;

		if (mh_machine_node_blocks(workload->machine, node, &first))
			nodes->nodes[nodes->count++] = node;
	}
	if (nodes->count)
		return 0;
	mh_memory_nodes_release(nodes);
	return mh_error_set(reterr, -EINVAL, "workload '%s': no node has memory", workload->name);
}

void mh_memory_nodes_release(struct mh_memory_nodes *nodes)
{
	free(nodes->nodes);
	*nodes = (struct mh_memory_nodes){.count = 0};
}
