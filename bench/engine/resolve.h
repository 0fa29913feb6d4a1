/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The resolved scenario: the tree that was bound, defaults filled in, written as YAML that reads back to the same tree.
 */
#ifndef BENCH_ENGINE_RESOLVE_H
#define BENCH_ENGINE_RESOLVE_H

#include "bench/engine/node.h"

/* Block style, scalars quoted wherever plain text could be read as something else; malloc'ed; NULL without memory. */
char *mh_resolve_write(const struct mh_node *root);

#endif
