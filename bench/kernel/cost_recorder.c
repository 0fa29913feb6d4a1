/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refuse what cannot be, tell what will be touched, note it, change it, drive, put it back, fit: as run.c does.
 */
#include "bench/kernel/cost_recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "bench/kernel/changes.h"
#include "bench/kernel/cost_log.h"
#include "bench/kernel/driver.h"
#include "bench/kernel/emulated.h"

#define TRACE_RESOLUTION_NS 1000
#define CPUINFO_SIZE_MAX    (16u << 20)

struct recorder {
	const struct mh_kernel_cost_request *request;
	const struct mh_kernel_tree *tree;
	struct mh_costs *costs;
	struct mh_kernel_release release;
	struct mh_kernel_blocks blocks;
	struct mh_kernel_changes changes;
	struct mh_kernel_watch watch;
	bool watches;
	struct mh_kernel_cost_functions functions;
	struct mh_kernel_cost_log log;
	struct mh_kernel_driver driver;
	struct mh_kernel_deadline deadline;
	struct mh_cost_operation *operations;
	size_t count;
	enum mh_run_end end;
	struct mh_error *reterr;
};

static int refuse(struct recorder *recorder, enum mh_run_end end)
{
	recorder->end = end;
	return recorder->reterr->code;
}

/* Only looks; nothing is changed. */
static int look(struct recorder *recorder)
{
	const struct mh_kernel_cost_request *request = recorder->request;
	int ret = mh_kernel_cost_functions_make(&recorder->functions, request->listeners, request->listener_count,
						recorder->reterr);

	if (ret < 0)
		return refuse(recorder, MH_RUN_REFUSED_INPUT);
	if (mh_kernel_tree_is_real(recorder->tree) && geteuid() != 0) {
		(void)mh_error_set(
			recorder->reterr, -EPERM,
			"recording needs root, to write to the blocks of this machine's memory and to trace");
		return refuse(recorder, MH_RUN_REFUSED_ENVIRONMENT);
	}
	ret = mh_kernel_release_read(recorder->tree, &recorder->release, recorder->reterr);
	if (ret < 0)
		return refuse(recorder, MH_RUN_REFUSED_ENVIRONMENT);
	ret = mh_kernel_blocks_open(recorder->tree, request->blocks, &recorder->blocks, recorder->reterr);
	if (ret < 0)
		return refuse(recorder, ret == -EINVAL ? MH_RUN_REFUSED_INPUT : MH_RUN_REFUSED_ENVIRONMENT);
	return 0;
}

static void announce(struct recorder *recorder)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_add(&text, "Linux %s (protocol %s): to be taken offline and online, %llu operations, and put back:\n",
		    recorder->release.text, recorder->release.protocol->name,
		    (unsigned long long)recorder->request->operations);
	mh_kernel_blocks_show(&recorder->blocks, &text);
	mh_text_add(&text, "probes on memory_notify, on its listeners and on functions of the steps ");
	mh_kernel_cost_functions_show(&recorder->functions, &text);
	mh_text_add(&text, ", in group %s, traced in an instance %s\n", MH_KERNEL_PROBE_GROUP, MH_KERNEL_INSTANCE);
	recorder->request->announce(recorder->request->data, text.data);
	mh_text_release(&text);
}

/* "model name	: …" of /proc/cpuinfo; architectures differ in the word. */
static void read_machine(struct recorder *recorder)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error ignored;
	char path[MH_KERNEL_PATH_SIZE];
	const char *at = NULL;

	snprintf(recorder->costs->machine, MH_COSTS_TEXT, "CPU unknown");
	mh_kernel_path(recorder->tree, path, "/proc/cpuinfo");
	if (mh_kernel_has(recorder->tree, path) &&
	    mh_kernel_read_text(recorder->tree, path, CPUINFO_SIZE_MAX, &text, &ignored) == 0)
		at = strstr(text.data, "model name");
	if (at)
		at = strpbrk(at, ":\n");
	if (at && *at == ':')
		snprintf(recorder->costs->machine, MH_COSTS_TEXT, "%.*s", (int)strcspn(at + 2, "\n"), at + 2);
	mh_text_release(&text);
}

