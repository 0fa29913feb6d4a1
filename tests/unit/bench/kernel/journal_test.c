/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything is put back: from the last to the first, whatever fails on the way, also when the process is killed.
 */
#include "bench/kernel/journal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "bench/kernel/guard.h"
#include "bench/kernel/injector.h"
#include "made_up_tree.h"

#define RELEASE "6.1.0-56-amd64\n"

struct noted {
	struct made_up_tree made_up;
	struct mh_kernel_journal *journal;
	struct mh_kernel_blocks blocks;
};

/* Blocks 32 to 35, of which 33 is online in zone Movable and 34 in Normal; all noted, and the injector after them. */
static void set_up(struct noted *noted)
{
	struct mh_error error = {.text = ""};

	made_up_init(&noted->made_up);
	made_up_whole(&noted->made_up, RELEASE);
	made_up_block(&noted->made_up, 33, "online\n", "Movable\n", 3);
	made_up_block(&noted->made_up, 34, "online\n", "Normal\n", 3);
	cr_assert_eq(mh_kernel_journal_new(&noted->journal, &error), 0, "%s", error.text);
	cr_assert_eq(mh_kernel_blocks_open(&noted->made_up.tree, "32-35", &noted->blocks, &error), 0, "%s", error.text);
	for (size_t i = 0; i < noted->blocks.count; i++)
		cr_assert_eq(mh_kernel_journal_note_block(noted->journal, &noted->blocks.items[i], &error), 0);
	cr_assert_eq(mh_kernel_injector_open(&noted->made_up.tree, noted->journal, &error), 0, "%s", error.text);
}

static void tear_down(struct noted *noted)
{
	mh_kernel_blocks_close(&noted->made_up.tree, &noted->blocks);
	mh_kernel_journal_free(noted->journal);
	made_up_release(&noted->made_up);
}

/* As a kernel shows it: an online block is "online", in the zone that it was asked for. */
static int zones_follow(struct made_up_tree *made_up, const char *path, const char *value)
{
	unsigned index;

	if (sscanf(path, MH_KERNEL_MEMORY "/memory%u/state", &index) != 1)
		return 0;
	if (strcmp(value, "offline") == 0)
		made_up_block(made_up, index, "offline\n", "Normal Movable\n", 3);
	else
		made_up_block(made_up, index, "online\n",
			      strcmp(value, "online_movable") == 0 ? "Movable\n" : "Normal\n", 3);
	return (int)strlen(value) + 1; /* taken, and nothing is left to be written to the file */
}

