/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probes, an instance, the injector: what is written where, what each call that fails leads to, and that everything is
 * then as it was.
 */
#include "bench/kernel/watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "bench/kernel/injector.h"
#include "made_up_tree.h"

#define TID              512
#define LINE(time, rest) "  memhp-bench-512  [001] .....  12." time ": " rest "\n"

struct watching {
	struct made_up_tree made_up;
	struct mh_kernel_journal *journal;
	struct mh_kernel_watch watch;
	struct mh_error error;
};

static void set_up(struct watching *watching, const char *release)
{
	*watching = (struct watching){.error = {.text = ""}};
	made_up_init(&watching->made_up);
	made_up_whole(&watching->made_up, release);
	cr_assert_eq(mh_kernel_journal_new(&watching->journal, &watching->error), 0);
}

static int open_watch(struct watching *watching)
{
	struct mh_kernel_release release;
	int ret = mh_kernel_release_read(&watching->made_up.tree, &release, &watching->error);

	if (ret == 0)
		ret = mh_kernel_watch_open(&watching->made_up.tree, &release, TID, watching->journal, &watching->watch,
					   &watching->error);
	return ret;
}

static void undo(struct watching *watching)
{
	struct mh_text failures = MH_TEXT_INIT;

	cr_expect_eq(mh_kernel_journal_undo(watching->journal, &watching->made_up.tree, &failures), 0u, "%s",
		     failures.data);
	mh_text_release(&failures);
}

static void tear_down(struct watching *watching)
{
	mh_kernel_journal_free(watching->journal);
	made_up_release(&watching->made_up);
}

Test(kernel_watch, sets_the_probes_of_6_1_in_an_instance_of_its_own_and_takes_them_away)
{
	struct watching watching;

	set_up(&watching, "6.1.0-56-amd64\n");
	cr_assert_eq(open_watch(&watching), 0, "%s", watching.error.text);
	cr_expect(watching.watch.own_instance);
	mh_kernel_watch_close(&watching.watch);
	undo(&watching);
	cr_expect_str_eq(watching.made_up.log.data,
			 MADE_UP_TRACING
			 "/kprobe_events p:memhp/mn memory_notify ev=%di:u32 start=+0(%si):u64 nr=+8(%si):u64 "
			 "nidn=+16(%si):s32 nid=+20(%si):s32\n" MADE_UP_TRACING
			 "/kprobe_events r:memhp/mr memory_notify ret=$retval:s32\n" MADE_UP_INSTANCE
			 "/trace_clock mono_raw\n" MADE_UP_INSTANCE "/tracing_on 1\n" MADE_UP_INSTANCE
			 "/events/memhp/enable 1\n"
			 /* And back. */
			 MADE_UP_INSTANCE "/events/memhp/enable 0\n" MADE_UP_INSTANCE "/tracing_on 1\n" MADE_UP_INSTANCE
			 "/trace_clock local\n" MADE_UP_TRACING "/kprobe_events -:memhp/mr\n" MADE_UP_TRACING
			 "/kprobe_events -:memhp/mn\n",
			 "%s", watching.made_up.log.data);
	cr_expect_not(mh_kernel_has(&watching.made_up.tree, "/sys/kernel/tracing/instances/memhp-bench"));
	tear_down(&watching);
}

Test(kernel_watch, probes_the_chain_of_nodes_of_7_3)
{
	struct watching watching;

	set_up(&watching, "7.3.4-amd64\n");
	cr_assert_eq(open_watch(&watching), 0, "%s", watching.error.text);
	cr_expect_not_null(strstr(watching.made_up.log.data,
				  "p:memhp/mn memory_notify ev=%di:u32 start=+0(%si):u64 nr=+8(%si):u64\n"));
	cr_expect_not_null(strstr(watching.made_up.log.data, "p:memhp/nn node_notify ev=%di:u32 nid=+0(%si):s32\n"));
	cr_expect_not_null(strstr(watching.made_up.log.data, "r:memhp/nx node_notify ret=$retval:s32\n"));
	mh_kernel_watch_close(&watching.watch);
	undo(&watching);
	tear_down(&watching);
}