static void describe(struct recorder *recorder)
{
	struct mh_costs *costs = recorder->costs;
	const bool real = mh_kernel_tree_is_real(recorder->tree);

	snprintf(costs->kernel, sizeof(costs->kernel), "%.200s%s", recorder->release.text, real ? "" : ", made up");
	read_machine(recorder);
	costs->emulated = !real || mh_kernel_is_emulated();
	costs->start_unix_ns = mh_clock_unix_ns();
	snprintf(costs->blocks, sizeof(costs->blocks), "%s", recorder->request->blocks);
	costs->block_size_bytes = recorder->blocks.block_bytes;
	costs->resolution_ns = TRACE_RESOLUTION_NS;
}

static int write_script(struct recorder *recorder)
{
	struct mh_text script = MH_TEXT_INIT;
	int ret;

	mh_kernel_journal_script(recorder->changes.journal, recorder->tree, &script);
	ret = mh_file_write(recorder->request->restore, script.data, script.length, recorder->reterr);
	mh_text_release(&script);
	return ret;
}

static int note_and_change(struct recorder *recorder)
{
	const struct mh_kernel_functions functions = {
		.names = recorder->functions.names,
		.count = recorder->functions.count,
		.errors = recorder->functions.errors,
	};
	int ret = mh_kernel_watch_open_calls(recorder->tree, &recorder->release, (int)getpid(), &functions,
					     recorder->changes.journal, &recorder->watch, recorder->reterr);

	recorder->watches = ret == 0;
	if (ret == 0)
		ret = mh_kernel_cost_functions_tell(&recorder->functions, recorder->request->listener_count,
						    recorder->costs);
	mh_kernel_cost_log_init(&recorder->log, &recorder->functions, recorder->release.protocol);
	recorder->watch.log.see = mh_kernel_cost_log_see;
	recorder->watch.log.see_data = &recorder->log;
	for (size_t i = 0; ret == 0 && i < recorder->blocks.count; i++)
		ret = mh_kernel_journal_note_block(recorder->changes.journal, &recorder->blocks.items[i],
						   recorder->reterr);
	return ret == 0 ? write_script(recorder) : ret;
}

/* What was seen of an operation that succeeded. 0 or -ENOMEM. */
static int keep(struct recorder *recorder, const struct mh_kernel_turn *turn,
		const struct mh_kernel_write_result *write)
{
	const struct mh_kernel_cost_log *log = &recorder->log;
	struct mh_cost_operation *operation = &recorder->operations[recorder->count];

	operation->parts = malloc(log->count * sizeof(operation->parts[0]));
	if (!operation->parts)
		return mh_error_set(recorder->reterr, -ENOMEM, "no memory for an operation's parts");
	memcpy(operation->parts, log->parts, log->count * sizeof(operation->parts[0]));
	operation->part_count = log->count;
	operation->whole_ns = write->end_ns - write->begin_ns;
	operation->class = (turn->online ? MH_COST_ONLINE : 0) | (log->node ? MH_COST_NODE : 0);
	recorder->count++;
	return 0;
}

/* One operation. 0; -ENODEV no block is left; -errno of what it cannot go on without. */
static int step(struct recorder *recorder, uint64_t index)
{
	struct mh_kernel_write_result write;
	struct mh_kernel_turn turn;
	struct mh_error torn;
	bool seen;
	int ret = 0;

	if (!mh_kernel_driver_next(&recorder->driver, index, &turn))
		return mh_error_set(recorder->reterr, -ENODEV, "no block of %s is left", recorder->request->blocks);
	mh_kernel_cost_log_clear(&recorder->log);
	mh_kernel_deadline_arm(&recorder->deadline, MH_KERNEL_COST_DEADLINE_NS);
	mh_kernel_block_write(recorder->tree, turn.block, turn.word, &write);
	(void)mh_kernel_deadline_disarm(&recorder->deadline);
	seen = mh_kernel_watch_take(&recorder->watch, &torn) == 0 && mh_kernel_cost_log_is_whole(&recorder->log);
	if (write.error == 0 && seen)
		ret = keep(recorder, &turn, &write);
	else
		recorder->costs->failed++;
	mh_kernel_driver_done(&recorder->driver, write.error);
	if (write.error == -EACCES || write.error == -EROFS)
		return mh_error_set(recorder->reterr, write.error, "'%s' for block %u is refused: %s", turn.word,
				    turn.block->index, strerror(-write.error));
	return ret;
}

