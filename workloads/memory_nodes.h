/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nodes of a machine that have memory, as a workload takes them in turn.
 */
#ifndef WORKLOADS_MEMORY_NODES_H
#define WORKLOADS_MEMORY_NODES_H

#include "workloads/workload.h"

struct mh_memory_nodes {
	unsigned *nodes; /* indices, ascending */
	unsigned count;
};

/* 0; -ENOMEM; -EINVAL no node has memory; with a sentence. */
int mh_memory_nodes_init(struct mh_memory_nodes *nodes, const struct mh_workload *workload, struct mh_error *reterr);
void mh_memory_nodes_release(struct mh_memory_nodes *nodes);

#endif
