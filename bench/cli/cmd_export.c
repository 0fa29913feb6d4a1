/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench export DIR --format F: a result, or what a gate has left, in a format that other tools read.
 *
 * In a job of GitHub's actions `github` also fills the summary of the step and its outputs, which are files that the
 * environment names; elsewhere they are not there, and nothing is written.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "bench/cli/verdict.h"
#include "results/export/export.h"
#include "results/export/gate_export.h"
#include "results/export/github.h"
#include "results/export/md.h"
#include "results/gate_record.h"

enum key { KEY_FORMAT = 0x200, KEY_SERIES, KEY_CELL, KEY_UNIT };

struct request {
	const struct mh_export_format *format;
	const char *folder, *output, *series, *cells;
	uint64_t unit_ns; /* 0: the format's own */
	bool quiet;
};

static void set_format(struct argp_state *state, struct request *request, const char *name)
{
	struct mh_error error;

	if (mh_export_find(name, &request->format, &error) < 0)
		argp_error(state, "--format: %s", error.text);
}

static void set_unit(struct argp_state *state, struct request *request, const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].name, unit) == 0)
			request->unit_ns = units[i].ns;
	if (!request->unit_ns)
		argp_error(state, "--unit '%s': use ns, us, ms or s", unit);
}

static void set_folder(struct argp_state *state, struct request *request, const char *folder)
{
	if (request->folder)
		argp_error(state, "one result folder, please: '%s' and '%s' were given", request->folder, folder);
	request->folder = folder;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case KEY_FORMAT:
		set_format(state, request, argument);
		return 0;
	case 'o':
		request->output = argument;
		return 0;
	case KEY_SERIES:
		request->series = argument;
		return 0;
	case KEY_CELL:
		request->cells = argument;
		return 0;
	case KEY_UNIT:
		set_unit(state, request, argument);
		return 0;
	case 'q':
		request->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		set_folder(state, request, argument);
		return 0;
	case ARGP_KEY_END:
		if (!request->folder)
			argp_error(state, "which result folder?");
		if (!request->format)
			argp_error(state, "which format? --format md is one for people; --help lists them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"format", KEY_FORMAT, "hgrm|hlog|gbench|junit|github|trace|csv|md", 0, "they stand below", 1},
	{"output", 'o', "FILE", 0, "instead of stdout; whole or not at all", 1},
	{"series", KEY_SERIES, "TAG", 0, "hgrm: of this series; csv, gbench, md: only those that match", 1},
	{"unit", KEY_UNIT, "ns|us|ms|s", 0, "hgrm: of its values; ms unless told", 1},
	{"cell", KEY_CELL, "GLOB", 0, "only these cells", 1},
	{"quiet", 'q', NULL, 0, "do not say what is left out", 1},
	{0},
};

/* The formats come from their table. argp frees what is returned. */
static char *help_filter(int key, const char *text, void *input)
{
	struct mh_text help = MH_TEXT_INIT;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	for (size_t i = 0; mh_export_formats[i]; i++)
		mh_text_add(&help, "  %-8s %s\n", mh_export_formats[i]->name, mh_export_formats[i]->help);
	mh_text_add(&help, "\nOf a gate's folder: junit, github, md.\n"
			   "Exit: 0; 2 an unknown format, or a result that lacks what it needs; 6 FILE cannot be "
			   "written.");
	char *copy = help.failed ? NULL : strdup(help.data);

	mh_text_release(&help);
	return copy;
}

static int complain(const struct mh_error *error, int code)
{
	fprintf(stderr, "memhp-bench export: error: %s\n", error->text);
	return code;
}

static int code_of_write(int ret)
{
	return ret == -ENOSPC ? MH_EXIT_ABORTED : MH_EXIT_ENVIRONMENT;
}

static int deliver(const struct request *request, const struct mh_text *text)
{
	struct mh_error error;
	int ret;

	if (!request->output) {
		fwrite(text->data, 1, text->length, stdout); /* main() looks for errors */
		return MH_EXIT_DONE;
	}
	ret = mh_file_write(request->output, text->data, text->length, &error);
	return ret < 0 ? complain(&error, code_of_write(ret)) : MH_EXIT_DONE;
}

/* At the end of the file that the environment variable names; nothing when it names none. */
static int append(const char *variable, const struct mh_text *text)
{
	const char *path = getenv(variable);
	struct mh_error error;

	if (!path || !*path)
		return MH_EXIT_DONE;
	if (text->failed)
		return complain(&(struct mh_error){.text = "no memory for the summary"}, MH_EXIT_ENVIRONMENT);
	int ret = mh_file_append(path, text->data, text->length, &error);

	return ret < 0 ? complain(&error, code_of_write(ret)) : MH_EXIT_DONE;
}

/* What this step may still write into its summary. */
static size_t summary_room(void)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	struct stat status;

	if (!path || stat(path, &status) < 0)
		return MH_GITHUB_SUMMARY_SIZE_MAX;
	return status.st_size < MH_GITHUB_SUMMARY_SIZE_MAX ? MH_GITHUB_SUMMARY_SIZE_MAX - (size_t)status.st_size : 0;
}

