/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench explain DIR: the worst operations of a result folder, taken apart.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "results/explain.h"
#include "results/folder.h"
#include "results/run_json.h"

enum key { KEY_SERIES = 0x200 };

struct request {
	struct mh_options options;
	const char *folder, *series;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case KEY_SERIES:
		request->series = argument;
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

static const struct argp_option own_options[] = {
	{"series", KEY_SERIES, "GLOB", 0, "only the longest operations of these series, 'cb.*'", 1},
	{0},
};

static const char help[] =
	"The worst operations of each series of a run, taken apart."
	"\vFor each series the one operation with its longest value is shown: what it consisted of (the wait for the "
	"hotplug lock, each walk and its listeners, draining, migration, grace periods, and the rest), which faults "
	"fired in it, and whether its thread lost the CPU meanwhile (\"not available\" where the host cannot tell). "
	"With -v all operations that the run kept (`record.exemplars`), and all listeners of a walk.\n\n"
	"Exit: 0; 2 the folder is none of ours, or none of its runs can be read.";

/* One run while it is told. */
struct telling {
	const struct mh_explain_options *options;
	const struct mh_result_folder_run *run;
	struct mh_text text;
	struct mh_json_put put;
	json_t *runs; /* NULL: text */
};

static int tell_text(struct telling *telling, const struct mh_result *result)
{
	mh_text_add(&telling->text, "%s%s/%s  ", telling->text.length ? "\n" : "", telling->run->cell,
		    telling->run->run);
	return mh_explain_run(result, telling->options, &telling->text);
}

static int tell_json(struct telling *telling, const struct mh_result *result)
{
	json_t *object = mh_json_add_object(&telling->put, telling->runs);

	mh_json_put_text(&telling->put, object, "cell", telling->run->cell);
	mh_json_put_text(&telling->put, object, "run", telling->run->run);
	mh_json_put_text(&telling->put, object, "status", mh_run_status_names[result->status]);
	mh_json_put_text(&telling->put, object, "repro", result->repro);
	return mh_explain_put(&telling->put, object, result, telling->options);
}

/* 0; -errno with a sentence: this run cannot be told. */
static int tell_run(struct telling *telling, const struct mh_result_folder *folder, struct mh_error *reterr)
{
	char *path = mh_result_folder_path(folder, telling->run, "run.json");
	struct mh_result result;
	int ret;

	if (!path)
		return mh_error_set(reterr, -ENOMEM, "no memory for a path");
	ret = mh_run_json_load(path, &result, reterr);
	free(path);
	if (ret < 0)
		return ret;
	ret = telling->runs ? tell_json(telling, &result) : tell_text(telling, &result);
	mh_result_release(&result);
	return ret < 0 ? mh_error_set(reterr, ret, "no memory to take '%s' apart", folder->path) : 0;
}

/* A run that cannot be read is said on stderr; the others are told. */
static size_t tell_runs(struct telling *telling, const struct mh_result_folder *folder)
{
	size_t told = 0;

	for (size_t i = 0; i < folder->run_count; i++) {
		struct mh_error error;

		telling->run = &folder->runs[i];
		if (tell_run(telling, folder, &error) == 0)
			told++;
		else
			fprintf(stderr, "memhp-bench explain: error: %s/%s: %s\n", telling->run->cell,
				telling->run->run, error.text);
	}
	return told;
}

static int print(struct telling *telling, json_t *root)
{
	struct mh_error error;

	if (root && mh_json_finish(&telling->put, root, &telling->text, &error) < 0) {
		fprintf(stderr, "memhp-bench explain: error: %s\n", error.text);
		return MH_EXIT_ENVIRONMENT;
	}
	fputs(telling->text.data, stdout);
	return MH_EXIT_DONE;
}

static int explain(const struct request *request, const struct mh_result_folder *folder)
{
	const struct mh_explain_options options = {
		.show = {.ascii = mh_options_ascii(),
			 .colour = mh_options_colour(&request->options, STDOUT_FILENO),
			 .verbose = request->options.verbose},
		.series = request->series,
	};
	struct telling telling = {.options = &options, .text = MH_TEXT_INIT};
	json_t *root = NULL;
	int code = MH_EXIT_USAGE;

	if (request->options.format == MH_FORMAT_JSON) {
		root = json_object();
		mh_json_put_text(&telling.put, root, "schema", "memhp-bench/explain");
		mh_json_put_u64(&telling.put, root, "schema_version", 1);
		telling.runs = mh_json_put_list(&telling.put, root, "runs");
	}
	if (tell_runs(&telling, folder))
		code = print(&telling, root);
	else
		fprintf(stderr, "memhp-bench explain: error: '%s' holds no run that can be read\n", folder->path);
	mh_text_release(&telling.text);
	return code;
}

int mh_cmd_explain(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {own_options, parse, "DIR", help, children, NULL, NULL};
	struct request request = {.folder = NULL};
	struct mh_result_folder folder;
	struct mh_error error;
	int code;

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "explain", argc, argv, &request))
		return MH_EXIT_USAGE;
	if (mh_result_folder_open(request.folder, &folder, &error) < 0) {
		fprintf(stderr, "memhp-bench explain: error: %s\n", error.text);
		return MH_EXIT_USAGE;
	}
	code = explain(&request, &folder);
	mh_result_folder_release(&folder);
	return code;
}