/* There the walks of PREPARE_ONLINE and FINISH_OFFLINE do not come by memory_notify(). */
Test(kernel_watch, takes_the_memory_chains_walks_out_of_all_chains_on_6_12)
{
	struct watching watching;

	set_up(&watching, "6.12.117+deb12-amd64\n");
	cr_assert_eq(open_watch(&watching), 0, "%s", watching.error.text);
	cr_expect_not_null(strstr(watching.made_up.log.data,
				  "p:memhp/mn blocking_notifier_call_chain ev=%si:u32 start=+16(%dx):u64 "
				  "nr=+24(%dx):u64 nidn=+32(%dx):s32 nid=+36(%dx):s32 nh=%di:x64\n"),
			   "%s", watching.made_up.log.data);
	cr_expect_not_null(strstr(watching.made_up.log.data,
				  "r:memhp/mr blocking_notifier_call_chain ret=$retval:s32 nh=$arg1:x64\n"));
	cr_expect_not_null(strstr(watching.made_up.log.data,
				  MADE_UP_INSTANCE "/events/memhp/mn/filter nh==0xffffffff82de14e0\n" MADE_UP_INSTANCE
						   "/events/memhp/mr/filter nh==0xffffffff82de14e0\n" MADE_UP_INSTANCE
						   "/events/memhp/enable 1\n"),
			   "%s", watching.made_up.log.data);
	mh_kernel_watch_close(&watching.watch);
	undo(&watching);
	cr_expect_not_null(strstr(watching.made_up.log.data, MADE_UP_INSTANCE "/events/memhp/mn/filter 0\n"));
	tear_down(&watching);
}

static void expect_no_chain(const char *symbols, int expected, const char *told)
{
	struct watching watching;

	set_up(&watching, "6.12.117+deb12-amd64\n");
	made_up_file(&watching.made_up, "/proc/kallsyms", symbols);
	cr_expect_eq(open_watch(&watching), expected);
	cr_expect_not_null(strstr(watching.error.text, told), "%s", watching.error.text);
	undo(&watching);
	tear_down(&watching);
}

Test(kernel_watch, without_the_chains_address_there_is_nothing_to_filter_by)
{
	expect_no_chain("ffffffff82de1500 d memory_chain_of_others\n", -ENOENT, "CONFIG_KALLSYMS_ALL");
	expect_no_chain("0000000000000000 d memory_chain\n", -EPERM, "kernel.kptr_restrict");
	expect_no_chain("", -ENOENT, "CONFIG_KALLSYMS_ALL");
}

Test(kernel_watch, probes_the_calls_of_one_listener_instead_of_the_walks)
{
	struct watching watching;
	struct mh_kernel_release release;

	set_up(&watching, "6.12.95-amd64\n");
	cr_assert_eq(mh_kernel_release_read(&watching.made_up.tree, &release, &watching.error), 0);
	cr_assert_eq(mh_kernel_watch_open_callback(&watching.made_up.tree, &release, 7, "hello:hello_callback",
						   watching.journal, &watching.watch, &watching.error),
		     0, "%s", watching.error.text);
	/* A callback's first argument is its notifier_block. */
	cr_expect_not_null(strstr(watching.made_up.log.data,
				  "p:memhp/mn hello:hello_callback ev=%si:u32 start=+16(%dx):u64 nr=+24(%dx):u64 "
				  "nidn=+32(%dx):s32 nid=+36(%dx):s32\n"),
			   "%s", watching.made_up.log.data);
	cr_expect_not_null(strstr(watching.made_up.log.data, "r:memhp/mr hello:hello_callback ret=$retval:s32\n"));
	mh_kernel_watch_close(&watching.watch);
	undo(&watching);
	tear_down(&watching);
}

Test(kernel_watch, takes_the_walks_of_one_operation_after_the_other)
{
	static const char *const pipe = MADE_UP_INSTANCE "/trace_pipe";
	struct watching watching;

	set_up(&watching, "6.1.0-56-amd64\n");
	cr_assert_eq(open_watch(&watching), 0, "%s", watching.error.text);
	made_up_add(&watching.made_up, pipe,
		    LINE("000001", "mn: (memory_notify+0x0/0x30) ev=2 start=1 nr=2 nidn=-1 nid=3"));
	made_up_add(&watching.made_up, pipe, LINE("000002", "mr: (offline_pages+0x1/0x2 <- memory_notify) ret=32781"));
	cr_expect_eq(mh_kernel_watch_take(&watching.watch, &watching.error), 0, "%s", watching.error.text);
	cr_assert_eq(watching.watch.log.count, 1u);
	cr_expect_eq(watching.watch.log.walks[0].event, MH_GOING_OFFLINE);
	cr_expect_eq(watching.watch.log.walks[0].value, 0x800d);
	cr_expect_eq(mh_kernel_watch_take(&watching.watch, &watching.error), 0);
	cr_expect_eq(watching.watch.log.count, 0u);
	watching.made_up.failure = (struct made_up_failure){CALL_READ, "trace_pipe", 0, 1, -EINTR};
	made_up_add(&watching.made_up, pipe,
		    LINE("000003", "mn: (memory_notify+0x0/0x30) ev=32 start=1 nr=2 nidn=-1 nid=3"));
	cr_expect_eq(mh_kernel_watch_take(&watching.watch, &watching.error), 0);
	cr_expect_eq(watching.watch.log.count, 1u);
	watching.made_up.failure = (struct made_up_failure){CALL_READ, "trace_pipe", 0, 1, -EAGAIN};
	cr_expect_eq(mh_kernel_watch_take(&watching.watch, &watching.error), 0);
	watching.made_up.failure = (struct made_up_failure){CALL_READ, "trace_pipe", 0, 1, -ENODEV};
	cr_expect_eq(mh_kernel_watch_take(&watching.watch, &watching.error), -ENODEV);
	mh_kernel_watch_close(&watching.watch);
	undo(&watching);
	tear_down(&watching);
}

