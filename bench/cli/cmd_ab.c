/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memhp-bench ab: both sides in turn, then what they differ in, as compare shows it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/gate_rule.h"
#include "bench/cli/judgement.h"
#include "bench/cli/pairs.h"
#include "bench/cli/sides_options.h"
#include "bench/cli/signals.h"
#include "bench/cli/verdict.h"

#define PAIRS_DEFAULT 10 /* where the scenario has no gate that says otherwise */

enum key { KEY_PAIRS = 0x200 };

struct request {
	struct mh_sides_options sides;
	uint64_t pairs; /* 0: as the gate says */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->sides;
		return 0;
	case KEY_PAIRS:
		request->pairs = mh_options_count(state, "--pairs", argument);
		return 0;
	case ARGP_KEY_END:
		if (!request->sides.path_count)
			argp_error(state, "which scenario?");
		if (request->sides.path_count == 1 && !request->sides.word_counts[0] && !request->sides.word_counts[1])
			argp_error(state,
				   "what do the sides differ in? --b SIDE, or a second scenario; calibrate runs the "
				   "same twice");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"pairs", KEY_PAIRS, "N", 0, "pairs of runs (as the scenario's gate says, or 10)", 1},
	{0},
};

static const char help[] =
	"Runs two sides in turn with the same seeds, and shows what they differ in."
	"\vA SIDE changes the scenario: another build of memhp-bench by its path, "
	"module:NAME=FILE.so, set:KEY=VALUE. The folder of -o holds a/ and b/, each a result folder.\n\n"
	"Exit: 0 whatever it finds; else as a run: 2, 3, 4, 5, 6, 7, 130, 143.";

struct session {
	const struct request *request;
	struct mh_side sides[2];
	struct mh_pairs pairs;
	struct mh_gate_rule_lists lists;
	struct mh_gate_report report;
	struct mh_text head, repro;
};

static int judge(struct session *session)
{
	const struct mh_judgement judgement = {
		.command = "ab",
		.options = &session->request->sides.common,
		.folder = session->pairs.path,
		.head = session->head.data,
		.rule = &session->lists.rule,
	};
	const struct mh_gate_cell *cells;
	struct mh_error error;
	size_t count;

	cells = mh_pairs_cells(&session->pairs, &count);
	if (!cells || mh_gate_judge(&session->lists.rule, cells, count, 0, &session->report, &error) < 0) {
		fprintf(stderr, "memhp-bench ab: error: no memory to compare\n");
		return MH_EXIT_ENVIRONMENT;
	}
	return mh_judgement_tell(&judgement, &session->report);
}

static uint64_t choose_pairs(const struct session *session)
{
	const struct mh_scenario_gate *gate = &session->sides[0].plan->cells[0].scenario->gate;

	if (session->request->pairs)
		return session->request->pairs;
	return gate->present ? gate->pairs : PAIRS_DEFAULT;
}

/* Again once the seed is known: a random one has been drawn. */
static void compose_repro(struct session *session)
{
	const struct request *request = session->request;

	mh_text_clear(&session->repro);
	mh_sides_compose(&request->sides, session->pairs.seed[0] ? session->pairs.seed : "-", &session->repro);
	if (request->pairs)
		mh_text_add(&session->repro, " --pairs %llu", (unsigned long long)request->pairs);
}

static int run(struct session *session, struct mh_pairs_request *request)
{
	int code = mh_pairs_load(&session->pairs, request, session->sides);

	compose_repro(session);
	if (code != MH_EXIT_DONE)
		return code;
	if (request->options->time_scale > 0) {
		fprintf(stderr,
			"memhp-bench ab: error: --time-scale makes a rehearsal, which is compared with nothing\n");
		return MH_EXIT_NOT_COMPARABLE;
	}
	request->pairs_max = choose_pairs(session);
	if (mh_gate_rule_make(session->sides[0].plan, &session->lists) < 0)
		return MH_EXIT_ENVIRONMENT;
	mh_gate_rule_look_once(&session->lists, request->pairs_max);
	session->lists.rule.compare = true;
	session->lists.rule.command = session->repro.data;
	code = mh_pairs_open(&session->pairs);
	if (code != MH_EXIT_DONE)
		return code;
	if (!request->options->quiet)
		fprintf(stderr, "memhp-bench ab: %s\n", session->pairs.treatment);
	code = mh_pairs_run(&session->pairs, request->pairs_max);
	if (mh_pairs_take_back(&session->pairs, code))
		return code;
	mh_pairs_describe(&session->pairs, &session->head);
	code = mh_exit_combine(code, judge(session));
	code = mh_exit_combine(code, mh_pairs_finish(&session->pairs));
	if (!request->options->quiet)
		fprintf(stderr, "memhp-bench: result in %s\n", session->pairs.path);
	return code;
}

int mh_cmd_ab(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_sides_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		own_options, parse, "SCENARIO --a SIDE --b SIDE\nA.yaml B.yaml", help, children, NULL, NULL};
	static struct request request; /* large; one a process */
	static struct session session = {.request = &request, .head = MH_TEXT_INIT, .repro = MH_TEXT_INIT};
	struct mh_pairs_request pairs = {.command = "ab", .options = &request.sides.common, .hygiene = true};
	int code;

	mh_sides_options_init(&request.sides, "ab", argv[-1]);
	if (mh_options_parse(&argp, "ab", argc, argv, &request))
		return MH_EXIT_USAGE;
	mh_signals_catch(request.sides.common.timeout_s);
	pairs.path = request.sides.common.output;
	compose_repro(&session);
	code = mh_sides_make(&request.sides, session.sides);
	if (code == MH_EXIT_DONE)
		code = run(&session, &pairs);
	mh_verdict_print_word(code == MH_EXIT_DONE ? "compared" : mh_verdict_word(code), code,
			      session.pairs.seed[0] ? session.pairs.seed : "-", session.repro.data);
	mh_gate_report_release(&session.report);
	mh_gate_rule_release(&session.lists);
	mh_pairs_close(&session.pairs);
	mh_text_release(&session.head);
	mh_text_release(&session.repro);
	mh_options_release(&request.sides.common);
	return code;
}
