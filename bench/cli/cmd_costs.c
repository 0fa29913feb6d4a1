/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench costs record -o FILE, costs validate FILE: what operations on a real kernel are made of, and whether that
 * predicts operations that it was not made from.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/kernel_root.h"
#include "bench/cli/options.h"
#include "bench/cli/progress.h"
#include "bench/cli/signals.h"
#include "bench/cli/verdict.h"
#include "bench/kernel/cost_recorder.h"
#include "results/costs_model.h"

#define OPERATIONS_DEFAULT 2000
#define LISTENERS_MAX      32
#define PROGRESS_EVERY_NS  UINT64_C(100000000)

enum key { KEY_BLOCKS = 0x200, KEY_OPS, KEY_ZONE, KEY_LISTENER, KEY_KERNEL_ROOT };

struct request {
	struct mh_options options;
	const char *action, *file, *output, *blocks, *zone, *kernel_root;
	uint64_t operations; /* 0: not given */
	const char *listeners[LISTENERS_MAX];
	size_t listener_count;
	struct mh_progress_line line;
	uint64_t next_ns; /* when it may be drawn again */
};

static void set_zone(struct argp_state *state, struct request *request, const char *argument)
{
	static const char *const zones[] = {"keep", "default", "kernel", "movable"};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strcmp(zones[i], argument) == 0)
			request->zone = argument;
	if (!request->zone)
		argp_error(state, "--zone '%s': keep, default, kernel or movable", argument);
}

static void add_listener(struct argp_state *state, struct request *request, const char *argument)
{
	if (request->listener_count == LISTENERS_MAX)
		argp_error(state, "--listener is given more than %d times", LISTENERS_MAX);
	request->listeners[request->listener_count++] = argument;
}

static void add_argument(struct argp_state *state, struct request *request, const char *argument)
{
	if (!request->action)
		request->action = argument;
	else if (!request->file)
		request->file = argument;
	else
		argp_error(state, "one file, please: '%s' and '%s' were given", request->file, argument);
}

/* What each of the two needs, and what only the other one knows. */
static void check(struct argp_state *state, const struct request *request)
{
	const bool records = request->action && strcmp(request->action, "record") == 0;

	if (!request->action || (!records && strcmp(request->action, "validate") != 0))
		argp_error(state, "record or validate, and not '%s'", request->action ? request->action : "nothing");
	if (records && request->file)
		argp_error(state, "record writes to the FILE of -o, and takes no '%s'", request->file);
	if (records && !request->output)
		argp_error(state, "record to which file? -o costs.json");
	if (records && !request->blocks)
		argp_error(state, "recording acts on the memory of this machine: name the blocks that it may touch, "
				  "such as --blocks 32-35");
	if (!records && !request->file)
		argp_error(state, "validate which file?");
	if (!records && (request->output || request->blocks || request->operations || request->zone ||
			 request->listener_count || request->kernel_root))
		argp_error(state, "validate only reads: --output, --blocks, --ops, --zone, --listener and "
				  "--kernel-root are of record");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case 'o':
		request->output = argument;
		return 0;
	case KEY_BLOCKS:
		request->blocks = argument;
		return 0;
	case KEY_OPS:
		request->operations = mh_options_count(state, "--ops", argument);
		if (request->operations > MH_KERNEL_COST_OPERATIONS_MAX)
			argp_error(state, "--ops %s: at most %u", argument, MH_KERNEL_COST_OPERATIONS_MAX);
		return 0;
	case KEY_ZONE:
		set_zone(state, request, argument);
		return 0;
	case KEY_LISTENER:
		add_listener(state, request, argument);
		return 0;
	case KEY_KERNEL_ROOT:
		request->kernel_root = argument;
		return 0;
	case ARGP_KEY_ARG:
		add_argument(state, request, argument);
		return 0;
	case ARGP_KEY_END:
		check(state, request);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int complain(const char *text, int code)
{
	fprintf(stderr, "memhp-bench costs: error: %s\n", text);
	return code;
}

/* The verdict on stdout. @parts: with the durations of each part. */
static int judge(const struct request *request, const struct mh_costs *costs, bool parts, bool *ret_validated)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_costs_verdict verdict;
	struct mh_error error;
	int ret = mh_costs_validate(costs, &verdict, &error);

	if (ret == 0 && request->options.format == MH_FORMAT_JSON)
		ret = mh_costs_verdict_write(costs, &verdict, &text, &error);
	else if (ret == 0)
		mh_costs_verdict_show(costs, &verdict, &text);
	if (ret == 0 && parts && request->options.format == MH_FORMAT_TEXT)
		mh_costs_parts_show(costs, &text);
	if (ret == 0 && !request->options.quiet)
		fputs(text.data, stdout);
	fflush(stdout);
	mh_text_release(&text);
	if (ret < 0)
		return complain(error.text, MH_EXIT_ENVIRONMENT);
	*ret_validated = verdict.validated;
	return MH_EXIT_DONE;
}

