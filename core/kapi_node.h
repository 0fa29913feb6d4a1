/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sets of nodes that modules look at. */
#ifndef CORE_KAPI_NODE_H
#define CORE_KAPI_NODE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct mh_machine;

/* From here on they are @machine's; NULL: empty. While no module code runs. */
void mh_kapi_nodes_begin(const struct mh_machine *machine);
/* @mask: one of a machine's, in which node index @node is or is not from now on. */
void mh_kapi_node_changed(const _Atomic uint64_t *mask, unsigned node, bool member);

#endif
