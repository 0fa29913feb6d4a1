/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memhp-bench calibrate SCENARIO: the same build on both sides, to learn what its gate can find here. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "bench/cli/calibrating.h"
#include "bench/cli/calibration_use.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/gate_rule.h"
#include "bench/cli/pairs.h"
#include "bench/cli/sides_options.h"
#include "bench/cli/signals.h"
#include "bench/engine/gate_check.h"

#define PAIRS_DEFAULT 24

enum key { KEY_PAIRS = 0x200 };

struct request {
	struct mh_sides_options sides;
	uint64_t pairs;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->sides.common;
		return 0;
	case KEY_PAIRS:
		request->pairs = mh_options_count(state, "--pairs", argument);
		if (request->pairs < MH_CALIBRATION_PAIRS_MIN)
			argp_error(state, "--pairs %s: fewer than %d say nothing of noise", argument,
				   MH_CALIBRATION_PAIRS_MIN);
		return 0;
	case ARGP_KEY_ARG:
		if (request->sides.path_count)
			argp_error(state, "one scenario, please: '%s' and '%s' were given", request->sides.paths[0],
				   argument);
		request->sides.paths[request->sides.path_count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (!request->sides.path_count)
			argp_error(state, "which scenario?");
		if (request->sides.common.shard_count)
			argp_error(state, "--shard picks cells, and a gate judges all of them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"pairs", KEY_PAIRS, "N", 0, "pairs of runs, at least 12 (24)", 1},
	{0},
};

static const char help[] = "How noisy a scenario is on this machine, and what its gate can find."
			   "\vRuns the same build on both sides. The folder of -o holds calibration.json, for gate "
			   "--calibration and check --gate --calibration.\n\n"
			   "Exit: 0 done, whatever it finds; else as a run.";

struct session {
	const struct request *request;
	struct mh_side sides[2];
	struct mh_pairs pairs;
	struct mh_gate_rule_lists lists;
	struct mh_calibration calibration;
};

static int complain(const char *text, int code)
{
	fprintf(stderr, "memhp-bench calibrate: error: %s\n", text);
	return code;
}

static int check_gate(const struct session *session)
{
	const struct mh_plan *plan = session->sides[0].plan;
	struct mh_text errors = MH_TEXT_INIT, facts = MH_TEXT_INIT;
	unsigned count = 0;

	if (session->request->sides.common.time_scale > 0)
		return complain("--time-scale makes a rehearsal: what it learned would be of another scenario",
				MH_EXIT_NOT_COMPARABLE);
	for (size_t i = 0; i < plan->cell_count && !count; i++)
		count = mh_gate_check(plan->cells[i].scenario, &errors, &facts);
	for (char *rest = errors.data, *line; count && (line = strsep(&rest, "\n")) && *line;)
		fprintf(stderr, "%s: error: %s\n", plan->path, line);
	mh_text_release(&errors);
	mh_text_release(&facts);
	if (count)
		return MH_EXIT_USAGE;
	if (!plan->cells[0].scenario->gate.metric_count)
		return complain("the gate names no metric: exact counts have no noise", MH_EXIT_USAGE);
	return MH_EXIT_DONE;
}

static int write_file(const struct session *session, const char *name, const struct mh_text *text)
{
	struct mh_error error;
	char *path;
	int ret;

	if (asprintf(&path, "%s/%s", session->pairs.path, name) < 0)
		return MH_EXIT_ENVIRONMENT;
	ret = mh_file_write(path, text->data, text->length, &error);
	free(path);
	return ret < 0 ? complain(error.text, MH_EXIT_ABORTED) : MH_EXIT_DONE;
}

static int tell(const struct session *session)
{
	const struct mh_options *options = &session->request->sides.common;
	struct mh_text text = MH_TEXT_INIT, json = MH_TEXT_INIT, doubts = MH_TEXT_INIT;
	struct mh_error error;
	int code = MH_EXIT_DONE;

	mh_calibration_show(&session->calibration, &text);
	if (mh_calibration_doubts(&session->calibration, &doubts))
		mh_text_add(&text, "\nwarning: this gate will not do here:\n%s", doubts.data);
	mh_text_add(&text, "\n");
	mh_pairs_describe(&session->pairs, &text);
	if (mh_calibration_write(&session->calibration, &json, &error) < 0)
		code = complain(error.text, MH_EXIT_ENVIRONMENT);
	else
		code = write_file(session, "calibration.json", &json);
	code = mh_exit_combine(code, write_file(session, "report.txt", &text));
	if (options->format == MH_FORMAT_JSON)
		fputs(json.data, stdout);
	else if (!options->quiet)
		fputs(text.data, stdout);
	fflush(stdout);
	mh_text_release(&text);
	mh_text_release(&json);
	mh_text_release(&doubts);
	return code;
}

static int learn(struct session *session)
{
	const struct mh_gate_cell *cells;
	struct mh_error error;
	size_t count;
	int ret;

	if (!session->request->sides.common.quiet)
		fprintf(stderr, "memhp-bench calibrate: judging pairs drawn from those that were run\n");
	cells = mh_pairs_cells(&session->pairs, &count);
	if (!cells)
		return complain("no memory for the cells", MH_EXIT_ENVIRONMENT);
	ret = mh_calibrate(session->sides[0].plan, &session->lists.rule, cells, count, &session->calibration, &error);
	if (ret < 0)
		return complain(error.text, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_INCONCLUSIVE);
	return tell(session);
}

static int run(struct session *session, struct mh_pairs_request *request)
{
	int code = mh_sides_make(&session->request->sides, session->sides);

	if (code == MH_EXIT_DONE)
		code = mh_pairs_load(&session->pairs, request, session->sides);
	if (code == MH_EXIT_DONE)
		code = check_gate(session);
	if (code != MH_EXIT_DONE)
		return code;
	if (mh_gate_rule_make(session->sides[0].plan, &session->lists) < 0)
		return complain("no memory for the rule", MH_EXIT_ENVIRONMENT);
	code = mh_pairs_open(&session->pairs);
	if (code != MH_EXIT_DONE)
		return code;
	code = mh_pairs_run(&session->pairs, request->pairs_max);
	if (mh_pairs_take_back(&session->pairs, code))
		return code;
	if (code == MH_EXIT_DONE)
		code = learn(session);
	else if (session->pairs.trouble)
		(void)complain(session->pairs.trouble, code);
	code = mh_exit_combine(code, mh_pairs_finish(&session->pairs));
	if (!request->options->quiet)
		fprintf(stderr, "memhp-bench: result in %s\n", session->pairs.path);
	return code;
}

int mh_cmd_calibrate(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {own_options, parse, "SCENARIO", help, children, NULL, NULL};
	static struct request request = {.pairs = PAIRS_DEFAULT}; /* large; one a process */
	static struct session session = {.request = &request};
	struct mh_pairs_request pairs = {.command = "calibrate", .options = &request.sides.common, .hygiene = true};
	int code;

	mh_sides_options_init(&request.sides, "calibrate", argv[-1]);
	if (mh_options_parse(&argp, "calibrate", argc, argv, &request))
		return MH_EXIT_USAGE;
	mh_signals_catch(request.sides.common.timeout_s);
	pairs.path = request.sides.common.output;
	pairs.pairs_max = (size_t)request.pairs;
	code = run(&session, &pairs);
	mh_calibration_release(&session.calibration);
	mh_gate_rule_release(&session.lists);
	mh_pairs_close(&session.pairs);
	mh_options_release(&request.sides.common);
	return code;
}
