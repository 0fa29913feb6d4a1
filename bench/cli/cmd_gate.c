/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench gate: two sides, a verdict and an exit code. Of scenarios the counts of one pair come first: what they
 * find is exact, and then no time need be measured. Then as many pairs as the looks want.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/cli/calibration_use.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/folder_comparison.h"
#include "bench/cli/gate_rule.h"
#include "bench/cli/judgement.h"
#include "bench/cli/pairs.h"
#include "bench/cli/sides_options.h"
#include "bench/cli/signals.h"
#include "bench/cli/verdict.h"
#include "bench/engine/gate_check.h"

enum key { KEY_COUNTS = 0x200, KEY_UNDECIDED, KEY_ACROSS, KEY_CALIBRATION };

struct request {
	struct mh_sides_options sides;
	bool counts, across, warn_undecided, fail_undecided;
	const char *calibration; /* file; NULL: none */
	bool folders;            /* of results, and not scenarios */
};

static void set_undecided(struct argp_state *state, struct request *request, const char *word)
{
	request->warn_undecided = strcmp(word, "warn") == 0;
	request->fail_undecided = strcmp(word, "fail") == 0;
	if (!request->warn_undecided && !request->fail_undecided)
		argp_error(state, "--undecided '%s': use fail or warn", word);
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void check_arguments(struct argp_state *state, struct request *request)
{
	const struct mh_sides_options *sides = &request->sides;
	const bool words = sides->word_counts[0] || sides->word_counts[1];

	if (!sides->path_count)
		argp_error(state, "which scenario? or which two result folders?");
	request->folders = is_folder(sides->paths[0]);
	if (request->folders && sides->path_count < 2)
		argp_error(state, "'%s' is a result folder: which is the other?", sides->paths[0]);
	if (request->folders && words)
		argp_error(state, "--a and --b change what is run: two result folders have run already");
	if (request->folders && sides->common.output)
		argp_error(state, "-o is for what is run: two result folders have run already");
	if (!request->folders && request->across)
		argp_error(state, "--across is for two result folders");
	if (!request->folders && sides->path_count == 1 && !words)
		argp_error(state, "what do the sides differ in? --b SIDE, or a second scenario");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->sides;
		return 0;
	case KEY_COUNTS:
		request->counts = true;
		return 0;
	case KEY_UNDECIDED:
		set_undecided(state, request, argument);
		return 0;
	case KEY_CALIBRATION:
		request->calibration = argument;
		return 0;
	case KEY_ACROSS:
		request->across = true;
		return 0;
	case ARGP_KEY_END:
		check_arguments(state, request);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"counts", KEY_COUNTS, NULL, 0, "exact counts only: one run a side, no noise", 1},
	{"undecided", KEY_UNDECIDED, "fail|warn", 0, "what an undecided gate ends in", 1},
	{"calibration", KEY_CALIBRATION, "FILE", 0, "calibration.json of this host", 1},
	{"across", KEY_ACROSS, NULL, 0, "result folders of different scenarios: only what they have in common", 1},
	{0},
};

static const char help[] =
	"Two sides, a verdict and an exit code."
	"\vExit: 0 PASS or IMPROVED; 1 REGRESSED, or an SLO breached; 2 usage; 3 incorrect; 4 undecided, "
	"or the data are invalid; 5 not comparable; 6, 7, 8, 130, 143 as run.";

struct session {
	const struct request *request;
	struct mh_side sides[2];
	struct mh_pairs pairs;
	struct mh_gate_rule_lists lists;
	struct mh_calibration_use calibration;
	struct mh_gate_report report;
	struct mh_text head, repro;
	const char *word; /* for the last line; NULL: by the exit code */
};

static int complain(const char *text, int code)
{
	fprintf(stderr, "memhp-bench gate: error: %s\n", text);
	return code;
}

static int check_cell(const char *path, const struct mh_plan_cell *cell)
{
	struct mh_text errors = MH_TEXT_INIT, facts = MH_TEXT_INIT;
	const unsigned count = mh_gate_check(cell->scenario, &errors, &facts);
	char *rest = errors.length ? errors.data : NULL;

	for (char *line = strsep(&rest, "\n"); line && *line; line = strsep(&rest, "\n"))
		fprintf(stderr, "%s: error: %s\n", path, line);
	mh_text_release(&errors);
	mh_text_release(&facts);
	return count ? MH_EXIT_USAGE : MH_EXIT_DONE;
}

/* Exact counts need neither metrics nor pairs, but that the work was checked. */
static int check_counts(const struct mh_plan_cell *cell)
{
	if (cell->scenario->verify.level != MH_VERIFY_OFF)
		return MH_EXIT_DONE;
	return complain("'verify: {level: off}' cannot be gated: speed without correctness is none", MH_EXIT_USAGE);
}

