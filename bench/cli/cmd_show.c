/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench show DIR: the report of a result folder again.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "bench/cli/runs_json.h"
#include "results/folder.h"
#include "results/report/judge.h"
#include "results/show.h"

struct request {
	struct mh_options options;
	const char *folder;
};

static const char help[] = "The report of a result folder."
			   "\vOf several runs a line each, and what they add up to; with -v each in full. Of a folder "
			   "that holds a/ and b/ "
			   "what `gate` recorded, or how the two compare.\n\n"
			   "Exit: 0; 2 the folder is none of ours, or none of its runs can be read; 5 its two sides "
			   "have no cell in common.";

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

static struct mh_show_options show_options(const struct request *request)
{
	return (struct mh_show_options){
		.ascii = mh_options_ascii(),
		.colour = mh_options_colour(&request->options, STDOUT_FILENO),
		.verbose = request->options.verbose,
	};
}

static int fail(int code, const struct mh_error *error)
{
	fprintf(stderr, "memhp-bench show: error: %s\n", error->text);
	return code;
}

static int tell_judgement(const struct request *request, const struct mh_report_judgement *judgement)
{
	const struct mh_show_options options = show_options(request);
	const struct mh_gate_rule rule = mh_report_judgement_rule(judgement);
	const bool json = request->options.format == MH_FORMAT_JSON;
	struct mh_text text = MH_TEXT_INIT;
	int ret = 0;

	if (judgement->unread)
		fprintf(stderr, "memhp-bench show: the recorded verdict is passed over: %s\n", judgement->unread);
	if (!judgement->present)
		return fail(MH_EXIT_NOT_COMPARABLE, &(struct mh_error){.text = "the two sides have no cell in common"});
	if (json && judgement->recorded) /* the record is more than what is read of it */
		ret = json_dumpf(judgement->record.document, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
	else if (json)
		ret = mh_gate_json(&judgement->report, &rule, &text);
	else
		mh_gate_show(&judgement->report, &rule, &options, &text);
	if (ret == 0 && text.length)
		fputs(text.data, stdout);
	mh_text_release(&text);
	return ret < 0 ? fail(MH_EXIT_ENVIRONMENT, &(struct mh_error){.text = "no memory"}) : MH_EXIT_DONE;
}

/* The two results that a gate has left: what it said of them, or how they compare. */
static int show_pair(const struct request *request)
{
	struct mh_report_judgement judgement;
	struct mh_report_source source;
	struct mh_error error;
	int code;

	if (mh_report_source_open(&request->folder, 1, &source, &error) < 0)
		return fail(MH_EXIT_USAGE, &error);
	if (mh_report_judge(&source, &judgement, &error) == 0) {
		code = tell_judgement(request, &judgement);
		mh_report_judgement_release(&judgement);
	} else {
		code = fail(MH_EXIT_ENVIRONMENT, &error);
	}
	mh_report_source_release(&source);
	return code;
}

static int show(const struct request *request, const struct mh_result_folder *folder)
{
	struct mh_show_options options = show_options(request);
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error;
	int ret = mh_show_folder(folder, &options, &text, &error);

	if (ret == 0 || ret == -EINVAL) /* then it says of each run why it cannot be read */
		fputs(text.data, stdout);
	if (folder->running)
		puts("ABORTED: not finished (killed, or still running)");
	mh_text_release(&text);
	return ret < 0 ? fail(MH_EXIT_USAGE, &error) : MH_EXIT_DONE;
}

int mh_cmd_show(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {NULL, parse, "DIR", help, children, NULL, NULL};
	struct request request = {.folder = NULL};
	struct mh_result_folder folder;
	struct mh_error error;
	int code;

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "show", argc, argv, &request))
		return MH_EXIT_USAGE;
	if (mh_report_is_pair(request.folder))
		return show_pair(&request);
	if (mh_result_folder_open(request.folder, &folder, &error) < 0)
		return fail(MH_EXIT_USAGE, &error);
	code = request.options.format == MH_FORMAT_JSON ? mh_print_runs_json(&folder) : show(&request, &folder);
	mh_result_folder_release(&folder);
	return code;
}
