/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of this process on a node of this host.
 */
#ifndef CORE_TOPOLOGY_NODE_MEMORY_H
#define CORE_TOPOLOGY_NODE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/**
 * mh_node_memory_bind - have the pages of [@memory, @memory + @size) come from node @nid
 * @memory: a whole number of pages, none of them touched yet
 *
 * Return: 0; -ENOSYS the kernel has no NUMA policy; -ENODEV this process may not use such a node; else what mbind says,
 * which a container may forbid; each with a reason in @reterr, and the memory left to the kernel's own policy.
 */
int mh_node_memory_bind(void *memory, size_t size, unsigned nid, struct mh_error *reterr);

/* What this host could give without swapping, bytes (MemAvailable); UINT64_MAX where it does not tell. */
uint64_t mh_node_memory_available(void);

#endif