static int check_gate(const struct session *session)
{
	int code = MH_EXIT_DONE;

	for (unsigned side = 0; side < 2; side++) {
		const struct mh_plan *plan = session->sides[side].plan;

		for (size_t i = 0; i < plan->cell_count && code == MH_EXIT_DONE; i++)
			code = session->request->counts ? check_counts(&plan->cells[i])
							: check_cell(session->sides[side].scenario, &plan->cells[i]);
	}
	if (code == MH_EXIT_DONE && session->request->sides.common.time_scale > 0)
		return complain("--time-scale makes a rehearsal: its results are gated against nothing",
				MH_EXIT_NOT_COMPARABLE);
	return code;
}

/* @rule: the scenario's, or that of counts alone. */
static int judge(struct session *session, const struct mh_gate_rule *rule, size_t look)
{
	const struct mh_gate_cell *cells;
	struct mh_error error;
	size_t count;

	mh_gate_report_release(&session->report);
	cells = mh_pairs_cells(&session->pairs, &count);
	if (!cells)
		return complain("no memory to judge", MH_EXIT_ENVIRONMENT);
	if (mh_gate_judge(rule, cells, count, look, &session->report, &error) < 0)
		return complain(error.text, MH_EXIT_ENVIRONMENT);
	return MH_EXIT_DONE;
}

static struct mh_gate_rule counts_rule(const struct session *session)
{
	struct mh_gate_rule rule = session->lists.rule;

	rule.counts_only = true;
	rule.looks = NULL;
	rule.look_count = 0;
	return rule;
}

static bool has_times(const struct session *session)
{
	return !session->request->counts && (session->lists.rule.metric_count || session->lists.rule.slo_count);
}

/* Whether the first pair decides it: by its counts, or because there is nothing else to judge. */
static bool counts_decide(const struct session *session)
{
	return !has_times(session) || session->report.verdict == MH_VERDICT_REGRESSED ||
	       session->report.verdict == MH_VERDICT_INCORRECT;
}

/* One pair: an exit code of the runs, and whether all is decided. */
static int run_counts(struct session *session, struct mh_gate_rule *rule, bool *ret_decided)
{
	int code = mh_pairs_run(&session->pairs, 1);

	*ret_decided = true;
	*rule = counts_rule(session);
	if (code != MH_EXIT_DONE)
		return code;
	code = judge(session, rule, 0);
	*ret_decided = code != MH_EXIT_DONE || counts_decide(session);
	if (*ret_decided && code == MH_EXIT_DONE && has_times(session))
		mh_text_add(&session->head, "counts decide: times were not run\n");
	return code;
}

static int run_looks(struct session *session, struct mh_gate_rule *rule)
{
	size_t look = 0;
	int code;

	*rule = session->lists.rule;
	for (;;) {
		code = mh_pairs_run(&session->pairs, rule->looks[look]);
		if (code == MH_EXIT_DONE)
			code = judge(session, rule, look);
		if (code != MH_EXIT_DONE || !session->report.wants_more)
			return code;
		look = session->report.look_next;
	}
}

/*
 * What was stopped early has no verdict on times, whatever they look like: only what is exact is told of it, and that
 * it was stopped.
 */
static int judge_stopped(struct session *session, struct mh_gate_rule *rule, int code)
{
	struct mh_gate_report *report = &session->report;
	int judged;

	*rule = counts_rule(session);
	judged = judge(session, rule, 0);
	if (judged != MH_EXIT_DONE)
		return judged;
	report->wants_more = false;
	report->verdict = mh_verdict_worse(report->verdict,
					   code == MH_EXIT_INCORRECT ? MH_VERDICT_INCORRECT : MH_VERDICT_INVALID);
	if (report->verdict == MH_VERDICT_INVALID && session->pairs.trouble)
		report->summary = session->pairs.trouble;
	return MH_EXIT_DONE;
}

static int tell(struct session *session, const struct mh_gate_rule *rule, int code)
{
	const struct mh_judgement judgement = {
		.command = "gate",
		.options = &session->request->sides.common,
		.folder = session->pairs.path,
		.head = session->head.data,
		.rule = rule,
	};

	if (!session->report.summary)
		return code;
	code = mh_exit_combine(code, mh_verdict_exit(session->report.verdict, rule->undecided_warns));
	session->word = code == mh_verdict_exit(session->report.verdict, rule->undecided_warns)
				? mh_verdict_gate_word(false, session->report.verdict)
				: mh_verdict_word(code);
	return mh_exit_combine(code, mh_judgement_tell(&judgement, &session->report));
}

static int run_pairs(struct session *session)
{
	struct mh_gate_rule rule;
	bool decided;
	int code = run_counts(session, &rule, &decided), stopped;

	if (code == MH_EXIT_DONE && !decided)
		code = run_looks(session, &rule);
	if (mh_pairs_take_back(&session->pairs, code))
		return code;
	mh_pairs_describe(&session->pairs, &session->head);
	if (code != MH_EXIT_DONE) {
		stopped = judge_stopped(session, &rule, code);
		code = mh_exit_combine(code, stopped);
	}
	code = tell(session, &rule, code);
	code = mh_exit_combine(code, mh_pairs_finish(&session->pairs));
	if (!session->request->sides.common.quiet)
		fprintf(stderr, "memhp-bench: result in %s\n", session->pairs.path);
	return code;
}