static void expect_home(struct noted *noted)
{
	char shown[MH_KERNEL_VALUE_SIZE];

	cr_expect_str_eq(made_up_state(&noted->made_up, 32, shown), "offline");
	cr_expect_str_eq(made_up_state(&noted->made_up, 33, shown), "online");
	cr_expect_str_eq(made_up_content(&noted->made_up, MH_KERNEL_MEMORY "/memory33/valid_zones", shown),
			 "Movable\n");
	cr_expect_str_eq(made_up_state(&noted->made_up, 34, shown), "online");
	cr_expect_str_eq(made_up_content(&noted->made_up, MH_KERNEL_MEMORY "/memory34/valid_zones", shown), "Normal\n");
	cr_expect_str_eq(made_up_state(&noted->made_up, 35, shown), "offline");
	made_up_content(&noted->made_up, MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error", shown);
	cr_expect_eq(strncmp(shown, "0\n", 2), 0, "%s", shown);
}

/* All that a run may leave: 32 online, 33 in another zone, 34 offline, the injector armed. */
static void disturb(struct noted *noted)
{
	struct mh_error error = {.text = ""};

	noted->made_up.answer = zones_follow;
	made_up_block(&noted->made_up, 32, "online\n", "Normal\n", 3);
	made_up_block(&noted->made_up, 33, "online\n", "Normal\n", 3);
	made_up_block(&noted->made_up, 34, "offline\n", "Normal Movable\n", 3);
	cr_assert_eq(mh_kernel_injector_set(&noted->made_up.tree, MH_GOING_ONLINE, ENOMEM, &error), 0, "%s",
		     error.text);
}

Test(kernel_journal, puts_everything_back)
{
	struct mh_text failures = MH_TEXT_INIT;
	struct noted noted;

	set_up(&noted);
	disturb(&noted);
	mh_text_clear(&noted.made_up.log);
	cr_expect_eq(mh_kernel_journal_undo(noted.journal, &noted.made_up.tree, &failures), 0u, "%s", failures.data);
	expect_home(&noted);
	/* The injector first: armed it would refuse what follows. What is at home is left alone. */
	cr_expect_str_eq(noted.made_up.log.data,
			 MH_KERNEL_INJECTOR
			 "/MEM_GOING_OFFLINE/error 0\n" MH_KERNEL_INJECTOR
			 "/MEM_GOING_ONLINE/error 0\n" MH_KERNEL_MEMORY
			 "/memory34/state online_kernel\n" MH_KERNEL_MEMORY "/memory33/state offline\n" MH_KERNEL_MEMORY
			 "/memory33/state online_movable\n" MH_KERNEL_MEMORY "/memory32/state offline\n",
			 "%s", noted.made_up.log.data);
	/* Once is enough. */
	mh_text_clear(&noted.made_up.log);
	cr_expect_eq(mh_kernel_journal_undo(noted.journal, &noted.made_up.tree, &failures), 0u);
	cr_expect_eq(noted.made_up.log.length, 0u, "%s", noted.made_up.log.data);
	mh_text_release(&failures);
	tear_down(&noted);
}

Test(kernel_journal, tries_again_what_is_busy)
{
	struct mh_text failures = MH_TEXT_INIT;
	struct noted noted;

	set_up(&noted);
	disturb(&noted);
	noted.made_up.failure =
		(struct made_up_failure){CALL_WRITE, "memory32/state", 0, MH_KERNEL_HOME_TRIES - 1, -EBUSY};
	cr_expect_eq(mh_kernel_journal_undo(noted.journal, &noted.made_up.tree, &failures), 0u, "%s", failures.data);
	expect_home(&noted);
	mh_text_release(&failures);
	tear_down(&noted);
}

/* What fails is told, and all else is put back. */
static const struct {
	struct made_up_failure failure;
	const char *says;
} failing[] = {
	{{CALL_WRITE, "memory34/state", 0, 0, -EBUSY},
	 "block 34 cannot be put back ('online_kernel': Device or resource busy)"},
	{{CALL_WRITE, "memory32/state", 0, 0, -EINTR},
	 "block 32 cannot be put back ('offline': Interrupted system call): a signal"},
	{{CALL_OPEN, "memory33/state", 0, 0, -ENOENT}, "memory33/state': No such file or directory"},
	{{CALL_WRITE, "memory32/state", 0, 0, -ENODEV}, "the block has gone"},
	{{CALL_OPEN, "memory34/state", 0, 0, -EACCES}, "only root may"},
	{{CALL_WRITE, "MEM_GOING_OFFLINE/error", 0, 0, -EACCES}, "write '0' to"},
};

Test(kernel_journal, one_failure_keeps_nothing_else_from_being_put_back)
{
	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		struct mh_text failures = MH_TEXT_INIT;
		char shown[MH_KERNEL_VALUE_SIZE];
		struct noted noted;

		set_up(&noted);
		disturb(&noted);
		noted.made_up.failure = failing[i].failure;
		cr_expect_eq(mh_kernel_journal_undo(noted.journal, &noted.made_up.tree, &failures), 1u, "%zu: %s", i,
			     failures.data);
		cr_expect_not_null(strstr(failures.data, failing[i].says), "%s", failures.data);
		cr_expect_eq(noted.journal->count, 0u);
		if (!strstr(failing[i].failure.path, "32"))
			cr_expect_str_eq(made_up_state(&noted.made_up, 32, shown), "offline");
		if (!strstr(failing[i].failure.path, "34"))
			cr_expect_str_eq(made_up_state(&noted.made_up, 34, shown), "online");
		mh_text_release(&failures);
		tear_down(&noted);
	}
}