static int validate(const struct request *request)
{
	struct mh_costs costs;
	struct mh_error error;
	bool validated;
	int ret = mh_costs_load(request->file, &costs, &error);

	if (ret < 0)
		return complain(error.text, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
	ret = judge(request, &costs, request->options.verbose, &validated);
	mh_costs_release(&costs);
	if (ret == MH_EXIT_DONE && !validated)
		ret = MH_EXIT_INCORRECT;
	return ret;
}

static void announce(void *data, const char *text)
{
	(void)data;
	fprintf(stderr, "memhp-bench costs: %s", text);
}

static void progress(void *data, uint64_t done, uint64_t operations)
{
	struct request *request = data;
	const uint64_t now_ns = mh_clock_monotonic_ns();
	char text[64];

	if (now_ns < request->next_ns)
		return;
	request->next_ns = now_ns + PROGRESS_EVERY_NS;
	snprintf(text, sizeof(text), "%llu of %llu operations", (unsigned long long)done,
		 (unsigned long long)operations);
	mh_progress_line_say(&request->line, text);
}

static void warn_unseen(const struct mh_costs *costs)
{
	for (size_t i = 0; i < costs->unseen_count; i++)
		fprintf(stderr, "memhp-bench costs: warning: not seen: %s\n", costs->unseen[i]);
	if (costs->failed)
		fprintf(stderr,
			"memhp-bench costs: warning: %llu operations failed or were not seen whole, and are left out\n",
			(unsigned long long)costs->failed);
}

/* Whatever ended it: what was recorded until then is kept. */
static int finish(struct request *request, const struct mh_costs *costs, enum mh_run_end end,
		  const struct mh_error *why)
{
	const struct mh_result ended = {.status = MH_RUN_OK};
	struct mh_error error;
	bool validated = false;
	int code = mh_verdict_code(end, (int)mh_signal_number, &ended);

	mh_progress_line_clear(&request->line);
	if (end != MH_RUN_ENDED)
		(void)complain(why->text, code);
	if (!mh_costs_operations(costs))
		return code;
	warn_unseen(costs);
	if (mh_costs_save(costs, request->output, &error) < 0)
		return complain(error.text, mh_exit_combine(code, MH_EXIT_ABORTED));
	return mh_exit_combine(code, judge(request, costs, true, &validated));
}

static int record_below(struct request *request, const char *root)
{
	const struct mh_kernel_tree tree = {.calls = &mh_kernel_calls_system, .root = root};
	struct mh_kernel_cost_request record = {
		.tree = &tree,
		.blocks = request->blocks,
		.zone = request->zone ? request->zone : "keep",
		.operations = request->operations ? request->operations : OPERATIONS_DEFAULT,
		.listeners = request->listeners,
		.listener_count = request->listener_count,
		.signal = &mh_signal_number,
		.announce = announce,
		.progress = progress,
		.data = request,
	};
	struct mh_costs costs;
	struct mh_error error = {.text = ""};
	char *restore;
	int code;

	if (asprintf(&restore, "%s.restore.sh", request->output) < 0)
		return complain("no memory for a path", MH_EXIT_ENVIRONMENT);
	record.restore = restore;
	if (mh_costs_init(&costs) < 0)
		code = complain("no memory for histograms", MH_EXIT_ENVIRONMENT);
	else
		code = finish(request, &costs, mh_kernel_costs_record(&record, &costs, &error), &error);
	mh_costs_release(&costs);
	free(restore);
	return code;
}

static int record(struct request *request)
{
	struct mh_error error;
	char *root;
	int code;

	if (mh_kernel_root_find(request->kernel_root, &root, &error) < 0)
		return complain(error.text, MH_EXIT_USAGE);
	mh_signals_catch(0);
	mh_progress_line_init(&request->line, &request->options);
	code = record_below(request, root);
	free(root);
	return code;
}

static const char help[] =
	"Durations recorded on a kernel, for `costs: FILE` of a scenario."
	"\vrecord takes the memory blocks of --blocks offline and online, as root, and writes to the FILE of -o how "
	"long "
	"each step and each listener took. validate predicts the later half of that recording by the earlier one: "
	"beyond "
	"25 % at p50 or 50 % at p99 the costs are not validated, and every report says so.\n\n"
	"Exit: 0 recorded, validated; 3 not validated; 2 a FILE that is none; 6 no kernel, tracefs or root; 7 not "
	"everything could be put back.";

int mh_cmd_costs(int argc, char **argv)
{
	static const struct argp_option own[] = {
		{"output", 'o', "FILE", 0, "record: where to", 1},
		{"blocks", KEY_BLOCKS, "RANGE", 0, "record: the memory blocks that it may touch, such as 32-35,38", 1},
		{"ops", KEY_OPS, "N", 0, "record: operations (2000)", 1},
		{"zone", KEY_ZONE, "keep|default|kernel|movable", 0, "record: where blocks are onlined (keep)", 1},
		{"listener", KEY_LISTENER, "NAME", 0,
		 "record: time this callback, too; may be given more than once. The kernel's own are known", 1},
		{"kernel-root", KEY_KERNEL_ROOT, "DIR", 0, "record: a made-up kernel's files are below DIR", 1},
		{0},
	};
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {own, parse, "record|validate [FILE]", help, children, NULL, NULL};
	static struct request request; /* large; one a process */

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "costs", argc, argv, &request))
		return MH_EXIT_USAGE;
	return strcmp(request.action, "record") == 0 ? record(&request) : validate(&request);
}
