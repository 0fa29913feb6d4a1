/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPU of this host a worker thread is bound to.
 */
#ifndef CORE_TOPOLOGY_PLACEMENT_H
#define CORE_TOPOLOGY_PLACEMENT_H

#include <stddef.h>

#include "base/error.h"
#include "core/topology/topology.h"

enum mh_placement_policy {
	MH_PLACEMENT_SPREAD,     /* as far apart as can be: nodes, then cores, SMT siblings last */
	MH_PLACEMENT_PACK,       /* as close as can be: siblings, then the next core, then the next node */
	MH_PLACEMENT_SAME_NODE,  /* all on one node */
	MH_PLACEMENT_CROSS_NODE, /* neighbours in number on different nodes */
	MH_PLACEMENT_CPUSET,     /* the CPUs given, in turn */
};

struct mh_placement {
	enum mh_placement_policy policy;
	const unsigned *cpuset; /* MH_PLACEMENT_CPUSET: CPU numbers */
	size_t cpuset_count;
	const unsigned *allowed; /* CPU numbers this process may use (mh_thread_cpus) */
	size_t allowed_count;
};

/**
 * mh_placement_cpu - the CPU for one worker
 * @host: a topology with is_host; another one describes no CPU that could be bound to
 * @worker: 0 … @worker_count - 1
 *
 * Equal arguments give equal answers. Policies but the cpuset give a CPU to each worker alone; more workers than that
 * are left to the scheduler, all of them.
 *
 * Return: a CPU number; -1 to leave the thread unbound, with the reason in @reterr (-EINVAL, -ENOSPC, -ENOMEM).
 */
int mh_placement_cpu(const struct mh_topology *host, const struct mh_placement *placement, size_t worker,
		     size_t worker_count, struct mh_error *reterr);

#endif
