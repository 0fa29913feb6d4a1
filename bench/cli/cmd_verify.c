/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench verify DIR: the checkers again, over the history that each run has kept, and whether the folder's files
 * are those that the run wrote.
 *
 * A file that was changed is exit 2: the folder is not what it says it is. An operation in it that breaks the protocol
 * is exit 3, which wins, whoever wrote it: so an edit that matters is told by the line that it broke.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/units.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "bench/cli/verdict.h"
#include "bench/engine/history_check.h"
#include "results/folder.h"
#include "results/json_put.h"
#include "results/run_json.h"
#include "results/show.h"

#define FINDINGS_SHOWN 5 /* of a run, unless --verbose */

struct request {
	struct mh_options options;
	const char *folder;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case ARGP_KEY_ARG:
		if (request->folder)
			argp_error(state, "one result folder, please: '%s' and '%s' were given", request->folder,
				   argument);
		request->folder = argument;
		return 0;
	case ARGP_KEY_END:
		if (!request->folder)
			argp_error(state, "which result folder?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char help[] =
	"The checkers again, over the history that a result folder keeps."
	"\vEach operation of history.ndjson is checked by itself: its events in their order and each followed by its "
	"final one, listeners by priority, the stop rule, its result against what was answered; then the blocks' "
	"states "
	"are played again. How much of the run the history covers is told: `verify.history: file` keeps all of it.\n\n"
	"Exit: 0 nothing broken; 3 an operation breaks the protocol, or the run itself found a violation; 2 the folder "
	"is "
	"none of ours, or a file in it is not as the run wrote it; 4 there is no history to check.";

/* What is said of a folder while it is checked. */
struct verifying {
	const struct request *request;
	const struct mh_result_folder *folder;
	const struct mh_result_folder_run *run;
	struct mh_json_put put;
	json_t *root, *runs, *files; /* NULL: text */
	int code;
};

static void fail(struct verifying *verifying, int code)
{
	verifying->code = mh_exit_combine(verifying->code, code);
}

/* A sentence about a run, on stderr and in the JSON. */
static void complain(struct verifying *verifying, json_t *object, const char *sentence)
{
	fprintf(stderr, "memhp-bench verify: error: %s/%s: %s\n", verifying->run->cell, verifying->run->run, sentence);
	if (object)
		mh_json_put_text(&verifying->put, object, "error", sentence);
}

/* Of a phase: "2,000 of 5,000 operations". */
static void print_phase(const struct mh_history_phase *phase)
{
	char from[32], to[32];

	if (!phase->covered) {
		printf("  %s: none of %" PRIu64 " operations\n", phase->name, phase->ran);
		return;
	}
	printf("  %s: %" PRIu64 " of %" PRIu64 " operations, from %s to %s of the phase%s\n", phase->name,
	       phase->covered, phase->ran, mh_show_duration(from, sizeof(from), (double)phase->from_ns),
	       mh_show_duration(to, sizeof(to), (double)phase->to_ns),
	       phase->replayed ? ", and its blocks' states" : "");
}

static void print_report(const struct verifying *verifying, const struct mh_history_report *report)
{
	const size_t shown = verifying->request->options.verbose ? MH_HISTORY_FINDINGS_MAX : FINDINGS_SHOWN;

	printf("%s/%s: %" PRIu64 " operations, %" PRIu64 " calls, %" PRIu64 " checks, %" PRIu64 " violation%s\n",
	       verifying->run->cell, verifying->run->run, report->operations, report->calls, report->checks,
	       report->violation_count, report->violation_count == 1 ? "" : "s");
	if (report->expected_count)
		printf("  %" PRIu64 " more were to be: a fault of the operation breaks the protocol on purpose\n",
		       report->expected_count);
	for (size_t i = 0; i < report->phase_count; i++)
		print_phase(&report->phases[i]);
	if (report->not_replayed[0])
		printf("  states were not played again: %s\n", report->not_replayed);
	for (size_t i = 0; i < report->finding_count && i < shown; i++)
		printf("  history.ndjson:%" PRIu64 ": %s: %s\n", report->findings[i].line,
		       report->findings[i].invariant, report->findings[i].detail);
	if (report->violation_count > shown)
		printf("  and %" PRIu64 " more%s\n", report->violation_count - shown,
		       verifying->request->options.verbose ? "" : " (-v)");
}

static void put_phase(struct mh_json_put *put, json_t *list, const struct mh_history_phase *phase)
{
	json_t *object = mh_json_add_object(put, list);

	mh_json_put_text(put, object, "phase", phase->name);
	mh_json_put_u64(put, object, "covered", phase->covered);
	mh_json_put_u64(put, object, "ran", phase->ran);
	mh_json_put_u64(put, object, "from_ns", phase->covered ? phase->from_ns : 0);
	mh_json_put_u64(put, object, "to_ns", phase->to_ns);
	mh_json_put_bool(put, object, "states", phase->replayed);
}

static void put_report(struct mh_json_put *put, json_t *object, const struct mh_history_report *report)
{
	json_t *list;

	mh_json_put_u64(put, object, "operations", report->operations);
	mh_json_put_u64(put, object, "calls", report->calls);
	mh_json_put_u64(put, object, "checks", report->checks);
	mh_json_put_u64(put, object, "expected", report->expected_count);
	mh_json_put_u64(put, object, "violation_count", report->violation_count);
	mh_json_put_text(put, object, "states_not_replayed", report->not_replayed[0] ? report->not_replayed : NULL);
	list = mh_json_put_list(put, object, "phases");
	for (size_t i = 0; i < report->phase_count; i++)
		put_phase(put, list, &report->phases[i]);
	list = mh_json_put_list(put, object, "violations");
	for (size_t i = 0; i < report->finding_count; i++) {
		json_t *item = mh_json_add_object(put, list);

		mh_json_put_u64(put, item, "line", report->findings[i].line);
		mh_json_put_text(put, item, "invariant", report->findings[i].invariant);
		mh_json_put_text(put, item, "detail", report->findings[i].detail);
	}
}

/* NULL with a sentence; @ret_absent: only because the run kept none. No link, and nothing that would be waited for. */
static FILE *open_history(const char *path, bool *ret_absent, struct mh_error *reterr)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;
	FILE *file;

	*ret_absent = fd < 0 && errno == ENOENT;
	if (fd < 0) {
		(void)mh_error_set(reterr, -errno, "cannot open '%s': %s", path, strerror(errno));
		return NULL;
	}
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
		close(fd);
		(void)mh_error_set(reterr, -EINVAL, "'%s' is no plain file", path);
		return NULL;
	}
	file = fdopen(fd, "re");
	if (!file) {
		close(fd);
		(void)mh_error_set(reterr, -ENOMEM, "no memory to read '%s'", path);
	}
	return file;
}

