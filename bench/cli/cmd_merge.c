/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench merge DIR… -o DIR: the shards of one scenario as one result folder.
 *
 * A run that stands in one folder only is copied as it is. One that stands in several is added up (results/merge.h);
 * its streams (run.hlog, the histories) stay where they are, for two of them are not one.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "results/folder.h"
#include "results/merge.h"
#include "results/run_json.h"

#define FOLDERS_MAX 1024 /* in one command */

struct request {
	const char *folders[FOLDERS_MAX];
	size_t folder_count;
	const char *output;
	bool quiet;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'o':
		request->output = argument;
		return 0;
	case 'q':
		request->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		if (request->folder_count == FOLDERS_MAX)
			argp_error(state, "more than %d result folders", FOLDERS_MAX);
		request->folders[request->folder_count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (!request->folder_count)
			argp_error(state, "which result folders?");
		if (!request->output)
			argp_error(state, "where to? -o DIR is a folder that is absent or empty");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"output", 'o', "DIR", 0, "result folder: absent or empty", 1},
	{"quiet", 'q', NULL, 0, "do not say what is left out", 1},
	{0},
};

static const char help[] =
	"Adds shards of one scenario up to one result folder."
	"\vA run that several folders have is added up bucket by bucket and count by count; a percentile is never "
	"averaged, and thresholds are judged anew. A run that was aborted is left out and named.\n\n"
	"Exit: 0; 2 a folder is none of ours, or there is nothing to add; 5 the folders differ in scenario, seed, "
	"program or precision; 6 or 7 DIR cannot be written.";

/* A run of one of the folders that can be used. */
struct part {
	const struct mh_result_folder *folder;
	const struct mh_result_folder_run *run;
	bool taken; /* it is in the sum already */
};

struct session {
	const struct request *request;
	struct mh_result_folder *folders;
	size_t folder_count; /* open ones */
	struct part *parts;
	size_t part_count;
	struct mh_result first; /* what all others must agree with; only where has_first */
	bool has_first;
	struct mh_result_folder sum;
};

static int complain(const struct mh_error *error, int code)
{
	fprintf(stderr, "memhp-bench merge: error: %s\n", error->text);
	return code;
}

static int code_of(int ret)
{
	switch (ret) {
	case -EXDEV:
		return MH_EXIT_NOT_COMPARABLE;
	case -EINVAL:
	case -EOVERFLOW:
	case -EFBIG:
	case -ENOENT:
		return MH_EXIT_USAGE;
	case -ENOSPC:
		return MH_EXIT_ABORTED;
	default:
		return MH_EXIT_ENVIRONMENT;
	}
}

static int load_run(const struct part *part, struct mh_result *ret_result, struct mh_error *reterr)
{
	char *path = mh_result_folder_path(part->folder, part->run, "run.json");

	if (!path)
		return mh_error_set(reterr, -ENOMEM, "no memory for a path");
	int ret = mh_run_json_load(path, ret_result, reterr);

	free(path);
	return ret;
}

static void leave_out(const struct session *session, const struct part *part, const char *why)
{
	if (!session->request->quiet)
		fprintf(stderr, "memhp-bench merge: %s/cells/%s/%s is left out: %s\n", part->folder->path,
			part->run->cell, part->run->run, why);
}

/* @ret_used: false for a run that is left out. The first that is used is kept to hold the others against. */
static int examine(struct session *session, const struct part *part, bool *ret_used, struct mh_error *reterr)
{
	struct mh_result result;
	struct mh_error why;
	int ret = load_run(part, &result, &why);

	*ret_used = false;
	if (ret == -ENOMEM)
		return mh_error_set(reterr, ret, "%s", why.text);
	if (ret < 0 || result.status == MH_RUN_ABORTED) {
		leave_out(session, part, ret == 0 || ret == -ENOENT ? "it was aborted" : why.text);
		if (ret == 0)
			mh_result_release(&result);
		return 0;
	}
	*ret_used = true;
	if (!session->has_first) {
		session->first = result;
		session->has_first = true;
		return 0;
	}
	ret = mh_merge_agrees(&session->first, &result, &why);
	mh_result_release(&result);
	return ret < 0 ? mh_error_set(reterr, ret, "'%s': %s", part->folder->path, why.text) : 0;
}

