/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memhp-bench init [QUESTION] [-o FILE]: a commented starter scenario. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/text.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "bench/cli/starters.h"

#define STARTERS_MAX 16

struct request {
	const char *question, *output;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'o':
		request->output = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (request->question)
			argp_error(state, "one question, please: '%s' and '%s' were given", request->question,
				   argument);
		request->question = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct mh_starter *starter_find(const char *name)
{
	const char *names[STARTERS_MAX], *nearest;

	for (size_t i = 0; i < mh_starter_count; i++) {
		names[i] = mh_starters[i].name;
		if (strcmp(mh_starters[i].name, name) == 0)
			return &mh_starters[i];
	}
	nearest = mh_text_nearest(name, names, mh_starter_count);
	fprintf(stderr, "memhp-bench init: error: there is no starter '%s'%s%s%s\n", name,
		nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "");
	for (size_t i = 0; i < mh_starter_count; i++)
		fprintf(stderr, "  %-8s %s\n", mh_starters[i].name, mh_starters[i].question);
	return NULL;
}

/* A file that is there is not written over. */
static int starter_save(const struct mh_starter *starter, const char *path)
{
	struct mh_error error = {0};
	struct stat status;

	if (lstat(path, &status) == 0) {
		fprintf(stderr, "memhp-bench init: error: '%s' exists already; take another name or remove it\n", path);
		return MH_EXIT_USAGE;
	}
	if (mh_file_write(path, starter->text, strlen(starter->text), &error) < 0) {
		fprintf(stderr, "memhp-bench init: error: %s\n", error.text);
		return MH_EXIT_ENVIRONMENT;
	}
	fprintf(stderr, "memhp-bench init: wrote %s: %s\n", path, starter->question);
	return MH_EXIT_DONE;
}

int mh_cmd_init(int argc, char **argv)
{
	static const struct argp_option own[] = {{"output", 'o', "FILE", 0, "write there, not to stdout", 1}, {0}};
	static const struct argp argp = {own,
					 parse,
					 "[QUESTION]",
					 "Writes a commented starter scenario.\vQUESTION is one of:\n\n"
					 "  default  does the protocol hold, and how fast does it run here?\n"
					 "  chain    which way to keep the chain is fastest?\n"
					 "  veto     what happens when listeners refuse?\n"
					 "  churn    what do listeners that come and go cost?",
					 NULL,
					 NULL,
					 NULL};
	struct request request = {0};
	const struct mh_starter *starter;

	if (mh_options_parse(&argp, "init", argc, argv, &request))
		return MH_EXIT_USAGE;
	starter = starter_find(request.question ? request.question : "default");
	if (!starter)
		return MH_EXIT_USAGE;
	if (request.output)
		return starter_save(starter, request.output);
	fputs(starter->text, stdout);
	return MH_EXIT_DONE;
}