static void tell_nothing_to_check(struct verifying *verifying, json_t *object, const struct mh_result *result)
{
	if (result->mode && strcmp(result->mode, "kernel") == 0)
		complain(
			verifying, object,
			"it ran on a kernel: its operations were checked while it ran, and no history is kept of them");
	else
		complain(verifying, object,
			 "it keeps no history of operations, so there is nothing to check: run it with hotplug "
			 "workloads and `-D verify.history=file`");
	fail(verifying, MH_EXIT_INCONCLUSIVE);
}

static void tell_report(struct verifying *verifying, json_t *object, const struct mh_result *result,
			const struct mh_history_report *report)
{
	if (object)
		put_report(&verifying->put, object, report);
	else
		print_report(verifying, report);
	if (report->violation_count)
		fail(verifying, MH_EXIT_INCORRECT);
	if (!report->operations)
		tell_nothing_to_check(verifying, object, result);
	/* What the run saw may have left the history since. */
	if (!result->verify.violation_count)
		return;
	fail(verifying, MH_EXIT_INCORRECT);
	fprintf(stderr,
		"memhp-bench verify: %s/%s: the run itself found %" PRIu64 " violations: see `memhp-bench show`\n",
		verifying->run->cell, verifying->run->run, result->verify.violation_count);
}