/* All runs of all folders that can be used, in their order. */
static int collect(struct session *session, struct mh_error *reterr)
{
	size_t capacity = 0;

	for (size_t i = 0; i < session->folder_count; i++)
		capacity += session->folders[i].run_count;
	session->parts = calloc(capacity + 1, sizeof(session->parts[0]));
	if (!session->parts)
		return mh_error_set(reterr, -ENOMEM, "no memory for %zu runs", capacity);
	for (size_t i = 0; i < session->folder_count; i++) {
		for (size_t j = 0; j < session->folders[i].run_count; j++) {
			struct part part = {.folder = &session->folders[i], .run = &session->folders[i].runs[j]};
			bool used;
			int ret = examine(session, &part, &used, reterr);

			if (ret < 0)
				return ret;
			if (used)
				session->parts[session->part_count++] = part;
		}
	}
	if (!session->part_count)
		return mh_error_set(reterr, -EINVAL, "there is nothing to add up: no run of these folders ended");
	return 0;
}

static int copy_file(const char *from_folder, const char *to_folder, const char *name, struct mh_error *reterr)
{
	char *from = NULL, *to = NULL;
	int ret = -ENOMEM;

	if (asprintf(&from, "%s/%s", from_folder, name) < 0)
		from = NULL;
	if (asprintf(&to, "%s/%s", to_folder, name) < 0)
		to = NULL;
	if (from && to)
		ret = mh_file_copy(from, to, reterr);
	else
		mh_error_set(reterr, ret, "no memory for a path");
	free(from);
	free(to);
	return ret == -ENOENT ? 0 : ret; /* not every run has each of them */
}

static int copy_run(const struct part *part, const char *to, struct mh_error *reterr)
{
	static const char *const files[] = {"run.json",       "run.hlog",      "exemplars.json",
					    "history.ndjson", "faults.ndjson", "scenario.resolved.yaml"};
	char *from = mh_result_folder_path(part->folder, part->run, NULL);
	int ret = from ? 0 : mh_error_set(reterr, -ENOMEM, "no memory for a path");

	for (size_t i = 0; ret == 0 && i < sizeof(files) / sizeof(files[0]); i++)
		ret = copy_file(from, to, files[i], reterr);
	free(from);
	return ret;
}

static unsigned long number_of(const struct part *part)
{
	return strtoul(part->run->run + strlen("run-"), NULL, 10);
}

static bool is_same(const struct session *session, size_t index, size_t other)
{
	const struct part *a = &session->parts[index], *b = &session->parts[other];

	return strcmp(a->run->cell, b->run->cell) == 0 && number_of(a) == number_of(b);
}

