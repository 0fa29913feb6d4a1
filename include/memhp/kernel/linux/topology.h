/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs and nodes. The CPUs are those of <linux/smp.h>, threads, dealt out in turn over the machine's nodes that have
 * CPUs: thread 0 is on the first, thread 1 on the second …, wherever the host runs them.
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
	return memhp_cpu_node((unsigned int)cpu);
}

static inline int numa_node_id(void)
{
	return cpu_to_node((int)raw_smp_processor_id());
}

#define numa_mem_id()   numa_node_id()
#define cpu_to_mem(cpu) cpu_to_node(cpu)

#endif
