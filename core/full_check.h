/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verify: full adds to every operation. Nothing of it exists at the other levels: machine->full is NULL then.
 *
 * What is O(blocks of a node) is done after every operation of a machine of up to MH_FULL_CHECK_BLOCKS, after every
 * MH_FULL_CHECK_EVERY-th of a larger one.
 */
#ifndef CORE_FULL_CHECK_H
#define CORE_FULL_CHECK_H

#include "core/chain_check.h"
#include "core/machine_private.h"
#include "core/snapshot_check.h"

#define MH_FULL_CHECK_BLOCKS 4096u
#define MH_FULL_CHECK_EVERY  1000u

/* Passes over a block that move nothing before giving up at the deadline is looked into: less tells of a busy host. */
#define MH_LIVENESS_PASSES 1000u

/* Of the operation that runs; under its hotplug lock. */
struct mh_operation_watch {
	const struct mh_operation *running; /* NULL: none */
	struct mh_snapshot before;
	unsigned uevents;
	bool signal_seen; /* an earlier pass over the pages began with a signal pending */
	unsigned idle_passes;
	uint64_t dropped;                 /* stamps, when it began */
	uint32_t first_stamp, walk_stamp; /* of the operation; of the walk that runs */
	uint64_t walk_sequence;           /* newest registration when the walk began */
	uint64_t last_sequence[2];        /* the same of the final or CANCEL walk: memory chain, chain of nodes */
};

struct mh_full_check {
	struct mh_machine *machine;
	struct mh_chain_check chains[2];
	struct mh_uevent_sink counting;         /* stands before: */
	const struct mh_uevent_sink *uevents;   /* who listens, or NULL */
	struct mh_operation_watch operations[]; /* by node with a lock a node, else the first */
};

int mh_full_check_new(struct mh_machine *machine, struct mh_error *reterr);
/* After the chains' end. */
void mh_full_check_free(struct mh_full_check *full);

/* Of the operations under the lock of node @node. */
static inline struct mh_operation_watch *mh_node_watch(struct mh_machine *machine, unsigned node)
{
	return &machine->full->operations[machine->config.hotplug_lock == MH_HOTPLUG_LOCK_NODE ? node : 0];
}

static inline struct mh_operation_watch *mh_operation_watch_of(struct mh_machine *machine,
							       const struct mh_operation *operation)
{
	return mh_node_watch(machine, operation->node);
}

/* Under the hotplug lock: when an operation begins, and after its uevent. */
void mh_full_check_begin(struct mh_machine *machine, struct mh_operation *operation);
void mh_full_check_end(struct mh_machine *machine, struct mh_operation *operation);
/* I25, I33: before a walk. */
void mh_full_check_walk(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event);
/* I37: before a pass over the pages of an offline. @pending: a signal is. */
void mh_full_check_pass(struct mh_machine *machine, struct mh_operation *operation, bool pending);
/* I39: after it. */
void mh_full_check_passed(struct mh_machine *machine, struct mh_operation *operation, uint32_t moved);
/* Who else hears the uevents. */
void mh_full_check_uevents(struct mh_machine *machine, const struct mh_uevent_sink *sink);

#endif