/* The exit code that the command had which made the folder, as far as the folder tells. */
static int code_of_runs(const struct mh_export *export)
{
	int code = MH_EXIT_DONE;

	for (size_t i = 0; i < export->run_count; i++) {
		const struct mh_export_run *run = &export->runs[i];

		if (!run->read || run->result.status == MH_RUN_ABORTED)
			code = mh_exit_combine(code, MH_EXIT_ABORTED);
		else
			code = mh_exit_combine(code, mh_verdict_code(MH_RUN_ENDED, 0, &run->result));
	}
	return code;
}

/* @summary is cut to what the step may still say. */
static int tell_job(struct mh_text *summary, const char *verdict, int judged)
{
	struct mh_text outputs = MH_TEXT_INIT;

	mh_github_cut(summary, summary_room());
	mh_github_outputs(&outputs, verdict, judged);
	int code = mh_exit_combine(append("GITHUB_STEP_SUMMARY", summary), append("GITHUB_OUTPUT", &outputs));

	mh_text_release(&outputs);
	return code;
}

static int tell_job_of_runs(const struct mh_export *export)
{
	struct mh_text summary = MH_TEXT_INIT;
	int judged = code_of_runs(export);

	mh_md_runs(export, &summary);
	int code = tell_job(&summary, mh_verdict_word(judged), judged);

	mh_text_release(&summary);
	return code;
}

