/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The player of a contract's cases on a real kernel: a module of it is loaded and unloaded, its listener's calls are
 * seen by a probe, and the neighbour is the kernel's own error injector.
 *
 * The injector answers GOING_ONLINE and GOING_OFFLINE by an errno, at a priority given when it is loaded: cases that
 * need more cannot be played.
 */
#ifndef BENCH_KERNEL_MODULE_PLAYER_H
#define BENCH_KERNEL_MODULE_PLAYER_H

#include "bench/engine/contract.h"
#include "bench/engine/contract_play.h"
#include "bench/kernel/block_list.h"
#include "bench/kernel/changes.h"
#include "bench/kernel/watch.h"

struct mh_kernel_module_player {
	const struct mh_kernel_tree *tree;
	const struct mh_kernel_release *release;
	const struct mh_kernel_blocks *blocks;
	const struct mh_contract_listener *listener; /* of the module, whose cases are played */
	const char *file, *parameters;               /* of the module: "NAME=VALUE NAME=VALUE" */
	char name[64];                               /* as the kernel calls it */
	bool module_loaded, injector_loaded;
	struct mh_kernel_changes changes;
	struct mh_kernel_watch watch;
	struct mh_kernel_deadline deadline;
};

/* Can a stock kernel do what the case needs? */
bool mh_kernel_module_plays(const struct mh_contract_plan *plan, const struct mh_contract_case *of);

/* The four blocks that cases are played on: 0; -EINVAL with a sentence when they are not four in a row of one node that
 * has no other memory, all of them offline. */
int mh_kernel_module_stage(const struct mh_kernel_tree *tree, const struct mh_kernel_blocks *blocks,
			   struct mh_error *reterr);

/**
 * mh_kernel_module_player_open - everything that is there for all cases of one listener
 * @player: its first lines, to @parameters, filled in
 * @function: the listener's callback in the module
 *
 * From a process that has no other thread. 0, or -errno with a sentence: nothing is changed then.
 */
int mh_kernel_module_player_open(struct mh_kernel_module_player *player, const char *function, struct mh_error *reterr);
/* Puts everything back. 0; -EIO with a sentence: not everything was put back. */
int mh_kernel_module_player_close(struct mh_kernel_module_player *player, struct mh_error *reterr);

/* @player outlives it. */
struct mh_player mh_kernel_module_player_of(struct mh_kernel_module_player *player);

#endif
