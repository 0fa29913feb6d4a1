/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which block is next, and where it goes: hotplug-cycle over a kernel's blocks. As on the simulated machine a visit
 * takes a block to its other state and back; a failure ends the visit, and a block that is not at home goes home when
 * its turn comes again.
 */
#ifndef BENCH_KERNEL_DRIVER_H
#define BENCH_KERNEL_DRIVER_H

#include "bench/engine/scenario.h"
#include "bench/kernel/block_list.h"

struct mh_kernel_driver {
	const struct mh_kernel_blocks *blocks;
	struct mh_kernel_driver_block *states; /* by place in @blocks */
	char order[16];                        /* "round-robin", "random", "zipf", "one" */
	const char *online_word;               /* NULL: the zone that a block had */
	uint64_t stream;
	size_t next, visited;
	bool returning;
	size_t gone; /* blocks that were removed meanwhile */
};

/* One operation. */
struct mh_kernel_turn {
	const struct mh_kernel_block *block;
	bool online;
	const char *word; /* to be written */
	uint32_t attempt; /* failures in a row before */
};

/* @stream: of which random choices are made. It takes all blocks to be at home. 0 or -ENOMEM. */
int mh_kernel_driver_init(struct mh_kernel_driver *driver, const struct mh_scenario_workload *workload,
			  const struct mh_kernel_blocks *blocks, uint64_t stream);
/* The same by words: @order as above; @zone "keep", "default", "kernel" or "movable". */
int mh_kernel_driver_begin(struct mh_kernel_driver *driver, const char *order, const char *zone,
			   const struct mh_kernel_blocks *blocks, uint64_t stream);
/* Learns which are not. 0, or -errno with a sentence. */
int mh_kernel_driver_look(struct mh_kernel_driver *driver, const struct mh_kernel_tree *tree, struct mh_error *reterr);
void mh_kernel_driver_release(struct mh_kernel_driver *driver);

/* Of operation @index of the phase, from 0. False: no block is left. */
bool mh_kernel_driver_next(struct mh_kernel_driver *driver, uint64_t index, struct mh_kernel_turn *ret_turn);
/* What it came to: 0 or -errno; -ENODEV: the block has gone, and has no turn any more. */
void mh_kernel_driver_done(struct mh_kernel_driver *driver, int error);

#endif
