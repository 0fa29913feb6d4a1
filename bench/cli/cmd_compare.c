/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memhp-bench compare BASE CANDIDATE: what two result folders differ in; exit 0 whatever it finds. */
#include <stdio.h>
#include <string.h>

#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/folder_comparison.h"
#include "bench/cli/verdict.h"

struct request {
	struct mh_options options;
	const char *folders[2];
	size_t folder_count;
	bool across;
	const char *program;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case 'x':
		request->across = true;
		return 0;
	case ARGP_KEY_ARG:
		if (request->folder_count == 2)
			argp_error(state, "two result folders, please: '%s' is one more", argument);
		request->folders[request->folder_count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (request->folder_count < 2)
			argp_error(state, "which two result folders? ab runs two sides and compares them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"across", 'x', NULL, 0, "of different scenarios: only what they have in common", 1},
	{0},
};

static const char help[] = "What two result folders differ in, and how sure that is."
			   "\vExit: 0 whatever it finds; 2 a folder cannot be read; 5 they cannot be compared: another "
			   "environment, another scenario without --across, another precision, scaled by --time-scale, "
			   "nothing in common.";

static void compose_repro(const struct request *request, struct mh_text *text)
{
	mh_options_quote(text, strchr(request->program, '/') ? request->program : "memhp-bench");
	mh_text_add(text, " compare ");
	mh_options_quote(text, request->folders[0]);
	mh_text_add(text, " ");
	mh_options_quote(text, request->folders[1]);
	if (request->across)
		mh_text_add(text, " --across");
}

int mh_cmd_compare(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {own_options, parse, "BASE CANDIDATE", help, children, NULL, NULL};
	static struct request request; /* large; one a process */
	struct mh_text repro = MH_TEXT_INIT;
	const char *word;
	char seed[32];
	int code;

	mh_options_init(&request.options);
	request.program = argv[-1];
	if (mh_options_parse(&argp, "compare", argc, argv, &request))
		return MH_EXIT_USAGE;
	compose_repro(&request, &repro);
	code = mh_folder_compare(
		&(struct mh_folder_comparison){
			.command = "compare",
			.options = &request.options,
			.base = request.folders[0],
			.candidate = request.folders[1],
			.across = request.across,
			.repro = repro.data,
		},
		&word, seed);
	mh_verdict_print_word(word ? word : mh_verdict_word(code), code, seed, repro.data);
	mh_text_release(&repro);
	return code;
}
