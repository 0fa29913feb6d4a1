/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run in a process of its own begins as fresh as any other: no heap, no address, no thread of the run before.
 */
#include "bench/cli/job.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sync.h"
#include "base/text.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/kernel_root.h"
#include "bench/cli/signals.h"
#include "bench/cli/verdict.h"
#include "bench/engine/run.h"
#include "bench/kernel/run.h"
#include "results/run_json.h"

#define ARGUMENTS_MAX 2048     /* of a child's command line */
#define WAIT_POLL_NS  5000000u /* between two looks at a child */
#define PAIR_VARIABLE "MEMHP_RUN_PAIR"

static int save_as(const struct mh_job *job, const struct mh_result *result, const char *name,
		   int (*write)(const struct mh_result *result, const char *path, struct mh_error *reterr))
{
	struct mh_error error;
	char *path;
	int ret;

	if (asprintf(&path, "%s/%s", job->path, name) < 0)
		return MH_EXIT_ENVIRONMENT;
	ret = write(result, path, &error);
	free(path);
	if (ret == 0)
		return MH_EXIT_DONE;
	fprintf(stderr, "memhp-bench run: error: %s\n", error.text);
	return MH_EXIT_ABORTED;
}

static int save(const struct mh_job *job, const struct mh_result *result, int code)
{
	code = mh_exit_combine(code, save_as(job, result, "run.json", mh_run_json_save));
	return mh_exit_combine(code, save_as(job, result, "exemplars.json", mh_exemplars_json_save));
}

static void print_module_log(const struct mh_job *job, const struct mh_text *log)
{
	if (!log->length)
		return;
	mh_progress_line_clear(job->progress);
	fprintf(stderr, "%s%s", log->data, log->data[log->length - 1] == '\n' ? "" : "\n");
}

/* Why the run was cut short, also where --quiet leaves the report out. A watchdog has said more already. */
static void print_limit(const struct mh_result *result, enum mh_run_end end)
{
	for (size_t i = 0; end == MH_RUN_ENDED_BY_LIMIT && i < result->status_reason_count; i++)
		fprintf(stderr, "memhp-bench run: error: %s\n", result->status_reasons[i]);
}

/* For mh_run_request.open_dump; @data: the progress line, which gives way. */
static int open_dump(void *data)
{
	mh_progress_line_clear(data);
	return STDERR_FILENO;
}

static void announce(void *data, const char *text)
{
	mh_progress_line_clear(data);
	fprintf(stderr, "memhp-bench run: %s", text);
}

static enum mh_run_end run_on_kernel(const struct mh_job *job, const struct mh_run_request *run,
				     struct mh_result *result, struct mh_error *reterr)
{
	struct mh_kernel_tree tree = {.calls = &mh_kernel_calls_system};
	struct mh_kernel_run_request request = {.run = run, .tree = &tree, .blocks = job->blocks, .announce = announce};
	enum mh_run_end end;
	char *root;

	if (mh_kernel_root_find(job->kernel_root, &root, reterr) < 0)
		return MH_RUN_REFUSED_INPUT;
	tree.root = root;
	end = mh_kernel_run_execute(&request, result, reterr);
	free(root);
	return end;
}

static enum mh_run_end execute(const struct mh_job *job, const struct mh_run_request *run, struct mh_result *result,
			       struct mh_text *log, struct mh_error *reterr)
{
	if (job->cell->scenario->mode == MH_MODE_KERNEL)
		return run_on_kernel(job, run, result, reterr);
	if (!job->blocks && !job->kernel_root)
		return mh_run_execute(run, result, log, reterr);
	(void)mh_error_set(reterr, -EINVAL, "--blocks and --kernel-root are for scenarios with mode: kernel");
	return MH_RUN_REFUSED_INPUT;
}

int mh_job_run(const struct mh_job *job, struct mh_result *result)
{
	struct mh_run_request request = {
		.plan = job->plan,
		.cell = job->cell,
		.run = job->run - 1,
		.folder = job->path,
		.repro = job->repro,
		.census = job->census,
		.pair = job->pair,
		.signal = &mh_signal_number,
		.progress = mh_progress_line_show,
		.open_dump = open_dump,
		.data = job->progress,
	};
	struct mh_text log = MH_TEXT_INIT;
	struct mh_error error = {.code = 0};
	enum mh_run_end end = execute(job, &request, result, &log, &error);
	int code = mh_verdict_code(end, mh_signal_number, result);

	*job->ret_hung = mh_run_end_leaves_threads(end);
	mh_progress_line_clear(job->progress);
	print_module_log(job, &log);
	mh_text_release(&log);
	if (end == MH_RUN_REFUSED_INPUT || end == MH_RUN_REFUSED_ENVIRONMENT) {
		fprintf(stderr, "memhp-bench run: error: %s\n", error.text);
		mh_result_raise_status(result, MH_RUN_ABORTED);
		(void)mh_result_add_status_reason(result, "%s", error.text);
		return code;
	}
	print_limit(result, end);
	return save(job, result, code);
}