static void verify_history(struct verifying *verifying, json_t *object, const struct mh_result *result,
			   const char *path)
{
	struct mh_history_report report = {.operations = 0};
	struct mh_error error;
	bool absent;
	FILE *file = open_history(path, &absent, &error);
	int ret;

	if (!file && absent) {
		tell_nothing_to_check(verifying, object, result);
		return;
	}
	ret = file ? mh_history_check(file, path, result, &report, &error) : -EINVAL;
	if (file)
		fclose(file);
	if (ret < 0) {
		complain(verifying, object, error.text);
		fail(verifying, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
		return;
	}
	tell_report(verifying, object, result, &report);
	mh_history_report_release(&report);
}

static void verify_run(struct verifying *verifying, json_t *object)
{
	char *run_json = mh_result_folder_path(verifying->folder, verifying->run, "run.json");
	char *history = mh_result_folder_path(verifying->folder, verifying->run, "history.ndjson");
	struct mh_result result;
	struct mh_error error = {.text = "no memory for a path"};
	int ret = run_json && history ? mh_run_json_load(run_json, &result, &error) : -ENOMEM;

	if (ret == 0) {
		verify_history(verifying, object, &result, history);
		mh_result_release(&result);
	} else if (ret == -ENOENT && verifying->run->running) {
		complain(verifying, object,
			 "it was not finished and has no run.json: there is nothing to check against");
		fail(verifying, MH_EXIT_INCONCLUSIVE);
	} else {
		complain(verifying, object, error.text);
		fail(verifying, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
	}
	free(run_json);
	free(history);
}

static void verify_runs(struct verifying *verifying)
{
	for (size_t i = 0; i < verifying->folder->run_count; i++) {
		json_t *object = NULL;

		verifying->run = &verifying->folder->runs[i];
		if (verifying->runs) {
			object = mh_json_add_object(&verifying->put, verifying->runs);
			mh_json_put_text(&verifying->put, object, "cell", verifying->run->cell);
			mh_json_put_text(&verifying->put, object, "run", verifying->run->run);
		}
		verify_run(verifying, object);
	}
	if (verifying->folder->run_count)
		return;
	fprintf(stderr, "memhp-bench verify: error: '%s' holds no run: nothing to check\n", verifying->folder->path);
	fail(verifying, MH_EXIT_INCONCLUSIVE);
}

static void found_file(void *data, const char *path, const char *why)
{
	struct verifying *verifying = data;

	fprintf(stderr, "memhp-bench verify: error: '%s' %s, by the sum in manifest.json\n", path, why);
	if (verifying->files) {
		json_t *item = mh_json_add_object(&verifying->put, verifying->files);

		mh_json_put_text(&verifying->put, item, "path", path);
		mh_json_put_text(&verifying->put, item, "why", why);
	}
	fail(verifying, MH_EXIT_USAGE);
}

/* The sums of a folder come when all of it is done. */
static void verify_files(struct verifying *verifying)
{
	if (verifying->folder->running)
		fprintf(stderr,
			"memhp-bench verify: '%s' was not finished (killed, or still running): its files have no "
			"sums yet\n",
			verifying->folder->path);
	else
		(void)mh_result_folder_check_files(verifying->folder, found_file, verifying);
}

static void begin_json(struct verifying *verifying)
{
	if (verifying->request->options.format != MH_FORMAT_JSON)
		return;
	verifying->root = json_object();
	mh_json_put_text(&verifying->put, verifying->root, "schema", "memhp-bench/verify");
	mh_json_put_u64(&verifying->put, verifying->root, "schema_version", 1);
	verifying->files = mh_json_put_list(&verifying->put, verifying->root, "changed_files");
	verifying->runs = mh_json_put_list(&verifying->put, verifying->root, "runs");
}

static void end_json(struct verifying *verifying)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error;

	if (!verifying->root)
		return;
	mh_json_put_text(&verifying->put, verifying->root, "verdict", mh_verdict_word(verifying->code));
	mh_json_put_u64(&verifying->put, verifying->root, "exit", (uint64_t)verifying->code);
	if (mh_json_finish(&verifying->put, verifying->root, &text, &error) < 0) {
		fprintf(stderr, "memhp-bench verify: error: %s\n", error.text);
		fail(verifying, MH_EXIT_ENVIRONMENT);
	} else {
		fputs(text.data, stdout);
	}
	mh_text_release(&text);
}

/* The last line, however it went. */
static int conclude(const struct request *request, const struct mh_result_folder *folder, int code)
{
	struct mh_text repro = MH_TEXT_INIT;
	char seed[32] = "-";

	if (folder)
		snprintf(seed, sizeof(seed), "0x%" PRIx64, folder->seed);
	mh_text_add(&repro, "memhp-bench verify ");
	mh_options_quote(&repro, request->folder);
	mh_verdict_print(code, seed, repro.data);
	mh_text_release(&repro);
	return code;
}

int mh_cmd_verify(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {NULL, parse, "DIR", help, children, NULL, NULL};
	struct request request = {.folder = NULL};
	struct verifying verifying = {.request = &request, .code = MH_EXIT_DONE};
	struct mh_result_folder folder;
	struct mh_error error;

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "verify", argc, argv, &request))
		return MH_EXIT_USAGE;
	if (mh_result_folder_open(request.folder, &folder, &error) < 0) {
		fprintf(stderr, "memhp-bench verify: error: %s\n", error.text);
		return conclude(&request, NULL, MH_EXIT_USAGE);
	}
	verifying.folder = &folder;
	begin_json(&verifying);
	verify_files(&verifying);
	verify_runs(&verifying);
	end_json(&verifying);
	verifying.code = conclude(&request, &folder, verifying.code);
	mh_result_folder_release(&folder);
	return verifying.code;
}
