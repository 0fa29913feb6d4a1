/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walks of an operation as JSON: those that a recording tells of, and those that were seen, in the same form.
 *
 * A recording has the calls of single callbacks, a probe the walk as a whole: its event, its argument, and by what it
 * was refused. [EVENT, start_pfn, nr_pages, nid_normal, nid, REFUSAL], of a node's event [EVENT, nid, REFUSAL]; what
 * that kernel's argument does not have is left out.
 */
#ifndef BENCH_KERNEL_REPLAY_WALKS_H
#define BENCH_KERNEL_REPLAY_WALKS_H

#include <jansson.h>

#include "bench/kernel/walk_log.h"

/* @step: recorded, with trace and full_trace. An argument that none of the case's own callbacks was given is not
 * known: [EVENT, REFUSAL] then. */
json_t *mh_kernel_replay_walks_recorded(const json_t *step);

/* @recorded: where an argument is not known there, it is left out here, too. */
json_t *mh_kernel_replay_walks_seen(const struct mh_kernel_walk *walks, unsigned count,
				    const struct mh_protocol *protocol, const json_t *recorded);

#endif