static int drive(struct recorder *recorder)
{
	const struct mh_kernel_cost_request *request = recorder->request;
	int ret = mh_kernel_driver_begin(&recorder->driver, "round-robin", request->zone, &recorder->blocks, 0);

	recorder->operations = calloc(request->operations, sizeof(recorder->operations[0]));
	if (ret == 0 && !recorder->operations)
		ret = -ENOMEM;
	if (ret < 0)
		return mh_error_set(recorder->reterr, ret, "no memory for %llu operations",
				    (unsigned long long)request->operations);
	for (uint64_t i = 0; ret == 0 && i < request->operations; i++) {
		if (request->signal && *request->signal) {
			recorder->end = MH_RUN_ENDED_BY_SIGNAL;
			(void)mh_error_set(recorder->reterr, -EINTR, "ended by signal %d after %llu of %llu operations",
					   (int)*request->signal, (unsigned long long)i,
					   (unsigned long long)request->operations);
			break;
		}
		ret = step(recorder, i);
		request->progress(request->data, i + 1, request->operations);
	}
	return ret;
}

static void put_back(struct recorder *recorder)
{
	struct mh_text failures = MH_TEXT_INIT;

	if (recorder->watches)
		mh_kernel_watch_close(&recorder->watch);
	if (mh_kernel_changes_end(&recorder->changes, &failures)) {
		(void)mh_error_set(recorder->reterr, -EBUSY, "not everything was put back: as root, sh %s\n%s",
				   recorder->request->restore, failures.data);
		recorder->end = MH_RUN_ENDED_BY_LIMIT;
	} else {
		(void)unlink(recorder->request->restore);
	}
	mh_text_release(&failures);
}

/* With a guard from the first change to the last. */
static int record_guarded(struct recorder *recorder)
{
	int ret = mh_kernel_changes_begin(&recorder->changes, recorder->tree, recorder->reterr);

	if (ret < 0)
		return refuse(recorder, MH_RUN_REFUSED_ENVIRONMENT);
	ret = note_and_change(recorder);
	if (ret < 0)
		recorder->end = MH_RUN_REFUSED_ENVIRONMENT;
	else
		ret = drive(recorder);
	if (ret < 0 && recorder->end == MH_RUN_ENDED)
		recorder->end = MH_RUN_ENDED_BY_LIMIT;
	put_back(recorder);
	return ret;
}

static int record(struct recorder *recorder)
{
	int ret = look(recorder);

	if (ret < 0)
		return ret;
	describe(recorder);
	announce(recorder);
	if (mh_kernel_deadline_init(&recorder->deadline, recorder->reterr) < 0)
		return refuse(recorder, MH_RUN_REFUSED_ENVIRONMENT);
	ret = record_guarded(recorder);
	if (ret == 0 && mh_costs_fit(recorder->costs, recorder->operations, recorder->count, recorder->reterr) < 0)
		ret = refuse(recorder, MH_RUN_ENDED_BY_LIMIT);
	mh_kernel_deadline_release(&recorder->deadline);
	return ret;
}

enum mh_run_end mh_kernel_costs_record(const struct mh_kernel_cost_request *request, struct mh_costs *costs,
				       struct mh_error *reterr)
{
	struct recorder recorder = {
		.request = request,
		.tree = request->tree,
		.costs = costs,
		.end = MH_RUN_ENDED,
		.reterr = reterr,
	};

	(void)record(&recorder);
	mh_kernel_blocks_close(recorder.tree, &recorder.blocks);
	mh_kernel_driver_release(&recorder.driver);
	for (size_t i = 0; i < recorder.count; i++)
		free(recorder.operations[i].parts);
	free(recorder.operations);
	return recorder.end;
}
