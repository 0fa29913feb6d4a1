/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refuse what cannot be, tell what will be touched, note it, change it, run the phases, put it back, report.
 *
 * Order of what is noted, which is undone from its end: probes and instance, blocks, injector. Armed, the injector
 * would refuse the blocks their way home.
 */
#include "bench/kernel/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "bench/engine/build.h"
#include "bench/kernel/emulated.h"
#include "bench/kernel/injector.h"
#include "bench/kernel/run_private.h"
#include "results/slo.h"

static int refuse(struct mh_kernel_run *run, enum mh_run_end end)
{
	run->end = end;
	return run->reterr->code ? run->reterr->code : -EINVAL;
}

/* Before anything is opened. */
static int check_request(struct mh_kernel_run *run)
{
	if (!run->request->blocks) {
		(void)mh_error_set(
			run->reterr, -EINVAL,
			"mode: kernel acts on the memory of this machine, by `memhp-bench run` only: name the "
			"blocks that it may touch, such as --blocks 32-35");
		return refuse(run, MH_RUN_REFUSED_INPUT);
	}
	if (!run->plan.drives) {
		(void)mh_error_set(run->reterr, -EINVAL, "nothing of this scenario can be done on a kernel:\n%s",
				   run->plan.skipped.data);
		return refuse(run, MH_RUN_REFUSED_INPUT);
	}
	if (mh_kernel_tree_is_real(run->tree) && geteuid() != 0) {
		(void)mh_error_set(run->reterr, -EPERM,
				   "mode: kernel needs root, to write to the blocks of this machine's memory");
		return refuse(run, MH_RUN_REFUSED_ENVIRONMENT);
	}
	return 0;
}

/* Only looks; nothing is changed. */
static int look(struct mh_kernel_run *run)
{
	int ret = mh_kernel_release_read(run->tree, &run->release, run->reterr);

	if (ret < 0)
		return refuse(run, MH_RUN_REFUSED_ENVIRONMENT);
	ret = mh_kernel_blocks_open(run->tree, run->request->blocks, &run->blocks, run->reterr);
	if (ret < 0)
		return refuse(run, ret == -EINVAL ? MH_RUN_REFUSED_INPUT : MH_RUN_REFUSED_ENVIRONMENT);
	return 0;
}

static void announce(struct mh_kernel_run *run)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_add(&text, "Linux %s (protocol %s): to be taken offline and online, and put back:\n", run->release.text,
		    run->release.protocol->name);
	mh_kernel_blocks_show(&run->blocks, &text);
	if (run->watches)
		mh_text_add(&text, "probes on memory_notify in group %s, traced in an instance %s\n",
			    MH_KERNEL_PROBE_GROUP, MH_KERNEL_INSTANCE);
	if (run->plan.fault_count)
		mh_text_add(&text, "the kernel's error injector, armed for single operations\n");
	if (run->plan.skipped_count)
		mh_text_add(&text, "skipped:\n%s", run->plan.skipped.data);
	run->request->announce(run->request->run->data, text.data);
	mh_text_release(&text);
}

static int write_script(struct mh_kernel_run *run)
{
	struct mh_text script = MH_TEXT_INIT;
	int ret;

	if (!run->request->run->folder)
		return 0;
	if (asprintf(&run->restore, "%s/restore.sh", run->request->run->folder) < 0) {
		run->restore = NULL;
		return mh_error_set(run->reterr, -ENOMEM, "no memory for a path");
	}
	mh_kernel_journal_script(run->changes.journal, run->tree, &script);
	ret = mh_file_write(run->restore, script.data, script.length, run->reterr);
	mh_text_release(&script);
	return ret;
}

static int note_and_change(struct mh_kernel_run *run)
{
	int ret = 0;

	if (run->watches) {
		ret = mh_kernel_watch_open(run->tree, &run->release, (int)getpid(), run->changes.journal, &run->watch,
					   run->reterr);
		run->watches = ret == 0;
	}
	for (size_t i = 0; ret == 0 && i < run->blocks.count; i++)
		ret = mh_kernel_journal_note_block(run->changes.journal, &run->blocks.items[i], run->reterr);
	if (ret == 0 && run->plan.fault_count)
		ret = mh_kernel_injector_open(run->tree, run->changes.journal, run->reterr);
	return ret == 0 ? write_script(run) : ret;
}

