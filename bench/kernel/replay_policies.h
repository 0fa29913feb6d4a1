/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's files that say how blocks are onlined: the only ones beside the blocks and the injector that a replayed
 * case may write to.
 */
#ifndef BENCH_KERNEL_REPLAY_POLICIES_H
#define BENCH_KERNEL_REPLAY_POLICIES_H

#include "bench/engine/conform_world.h"
#include "bench/kernel/journal.h"

#define MH_KERNEL_POLICIES 4

struct mh_kernel_replay_policies {
	char found[MH_KERNEL_POLICIES][MH_KERNEL_VALUE_SIZE]; /* as they were; "" where this kernel has no such file */
};

bool mh_kernel_is_policy(const char *path);

/* Reads them, and notes what they are. 0, or -errno with a sentence. */
int mh_kernel_replay_policies_open(struct mh_kernel_replay_policies *policies, const struct mh_kernel_tree *tree,
				   struct mh_kernel_journal *journal, struct mh_error *reterr);
/* As @world has them; of those that it does not name, as they were found. 0, or -errno with a sentence. */
int mh_kernel_replay_policies_set(const struct mh_kernel_replay_policies *policies, const struct mh_kernel_tree *tree,
				  const struct mh_conform_world *world, struct mh_error *reterr);

#endif
