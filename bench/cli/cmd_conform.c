/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench conform CASES.jsonl --worlds WORLDS.json: recorded traces of a real kernel, replayed and compared.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "bench/cli/verdict.h"
#include "bench/engine/conform.h"

struct request {
	struct mh_options options;
	struct mh_conform_request conform;
	json_t *cases; /* --format json: one object a case; else NULL */
};

enum { KEY_ALL = 256, KEY_CHAIN, KEY_KEEP_GOING };

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
		return 0;
	case KEY_KEEP_GOING:
		request->conform.keep_going = true;
		return 0;
	case ARGP_KEY_ARG:
		positional(request, argument, state);
		return 0;
	case ARGP_KEY_END:
		if (!request->conform.cases)
			argp_error(state, "a file of CASES is needed");
		if (!request->conform.worlds)
			argp_error(state, "--worlds FILE is needed: the machines on which the cases were recorded");
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
	else if (judgement->verdict == MH_CONFORM_SKIPPED)
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
	json_t *root = json_pack("{s:s, s:i, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:O}", "schema", "memhp-bench/conform",
				 "schema_version", 1, "path", request->conform.cases, "chain",
				 mh_chain_type_names[request->conform.chain], "passed",
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

static int conform(struct request *request)
{
	struct mh_conform_counts counts;
	struct mh_error error = {.text = "no memory"};
	int ret;

	if (request->options.format == MH_FORMAT_JSON)
		request->cases = json_array();
	request->conform.judged = judged;
	request->conform.data = request;
	ret = mh_conform_run(&request->conform, &counts, &error);
	if (ret < 0) {
		fprintf(stderr, "memhp-bench conform: error: %s\n", error.text);
		return ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE;
	}
	if (!request->cases)
		counts_print(&counts, request->options.quiet);
	else if (!counts_print_json(request, &counts))
		return MH_EXIT_INTERNAL;
	return code_of(&counts);
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
		{0},
	};
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		own,
		parse,
		"CASES.jsonl",
		"Replays recorded traces of a real kernel on the simulator and compares. Exit 3 "
		"if one differs, 2 if a line is malformed.",
		children,
		NULL,
		NULL};
	struct request request = {.conform.chain = MH_CHAIN_RWLOCK};

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "conform", argc, argv, &request))
		return MH_EXIT_USAGE;
	return conform_and_tell(&request);
}
