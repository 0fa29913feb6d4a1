/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a node has memory, and memory of a kernel zone, as the kernel shows it.
 */
#ifndef BENCH_KERNEL_MASKS_H
#define BENCH_KERNEL_MASKS_H

#include "bench/kernel/tree.h"

struct mh_kernel_masks {
	bool known; /* false: a kernel without these files, or a block without a node */
	bool memory, normal;
};

/* @node below 0: not known. */
struct mh_kernel_masks mh_kernel_masks_read(const struct mh_kernel_tree *tree, int node);

/* Is @number in "0-1,3"? An empty list has none. */
bool mh_kernel_list_has(const char *list, int number);

#endif
