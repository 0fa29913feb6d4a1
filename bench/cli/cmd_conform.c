/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench conform CASES.jsonl --worlds WORLDS.json: recorded traces of a real kernel, replayed and compared; on the
 * simulator, or with --kernel on the kernel that it runs on.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/kernel_root.h"
#include "bench/cli/options.h"
#include "bench/cli/signals.h"
#include "bench/cli/verdict.h"
#include "bench/engine/conform.h"
#include "bench/kernel/replay.h"

struct request {
	struct mh_options options;
	struct mh_conform_request conform;
	json_t *cases;                    /* --format json: one object a case; else NULL */
	bool kernel;                      /* replays on the kernel that it runs on */
	const char *blocks, *kernel_root; /* with it; NULL: not given */
	bool chain_given;
};

enum { KEY_ALL = 256, KEY_CHAIN, KEY_KEEP_GOING, KEY_KERNEL, KEY_BLOCKS, KEY_KERNEL_ROOT };

static enum mh_chain_type chain_of(struct argp_state *state, const char *argument)
{
	for (int type = 0; type < MH_CHAIN_TYPES; type++)
		if (strcmp(mh_chain_type_names[type], argument) == 0)
			return (enum mh_chain_type)type;
	argp_error(state, "--chain '%s': rcu-array, rcu-list, rwlock or mutex", argument);
	return MH_CHAIN_RWLOCK;
}

static void positional(struct request *request, const char *argument, struct argp_state *state)
{
	if (request->conform.cases)
		argp_error(state, "one file of cases, please: '%s' and '%s' were given", request->conform.cases,
			   argument);
	request->conform.cases = argument;
}

