/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is changed of a kernel between begin and end, and put back at the end: noted in a journal, with a guard that
 * does it when this process is killed meanwhile.
 *
 * Legal order: begin, then note each change in the journal before it is made, then end.
 */
#ifndef BENCH_KERNEL_CHANGES_H
#define BENCH_KERNEL_CHANGES_H

#include "bench/kernel/guard.h"

struct mh_kernel_changes {
	const struct mh_kernel_tree *tree;
	struct mh_kernel_journal *journal;
	struct mh_kernel_guard guard;
};

/* Before the first change. @tree outlives it. 0, or -errno with a sentence. */
int mh_kernel_changes_begin(struct mh_kernel_changes *changes, const struct mh_kernel_tree *tree,
			    struct mh_error *reterr);
/* Puts everything back; @failures and what is returned are as of mh_kernel_journal_undo(). */
unsigned mh_kernel_changes_end(struct mh_kernel_changes *changes, struct mh_text *failures);

#endif