static int save(struct mh_result *sum, const char *folder, struct mh_error *reterr)
{
	char *path;
	int ret;

	(void)mh_result_add_warning(sum,
				    "added up from several runs: run.hlog and the histories stay in their folders");
	if (asprintf(&path, "%s/run.json", folder) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for a path");
	ret = mh_run_json_save(sum, path, reterr);
	free(path);
	if (ret < 0)
		return ret;
	if (asprintf(&path, "%s/exemplars.json", folder) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for a path");
	ret = mh_exemplars_json_save(sum, path, reterr);
	free(path);
	return ret;
}

/* All parts that are the run of @index, into @sum. */
static int add_parts(struct session *session, size_t index, struct mh_result *sum, struct mh_error *reterr)
{
	int ret = load_run(&session->parts[index], sum, reterr);

	for (size_t i = index + 1; ret == 0 && i < session->part_count; i++) {
		struct mh_result result;

		if (!is_same(session, index, i))
			continue;
		session->parts[i].taken = true;
		ret = load_run(&session->parts[i], &result, reterr);
		if (ret < 0)
			break;
		ret = mh_result_merge(sum, &result, reterr);
		mh_result_release(&result);
	}
	return ret;
}

static int write_sum(struct session *session, size_t index, const char *folder, enum mh_run_status *ret_status,
		     struct mh_error *reterr)
{
	struct mh_result sum = {0};
	int ret = add_parts(session, index, &sum, reterr);

	if (ret == 0)
		ret = save(&sum, folder, reterr);
	*ret_status = sum.status;
	mh_result_release(&sum);
	return ret;
}

static bool stands_alone(const struct session *session, size_t index)
{
	for (size_t i = index + 1; i < session->part_count; i++)
		if (is_same(session, index, i))
			return false;
	return true;
}

/* One run of the sum, of all parts that are it. */
static int write_run(struct session *session, size_t index, struct mh_error *reterr)
{
	const struct part *part = &session->parts[index];
	unsigned number = (unsigned)number_of(part);
	enum mh_run_status status = part->run->status;
	char *path;

	if (number_of(part) > UINT_MAX)
		return mh_error_set(reterr, -EINVAL, "'%s' is no number of a run", part->run->run);
	int ret = mh_result_folder_begin_run(&session->sum, part->run->cell, number, &path, reterr);

	if (ret < 0)
		return ret;
	if (stands_alone(session, index))
		ret = copy_run(part, path, reterr);
	else
		ret = write_sum(session, index, path, &status, reterr);
	free(path);
	return ret < 0 ? ret : mh_result_folder_end_run(&session->sum, part->run->cell, number, status, reterr);
}

/* Runs of one cell stand together in a manifest: each cell's, in the order in which the cells come first. */
static int write_cell(struct session *session, size_t first, struct mh_error *reterr)
{
	int ret = 0;

	for (size_t i = first; ret == 0 && i < session->part_count; i++) {
		if (session->parts[i].taken ||
		    strcmp(session->parts[i].run->cell, session->parts[first].run->cell) != 0)
			continue;
		session->parts[i].taken = true;
		ret = write_run(session, i, reterr);
	}
	return ret;
}

static int create(struct session *session, struct mh_error *reterr)
{
	const struct mh_result_folder *first = session->parts[0].folder;

	return mh_result_folder_create(
		&(struct mh_result_folder_request){
			.path = session->request->output,
			.name = first->name,
			.version = first->version ? first->version : "",
			.build_id = first->build_id,
			.seed = first->seed,
			.start_unix_ns = first->start_unix_ns,
		},
		&session->sum, reterr);
}

static int write_all(struct session *session, struct mh_error *reterr)
{
	const char *from = session->parts[0].folder->path, *to = session->sum.path;
	int ret = copy_file(from, to, "scenario.yaml", reterr);

	if (ret == 0)
		ret = copy_file(from, to, "scenario.resolved.yaml", reterr);
	for (size_t i = 0; ret == 0 && i < session->part_count; i++)
		if (!session->parts[i].taken)
			ret = write_cell(session, i, reterr);
	return ret < 0 ? ret : mh_result_folder_finish(&session->sum, MH_RUN_OK, reterr);
}

static int open_folders(struct session *session, struct mh_error *reterr)
{
	session->folders = calloc(session->request->folder_count, sizeof(session->folders[0]));
	if (!session->folders)
		return mh_error_set(reterr, -ENOMEM, "no memory for %zu folders", session->request->folder_count);
	for (size_t i = 0; i < session->request->folder_count; i++) {
		int ret = mh_result_folder_open(session->request->folders[i], &session->folders[i], reterr);

		if (ret < 0)
			return ret == -ENOMEM ? ret : -EINVAL;
		session->folder_count++;
	}
	return 0;
}

static void release(struct session *session)
{
	for (size_t i = 0; i < session->folder_count; i++)
		mh_result_folder_release(&session->folders[i]);
	if (session->has_first)
		mh_result_release(&session->first);
	mh_result_folder_release(&session->sum);
	free(session->folders);
	free(session->parts);
}

static int merge(struct session *session)
{
	struct mh_error error;
	int ret = open_folders(session, &error);

	if (ret == 0)
		ret = collect(session, &error);
	if (ret < 0)
		return complain(&error, code_of(ret));
	ret = create(session, &error);
	if (ret < 0) /* that is no input */
		return complain(&error, ret == -ENOSPC ? MH_EXIT_ABORTED : MH_EXIT_ENVIRONMENT);
	ret = write_all(session, &error);
	if (ret < 0)
		return complain(&error, code_of(ret));
	if (!session->request->quiet)
		fprintf(stderr, "memhp-bench: %zu runs in %s\n", session->sum.run_count, session->sum.path);
	return MH_EXIT_DONE;
}

int mh_cmd_merge(int argc, char **argv)
{
	static const struct argp argp = {own_options, parse, "DIR...", help, NULL, NULL, NULL};
	static struct request request; /* large; one a process */
	struct session session = {.request = &request};
	int code;

	if (mh_options_parse(&argp, "merge", argc, argv, &request))
		return MH_EXIT_USAGE;
	code = merge(&session);
	release(&session);
	return code;
}
