/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One module on the simulated machine and on a made-up kernel: what is the same, what differs, what is refused, and
 * that all is then as it was. */
#include "bench/kernel/module_diff.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/rcu.h"
#include "bench/kernel/module.h"
#include "core/machine.h"
#include "made_up_kernel.h"

/* The made-up kernel's walks are taken for calls of the listener: of one that answers as its chain does. */
#define ONE_CASE "answers_ok/preset/none/none/first/normal/stays/alloc-0"
#define REFUSED  "answers_ok/preset/going_online/errno-above/first/normal/stays/alloc-0"

struct diffing {
	struct made_up_kernel kernel;
	char shared_object[4096], module[MH_KERNEL_PATH_SIZE];
	struct mh_text told; /* differences */
	struct mh_kernel_diff_counts counts;
	struct mh_error error;
};

static void announce(void *data, const char *text)
{
	(void)data;
	(void)text;
}

static void differs(void *data, const char *case_name, const char *text)
{
	mh_text_add(&((struct diffing *)data)->told, "%s\n%s", case_name, text);
}

static void set_up(struct diffing *diffing)
{
	ssize_t length;

	if (!mh_machine_has_hooks())
		cr_skip_test("this build has no hooks");
	*diffing = (struct diffing){.told = MH_TEXT_INIT};
	if (!mh_rcu_thread_registered)
		mh_rcu_thread_register();
	made_up_kernel_init(&diffing->kernel, MADE_UP_RELEASE);
	made_up_modules(&diffing->kernel.made_up);
	made_up_file(&diffing->kernel.made_up, "/answers_ok.ko", "");
	mh_kernel_path(&diffing->kernel.made_up.tree, diffing->module, "/answers_ok.ko");
	length = readlink("/proc/self/exe", diffing->shared_object, 4000);
	cr_assert_gt(length, 0);
	diffing->shared_object[length] = '\0';
	strcpy(strrchr(diffing->shared_object, '/'), "/../fixtures/answers_ok.so");
}

static int diff(struct diffing *diffing, const char *only_case, const char *blocks)
{
	const struct mh_kernel_diff_request request = {
		.contract = {.module = diffing->shared_object, .only_case = only_case},
		.module = diffing->module,
		.blocks = blocks,
		.tree = &diffing->kernel.made_up.tree,
		.announce = announce,
		.differs = differs,
		.data = diffing,
	};

	return mh_kernel_diff(&request, &diffing->counts, &diffing->error);
}

static void tear_down(struct diffing *diffing)
{
	struct mh_kernel_tree *tree = &diffing->kernel.made_up.tree;
	char shown[MH_KERNEL_VALUE_SIZE];

	for (unsigned index = 32; index < 36; index++)
		cr_expect_str_eq(made_up_state(&diffing->kernel.made_up, index, shown), "offline", "block %u", index);
	cr_expect_not(mh_kernel_has(tree, MADE_UP_INSTANCE));
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = {"answers_ok", "notifier_error_inject",
						    "memory_notifier_error_inject"};
		char path[MH_KERNEL_PATH_SIZE];

		cr_expect_not(mh_kernel_has(tree, mh_kernel_path(tree, path, "/sys/module/%s", names[i])), "%s",
			      names[i]);
	}
	mh_text_release(&diffing->told);
	made_up_kernel_release(&diffing->kernel);
}

Test(kernel_module_diff, what_is_the_same_is_counted)
{
	struct diffing diffing;

	set_up(&diffing);
	cr_assert_eq(diff(&diffing, ONE_CASE, "32-35"), 0, "%s", diffing.error.text);
	cr_expect_eq(diffing.counts.same, 1u);
	cr_expect_eq(diffing.counts.different, 0u, "%s", diffing.told.data);
	cr_expect_not_null(strstr(diffing.kernel.made_up.log.data, "p:memhp/mn answers_ok:answers_ok ev="), "%s",
			   diffing.kernel.made_up.log.data);
	tear_down(&diffing);
}

