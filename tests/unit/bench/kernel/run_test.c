/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole runs of `mode: kernel` on made-up kernels: what is counted, what is found, what is skipped, and that all is
 * then as it was.
 */
#include "bench/kernel/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "base/rcu.h"
#include "made_up_kernel.h"

#define CYCLE                                                                                                          \
	"name: k\nmode: kernel\nseed: 7\n"                                                                             \
	"workloads: [{name: toggle, kind: hotplug-cycle, zone: movable}]\n"                                            \
	"phases: [{name: storm, role: measure, ops: 16}]\n"
/* As the shipped kernel-injector has it: the listener that stands for the kernel's own. */
#define REFUSED                                                                                                        \
	"chain: {notifiers: [{name: injector}]}\n"                                                                     \
	"faults: [{name: enomem, kind: notifier-errno, errno: ENOMEM, where: {event: going_online}, "                  \
	"trigger: {every: 2}, expect: rollback}]\n"
#define WALKS "record: {series: [service, online, offline, walk, \"walk.*\"]}\n"

struct outcome {
	enum mh_run_end end;
	struct mh_result result;
	struct mh_error error;
	struct mh_text announced;
};

static void announce(void *data, const char *text)
{
	mh_text_add(data, "%s", text);
}

static struct mh_plan *load(const char *yaml)
{
	char path[] = "/tmp/memhp-unit-XXXXXX";
	struct mh_plan_request request = {.path = path};
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_plan *plan;
	int fd = mkstemp(path);

	cr_assert(fd >= 0 && write(fd, yaml, strlen(yaml)) == (ssize_t)strlen(yaml));
	close(fd);
	if (!mh_rcu_thread_registered)
		mh_rcu_thread_register();
	cr_assert_eq(mh_plan_load(&request, &plan, &messages), 0, "%s", messages.data);
	unlink(path);
	mh_text_release(&messages);
	return plan;
}

static void run_with(struct made_up_kernel *kernel, const char *yaml, const char *blocks, const char *folder,
		     const volatile sig_atomic_t *signal, struct outcome *ret_outcome)
{
	struct mh_plan *plan = load(yaml);
	struct mh_run_request run = {.plan = plan,
				     .cell = &plan->cells[0],
				     .repro = "repro",
				     .folder = folder,
				     .signal = signal,
				     .data = &ret_outcome->announced};
	const struct mh_kernel_run_request request = {
		.run = &run, .tree = &kernel->made_up.tree, .blocks = blocks, .announce = announce};

	*ret_outcome = (struct outcome){.announced = MH_TEXT_INIT, .error = {.text = ""}};
	mh_result_init(&ret_outcome->result);
	ret_outcome->end = mh_kernel_run_execute(&request, &ret_outcome->result, &ret_outcome->error);
	mh_plan_free(plan);
}

static void run(struct made_up_kernel *kernel, const char *yaml, struct outcome *ret_outcome)
{
	run_with(kernel, yaml, "32-35", NULL, NULL, ret_outcome);
}

static void release(struct outcome *outcome)
{
	mh_result_release(&outcome->result);
	mh_text_release(&outcome->announced);
}