static void set_rule(struct session *session)
{
	const struct request *request = session->request;
	struct mh_gate_rule *rule = &session->lists.rule;

	rule->command = session->repro.data;
	if (request->warn_undecided || request->fail_undecided)
		rule->undecided_warns = request->warn_undecided;
}

/* Again once the seed is known: a random one has been drawn. */
static void compose_repro(struct session *session)
{
	const struct request *request = session->request;

	mh_text_clear(&session->repro);
	mh_sides_compose(&request->sides, session->pairs.seed[0] ? session->pairs.seed : "-", &session->repro);
	if (request->counts)
		mh_text_add(&session->repro, " --counts");
	if (request->across)
		mh_text_add(&session->repro, " --across");
	if (request->calibration) {
		mh_text_add(&session->repro, " --calibration ");
		mh_options_quote(&session->repro, request->calibration);
	}
	if (request->warn_undecided || request->fail_undecided)
		mh_text_add(&session->repro, " --undecided %s", request->warn_undecided ? "warn" : "fail");
}

/* What it says against this gate is told before anything runs, and does not stop it. */
static int take_calibration(struct session *session, struct mh_pairs_request *request)
{
	const char *path = session->request->calibration;
	struct mh_text doubts = MH_TEXT_INIT;
	int code;

	if (!path)
		return MH_EXIT_DONE;
	code = mh_calibration_use(&session->calibration, "gate", path, session->sides[0].plan);
	if (code != MH_EXIT_DONE)
		return code;
	session->lists.rule.noises = session->calibration.noises;
	session->lists.rule.noise_count = session->calibration.noise_count;
	request->references = session->calibration.references;
	if (mh_calibration_doubts(&session->calibration.calibration, &doubts))
		fprintf(stderr, "memhp-bench gate: warning: by %s:\n%s", path, doubts.data);
	mh_text_release(&doubts);
	return MH_EXIT_DONE;
}

static int gate_scenarios(struct session *session, struct mh_pairs_request *request)
{
	int code = mh_sides_make(&session->request->sides, session->sides);

	if (code == MH_EXIT_DONE)
		code = mh_pairs_load(&session->pairs, request, session->sides);
	compose_repro(session);
	if (code == MH_EXIT_DONE)
		code = check_gate(session);
	if (code != MH_EXIT_DONE)
		return code;
	if (mh_gate_rule_make(session->sides[0].plan, &session->lists) < 0)
		return complain("no memory for the rule", MH_EXIT_ENVIRONMENT);
	set_rule(session);
	code = take_calibration(session, request);
	if (code != MH_EXIT_DONE)
		return code;
	request->pairs_max = has_times(session) ? session->lists.rule.looks[session->lists.rule.look_count - 1] : 1;
	request->hygiene = has_times(session);
	code = mh_pairs_open(&session->pairs);
	if (code != MH_EXIT_DONE)
		return code;
	if (!request->options->quiet)
		fprintf(stderr, "memhp-bench gate: %s\n", session->pairs.treatment);
	return run_pairs(session);
}

static int gate_folders(struct session *session, char seed[32])
{
	const struct request *request = session->request;
	const struct mh_folder_comparison comparison = {
		.command = "gate",
		.options = &request->sides.common,
		.base = request->sides.paths[0],
		.candidate = request->sides.paths[1],
		.gate = true,
		.across = request->across,
		.counts_only = request->counts,
		.warn_undecided = request->warn_undecided,
		.fail_undecided = request->fail_undecided,
		.calibration = request->calibration,
		.repro = session->repro.data,
	};

	return mh_folder_compare(&comparison, &session->word, seed);
}

int mh_cmd_gate(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_sides_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		own_options, parse, "SCENARIO --a SIDE --b SIDE\nA.yaml B.yaml\nBASE_DIR CANDIDATE_DIR", help, children,
		NULL,        NULL};
	static struct request request; /* large; one a process */
	static struct session session = {.request = &request, .head = MH_TEXT_INIT, .repro = MH_TEXT_INIT};
	struct mh_pairs_request pairs = {.command = "gate", .options = &request.sides.common};
	char seed[32] = "-";
	int code;

	mh_sides_options_init(&request.sides, "gate", argv[-1]);
	if (mh_options_parse(&argp, "gate", argc, argv, &request))
		return MH_EXIT_USAGE;
	mh_signals_catch(request.sides.common.timeout_s);
	pairs.path = request.sides.common.output;
	compose_repro(&session);
	code = request.folders ? gate_folders(&session, seed) : gate_scenarios(&session, &pairs);
	if (session.pairs.seed[0])
		snprintf(seed, sizeof(seed), "%s", session.pairs.seed);
	mh_verdict_print_word(session.word ? session.word : mh_verdict_word(code), code, seed, session.repro.data);
	mh_gate_report_release(&session.report);
	mh_gate_rule_release(&session.lists);
	mh_calibration_use_release(&session.calibration);
	mh_pairs_close(&session.pairs);
	mh_text_release(&session.head);
	mh_text_release(&session.repro);
	mh_options_release(&request.sides.common);
	return code;
}
