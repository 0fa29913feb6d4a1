/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/changes.h"

int mh_kernel_changes_begin(struct mh_kernel_changes *changes, const struct mh_kernel_tree *tree,
			    struct mh_error *reterr)
{
	int ret = mh_kernel_journal_new(&changes->journal, reterr);

	if (ret < 0)
		return ret;
	changes->tree = tree;
	ret = mh_kernel_guard_start(changes->journal, tree, &changes->guard, reterr);
	if (ret < 0)
		mh_kernel_journal_free(changes->journal);
	return ret;
}

unsigned mh_kernel_changes_end(struct mh_kernel_changes *changes, struct mh_text *failures)
{
	const unsigned failed = mh_kernel_journal_undo(changes->journal, changes->tree, failures);

	mh_kernel_guard_stop(&changes->guard);
	mh_kernel_journal_free(changes->journal);
	return failed;
}