static int export_runs(const struct request *request, struct mh_export *export)
{
	struct mh_text text = MH_TEXT_INIT, notes = MH_TEXT_INIT;
	struct mh_error error;
	int code;

	export->series = request->series;
	export->unit_ns = request->unit_ns;
	export->notes = &notes;
	int ret = mh_export_write(request->format, export, &text, &error);

	if (!request->quiet)
		fputs(notes.data, stderr);
	if (ret < 0)
		code = complain(&error, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
	else
		code = deliver(request, &text);
	if (code == MH_EXIT_DONE && strcmp(request->format->name, "github") == 0)
		code = tell_job_of_runs(export);
	mh_text_release(&text);
	mh_text_release(&notes);
	return code;
}

static int export_folder(const struct request *request, const struct mh_result_folder *folder)
{
	struct mh_export export;
	struct mh_error error;
	int ret = mh_export_load(folder, request->cells, &export, &error);

	if (ret < 0)
		return complain(&error, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
	int code = export_runs(request, &export);

	mh_export_release(&export);
	return code;
}

/* A format that a gate can be written in; NULL: it is of runs alone. */
static void (*gate_writer(const char *format))(const struct mh_gate_report *, const struct mh_gate_rule *,
					       const struct mh_export_gate_options *, struct mh_text *)
{
	if (strcmp(format, "junit") == 0)
		return mh_export_gate_junit;
	if (strcmp(format, "github") == 0)
		return mh_export_gate_github;
	return strcmp(format, "md") == 0 ? mh_export_gate_md : NULL;
}

static int tell_job_of_gate(const struct mh_gate_record *record, const struct mh_gate_rule *rule,
			    const struct mh_export_gate_options *options)
{
	struct mh_text summary = MH_TEXT_INIT;
	const enum mh_verdict verdict = record->report.verdict;

	mh_export_gate_md(&record->report, rule, options, &summary);
	int code = tell_job(&summary, mh_verdict_gate_word(false, verdict),
			    mh_verdict_exit(verdict, rule->undecided_warns));

	mh_text_release(&summary);
	return code;
}

/* @side: one of the two: scenario and seed are the same on both. */
static int export_gate(const struct request *request, const struct mh_gate_record *record,
		       const struct mh_result_folder *side)
{
	const struct mh_export_gate_options options = {.scenario = side->name};
	struct mh_gate_rule rule = mh_gate_record_rule(record);
	struct mh_text text = MH_TEXT_INIT;
	int code;

	rule.seed = side->seed;
	gate_writer(request->format->name)(&record->report, &rule, &options, &text);
	code = text.failed ? complain(&(struct mh_error){.text = "no memory for the text"}, MH_EXIT_ENVIRONMENT)
			   : deliver(request, &text);
	if (code == MH_EXIT_DONE && strcmp(request->format->name, "github") == 0)
		code = tell_job_of_gate(record, &rule, &options);
	mh_text_release(&text);
	return code;
}

/* The folder of a gate has no runs of its own: those of its sides lie in a/ and b/. */
static int check_gate_request(const struct request *request)
{
	if (!gate_writer(request->format->name))
		fprintf(stderr,
			"memhp-bench export: error: '%s' holds a gate, of which %s says nothing: use junit, github or "
			"md, or export '%s/a' and '%s/b'\n",
			request->folder, request->format->name, request->folder, request->folder);
	else if (request->series || request->cells || request->unit_ns)
		fprintf(stderr,
			"memhp-bench export: error: '%s' holds a gate: --series, --cell and --unit are for runs\n",
			request->folder);
	else
		return MH_EXIT_DONE;
	return MH_EXIT_USAGE;
}

static int export_gate_folder(const struct request *request, const struct mh_gate_record *record)
{
	struct mh_result_folder side;
	struct mh_error error;
	char *path;
	int code = check_gate_request(request);

	if (code != MH_EXIT_DONE)
		return code;
	if (asprintf(&path, "%s/a", request->folder) < 0)
		return complain(&(struct mh_error){.text = "no memory for a path"}, MH_EXIT_ENVIRONMENT);
	int ret = mh_result_folder_open(path, &side, &error);

	free(path);
	if (ret < 0)
		return complain(&error, MH_EXIT_USAGE);
	code = export_gate(request, record, &side);
	mh_result_folder_release(&side);
	return code;
}

/* Where there is a gate.json: @ret_code. False: the folder is a result's, if anything. */
static bool is_gate(const struct request *request, int *ret_code)
{
	struct mh_gate_record record;
	struct mh_error error;
	char *path;
	int ret;

	if (asprintf(&path, "%s/gate.json", request->folder) < 0)
		return false;
	ret = mh_gate_record_read(path, &record, &error);
	free(path);
	if (ret == -ENOENT || ret == -ENOTDIR)
		return false;
	if (ret < 0) {
		*ret_code = complain(&error, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
		return true;
	}
	*ret_code = export_gate_folder(request, &record);
	mh_gate_record_release(&record);
	return true;
}

int mh_cmd_export(int argc, char **argv)
{
	static const struct argp argp = {
		own_options, parse,       "DIR", "A result, or a gate's folder, in a format that other tools read.\v ",
		NULL,        help_filter, NULL};
	struct request request = {.folder = NULL};
	struct mh_result_folder folder;
	struct mh_error error;
	int code;

	if (mh_options_parse(&argp, "export", argc, argv, &request))
		return MH_EXIT_USAGE;
	if (is_gate(&request, &code))
		return code;
	if (mh_result_folder_open(request.folder, &folder, &error) < 0)
		return complain(&error, MH_EXIT_USAGE);
	code = export_folder(&request, &folder);
	mh_result_folder_release(&folder);
	return code;
}
