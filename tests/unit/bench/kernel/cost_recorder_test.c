/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings of a made-up kernel: what is kept of it, what is refused, and that all is then as it was. */
#include "bench/kernel/cost_recorder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "made_up_kernel.h"

static struct made_up_kernel kernel;
static struct mh_costs costs;
static struct mh_error error;
static struct mh_text announced = MH_TEXT_INIT;
static char restore[64];
static uint64_t last_done;

static void set_up(void)
{
	made_up_kernel_init(&kernel, "6.1.0-56-amd64");
	made_up_file(&kernel.made_up, "/proc/cpuinfo", "processor\t: 0\nmodel name\t: CPU of a test\nflags\t: x\n");
	kernel.traces_calls = true;
	error = (struct mh_error){.text = ""};
	snprintf(restore, sizeof(restore), "/tmp/memhp-unit-%d.restore.sh", (int)getpid());
	cr_assert_eq(mh_costs_init(&costs), 0);
}

static void tear_down(void)
{
	mh_costs_release(&costs);
	mh_text_release(&announced);
	made_up_kernel_release(&kernel);
}

TestSuite(cost_recorder, .init = set_up, .fini = tear_down);

static void announce(void *data, const char *text)
{
	mh_text_add(data, "%s", text);
}

static void progress(void *data, uint64_t done, uint64_t operations)
{
	(void)data;
	(void)operations;
	last_done = done;
}

static enum mh_run_end record_with(const struct mh_kernel_cost_request *with)
{
	struct mh_kernel_cost_request request = *with;

	request.tree = &kernel.made_up.tree;
	request.blocks = request.blocks ? request.blocks : "32-33";
	request.zone = "keep";
	request.operations = request.operations ? request.operations : 16;
	request.restore = restore;
	request.announce = announce;
	request.progress = progress;
	request.data = &announced;
	return mh_kernel_costs_record(&request, &costs, &error);
}

static enum mh_run_end record(void)
{
	return record_with(&(struct mh_kernel_cost_request){.operations = 0});
}

static void expect_as_before(void)
{
	char shown[MH_KERNEL_VALUE_SIZE];

	for (unsigned index = 32; index < 36; index++)
		cr_expect_str_eq(made_up_state(&kernel.made_up, index, shown), "offline", "block %u", index);
	cr_expect_not(mh_kernel_has(&kernel.made_up.tree, MADE_UP_INSTANCE));
	cr_expect_neq(access(restore, F_OK), 0);
}

static const struct mh_cost_series *series(unsigned class, enum mh_cost_kind kind, const char *name, const char *event)
{
	struct mh_cost_key key = {.kind = kind};

	snprintf(key.name, sizeof(key.name), "%s", name);
	snprintf(key.event, sizeof(key.event), "%s", event);
	return mh_costs_find(&costs, class, &key);
}

static void expect_own(const struct mh_cost_series *found, uint64_t count, uint64_t own_ns)
{
	cr_assert(found);
	cr_expect_eq(found->own.count, count);
	cr_expect_eq(found->own.min, own_ns, "%llu", (unsigned long long)found->own.min);
	cr_expect_eq(found->own.max, own_ns, "%llu", (unsigned long long)found->own.max);
}

Test(cost_recorder, parts_and_wholes_of_a_node_s_only_block)
{
	cr_assert_eq(record(), MH_RUN_ENDED, "%s", error.text);
	cr_expect_eq(last_done, 16u);
	cr_expect_eq(costs.failed, 0u);
	cr_expect_eq(mh_costs_operations(&costs), 16u);
	cr_expect_eq(costs.fitted[MH_COST_NODE].count, 4u);
	cr_expect_eq(costs.held_out[MH_COST_NODE | MH_COST_ONLINE].count, 4u);
	cr_expect_eq(costs.fitted[0].count, 0u);
	/* Each line of the trace is 7 us after the one before. */
	expect_own(series(MH_COST_NODE, MH_COST_STEP, "isolate", ""), 4, 7000);
	expect_own(series(MH_COST_NODE, MH_COST_STEP, "offline_pages", ""), 4, 28000);
	expect_own(series(MH_COST_NODE, MH_COST_WALK, "walk", "going_offline"), 4, 14000);
	expect_own(series(MH_COST_NODE, MH_COST_LISTENER, "slab_memory_callback", "offline"), 4, 7000);
	expect_own(series(MH_COST_NODE | MH_COST_ONLINE, MH_COST_LISTENER, "slab_memory_callback", "online"), 4, 7000);
	cr_expect_null(series(MH_COST_NODE | MH_COST_ONLINE, MH_COST_STEP, "isolate", ""));
	expect_as_before();
}