/* Without instances the default one, of which everything is put back as it was. */
Test(kernel_watch, puts_back_the_clock_and_the_switch_of_the_default_instance)
{
	char path[MH_KERNEL_PATH_SIZE];
	struct watching watching;

	set_up(&watching, "6.1.0-56-amd64\n");
	made_up_file(&watching.made_up, MADE_UP_TRACING "/tracing_on", "0\n");
	cr_assert_eq(mh_kernel_calls_system.remove(
			     NULL, mh_kernel_path(&watching.made_up.tree, path, MADE_UP_TRACING "/instances")),
		     0);
	cr_assert_eq(open_watch(&watching), 0, "%s", watching.error.text);
	cr_expect_not(watching.watch.own_instance);
	mh_kernel_watch_close(&watching.watch);
	mh_text_clear(&watching.made_up.log);
	undo(&watching);
	cr_expect_str_eq(watching.made_up.log.data,
			 MADE_UP_TRACING "/events/memhp/enable 0\n" MADE_UP_TRACING "/tracing_on 0\n" MADE_UP_TRACING
					 "/trace_clock local\n" MADE_UP_TRACING
					 "/kprobe_events -:memhp/mr\n" MADE_UP_TRACING "/kprobe_events -:memhp/mn\n",
			 "%s", watching.made_up.log.data);
	tear_down(&watching);
}

/* Every call that may fail on the way: what it comes to, what is said. Nothing stays. */
static const struct {
	struct made_up_failure failure;
	int error;
	const char *says;
} failing[] = {
	{{CALL_OPEN, "osrelease", 0, 0, -ENOENT}, -ENOENT, "osrelease"},
	{{CALL_OPEN, "kprobe_events", 0, 0, -EACCES}, -ENOENT, "as root, mount -t tracefs"},
	{{CALL_OPEN, "kprobe_events", 2, 0, -EACCES}, -EACCES, "Permission denied; only root may"},
	{{CALL_READ, "kprobe_events", 0, 0, -EIO}, -EIO, "cannot read"},
	{{CALL_WRITE, "kprobe_events", 0, 1, -ENOENT}, -ENOENT, "no such function to probe"},
	{{CALL_WRITE, "kprobe_events", 1, 1, -EINVAL}, -EOPNOTSUPP, "does not take the probe 'r:memhp/mr"},
	{{CALL_WRITE, "kprobe_events", 1, 1, -EBUSY}, -EBUSY, "something else uses it"},
	{{CALL_MAKE, "instances/memhp-bench", 0, 0, -EEXIST}, -EEXIST, "another run of ours"},
	{{CALL_MAKE, "instances/memhp-bench", 0, 0, -ENOMEM}, -ENOMEM, "cannot make"},
	{{CALL_OPEN, "memhp-bench/trace_clock", 0, 1, -EIO}, -EIO, "trace_clock"},
	{{CALL_WRITE, "memhp-bench/trace_clock", 0, 1, -EINVAL}, -EINVAL, "cannot write 'mono_raw' to"},
	{{CALL_WRITE, "memhp-bench/tracing_on", 0, 1, -EPERM}, -EPERM, "only root may"},
	{{CALL_WRITE, "memhp/enable", 0, 1, -EBUSY}, -EBUSY, "enable"},
	{{CALL_OPEN, "trace_pipe", 0, 0, -EBUSY}, -EBUSY, "cannot read"},
};

