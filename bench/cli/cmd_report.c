/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench report DIR… -o FILE.html: one page that holds all of it.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "results/report/report.h"

#define FOLDERS_MAX 64 /* looked at; how many a report takes is its own affair */

struct request {
	const char *folders[FOLDERS_MAX];
	size_t folder_count;
	const char *output;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case 'o':
		request->output = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (request->folder_count == FOLDERS_MAX)
			argp_error(state, "more than %d folders", FOLDERS_MAX);
		request->folders[request->folder_count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (!request->folder_count)
			argp_error(state, "which result folder?");
		if (!request->output)
			argp_error(state, "where to? -o FILE.html");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"output", 'o', "FILE.html", 0, "the page; written whole or not at all", 0},
	{0},
};

static const char help[] =
	"One HTML page of a result, a sweep, or several results laid over each other."
	"\vTwo folders, or the one folder that holds a/ and b/, are compared. The page needs no other file and no "
	"network; "
	"without scripts its tables say everything.\n\n"
	"Exit: 0; 2 a folder is none of ours, or none of its runs can be read; 6 the page cannot be written.";

static int fail(int code, const char *sentence)
{
	fprintf(stderr, "memhp-bench report: error: %s\n", sentence);
	return code;
}

/* A device or a pipe would be replaced by the file, for it is written beside and renamed. */
static bool is_replaceable(const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 || S_ISREG(status.st_mode);
}

static int write_page(const struct request *request, const struct mh_text *page)
{
	struct mh_error error;

	if (!is_replaceable(request->output)) {
		mh_error_set(&error, -EINVAL, "'%s' is no regular file: name a file for -o", request->output);
		return fail(MH_EXIT_ENVIRONMENT, error.text);
	}
	if (mh_file_write(request->output, page->data, page->length, &error) < 0)
		return fail(MH_EXIT_ENVIRONMENT, error.text);
	return MH_EXIT_DONE;
}

int mh_cmd_report(int argc, char **argv)
{
	static const struct argp argp = {own_options, parse, "DIR...", help, NULL, NULL, NULL};
	struct request request = {.folder_count = 0};
	struct mh_text page = MH_TEXT_INIT;
	struct mh_error error;
	int code;

	if (mh_options_parse(&argp, "report", argc, argv, &request))
		return MH_EXIT_USAGE;
	int ret = mh_report_make(request.folders, request.folder_count, &page, &error);

	if (ret < 0)
		code = fail(ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE, error.text);
	else
		code = write_page(&request, &page);
	mh_text_release(&page);
	return code;
}