Test(cost_recorder, a_block_beside_others_is_of_another_class)
{
	made_up_block(&kernel.made_up, 35, "online\n", "Normal\n", 3);
	kernel.online_count = 1;
	cr_assert_eq(record(), MH_RUN_ENDED, "%s", error.text);
	cr_expect_eq(costs.fitted[0].count, 4u);
	cr_expect_eq(costs.fitted[MH_COST_NODE].count, 0u);
}

Test(cost_recorder, the_header_says_where_and_that_it_is_made_up)
{
	cr_assert_eq(record(), MH_RUN_ENDED, "%s", error.text);
	cr_expect_str_eq(costs.kernel, "6.1.0-56-amd64, made up");
	cr_expect_str_eq(costs.machine, "CPU of a test");
	cr_expect_str_eq(costs.blocks, "32-33");
	cr_expect(costs.emulated);
	cr_expect_eq(costs.resolution_ns, 1000u);
	cr_expect(costs.start_unix_ns > 0);
}

Test(cost_recorder, says_first_what_it_will_touch)
{
	cr_assert_eq(record(), MH_RUN_ENDED, "%s", error.text);
	cr_expect(strstr(announced.data, "memory32  offline  node 3"), "%s", announced.data);
	cr_expect(strstr(announced.data, "16 operations"), "%s", announced.data);
	cr_expect(strstr(announced.data, "online_pages offline_pages drain isolate migrate"), "%s", announced.data);
}

static bool unseen(const char *sentence)
{
	for (size_t i = 0; i < costs.unseen_count; i++)
		if (strcmp(costs.unseen[i], sentence) == 0)
			return true;
	return false;
}

Test(cost_recorder, a_function_that_cannot_be_probed_is_named)
{
	static const char *const listeners[] = {"my_callback"};

	/* The last: what is noted for it, and what was set before it, is undone. */
	kernel.made_up.failure = (struct made_up_failure){
		.call = CALL_WRITE, .path = "/kprobe_events", .skip = 2, .times = 1, .error = -ENOENT};
	cr_assert_eq(record_with(&(struct mh_kernel_cost_request){.listeners = listeners, .listener_count = 1}),
		     MH_RUN_ENDED, "%s", error.text);
	cr_expect(unseen("listener my_callback: this kernel has no such function"));
	expect_as_before();
}

Test(cost_recorder, a_step_that_cannot_be_probed_is_named)
{
	/* mn, mr, then the two of online_pages. */
	kernel.made_up.failure = (struct made_up_failure){
		.call = CALL_WRITE, .path = "/kprobe_events", .skip = 2, .times = 1, .error = -EINVAL};
	cr_assert_eq(record(), MH_RUN_ENDED, "%s", error.text);
	cr_expect(unseen("step online_pages, online_pages: this kernel does not let it be probed"));
	cr_expect(series(MH_COST_NODE | MH_COST_ONLINE, MH_COST_STEP, MH_COST_REST, ""));
	expect_as_before();
}

Test(cost_recorder, operations_that_fail_or_are_not_seen_whole_are_left_out)
{
	kernel.made_up.failure = (struct made_up_failure){
		.call = CALL_WRITE, .path = "memory32/state", .skip = 2, .times = 1, .error = -EBUSY};
	cr_assert_eq(record(), MH_RUN_ENDED, "%s", error.text);
	cr_expect_eq(costs.failed, 1u);
	cr_expect_eq(mh_costs_operations(&costs), 15u);
	expect_as_before();
}