ParameterizedTestParameters(kernel_watch, undoes_what_failed_half_way)
{
	static int rows[sizeof(failing) / sizeof(failing[0])];

	for (int i = 0; i < (int)(sizeof(failing) / sizeof(failing[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(failing) / sizeof(failing[0]));
}

ParameterizedTest(const int *row, kernel_watch, undoes_what_failed_half_way)
{
	struct watching watching;
	int ret;

	set_up(&watching, "6.1.0-56-amd64\n");
	watching.made_up.failure = failing[*row].failure;
	ret = open_watch(&watching);
	cr_expect_eq(ret, failing[*row].error, "row %d: %d: %s", *row, ret, watching.error.text);
	cr_expect_not_null(strstr(watching.error.text, failing[*row].says), "row %d: %s", *row, watching.error.text);
	watching.made_up.failure = (struct made_up_failure){.call = CALL_NONE};
	undo(&watching);
	cr_expect_not(mh_kernel_has(&watching.made_up.tree, "/sys/kernel/tracing/instances/memhp-bench"));
	tear_down(&watching);
}

Test(kernel_watch, refuses_what_another_run_has_left)
{
	struct watching watching;

	set_up(&watching, "6.1.0-56-amd64\n");
	made_up_file(&watching.made_up, MADE_UP_TRACING "/kprobe_events", "p:kprobes/x y\np:memhp/mn memory_notify\n");
	cr_expect_eq(open_watch(&watching), -EEXIST);
	cr_expect_not_null(strstr(watching.error.text, "probes of another run of ours"), "%s", watching.error.text);
	cr_expect_eq(watching.journal->count, 0u, "what is not ours would be put back");
	tear_down(&watching);
}

Test(kernel_injector, arms_and_disarms)
{
	char shown[MH_KERNEL_VALUE_SIZE];
	struct watching watching;

	set_up(&watching, "6.1.0-56-amd64\n");
	cr_assert_eq(mh_kernel_injector_open(&watching.made_up.tree, watching.journal, &watching.error), 0, "%s",
		     watching.error.text);
	cr_expect_eq(watching.journal->count, 2u);
	cr_expect_eq(mh_kernel_injector_set(&watching.made_up.tree, MH_GOING_OFFLINE, ENOMEM, &watching.error), 0, "%s",
		     watching.error.text);
	cr_expect_str_eq(made_up_content(&watching.made_up, MH_KERNEL_INJECTOR "/MEM_GOING_OFFLINE/error", shown),
			 "-12\n");
	undo(&watching);
	made_up_content(&watching.made_up, MH_KERNEL_INJECTOR "/MEM_GOING_OFFLINE/error", shown);
	cr_expect_eq(strncmp(shown, "0\n", 2), 0, "%s", shown);
	tear_down(&watching);
}

Test(kernel_injector, says_what_is_wrong_with_it)
{
	struct watching watching;

	set_up(&watching, "6.1.0-56-amd64\n");
	watching.made_up.failure = (struct made_up_failure){CALL_OPEN, "MEM_GOING_ONLINE/error", 0, 0, -ENOENT};
	cr_expect_eq(mh_kernel_injector_open(&watching.made_up.tree, watching.journal, &watching.error), -ENOENT);
	cr_expect_not_null(strstr(watching.error.text, "modprobe memory-notifier-error-inject"));
	watching.made_up.failure = (struct made_up_failure){.call = CALL_NONE};
	made_up_file(&watching.made_up, MH_KERNEL_INJECTOR "/MEM_GOING_OFFLINE/error", "-12\n");
	cr_expect_eq(mh_kernel_injector_open(&watching.made_up.tree, watching.journal, &watching.error), -EBUSY);
	cr_expect_not_null(strstr(watching.error.text, "armed with -12 already"), "%s", watching.error.text);
	watching.made_up.failure = (struct made_up_failure){CALL_WRITE, "/error", 0, 0, -EINVAL};
	cr_expect_eq(mh_kernel_injector_set(&watching.made_up.tree, MH_GOING_ONLINE, EIO, &watching.error), -EINVAL);
	cr_expect_not_null(strstr(watching.error.text, "takes no negative number"), "%s", watching.error.text);
	/* One that takes it and does not keep it: a write that is taken, and goes nowhere. */
	watching.made_up.failure = (struct made_up_failure){CALL_WRITE, "MEM_GOING_ONLINE/error", 0, 0, 3};
	cr_expect_eq(mh_kernel_injector_set(&watching.made_up.tree, MH_GOING_ONLINE, EIO, &watching.error), -EPROTO);
	cr_expect_not_null(strstr(watching.error.text, "shows 0 after -5 was written"), "%s", watching.error.text);
	tear_down(&watching);
}
