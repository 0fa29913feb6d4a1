/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A replay on a kernel while it goes, for replay.c and what it is split into.
 */
#ifndef BENCH_KERNEL_REPLAY_PRIVATE_H
#define BENCH_KERNEL_REPLAY_PRIVATE_H

#include "bench/engine/conform_case.h"
#include "bench/engine/conform_world.h"
#include "bench/kernel/changes.h"
#include "bench/kernel/replay.h"
#include "bench/kernel/replay_answers.h"
#include "bench/kernel/replay_injector.h"
#include "bench/kernel/replay_policies.h"
#include "bench/kernel/watch.h"

struct mh_kernel_replay {
	const struct mh_kernel_replay_request *request;
	const struct mh_kernel_tree *tree;
	struct mh_kernel_release release;
	struct mh_kernel_blocks blocks;
	bool *remembers; /* by place in @blocks: a refused online has left its zone behind, for the next "online" */
	struct mh_kernel_changes changes;
	struct mh_kernel_watch watch;
	struct mh_kernel_deadline deadline;
	struct mh_kernel_replay_policies policies;
	struct mh_kernel_replay_injector injector;
	/* The world that was looked at last: whether the machine is that one, and if not, why. */
	const struct mh_conform_world *world;
	bool is_world;
	struct mh_text difference;
	unsigned long replayed; /* cases */
	/* The case that is replayed. */
	const struct mh_conform_case *recorded;
	struct mh_kernel_replay_answers answers;
	struct mh_text *text; /* the judgement's */
};

/* The place of a block among those that may be touched, or -1. */
int mh_kernel_replay_place(const struct mh_kernel_replay *replay, uint32_t index);

/* Whether what the case needs can be had; false, with the reason in @replay->text. replay_reach.c */
bool mh_kernel_replay_reaches(struct mh_kernel_replay *replay);

/* Brings the machine to where the case began. 0, or -errno with a sentence. replay_start.c */
int mh_kernel_replay_start(struct mh_kernel_replay *replay, struct mh_error *reterr);

/* Does one step and compares: PASSED or FAILED. replay_step.c */
enum mh_conform_verdict mh_kernel_replay_step(struct mh_kernel_replay *replay, const struct mh_conform_step *step);

#endif