Test(cost_recorder, nothing_seen_is_no_recording)
{
	kernel.misdeed = MISDEED_LOST_EVENTS;
	cr_expect_eq(record(), MH_RUN_ENDED_BY_LIMIT);
	cr_expect(strstr(error.text, "nothing to be recorded"), "%s", error.text);
	cr_expect_eq(costs.failed, 16u);
	expect_as_before();
}

Test(cost_recorder, a_signal_ends_it_and_what_was_recorded_stays)
{
	static volatile sig_atomic_t signal_number = SIGINT;

	cr_expect_eq(record_with(&(struct mh_kernel_cost_request){.signal = &signal_number}), MH_RUN_ENDED_BY_LIMIT);
	cr_expect(strstr(error.text, "nothing to be recorded"), "%s", error.text);
	expect_as_before();
}

Test(cost_recorder, an_access_that_is_refused_ends_it)
{
	kernel.made_up.failure = (struct made_up_failure){
		.call = CALL_WRITE, .path = "memory32/state", .skip = 2, .times = 1, .error = -EACCES};
	cr_expect_eq(record(), MH_RUN_ENDED_BY_LIMIT);
	cr_expect(strstr(error.text, "'online' for block 32 is refused"), "%s", error.text);
	expect_as_before();
}

Test(cost_recorder, blocks_that_vanish_end_it)
{
	kernel.made_up.failure =
		(struct made_up_failure){.call = CALL_WRITE, .path = "/state", .skip = 4, .error = -ENODEV};
	cr_expect_eq(record(), MH_RUN_ENDED_BY_LIMIT);
	cr_expect(strstr(error.text, "no block of 32-33 is left"), "%s", error.text);
}

Test(cost_recorder, bad_input_changes_nothing)
{
	static const char *const twice[] = {"my_callback", "my_callback"}, *const no_name[] = {"rm -rf"};

	cr_expect_eq(record_with(&(struct mh_kernel_cost_request){.listeners = twice, .listener_count = 2}),
		     MH_RUN_REFUSED_INPUT);
	cr_expect_str_eq(error.text, "listener 'my_callback' is given twice");
	cr_expect_eq(record_with(&(struct mh_kernel_cost_request){.listeners = no_name, .listener_count = 1}),
		     MH_RUN_REFUSED_INPUT);
	cr_expect(strstr(error.text, "'rm -rf' is no function of a kernel"), "%s", error.text);
	cr_expect_eq(record_with(&(struct mh_kernel_cost_request){.blocks = "32-"}), MH_RUN_REFUSED_INPUT);
	cr_expect_eq(record_with(&(struct mh_kernel_cost_request){.blocks = "99"}), MH_RUN_REFUSED_ENVIRONMENT);
	cr_expect_str_eq(kernel.made_up.log.data, "");
}

Test(cost_recorder, killed_it_is_put_back_by_its_guard, .timeout = 30)
{
	int life[2], status;
	pid_t child;
	char byte;

	kernel.kill_at = 6;
	cr_assert_eq(pipe(life), 0);
	child = fork();
	cr_assert_geq(child, 0);
	if (child == 0) {
		(void)record();
		_exit(0);
	}
	close(life[1]);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect(WIFSIGNALED(status), "status %#x", (unsigned)status);
	cr_expect_eq(read(life[0], &byte, 1), 0); /* until its guard has ended, too */
	unlink(restore);
	expect_as_before();
}

Test(cost_recorder, a_file_that_puts_back_is_there_while_it_is_needed)
{
	kernel.made_up.failure =
		(struct made_up_failure){.call = CALL_WRITE, .path = "memory32/state", .skip = 1, .error = -EBUSY};
	cr_expect_eq(record(), MH_RUN_ENDED_BY_LIMIT);
	cr_expect(strstr(error.text, "not everything was put back: as root, sh /tmp/memhp-unit-"), "%s", error.text);
	cr_expect_eq(access(restore, F_OK), 0);
	unlink(restore);
}