/* An injector whose module has gone meanwhile, an instance that never came to be. */
Test(kernel_journal, what_has_gone_needs_no_putting_back)
{
	struct mh_text failures = MH_TEXT_INIT;
	struct mh_error error;
	struct noted noted;

	set_up(&noted);
	cr_assert_eq(mh_kernel_journal_note(noted.journal, MH_KERNEL_UNDO_REMOVE, "/nowhere/instance", "", &error), 0);
	cr_assert_eq(mh_kernel_journal_note(noted.journal, MH_KERNEL_UNDO_APPEND, "/nowhere/probes", "-:a/b\n", &error),
		     0);
	noted.made_up.failure = (struct made_up_failure){CALL_OPEN, "/error", 0, 0, -ENOENT};
	cr_expect_eq(mh_kernel_journal_undo(noted.journal, &noted.made_up.tree, &failures), 0u, "%s", failures.data);
	mh_text_release(&failures);
	tear_down(&noted);
}

Test(kernel_journal, its_script_does_the_same)
{
	struct mh_text script = MH_TEXT_INIT;
	struct noted noted;
	FILE *shell;

	set_up(&noted);
	disturb(&noted);
	mh_kernel_journal_script(noted.journal, &noted.made_up.tree, &script);
	shell = popen("sh", "w");
	cr_assert_not_null(shell);
	fputs(script.data, shell);
	cr_expect_eq(pclose(shell), 0, "%s", script.data);
	/* Without a kernel behind the files only the last word that was written shows. */
	char shown[MH_KERNEL_VALUE_SIZE];

	cr_expect_str_eq(made_up_state(&noted.made_up, 32, shown), "offline");
	cr_expect_str_eq(made_up_state(&noted.made_up, 33, shown), "online_movable");
	cr_expect_str_eq(made_up_state(&noted.made_up, 34, shown), "online_kernel");
	cr_expect_str_eq(made_up_state(&noted.made_up, 35, shown), "offline");
	cr_expect_str_eq(made_up_content(&noted.made_up, MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error", shown), "0\n");
	mh_text_release(&script);
	tear_down(&noted);
}

/* In a child: a run that is killed in the middle. It and its guard keep an end of @life open as long as they live. */
static void be_killed(struct noted *noted)
{
	struct mh_kernel_guard guard;
	struct mh_error error;

	if (mh_kernel_guard_start(noted->journal, &noted->made_up.tree, &guard, &error) < 0)
		_exit(1);
	disturb(noted);
	raise(SIGKILL);
}

Test(kernel_guard, puts_back_what_a_killed_run_has_left, .timeout = 30)
{
	struct noted noted;
	int life[2], status;
	char byte;
	pid_t child;

	set_up(&noted);
	noted.made_up.answer = zones_follow; /* also in the guard, which is forked before the disturbance */
	cr_assert_eq(pipe(life), 0);
	child = fork();
	cr_assert_geq(child, 0);
	if (child == 0)
		be_killed(&noted);
	close(life[1]);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect(WIFSIGNALED(status));
	cr_expect_eq(read(life[0], &byte, 1), 0); /* the guard has ended, too */
	expect_home(&noted);
	tear_down(&noted);
}

Test(kernel_guard, ends_when_nothing_is_left_to_do, .timeout = 30)
{
	struct mh_text failures = MH_TEXT_INIT;
	struct mh_kernel_guard guard;
	struct mh_error error = {.text = ""};
	struct noted noted;

	set_up(&noted);
	cr_assert_eq(mh_kernel_guard_start(noted.journal, &noted.made_up.tree, &guard, &error), 0, "%s", error.text);
	disturb(&noted);
	cr_expect_eq(mh_kernel_journal_undo(noted.journal, &noted.made_up.tree, &failures), 0u, "%s", failures.data);
	made_up_block(&noted.made_up, 32, "online\n", "Normal\n", 3);
	mh_kernel_guard_stop(&guard);
	char shown[MH_KERNEL_VALUE_SIZE];

	cr_expect_str_eq(made_up_state(&noted.made_up, 32, shown), "online", "the guard wrote what nobody had noted");
	mh_text_release(&failures);
	tear_down(&noted);
}
