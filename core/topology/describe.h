/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A topology and its blocks for people (80 columns) and for programs (JSON).
 */
#ifndef CORE_TOPOLOGY_DESCRIBE_H
#define CORE_TOPOLOGY_DESCRIBE_H

#include "core/topology/layout.h"
#include "core/topology/topology.h"

/* malloc'ed text ending in a newline; NULL when memory ran out. @layout may be NULL: nothing is said of blocks. */
char *mh_topology_text(const struct mh_topology *topology, const struct mh_block_layout *layout);
char *mh_topology_json(const struct mh_topology *topology, const struct mh_block_layout *layout);

#endif