static int open_hlog(struct mh_kernel_run *run)
{
	char *path;
	int ret;

	if (!run->request->run->folder)
		return 0;
	if (asprintf(&path, "%s/run.hlog", run->request->run->folder) < 0)
		return mh_error_set(run->reterr, -ENOMEM, "no memory for a path");
	ret = mh_hlog_open(&run->hlog, path, MH_BUILD_VERSION, run->result->start_unix_ns, run->reterr);
	free(path);
	return ret;
}

static int open_own(struct mh_kernel_run *run)
{
	int ret = mh_kernel_injection_init(&run->injection, run->scenario, &run->plan, run->seed, run->reterr);
	if (ret == 0 && mh_kernel_recording_init(&run->recording, &run->scenario->record) < 0)
		ret = mh_error_set(run->reterr, -ENOMEM, "no memory for histograms");
	return ret == 0 ? open_hlog(run) : ret;
}

static void close_own(struct mh_kernel_run *run)
{
	struct mh_error error;

	mh_kernel_injection_release(&run->injection);
	mh_kernel_recording_release(&run->recording);
	mh_kernel_deadline_release(&run->deadline);
	if (mh_hlog_close(&run->hlog, &error) < 0 && run->end == MH_RUN_ENDED) {
		mh_result_raise_status(run->result, MH_RUN_ABORTED);
		(void)mh_result_add_status_reason(run->result, "%s", error.text);
		run->end = MH_RUN_ENDED_BY_LIMIT;
	}
}

static int run_phases(struct mh_kernel_run *run)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && run->end == MH_RUN_ENDED && i < run->scenario->phase_count; i++)
		if (run->plan.drivers[i] != SIZE_MAX)
			ret = mh_kernel_phase_execute(run, i);
	return ret;
}

/* What failed is told line by line; the file that says how to put it back by hand stays. */
static void tell_failures(struct mh_kernel_run *run, char *failures)
{
	mh_result_raise_status(run->result, MH_RUN_ABORTED);
	for (char *line = strtok(failures, "\n"); line; line = strtok(NULL, "\n"))
		(void)mh_result_add_status_reason(run->result, "%s", line);
	if (run->restore)
		(void)mh_result_add_status_reason(run->result, "not everything was put back: as root, sh %s",
						  run->restore);
	if (run->end == MH_RUN_ENDED)
		run->end = MH_RUN_ENDED_BY_LIMIT;
}

static void put_back(struct mh_kernel_run *run)
{
	struct mh_text failures = MH_TEXT_INIT;

	if (run->watches)
		mh_kernel_watch_close(&run->watch);
	if (mh_kernel_changes_end(&run->changes, &failures))
		tell_failures(run, failures.data);
	else if (run->restore)
		(void)unlink(run->restore);
	mh_text_release(&failures);
}

/* With a guard from the first change to the last. */
static int run_guarded(struct mh_kernel_run *run)
{
	int ret = mh_kernel_changes_begin(&run->changes, run->tree, run->reterr);

	if (ret < 0)
		return ret;
	ret = note_and_change(run);
	if (ret == 0)
		ret = run_phases(run);
	put_back(run);
	return ret;
}

