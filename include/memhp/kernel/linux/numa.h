/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many nodes there may be. */
#ifndef MEMHP_LINUX_NUMA_H
#define MEMHP_LINUX_NUMA_H

#include <linux/memhp_types.h>

#define NODES_SHIFT  10
#define MAX_NUMNODES (1 << NODES_SHIFT)
#define NUMA_NO_NODE (-1)

#endif