Test(kernel_module_diff, what_differs_is_told_side_by_side)
{
	struct diffing diffing;

	set_up(&diffing);
	diffing.kernel.misdeed = MISDEED_WRONG_ERRNO;
	cr_assert_eq(diff(&diffing, REFUSED, "32-35"), 0, "%s", diffing.error.text);
	cr_expect_eq(diffing.counts.different, 1u);
	cr_expect_not_null(strstr(diffing.told.data, REFUSED "\noperation 1, online block 0 in Normal:\n"), "%s",
			   diffing.told.data);
	cr_expect_not_null(strstr(diffing.told.data, "simulated  kernel\n  > \"EBUSY\"    \"EIO\""), "%s",
			   diffing.told.data);
	cr_expect_not_null(strstr(diffing.kernel.made_up.log.data, "memory-notifier-error-inject.ko.xz 'priority=1'"),
			   "%s", diffing.kernel.made_up.log.data);
	tear_down(&diffing);
}

/* Each with the module and the injector loaded anew, which a kernel refuses while they are there. */
Test(kernel_module_diff, every_case_begins_anew, .timeout = 60)
{
	struct diffing diffing;

	set_up(&diffing);
	cr_assert_eq(diff(&diffing, NULL, "32-35"), 0, "%s", diffing.error.text);
	/* {no answer, two events by {bad, errno} by {above, below}} by positions by zones */
	cr_expect_eq(diffing.counts.same + diffing.counts.different, (uint64_t)(1 + 2 * 2 * 2) * 3 * 2);
	cr_expect_gt(diffing.counts.skipped, 1000u);
	tear_down(&diffing);
}

/* A kernel that does not call the listener is no kernel on which it does the same. */
Test(kernel_module_diff, calls_that_are_not_seen_differ)
{
	struct diffing diffing;

	set_up(&diffing);
	diffing.kernel.misdeed = MISDEED_SILENT;
	cr_assert_eq(diff(&diffing, ONE_CASE, "32-35"), 0, "%s", diffing.error.text);
	cr_expect_eq(diffing.counts.different, 1u);
	tear_down(&diffing);
}

static void expect_refused(const char *blocks, const struct made_up_failure *failure, int expected, const char *told)
{
	struct diffing diffing;

	set_up(&diffing);
	diffing.kernel.made_up.failure = *failure;
	cr_expect_eq(diff(&diffing, REFUSED, blocks), expected, "%s", diffing.error.text);
	cr_expect_not_null(strstr(diffing.error.text, told), "'%s' does not tell '%s'", diffing.error.text, told);
	diffing.kernel.made_up.failure.call = CALL_NONE;
	tear_down(&diffing);
}

Test(kernel_module_diff, each_call_that_fails_has_its_sentence_and_all_is_put_back)
{
	expect_refused("32-34", &(struct made_up_failure){CALL_NONE}, -EINVAL, "4 blocks in a row of one node");
	expect_refused("32-35", &(struct made_up_failure){CALL_LOAD, "/answers_ok.ko", 0, 1, -ENOEXEC}, -ENOEXEC,
		       "answers_ok.ko': Exec format error");
	expect_refused("32-35", &(struct made_up_failure){CALL_LOAD, "inject.ko.xz", 0, 1, -EPERM}, -EPERM,
		       "memory-notifier-error-inject.ko.xz': Operation not permitted");
	expect_refused("32-35", &(struct made_up_failure){CALL_UNLOAD, "answers_ok", 0, 1, -EWOULDBLOCK}, -EWOULDBLOCK,
		       "module answers_ok cannot be unloaded");
	expect_refused("32-35", &(struct made_up_failure){CALL_READ, "trace_pipe", 0, 1, -EIO}, -EIO, "trace");
}

Test(kernel_module_diff, a_module_that_is_loaded_already_is_left_alone)
{
	struct diffing diffing;

	set_up(&diffing);
	made_up_folder(&diffing.kernel.made_up, "/sys/module/answers_ok");
	cr_expect_eq(diff(&diffing, NULL, "32-35"), -EBUSY);
	cr_expect_not_null(strstr(diffing.error.text, "rmmod answers_ok before"), "%s", diffing.error.text);
	cr_expect(mh_kernel_module_is_loaded(&diffing.kernel.made_up.tree, "answers_ok"));
	cr_expect_eq(mh_kernel_calls_system.remove(NULL, strcat(strcpy(diffing.module, diffing.kernel.made_up.root),
								"/sys/module/answers_ok")),
		     0);
	tear_down(&diffing);
}
