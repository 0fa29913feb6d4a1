/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/journal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/kernel/module.h"

int mh_kernel_journal_new(struct mh_kernel_journal **ret_journal, struct mh_error *reterr)
{
	void *memory =
		mmap(NULL, sizeof(struct mh_kernel_journal), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return mh_error_set(reterr, -ENOMEM, "no memory to note what has to be put back");
	*ret_journal = memory;
	return 0;
}

void mh_kernel_journal_free(struct mh_kernel_journal *journal)
{
	if (journal)
		(void)munmap(journal, sizeof(*journal));
}

static int add(struct mh_kernel_journal *journal, const struct mh_kernel_undo *item, struct mh_error *reterr)
{
	if (journal->count == MH_KERNEL_JOURNAL_MAX)
		return mh_error_set(reterr, -E2BIG, "more than %d things would have to be put back",
				    MH_KERNEL_JOURNAL_MAX);
	journal->items[journal->count] = *item;
	/*
	 * Release: the item is whole before it counts. Without it a process that is killed between the two stores could
	 * leave its guard a path of which half is there.
	 */
	__atomic_store_n(&journal->count, journal->count + 1, __ATOMIC_RELEASE);
	return 0;
}

int mh_kernel_journal_note(struct mh_kernel_journal *journal, enum mh_kernel_undo_kind kind, const char *path,
			   const char *value, struct mh_error *reterr)
{
	struct mh_kernel_undo item = {.kind = kind};

	snprintf(item.path, sizeof(item.path), "%s", path);
	snprintf(item.value, sizeof(item.value), "%s", value);
	return add(journal, &item, reterr);
}

int mh_kernel_journal_note_block(struct mh_kernel_journal *journal, const struct mh_kernel_block *block,
				 struct mh_error *reterr)
{
	const struct mh_kernel_undo item = {.kind = MH_KERNEL_UNDO_BLOCK, .home = mh_kernel_home_of(block)};

	return add(journal, &item, reterr);
}

/* What has gone with its module or its instance needs no putting back, and may never have come to be. */
static int undo_file(const struct mh_kernel_undo *item, const struct mh_kernel_tree *tree, struct mh_error *reterr)
{
	int ret = 0;

	if (item->kind == MH_KERNEL_UNDO_WRITE)
		ret = mh_kernel_write(tree, item->path, item->value, reterr);
	else if (item->kind == MH_KERNEL_UNDO_APPEND)
		ret = mh_kernel_append(tree, item->path, item->value, reterr);
	else if (item->kind == MH_KERNEL_UNDO_MODULE)
		ret = mh_kernel_module_unload(tree, item->path, reterr);
	else
		ret = tree->calls->remove(tree->calls->data, item->path);
	if (ret == -ENOENT)
		return 0;
	if (ret < 0 && item->kind == MH_KERNEL_UNDO_REMOVE)
		return mh_kernel_complain(reterr, ret, "remove", item->path);
	return ret;
}

static unsigned undo_all(struct mh_kernel_journal *journal, const struct mh_kernel_tree *tree,
			 struct mh_kernel_deadline *deadline, struct mh_text *failures)
{
	unsigned failed = 0;

	/* Acquire: pairs with the release in add(); the items below the count are whole. */
	while (__atomic_load_n(&journal->count, __ATOMIC_ACQUIRE) > 0) {
		const struct mh_kernel_undo *item = &journal->items[journal->count - 1];
		struct mh_error error;
		int ret = item->kind == MH_KERNEL_UNDO_BLOCK
				  ? mh_kernel_home_return(tree, &item->home, deadline, &error)
				  : undo_file(item, tree, &error);

		if (ret < 0) {
			mh_text_add(failures, "%s\n", error.text);
			failed++;
		}
		__atomic_store_n(&journal->count, journal->count - 1, __ATOMIC_RELEASE);
	}
	return failed;
}

unsigned mh_kernel_journal_undo(struct mh_kernel_journal *journal, const struct mh_kernel_tree *tree,
				struct mh_text *failures)
{
	struct mh_kernel_deadline deadline;
	struct mh_error error;
	sigset_t held, before;
	unsigned failed;

	if (mh_kernel_deadline_init(&deadline, &error) < 0) {
		mh_text_add(failures, "nothing was put back: %s\n", error.text);
		return 1;
	}
	/* A second Ctrl-C would end the process in the middle of it; each write here has a deadline of its own. */
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, &before);
	failed = undo_all(journal, tree, &deadline, failures);
	sigprocmask(SIG_SETMASK, &before, NULL);
	mh_kernel_deadline_release(&deadline);
	return failed;
}

static void block_command(const struct mh_kernel_home *home, const struct mh_kernel_tree *tree, struct mh_text *text)
{
	char path[MH_KERNEL_PATH_SIZE];

	mh_kernel_path(tree, path, MH_KERNEL_MEMORY "/memory%u", home->index);
	if (home->state == MH_BLOCK_OFFLINE)
		mh_text_add(text, "grep -qx offline '%s/state' || echo offline >'%s/state'\n", path, path);
	else
		mh_text_add(text,
			    "grep -qx '%s' '%s/valid_zones' || "
			    "{ echo offline >'%s/state'; echo %s >'%s/state'; }\n",
			    home->zone, path, path, home->word, path);
}

void mh_kernel_journal_script(const struct mh_kernel_journal *journal, const struct mh_kernel_tree *tree,
			      struct mh_text *text)
{
	mh_text_add(text, "# What this run found, to be put back by: sudo sh restore.sh\n");
	for (size_t i = journal->count; i > 0; i--) {
		const struct mh_kernel_undo *item = &journal->items[i - 1];
		const int length = (int)strcspn(item->value, "\n");

		if (item->kind == MH_KERNEL_UNDO_BLOCK)
			block_command(&item->home, tree, text);
		else if (item->kind == MH_KERNEL_UNDO_REMOVE)
			mh_text_add(text, "rmdir '%s'\n", item->path);
		else if (item->kind == MH_KERNEL_UNDO_MODULE)
			mh_text_add(text, "rmmod %s\n", item->path);
		else
			mh_text_add(text, "echo '%.*s' %s'%s'\n", length, item->value,
				    item->kind == MH_KERNEL_UNDO_APPEND ? ">>" : ">", item->path);
	}
}