/* The child stands in a group of its own, so that a signal reaches it once: from here. */
static int wait_for(pid_t child)
{
	bool forwarded = false;
	pid_t ended;
	int status;

	mh_signal_child = child;
	while ((ended = waitpid(child, &status, WNOHANG)) == 0) {
		if (mh_signal_number && !forwarded) {
			kill(child, mh_signal_number);
			forwarded = true;
		}
		mh_sleep_ns(WAIT_POLL_NS);
	}
	mh_signal_child = 0;
	if (ended < 0)
		return MH_EXIT_INTERNAL;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "memhp-bench run: error: the run's process ended by signal %d (%s)\n", WTERMSIG(status),
		strsignal(WTERMSIG(status)));
	return MH_EXIT_INTERNAL;
}

/* By the environment and not by options: another build of the program need not know of pairs. */
static void tell_pair(const struct mh_result_pair *pair)
{
	char *text;

	if (!pair || asprintf(&text, "%llu %s %c %s", (unsigned long long)pair->index, pair->order, pair->side,
			      pair->treatment ? pair->treatment : "") < 0) {
		unsetenv(PAIR_VARIABLE);
		return;
	}
	setenv(PAIR_VARIABLE, text, 1);
}

bool mh_job_pair(struct mh_result_pair *ret_pair)
{
	const char *text = getenv(PAIR_VARIABLE);
	struct mh_result_pair pair = {.present = true};
	unsigned long long index;
	int length = 0;

	if (!text || sscanf(text, "%llu %2[AB] %c %n", &index, pair.order, &pair.side, &length) != 3 || !length)
		return false;
	pair.index = index;
	pair.treatment = text[length] ? text + length : NULL;
	*ret_pair = pair;
	return true;
}

static void open_log(const char *path)
{
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0644) : -1;

	if (fd >= 0)
		(void)dup2(fd, STDERR_FILENO);
}

int mh_job_spawn(const struct mh_job *job, char *const *arguments)
{
	char *argv[ARGUMENTS_MAX];
	char place[64], seed[32];
	size_t count = 0;
	pid_t child, parent = getpid();

	for (; arguments[count] && count < ARGUMENTS_MAX - 7; count++)
		argv[count] = arguments[count];
	snprintf(place, sizeof(place), "%u", job->run);
	/* Behind the command's own: a random seed has been drawn once, for all runs. */
	snprintf(seed, sizeof(seed), "0x%llx", (unsigned long long)job->plan->seed);
	argv[count++] = (char *)"--seed";
	argv[count++] = seed;
	argv[count++] = (char *)"--one-cell";
	argv[count++] = job->cell->id;
	argv[count++] = (char *)"--one-run";
	argv[count++] = place;
	argv[count] = NULL;
	fflush(NULL);
	child = fork();
	if (child < 0) {
		fprintf(stderr, "memhp-bench run: error: cannot start a process for a run: %s\n", strerror(errno));
		return MH_EXIT_ENVIRONMENT;
	}
	if (child == 0) {
		setpgid(0, 0);
		/* A command that is killed leaves no run behind that goes on by itself; one that is gone already
		 * neither. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
			_exit(MH_EXIT_INTERNAL);
		setenv("MEMHP_RUN_FOLDER", job->path, 1);
		tell_pair(job->pair);
		open_log(job->log);
		execv(job->program ? job->program : "/proc/self/exe", argv);
		_exit(MH_EXIT_INTERNAL);
	}
	return wait_for(child);
}

int mh_job_load(const char *path, struct mh_result *result)
{
	struct mh_error ignored;
	char *file;
	int ret;

	if (asprintf(&file, "%s/run.json", path) < 0)
		return -ENOMEM;
	ret = mh_run_json_load(file, result, &ignored);
	free(file);
	return ret;
}
