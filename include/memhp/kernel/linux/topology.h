/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs and nodes. The CPUs are those of the host that the program runs on, the nodes the machine's: a CPU that the
 * machine's topology does not name belongs to its first online node.
 */
#ifndef MEMHP_LINUX_TOPOLOGY_H
#define MEMHP_LINUX_TOPOLOGY_H

#include <linux/cpumask.h>
#include <linux/numa.h>
#include <memhp/kapi_node.h>

#define LOCAL_DISTANCE  10
#define REMOTE_DISTANCE 20

#define node_distance(from, to) memhp_node_distance(from, to)

static inline int cpu_to_node(int cpu)
{
	return memhp_cpu_node(cpu);
}

static inline int numa_node_id(void)
{
	return memhp_cpu_node(-1);
}

#define numa_mem_id()   numa_node_id()
#define cpu_to_mem(cpu) cpu_to_node(cpu)

#endif