static void report_skipped(struct mh_kernel_run *run)
{
	char *rest = NULL;

	for (char *line = strtok_r(run->plan.skipped.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		(void)mh_result_add_warning(run->result, "skipped: %s", line);
	(void)mh_result_add_counter(run->result, "kernel.skipped", run->plan.skipped_count);
}

static void report_checks(struct mh_kernel_run *run)
{
	struct mh_result_verify *verify = &run->result->verify;

	verify->level = run->scenario->verify.level == MH_VERIFY_OFF ? "off" : "fast";
	verify->checked = run->checked;
	if (verify->violation_count)
		mh_result_raise_status(run->result, MH_RUN_INCORRECT);
	if (run->unchecked && run->scenario->verify.level != MH_VERIFY_OFF)
		(void)mh_result_add_warning(
			run->result,
			"%llu checks were not made: the trace lost events, or others changed memory "
			"meanwhile",
			(unsigned long long)run->unchecked);
}

static void report(struct mh_kernel_run *run)
{
	struct mh_result *result = run->result;

	report_skipped(run);
	report_checks(run);
	mh_kernel_refusals_report(&run->refusals, result);
	mh_kernel_injection_report(&run->injection, run->end == MH_RUN_ENDED, result);
	(void)mh_result_add_counter(result, "kernel.blocks", run->blocks.count);
	(void)mh_result_add_counter(result, "kernel.walks", run->walks);
	(void)mh_result_add_counter(result, "kernel.other_walks", run->other_walks);
	(void)mh_result_add_counter(result, "kernel.deadlines", run->deadlines);
	(void)mh_result_add_counter(result, "kernel.unchecked", run->unchecked);
	for (size_t i = 0; i < run->scenario->slo_count; i++)
		(void)mh_slo_evaluate(result, &run->scenario->slos[i].threshold,
				      run->scenario->slos[i].require.can_fail);
	result->duration_ns = mh_clock_monotonic_ns() - run->begin_ns;
}

static void describe(struct mh_kernel_run *run)
{
	struct mh_result *result = run->result;
	struct mh_clock clock;

	mh_run_describe(run->request->run, result);
	result->mode = "kernel";
	result->emulated = mh_kernel_tree_is_real(run->tree) && mh_kernel_is_emulated();
	result->times = mh_result_format(result, "of Linux %s%s", run->release.text,
					 !mh_kernel_tree_is_real(run->tree) ? ", made up"
					 : result->emulated                 ? ", emulated"
									    : "");
	mh_clock_init(&clock, MH_CLOCK_MONOTONIC);
	result->overheads.clock = "monotonic";
	result->overheads.clock_ns = clock.cost_ns;
	result->overheads.clock_resolution_ns = clock.resolution_ns;
	result->overheads.recorder_ns = -1;
	result->overheads.stamps_ns = -1;
	result->overheads.sample = 1;
}

static int execute(struct mh_kernel_run *run)
{
	int ret = check_request(run);

	if (ret == 0)
		ret = look(run);
	if (ret < 0)
		return ret;
	describe(run);
	announce(run);
	ret = mh_kernel_deadline_init(&run->deadline, run->reterr);
	if (ret < 0)
		return refuse(run, MH_RUN_REFUSED_ENVIRONMENT);
	ret = open_own(run);
	if (ret == 0)
		ret = run_guarded(run);
	if (ret == 0)
		report(run);
	else if (run->end == MH_RUN_ENDED || run->end == MH_RUN_ENDED_BY_LIMIT)
		run->end = MH_RUN_REFUSED_ENVIRONMENT;
	close_own(run);
	return ret;
}

enum mh_run_end mh_kernel_run_execute(const struct mh_kernel_run_request *request, struct mh_result *result,
				      struct mh_error *reterr)
{
	const struct mh_plan_cell *cell = request->run->cell;
	struct mh_kernel_run run = {
		.request = request,
		.tree = request->tree,
		.scenario = cell->scenario,
		.result = result,
		.seed = mh_plan_seed(request->run->plan->seed, cell->id, request->run->run),
		.begin_ns = mh_clock_monotonic_ns(),
		.limit_ns =
			cell->scenario->limits.max_duration_ns ? cell->scenario->limits.max_duration_ns : UINT64_MAX,
		.watches = cell->scenario->verify.level != MH_VERIFY_OFF,
		.reterr = reterr,
	};

	if (mh_kernel_plan_make(run.scenario, &run.plan, reterr) < 0)
		return MH_RUN_REFUSED_ENVIRONMENT;
	(void)execute(&run);
	mh_kernel_blocks_close(run.tree, &run.blocks);
	mh_kernel_plan_release(&run.plan);
	free(run.restore);
	return run.end;
}
