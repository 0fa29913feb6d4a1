/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What has to be put back, noted before it is changed, undone from the last to the first.
 *
 * It lies in memory that a guard (bench/kernel/guard.h) shares: when the process that noted is gone, the guard undoes
 * what is left. One of them works on it at a time.
 */
#ifndef BENCH_KERNEL_JOURNAL_H
#define BENCH_KERNEL_JOURNAL_H

#include <stddef.h>

#include "bench/kernel/block_home.h"
#include "bench/kernel/block_list.h"

#define MH_KERNEL_JOURNAL_MAX                                                                                          \
	(MH_KERNEL_BLOCKS_MAX + 256) /* the rest: probes, the instance, its files, the injector                        \
				      */

enum mh_kernel_undo_kind {
	MH_KERNEL_UNDO_WRITE,  /* @value to @path */
	MH_KERNEL_UNDO_APPEND, /* @value to the list of definitions @path */
	MH_KERNEL_UNDO_REMOVE, /* the folder @path */
	MH_KERNEL_UNDO_MODULE, /* @path is its name: it was not loaded */
	MH_KERNEL_UNDO_BLOCK,  /* @home */
};

struct mh_kernel_undo {
	enum mh_kernel_undo_kind kind;
	char path[MH_KERNEL_PATH_SIZE];
	char value[64];
	struct mh_kernel_home home;
};

struct mh_kernel_journal {
	size_t count; /* of items; written last, when the item before it is whole */
	struct mh_kernel_undo items[MH_KERNEL_JOURNAL_MAX];
};

/* Shared with processes that are forked from then on. 0 or -ENOMEM with a sentence. */
int mh_kernel_journal_new(struct mh_kernel_journal **ret_journal, struct mh_error *reterr);
void mh_kernel_journal_free(struct mh_kernel_journal *journal);

/* Before the change. -E2BIG, with a sentence: then nothing may be changed. */
int mh_kernel_journal_note(struct mh_kernel_journal *journal, enum mh_kernel_undo_kind kind, const char *path,
			   const char *value, struct mh_error *reterr);
int mh_kernel_journal_note_block(struct mh_kernel_journal *journal, const struct mh_kernel_block *block,
				 struct mh_error *reterr);

/**
 * mh_kernel_journal_undo - put everything back
 * @failures: a line for each item that could not be put back
 *
 * Each item is tried, whatever became of those before, and is then no longer noted. What is not there any more is no
 * failure, but for a block. The caller's thread is not ended by SIGINT, SIGTERM or SIGHUP meanwhile. Return: the number
 * of failures.
 */
unsigned mh_kernel_journal_undo(struct mh_kernel_journal *journal, const struct mh_kernel_tree *tree,
				struct mh_text *failures);

/* The same as commands for sh, for when no process of ours is left to do it. */
void mh_kernel_journal_script(const struct mh_kernel_journal *journal, const struct mh_kernel_tree *tree,
			      struct mh_text *text);

#endif