/* What is given must be of some use. */
static void check(const struct request *request, struct argp_state *state)
{
	if (!request->conform.cases)
		argp_error(state, "a file of CASES is needed");
	if (!request->conform.worlds)
		argp_error(state, "--worlds FILE is needed: the machines on which the cases were recorded");
	if (!request->kernel && (request->blocks || request->kernel_root))
		argp_error(state, "--blocks and --kernel-root are for --kernel");
	if (request->kernel && request->chain_given)
		argp_error(state, "--chain is the simulator's: a kernel has its own");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case 'w':
		request->conform.worlds = argument;
		return 0;
	case 'e':
		request->conform.only = argument;
		return 0;
	case KEY_ALL:
		request->conform.all = true;
		return 0;
	case KEY_CHAIN:
		request->conform.chain = chain_of(state, argument);
		request->chain_given = true;
		return 0;
	case KEY_KERNEL:
		request->kernel = true;
		return 0;
	case KEY_BLOCKS:
		request->blocks = argument;
		return 0;
	case KEY_KERNEL_ROOT:
		request->kernel_root = argument;
		return 0;
	case KEY_KEEP_GOING:
		request->conform.keep_going = true;
		return 0;
	case ARGP_KEY_ARG:
		positional(request, argument, state);
		return 0;
	case ARGP_KEY_END:
		check(request, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void judged_json(const struct request *request, const struct mh_conform_judgement *judgement)
{
	json_array_append_new(request->cases,
			      json_pack("{s:s, s:I, s:s, s:s}", "name", judgement->name, "line",
					(json_int_t)judgement->line, "verdict",
					mh_conform_verdict_names[judgement->verdict], "text", judgement->text));
}

/* The simulator skips few cases, a kernel without a module of ours most. */
static bool tells_skipped(const struct request *request)
{
	return !request->kernel || request->options.verbose;
}

static void judged(void *data, const struct mh_conform_judgement *judgement)
{
	const struct request *request = data;

	if (judgement->verdict == MH_CONFORM_MALFORMED)
		fprintf(stderr, "%s:%lu: error: %s\n", request->conform.cases, judgement->line, judgement->text);
	if (request->cases)
		judged_json(request, judgement);
	else if (request->options.quiet)
		return;
	else if (judgement->verdict == MH_CONFORM_FAILED)
		printf("%s:%lu: %s failed: %s", request->conform.cases, judgement->line, judgement->name,
		       judgement->text);
	else if (judgement->verdict == MH_CONFORM_SKIPPED && tells_skipped(request))
		printf("%s:%lu: %s skipped: %s\n", request->conform.cases, judgement->line, judgement->name,
		       judgement->text);
	else if (request->options.verbose)
		printf("%s:%lu: %s %s\n", request->conform.cases, judgement->line, judgement->name,
		       mh_conform_verdict_names[judgement->verdict]);
}

static unsigned long skipped_of(const struct mh_conform_counts *counts)
{
	return counts->of[MH_CONFORM_SKIPPED] + counts->of[MH_CONFORM_NOT_JUDGED];
}

static void counts_print(const struct mh_conform_counts *counts, bool quiet)
{
	unsigned long not_judged = counts->of[MH_CONFORM_NOT_JUDGED], malformed = counts->of[MH_CONFORM_MALFORMED];

	if (not_judged && !quiet)
		printf("%lu of the skipped %s not deterministic on the real kernel; --all judges %s\n", not_judged,
		       not_judged == 1 ? "is" : "are", not_judged == 1 ? "it" : "them");
	if (malformed && !quiet)
		printf("%lu %s malformed\n", malformed, malformed == 1 ? "line is" : "lines are");
	printf("%lu passed, %lu failed, %lu skipped\n", counts->of[MH_CONFORM_PASSED], counts->of[MH_CONFORM_FAILED],
	       skipped_of(counts));
}

static bool counts_print_json(struct request *request, const struct mh_conform_counts *counts)
{
	const char *chain = request->kernel ? "kernel" : mh_chain_type_names[request->conform.chain];
	json_t *root = json_pack("{s:s, s:i, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:O}", "schema", "memhp-bench/conform",
				 "schema_version", 1, "path", request->conform.cases, "chain", chain, "passed",
				 (json_int_t)counts->of[MH_CONFORM_PASSED], "failed",
				 (json_int_t)counts->of[MH_CONFORM_FAILED], "skipped", (json_int_t)skipped_of(counts),
				 "not_deterministic", (json_int_t)counts->of[MH_CONFORM_NOT_JUDGED], "malformed",
				 (json_int_t)counts->of[MH_CONFORM_MALFORMED], "cases", request->cases);
	char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;

	if (text)
		puts(text);
	free(text);
	json_decref(root);
	return text != NULL;
}

static int code_of(const struct mh_conform_counts *counts)
{
	int code = counts->of[MH_CONFORM_MALFORMED] ? MH_EXIT_USAGE : MH_EXIT_DONE;

	return mh_exit_combine(code, counts->of[MH_CONFORM_FAILED] ? MH_EXIT_INCORRECT : MH_EXIT_DONE);
}

static void announce(void *data, const char *text)
{
	(void)data;
	fprintf(stderr, "memhp-bench conform: %s", text);
}

static int complain(const struct mh_error *error, int code)
{
	fprintf(stderr, "memhp-bench conform: error: %s\n", error->text);
	return code;
}

/* How a replay on a kernel ended, which need not be its last case. */
static int code_of_end(enum mh_run_end end)
{
	switch (end) {
	case MH_RUN_ENDED:
		return MH_EXIT_DONE;
	case MH_RUN_ENDED_BY_SIGNAL:
		return 128 + (int)mh_signal_number;
	case MH_RUN_REFUSED_INPUT:
		return MH_EXIT_USAGE;
	case MH_RUN_REFUSED_ENVIRONMENT:
		return MH_EXIT_ENVIRONMENT;
	default:
		return MH_EXIT_ABORTED;
	}
}

static bool is_refused(enum mh_run_end end)
{
	return end == MH_RUN_REFUSED_INPUT || end == MH_RUN_REFUSED_ENVIRONMENT;
}

static int replay_on_kernel(struct request *request, struct mh_conform_counts *counts, bool *ret_counted)
{
	struct mh_kernel_tree tree = {.calls = &mh_kernel_calls_system};
	struct mh_kernel_replay_request replay = {
		.tree = &tree, .blocks = request->blocks, .announce = announce, .conform = request->conform};
	struct mh_text failures = MH_TEXT_INIT;
	struct mh_error error = {.text = "no memory"};
	enum mh_run_end end;
	char *root;

	if (mh_kernel_root_find(request->kernel_root, &root, &error) < 0)
		return complain(&error, MH_EXIT_USAGE);
	tree.root = root;
	mh_signals_catch(0);
	replay.conform.stop = &mh_signal_number;
	end = mh_kernel_replay_run(&replay, counts, &failures, &error);
	fputs(failures.data, stderr);
	mh_text_release(&failures);
	free(root);
	*ret_counted = !is_refused(end);
	return *ret_counted ? code_of_end(end) : complain(&error, code_of_end(end));
}

static int replay_on_simulator(struct request *request, struct mh_conform_counts *counts, bool *ret_counted)
{
	struct mh_error error = {.text = "no memory"};
	int ret = mh_conform_run(&request->conform, counts, &error);

	*ret_counted = ret == 0;
	if (ret < 0)
		return complain(&error, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
	return MH_EXIT_DONE;
}

static int conform(struct request *request)
{
	struct mh_conform_counts counts;
	bool counted = false;
	int code;

	if (request->options.format == MH_FORMAT_JSON)
		request->cases = json_array();
	request->conform.judged = judged;
	request->conform.data = request;
	code = request->kernel ? replay_on_kernel(request, &counts, &counted)
			       : replay_on_simulator(request, &counts, &counted);
	if (!counted)
		return code;
	if (!request->cases)
		counts_print(&counts, request->options.quiet);
	else if (!counts_print_json(request, &counts))
		return MH_EXIT_INTERNAL;
	return mh_exit_combine(code, code_of(&counts));
}

static void repro_add_kernel(const struct request *request, struct mh_text *text)
{
	if (request->kernel)
		mh_text_add(text, " --kernel");
	if (request->blocks) {
		mh_text_add(text, " --blocks ");
		mh_options_quote(text, request->blocks);
	}
	if (request->kernel_root) {
		mh_text_add(text, " --kernel-root ");
		mh_options_quote(text, request->kernel_root);
	}
}

/* The line to repeat it with, but for what only changes how it is shown. */
static void repro_compose(const struct request *request, struct mh_text *text)
{
	const struct mh_conform_request *asked = &request->conform;

	mh_text_add(text, "memhp-bench conform ");
	mh_options_quote(text, asked->cases);
	mh_text_add(text, " --worlds ");
	mh_options_quote(text, asked->worlds);
	if (asked->only) {
		mh_text_add(text, " --only ");
		mh_options_quote(text, asked->only);
	}
	mh_text_add(text, "%s%s", asked->all ? " --all" : "", asked->keep_going ? " --keep-going" : "");
	if (asked->chain != MH_CHAIN_RWLOCK)
		mh_text_add(text, " --chain %s", mh_chain_type_names[asked->chain]);
	repro_add_kernel(request, text);
}

static int conform_and_tell(struct request *request)
{
	struct mh_text repro = MH_TEXT_INIT;
	int code = conform(request);

	repro_compose(request, &repro);
	fflush(stdout);
	mh_verdict_print(code, "-", repro.data);
	mh_text_release(&repro);
	json_decref(request->cases);
	return code;
}

int mh_cmd_conform(int argc, char **argv)
{
	static const struct argp_option own[] = {
		{"worlds", 'w', "FILE", 0, "the machines on which the cases were recorded", 1},
		{"only", 'e', "REGEX", 0, "only cases whose name matches (POSIX extended)", 1},
		{"all", KEY_ALL, NULL, 0, "judge also what is not deterministic on the real kernel", 1},
		{"chain", KEY_CHAIN, "TYPE", 0, "rcu-array, rcu-list, rwlock (default: as the kernel's) or mutex", 1},
		{"keep-going", KEY_KEEP_GOING, NULL, 0, "go on behind a malformed line", 1},
		{"kernel", KEY_KERNEL, NULL, 0, "replay on the kernel that it runs on, as root", 1},
		{"blocks", KEY_BLOCKS, "RANGE", 0, "with --kernel: the memory blocks that it may touch: 32-40", 1},
		{"kernel-root", KEY_KERNEL_ROOT, "DIR", 0, "with --kernel: a made-up kernel's files are below DIR", 1},
		{0},
	};
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		own,
		parse,
		"CASES.jsonl",
		"Replays recorded traces of a real kernel, on the simulator or on a real kernel, and "
		"compares. Exit 3 if one differs, 2 if a line is malformed.",
		children,
		NULL,
		NULL};
	struct request request = {.conform.chain = MH_CHAIN_RWLOCK};

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "conform", argc, argv, &request))
		return MH_EXIT_USAGE;
	return conform_and_tell(&request);
}
