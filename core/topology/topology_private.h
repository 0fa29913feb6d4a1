/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the sources of a topology (host, XML, synthetic) and the reader of hwloc's tree. */
#ifndef CORE_TOPOLOGY_TOPOLOGY_PRIVATE_H
#define CORE_TOPOLOGY_TOPOLOGY_PRIVATE_H

#include <hwloc.h>

#include "base/text.h"
#include "core/topology/topology.h"

/* Adds a sentence to the warnings; beyond MH_TOPOLOGY_WARNINGS_MAX it is dropped, as it is without memory. */
void mh_topology_warn(struct mh_topology *topology, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A loaded hwloc tree of each source; the caller destroys it. */
int mh_topology_open_host(hwloc_topology_t *ret_tree, struct mh_error *reterr);
int mh_topology_open_xml(const char *path, hwloc_topology_t *ret_tree, struct mh_error *reterr);
/* @ret_memory_given: some node of the string has a memory size; hwloc itself makes 1 GiB up where there is none. */
int mh_topology_open_synthetic(const char *text, hwloc_topology_t *ret_tree, bool *ret_memory_given,
			       struct mh_error *reterr);

/* An hwloc tree that is not yet loaded, configured alike for each source. */
int mh_topology_tree_init(hwloc_topology_t *ret_tree, struct mh_error *reterr);

/**
 * mh_synthetic_translate - check a synthetic string and write it as hwloc wants it
 * @out: the string with canonical words and sizes in bytes
 *
 * Return: 0; -EINVAL or -E2BIG with a sentence that names the column.
 */
int mh_synthetic_translate(const char *text, struct mh_text *out, bool *ret_memory_given, struct mh_error *reterr);

/* Fills nodes, cpus and distances from a loaded tree. */
int mh_topology_read_tree(struct mh_topology *topology, hwloc_topology_t tree, struct mh_error *reterr);

/* Warns of nodes that libnuma does not let this process use. Only for a host. */
void mh_topology_check_host(struct mh_topology *topology);

#endif
