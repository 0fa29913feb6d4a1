/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/module.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>

#include "bench/kernel/journal.h"
#include "made_up_tree.h"

#define BASE   "notifier_error_inject"
#define MODULE "memory_notifier_error_inject"

static void set_up(struct made_up_tree *made_up)
{
	made_up_init(made_up);
	made_up_modules(made_up);
}

Test(kernel_module, is_found_by_the_list_of_its_release)
{
	struct made_up_tree made_up;
	struct mh_error error;

	set_up(&made_up);
	cr_expect(mh_kernel_module_is_there(&made_up.tree, MADE_UP_RELEASE, MODULE));
	cr_expect_not(mh_kernel_module_is_there(&made_up.tree, MADE_UP_RELEASE, "error_inject"));
	cr_expect_not(mh_kernel_module_is_there(&made_up.tree, "6.1.0-57-amd64", MODULE));
	cr_expect_not(mh_kernel_module_is_loaded(&made_up.tree, MODULE));
	cr_assert_eq(mh_kernel_module_load(&made_up.tree, MADE_UP_RELEASE, BASE, "", &error), 0, "%s", error.text);
	cr_assert_eq(mh_kernel_module_load(&made_up.tree, MADE_UP_RELEASE, MODULE, "priority=-3", &error), 0, "%s",
		     error.text);
	cr_expect(mh_kernel_module_is_loaded(&made_up.tree, MODULE));
	cr_expect_str_eq(made_up.log.data, "load " MADE_UP_MODULES "/kernel/lib/notifier-error-inject.ko ''\n"
					   "load " MADE_UP_MODULES
					   "/kernel/lib/memory-notifier-error-inject.ko.xz 'priority=-3' packed\n");
	cr_expect_eq(mh_kernel_module_load(&made_up.tree, MADE_UP_RELEASE, "no_such", "", &error), -ENOENT);
	cr_expect_not_null(strstr(error.text, "/modules.dep' names no module no_such"), "%s", error.text);
	made_up_release(&made_up);
}

Test(kernel_module, tells_why_it_is_not_loaded_or_unloaded)
{
	struct made_up_tree made_up;
	struct mh_error error;

	set_up(&made_up);
	made_up.failure = (struct made_up_failure){CALL_LOAD, "/notifier-error-inject.ko", 0, 1, -EEXIST};
	cr_expect_eq(mh_kernel_module_load(&made_up.tree, MADE_UP_RELEASE, BASE, "", &error), -EEXIST);
	cr_expect_not_null(strstr(error.text, "/notifier-error-inject.ko': File exists"), "%s", error.text);
	cr_expect_eq(mh_kernel_module_unload(&made_up.tree, BASE, &error), -ENOENT);
	cr_expect_str_eq(error.text, "module notifier_error_inject cannot be unloaded: No such file or directory");
	made_up_release(&made_up);
}

/* The calls of this system know no root: what they load is loaded here. */
Test(kernel_module, of_a_plain_folder_is_never_loaded)
{
	struct made_up_tree made_up;
	struct mh_kernel_tree plain;
	struct mh_error error;

	set_up(&made_up);
	plain = (struct mh_kernel_tree){.calls = &mh_kernel_calls_system, .root = made_up.root};
	cr_expect_not(mh_kernel_module_is_there(&plain, MADE_UP_RELEASE, MODULE));
	cr_expect_eq(mh_kernel_module_load(&plain, MADE_UP_RELEASE, MODULE, "", &error), -EOPNOTSUPP);
	cr_expect_str_eq(error.text, "module " MODULE ": a made-up kernel loads and unloads nothing");
	cr_expect_eq(mh_kernel_module_unload(&plain, MODULE, &error), -EOPNOTSUPP);
	made_up_release(&made_up);
}

Test(kernel_module, noted_in_the_journal_is_unloaded_or_was_not_loaded)
{
	struct mh_text failures = MH_TEXT_INIT, script = MH_TEXT_INIT;
	struct mh_kernel_journal *journal;
	struct made_up_tree made_up;
	struct mh_error error;

	set_up(&made_up);
	cr_assert_eq(mh_kernel_journal_new(&journal, &error), 0, "%s", error.text);
	cr_assert_eq(mh_kernel_journal_note(journal, MH_KERNEL_UNDO_MODULE, BASE, "", &error), 0);
	cr_assert_eq(mh_kernel_journal_note(journal, MH_KERNEL_UNDO_MODULE, MODULE, "", &error), 0);
	cr_assert_eq(mh_kernel_module_load(&made_up.tree, MADE_UP_RELEASE, BASE, "", &error), 0, "%s", error.text);
	mh_kernel_journal_script(journal, &made_up.tree, &script);
	cr_expect_not_null(strstr(script.data, "rmmod " MODULE "\nrmmod " BASE "\n"), "%s", script.data);
	cr_expect_eq(mh_kernel_journal_undo(journal, &made_up.tree, &failures), 0u, "%s", failures.data);
	cr_expect_not(mh_kernel_module_is_loaded(&made_up.tree, BASE));
	mh_text_release(&script);
	mh_text_release(&failures);
	mh_kernel_journal_free(journal);
	made_up_release(&made_up);
}
