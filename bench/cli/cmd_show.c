/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench show DIR: the report of a result folder again.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "bench/cli/runs_json.h"
#include "results/folder.h"
#include "results/show.h"

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

static int show(const struct request *request, const struct mh_result_folder *folder)
{
	struct mh_show_options options = {
		.ascii = mh_options_ascii(),
		.colour = mh_options_colour(&request->options, STDOUT_FILENO),
		.verbose = request->options.verbose,
	};
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error;
	int ret = mh_show_folder(folder, &options, &text, &error);

	if (ret == 0 || ret == -EINVAL) /* then it says of each run why it cannot be read */
		fputs(text.data, stdout);
	if (folder->running)
		puts("ABORTED: not finished (killed, or still running)");
	if (ret < 0)
		fprintf(stderr, "memhp-bench show: error: %s\n", error.text);
	mh_text_release(&text);
	return ret < 0 ? MH_EXIT_USAGE : MH_EXIT_DONE;
}

int mh_cmd_show(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {NULL, parse, "DIR", "The report of a result folder.", children, NULL, NULL};
	struct request request = {.folder = NULL};
	struct mh_result_folder folder;
	struct mh_error error;
	int code;

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "show", argc, argv, &request))
		return MH_EXIT_USAGE;
	if (mh_result_folder_open(request.folder, &folder, &error) < 0) {
		fprintf(stderr, "memhp-bench show: error: %s\n", error.text);
		return MH_EXIT_USAGE;
	}
	code = request.options.format == MH_FORMAT_JSON ? mh_print_runs_json(&folder) : show(&request, &folder);
	mh_result_folder_release(&folder);
	return code;
}