static void expect_as_before(struct made_up_kernel *kernel)
{
	char shown[MH_KERNEL_VALUE_SIZE];

	for (unsigned index = 32; index < 36; index++)
		cr_expect_str_eq(made_up_state(&kernel->made_up, index, shown), "offline", "block %u", index);
	made_up_content(&kernel->made_up, MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error", shown);
	cr_expect_eq(strncmp(shown, "0\n", 2), 0, "%s", shown);
	cr_expect_not(mh_kernel_has(&kernel->made_up.tree, MADE_UP_INSTANCE));
}

static uint64_t counter(const struct outcome *outcome, const char *name)
{
	for (size_t i = 0; i < outcome->result.counter_count; i++)
		if (strcmp(outcome->result.counters[i].name, name) == 0)
			return outcome->result.counters[i].value;
	return UINT64_MAX;
}

static bool warns(const struct outcome *outcome, const char *text)
{
	for (size_t i = 0; i < outcome->result.warning_count; i++)
		if (strstr(outcome->result.warnings[i], text))
			return true;
	return false;
}

static bool reasons(const struct outcome *outcome, const char *text)
{
	for (size_t i = 0; i < outcome->result.status_reason_count; i++)
		if (strstr(outcome->result.status_reasons[i], text))
			return true;
	return false;
}

static const struct mh_result_ops *ops(const struct outcome *outcome)
{
	return &outcome->result.phases[0].workloads[0].ops;
}

static const char *const releases[] = {"6.1.0-56-amd64", "6.12.95", "7.3.4"};

ParameterizedTestParameters(kernel_run, cycles_blocks_and_finds_nothing_wrong)
{
	static int rows[] = {0, 1, 2};

	return cr_make_param_array(int, rows, 3);
}

ParameterizedTest(const int *row, kernel_run, cycles_blocks_and_finds_nothing_wrong)
{
	struct made_up_kernel kernel;
	struct outcome outcome;

	made_up_kernel_init(&kernel, releases[*row]);
	run(&kernel, CYCLE WALKS, &outcome);
	cr_assert_eq(outcome.end, MH_RUN_ENDED, "%s", outcome.error.text);
	cr_expect_eq(outcome.result.status, MH_RUN_OK, "%s",
		     outcome.result.status_reason_count     ? outcome.result.status_reasons[0]
		     : outcome.result.verify.violation_kept ? outcome.result.verify.violations[0].detail
							    : "");
	cr_expect_eq(ops(&outcome)->ok, 16u);
	cr_expect_str_eq(outcome.result.mode, "kernel");
	cr_expect_gt(outcome.result.verify.checked, 100u);
	cr_expect_eq(counter(&outcome, "kernel.unchecked"), 0u);
	cr_expect_eq(counter(&outcome, "kernel.skipped"), 0u);
	cr_expect_gt(counter(&outcome, "kernel.walks"), 31u);
	cr_expect_not_null(mh_result_find_series(&outcome.result, "storm/service"));
	cr_expect_eq(mh_result_find_series(&outcome.result, "storm/online")->histogram.count, 8u);
	cr_expect_eq(mh_result_find_series(&outcome.result, "storm/walk.going_offline")->histogram.count, 8u);
	cr_expect_not_null(strstr(outcome.announced.data, "memory35  offline  node 3"), "%s", outcome.announced.data);
	expect_as_before(&kernel);
	release(&outcome);
	made_up_kernel_release(&kernel);
}

ParameterizedTestParameters(kernel_run, injects_by_the_kernels_own_injector)
{
	static int rows[] = {0, 1, 2};

	return cr_make_param_array(int, rows, 3);
}

ParameterizedTest(const int *row, kernel_run, injects_by_the_kernels_own_injector)
{
	struct made_up_kernel kernel;
	struct outcome outcome;

	made_up_kernel_init(&kernel, releases[*row]);
	run(&kernel, CYCLE REFUSED, &outcome);
	cr_assert_eq(outcome.end, MH_RUN_ENDED, "%s", outcome.error.text);
	cr_expect_eq(outcome.result.status, MH_RUN_OK);
	cr_expect_gt(ops(&outcome)->expected_fail, 3u);
	cr_expect_eq(ops(&outcome)->fail + ops(&outcome)->unexpected, 0u);
	cr_assert_eq(outcome.result.fault_count, 1u);
	cr_expect_eq(outcome.result.faults[0].fired, ops(&outcome)->expected_fail);
	expect_as_before(&kernel);
	release(&outcome);
	made_up_kernel_release(&kernel);
}

/* Kernels that do what none should: found, and put back all the same. */
static const struct {
	enum misdeed misdeed;
	const char *scenario, *invariant;
	enum mh_run_status status;
	const char *says; /* in a warning or a reason */
} misdeeds[] = {
	{MISDEED_NO_CANCEL, CYCLE REFUSED, "I05", MH_RUN_INCORRECT, NULL},
	{MISDEED_WRONG_ERRNO, CYCLE REFUSED, "I32", MH_RUN_INCORRECT, NULL},
	{MISDEED_DEAF_INJECTOR, CYCLE REFUSED, "I32", MH_RUN_INCORRECT, "never fired"},
	{MISDEED_STATE_KEPT, CYCLE, "I40", MH_RUN_INCORRECT, NULL},
	{MISDEED_SILENT, CYCLE, "I05", MH_RUN_INCORRECT, NULL},
	{MISDEED_GARBLED_TRACE, CYCLE, NULL, MH_RUN_INVALID, "a line of the trace cannot be read"},
	{MISDEED_LOST_EVENTS, CYCLE, NULL, MH_RUN_OK, "32 checks were not made: the trace lost events"},
	{MISDEED_OTHER_WRITER, CYCLE, NULL, MH_RUN_OK, "16 checks were not made"},
};

ParameterizedTestParameters(kernel_run, finds_what_a_kernel_does_wrong)
{
	static int rows[sizeof(misdeeds) / sizeof(misdeeds[0])];

	for (int i = 0; i < (int)(sizeof(misdeeds) / sizeof(misdeeds[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(misdeeds) / sizeof(misdeeds[0]));
}

ParameterizedTest(const int *row, kernel_run, finds_what_a_kernel_does_wrong)
{
	struct made_up_kernel kernel;
	struct outcome outcome;

	made_up_kernel_init(&kernel, "6.1.0");
	kernel.misdeed = misdeeds[*row].misdeed;
	run(&kernel, misdeeds[*row].scenario, &outcome);
	cr_expect_eq(outcome.end, MH_RUN_ENDED, "row %d: end %d: %s", *row, outcome.end, outcome.error.text);
	cr_expect_eq(outcome.result.status, misdeeds[*row].status, "row %d: status %d", *row, outcome.result.status);
	if (misdeeds[*row].invariant) {
		cr_assert_gt(outcome.result.verify.violation_kept, 0u);
		cr_expect_str_eq(outcome.result.verify.violations[0].invariant, misdeeds[*row].invariant, "row %d: %s",
				 *row, outcome.result.verify.violations[0].detail);
		cr_expect_gt(ops(&outcome)->unexpected, 0u);
	}
	if (misdeeds[*row].says)
		cr_expect(warns(&outcome, misdeeds[*row].says) || reasons(&outcome, misdeeds[*row].says), "row %d",
			  *row);
	expect_as_before(&kernel);
	release(&outcome);
	made_up_kernel_release(&kernel);
}

/* Calls that fail while operations go on: each has its sentence, and everything is put back. */
static const struct {
	struct made_up_failure failure;
	enum mh_run_end end;
	enum mh_run_status status;
	uint64_t failed;          /* operations */
	const char *says, *warns; /* as reason of the status; as warning */
} failing[] = {
	{{CALL_WRITE, "memory33/state", 1, 1, -EBUSY},
	 MH_RUN_ENDED,
	 MH_RUN_OK,
	 1,
	 NULL,
	 "1 offline failed (Device or resource busy), block 33 the first: pages in it cannot be moved"},
	{{CALL_WRITE, "memory33/state", 1, 2, -EINTR},
	 MH_RUN_ENDED,
	 MH_RUN_OK,
	 2,
	 NULL,
	 "2 offlines failed (Interrupted system call), block 33 the first: a signal ended it"},
	{{CALL_WRITE, "memory33/state", 1, 1, -ENOENT},
	 MH_RUN_ENDED,
	 MH_RUN_OK,
	 1,
	 NULL,
	 "1 offline failed (No such file or directory), block 33 the first: the block has gone"},
	{{CALL_WRITE, "memory33/state", 0, 1, -ENODEV},
	 MH_RUN_ENDED,
	 MH_RUN_INVALID,
	 1,
	 "online of block 33 failed (No such device): the block has gone",
	 NULL},
	{{CALL_WRITE, "memory33/state", 0, 1, -EACCES},
	 MH_RUN_ENDED_BY_LIMIT,
	 MH_RUN_INVALID,
	 1,
	 "online of block 33 failed (Permission denied): only root may write to its state",
	 NULL},
	{{CALL_READ, "trace_pipe", 9, 1, -EIO}, MH_RUN_ENDED, MH_RUN_INVALID, 0, "cannot read the trace of", NULL},
};

ParameterizedTestParameters(kernel_run, goes_on_or_ends_by_what_failed)
{
	static int rows[sizeof(failing) / sizeof(failing[0])];

	for (int i = 0; i < (int)(sizeof(failing) / sizeof(failing[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(failing) / sizeof(failing[0]));
}

ParameterizedTest(const int *row, kernel_run, goes_on_or_ends_by_what_failed)
{
	struct made_up_kernel kernel;
	struct outcome outcome;

	made_up_kernel_init(&kernel, "6.1.0");
	kernel.made_up.failure = failing[*row].failure;
	run(&kernel, CYCLE, &outcome);
	cr_expect_eq(outcome.end, failing[*row].end, "row %d: end %d: %s", *row, outcome.end, outcome.error.text);
	cr_expect_eq(outcome.result.status, failing[*row].status, "row %d: status %d", *row, outcome.result.status);
	cr_expect_eq(ops(&outcome)->fail, failing[*row].failed, "row %d: %lu failed", *row,
		     (unsigned long)ops(&outcome)->fail);
	if (failing[*row].says)
		cr_expect(reasons(&outcome, failing[*row].says), "row %d: %s", *row,
			  outcome.result.status_reason_count ? outcome.result.status_reasons[0] : "no reason");
	if (failing[*row].warns)
		cr_expect(warns(&outcome, failing[*row].warns), "row %d: %s", *row,
			  outcome.result.warning_count ? outcome.result.warnings[0] : "no warning");
	expect_as_before(&kernel);
	release(&outcome);
	made_up_kernel_release(&kernel);
}

/* Refused before anything is changed, or undone. */
static const struct {
	struct made_up_failure failure;
	const char *scenario, *blocks;
	enum mh_run_end end;
	const char *says;
} refusals[] = {
	{{.call = CALL_NONE}, CYCLE, NULL, MH_RUN_REFUSED_INPUT, "name the blocks that it may touch"},
	{{.call = CALL_NONE}, CYCLE, "32-", MH_RUN_REFUSED_INPUT, "no list of blocks"},
	{{.call = CALL_NONE}, CYCLE, "36", MH_RUN_REFUSED_ENVIRONMENT, "memory36/state"},
	{{CALL_OPEN, "osrelease", 0, 0, -ENOENT}, CYCLE, "32", MH_RUN_REFUSED_ENVIRONMENT, "osrelease"},
	{{CALL_WRITE, "kprobe_events", 0, 1, -ENOENT},
	 CYCLE,
	 "32",
	 MH_RUN_REFUSED_ENVIRONMENT,
	 "no such function to probe"},
	{{CALL_WRITE, "tracing_on", 0, 1, -EPERM}, CYCLE, "32", MH_RUN_REFUSED_ENVIRONMENT, "only root may"},
	{{CALL_OPEN, "MEM_GOING_ONLINE/error", 0, 0, -ENOENT},
	 CYCLE REFUSED,
	 "32",
	 MH_RUN_REFUSED_ENVIRONMENT,
	 "modprobe"},
	{{.call = CALL_NONE},
	 "name: k\nmode: kernel\nseed: 7\nworkloads: [{name: c, kind: chain-call}]\nphases: [{name: a, role: measure, "
	 "ops: 4}]\n",
	 "32",
	 MH_RUN_REFUSED_INPUT,
	 "nothing of this scenario can be done on a kernel"},
};

ParameterizedTestParameters(kernel_run, refuses_with_its_sentence)
{
	static int rows[sizeof(refusals) / sizeof(refusals[0])];

	for (int i = 0; i < (int)(sizeof(refusals) / sizeof(refusals[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(refusals) / sizeof(refusals[0]));
}

ParameterizedTest(const int *row, kernel_run, refuses_with_its_sentence)
{
	struct made_up_kernel kernel;
	struct outcome outcome;

	made_up_kernel_init(&kernel, "6.1.0");
	kernel.made_up.failure = refusals[*row].failure;
	run_with(&kernel, refusals[*row].scenario, refusals[*row].blocks, NULL, NULL, &outcome);
	cr_expect_eq(outcome.end, refusals[*row].end, "row %d: end %d: %s", *row, outcome.end, outcome.error.text);
	cr_expect_not_null(strstr(outcome.error.text, refusals[*row].says), "row %d: %s", *row, outcome.error.text);
	kernel.made_up.failure = (struct made_up_failure){.call = CALL_NONE};
	cr_expect_eq(kernel.writes, 0u, "a block was written to");
	expect_as_before(&kernel);
	release(&outcome);
	made_up_kernel_release(&kernel);
}

Test(kernel_run, names_and_counts_what_a_kernel_cannot_do)
{
	static const char yaml[] =
		"name: k\nmode: kernel\nseed: 7\n"
		"chain: {notifiers: [{preset: linux-6.1}, {name: injector}, {name: mine, count: 3}]}\n"
		"workloads: [{name: toggle, kind: hotplug-cycle, threads: 4}, {name: reader, kind: mem-reader}]\n"
		"phases: [{name: storm, role: measure, ops: 8}, {name: calm, role: measure, ops: 4, workloads: "
		"reader}]\n"
		"faults:\n"
		"  - {name: stop, kind: notifier-stop}\n"
		"  - {name: raw, kind: notifier-errno, raw: -12}\n"
		"  - {name: late, kind: notifier-errno, errno: EIO, where: {event: [online, going_online]}, trigger: "
		"{times: 2}}\n"
		"  - {name: whose, kind: notifier-veto, where: {callback: \"mine.*\"}}\n"
		"  - {name: veto, kind: notifier-veto, where: {callback: injector, event: going_offline}, trigger: "
		"{every: 2}}\n";
	static const char *const skipped[] = {
		"listener 'mine': a kernel has its own",
		"workload 'toggle': 3 of its 4 threads",
		"workload 'reader' (mem-reader)",
		"phase 'calm': none of its workloads",
		"fault 'stop' (notifier-stop): a kernel's injector has no STOP",
		"fault 'raw' (notifier-errno): a kernel's injector has no raw values",
		"fault 'late' in event online",
		"fault 'whose' (notifier-veto): where.callback",
	};
	struct made_up_kernel kernel;
	struct outcome outcome;

	made_up_kernel_init(&kernel, "6.1.0");
	run(&kernel, yaml, &outcome);
	cr_assert_eq(outcome.end, MH_RUN_ENDED, "%s", outcome.error.text);
	for (size_t i = 0; i < sizeof(skipped) / sizeof(skipped[0]); i++) {
		cr_expect(warns(&outcome, skipped[i]), "%s", skipped[i]);
		cr_expect_not_null(strstr(outcome.announced.data, skipped[i]), "%s", outcome.announced.data);
	}
	cr_expect_eq(counter(&outcome, "kernel.skipped"), sizeof(skipped) / sizeof(skipped[0]));
	cr_expect_eq(outcome.result.phase_count, 1u);
	cr_assert_eq(outcome.result.fault_count, 2u, "those that were skipped are no results");
	cr_expect_str_eq(outcome.result.faults[1].id, "veto");
	cr_expect_gt(outcome.result.faults[1].fired, 0u);
	expect_as_before(&kernel);
	release(&outcome);
	made_up_kernel_release(&kernel);
}

/* Without checks no probe is set: for kernels that have none. */
Test(kernel_run, without_verify_sets_no_probe)
{
	struct made_up_kernel kernel;
	struct outcome outcome;

	made_up_kernel_init(&kernel, "6.1.0");
	run(&kernel, CYCLE "verify: {level: off}\n", &outcome);
	cr_expect_eq(outcome.end, MH_RUN_ENDED, "%s", outcome.error.text);
	cr_expect_null(strstr(kernel.made_up.log.data, "kprobe_events"));
	cr_expect_eq(ops(&outcome)->ok, 16u);
	cr_expect_null(mh_result_find_series(&outcome.result, "storm/walk"));
	expect_as_before(&kernel);
	release(&outcome);
	made_up_kernel_release(&kernel);
}

Test(kernel_run, a_signal_ends_it_and_everything_is_put_back)
{
	static volatile sig_atomic_t number = SIGTERM;
	struct made_up_kernel kernel;
	struct outcome outcome;

	made_up_kernel_init(&kernel, "6.1.0");
	run_with(&kernel, CYCLE, "32-35", NULL, &number, &outcome);
	cr_expect_eq(outcome.end, MH_RUN_ENDED_BY_SIGNAL);
	cr_expect_eq(outcome.result.status, MH_RUN_ABORTED);
	expect_as_before(&kernel);
	release(&outcome);
	made_up_kernel_release(&kernel);
}

Test(kernel_run, what_cannot_be_put_back_is_told_and_the_script_stays)
{
	char folder[] = "/tmp/memhp-unit-run.XXXXXX", script[64];
	struct made_up_kernel kernel;
	struct outcome outcome;

	cr_assert_not_null(mkdtemp(folder));
	snprintf(script, sizeof(script), "%s/restore.sh", folder);
	made_up_kernel_init(&kernel, "6.1.0");
	run_with(&kernel, CYCLE, "32-35", folder, NULL, &outcome);
	cr_expect_eq(outcome.end, MH_RUN_ENDED);
	cr_expect_lt(access(script, F_OK), 0, "everything was put back, and the script is still there");
	release(&outcome);
	made_up_file(&kernel.made_up, MADE_UP_TRACING "/kprobe_events", "");
	/* The first online of block 32 is followed by an offline that never succeeds. */
	kernel.made_up.failure = (struct made_up_failure){CALL_WRITE, "memory32/state", 1, 0, -EBUSY};
	run_with(&kernel, CYCLE, "32-35", folder, NULL, &outcome);
	cr_expect_eq(outcome.end, MH_RUN_ENDED_BY_LIMIT);
	cr_expect_eq(outcome.result.status, MH_RUN_ABORTED);
	cr_expect(reasons(&outcome, "block 32 cannot be put back ('offline': Device or resource busy)"));
	cr_expect(reasons(&outcome, "not everything was put back: as root, sh /tmp/memhp-unit-run."));
	cr_expect_eq(access(script, F_OK), 0);
	release(&outcome);
	made_up_kernel_release(&kernel);
	unlink(script);
	snprintf(script, sizeof(script), "%s/run.hlog", folder);
	unlink(script);
	rmdir(folder);
}

/* In the middle of an operation, armed, with blocks away. */
Test(kernel_run, killed_it_is_put_back_by_its_guard, .timeout = 30)
{
	struct made_up_kernel kernel;
	struct outcome outcome;
	int life[2], status;
	pid_t child;
	char byte;

	made_up_kernel_init(&kernel, "6.1.0");
	kernel.kill_at = 6;
	cr_assert_eq(pipe(life), 0);
	child = fork();
	cr_assert_geq(child, 0);
	if (child == 0) {
		run(&kernel, CYCLE REFUSED, &outcome);
		_exit(0);
	}
	close(life[1]);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect(WIFSIGNALED(status), "status %#x", (unsigned)status);
	cr_expect_eq(read(life[0], &byte, 1), 0); /* until its guard has ended, too */
	expect_as_before(&kernel);
	made_up_kernel_release(&kernel);
}
