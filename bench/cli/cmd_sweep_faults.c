/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench sweep-faults SCENARIO: one run per fault site.
 *
 * A dry run, in which the swept faults are asked and never fire, counts their sites; then each site has a run in which
 * its fault fires there and the others are held back. Every run is `memhp-bench run` in a process of its own, so that
 * one that hangs or crashes is one site that broke. All of them have the same seed: what the dry run saw comes again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/job.h"
#include "bench/cli/options.h"
#include "bench/cli/signals.h"
#include "bench/cli/site.h"
#include "bench/cli/site_report.h"
#include "bench/cli/verdict.h"
#include "bench/engine/build.h"
#include "results/folder.h"

#define OPS_DEFAULT       1000
#define MAX_SITES_DEFAULT 256
#define WORDS_MAX         1500 /* of a child's command line */

enum key { KEY_OPS = 0x200, KEY_MAX_SITES };

struct request {
	struct mh_options options;
	const char *scenario;
	uint64_t ops, max_sites;
	const char *program; /* as it was called: repro lines begin so */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case KEY_OPS:
		request->ops = mh_options_count(state, "--ops", argument);
		return 0;
	case KEY_MAX_SITES:
		request->max_sites = mh_options_count(state, "--max-sites", argument);
		return 0;
	case ARGP_KEY_ARG:
		if (request->scenario)
			argp_error(state, "one scenario, please: '%s' and '%s' were given", request->scenario,
				   argument);
		request->scenario = argument;
		return 0;
	case ARGP_KEY_END:
		if (!request->scenario)
			argp_error(state, "which scenario?");
		if (request->options.shard_count)
			argp_error(state, "--shard picks cells, and a sweep over faults has one");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"ops", KEY_OPS, "N", 0, "at most N operations in each phase (1000)", 1},
	{"max-sites", KEY_MAX_SITES, "N", 0, "at most N sites; what is left out is told (256)", 1},
	{0},
};

static const char help[] = "One run per fault site: does each single failure leave the machine whole?"
			   "\vA site is a (fault, event, listener) at which a fault of the scenario can fire. A dry "
			   "run counts them; then each "
			   "has a run of the same seed in which the fault fires there once a thread, and nowhere else, "
			   "without the scenario's thresholds. "
			   "Swept are the faults "
			   "with `trigger: {nth: sweep}`; all of them, when none says so. The result folder holds the "
			   "dry run (run-001), a "
			   "run for each site, and sites.json.\n\n"
			   "Exit: 0 all held; 3 something broke; 4 a site could not be hit, or there is none.";

struct session {
	const struct request *request;
	struct mh_plan *plan;
	struct mh_result_folder folder;
	struct mh_sites sites;
	const char *words[WORDS_MAX]; /* of a child's command line, but for its site */
	size_t word_count;
};

static int complain(const struct mh_error *error, int code)
{
	fprintf(stderr, "memhp-bench sweep-faults: error: %s\n", error->text);
	return code;
}

static int load(struct session *session)
{
	const struct mh_options *options = &session->request->options;
	struct mh_text messages = MH_TEXT_INIT;
	int ret = mh_plan_load(
		&(struct mh_plan_request){
			.path = session->request->scenario,
			.overrides = options->overrides,
			.override_count = options->override_count,
			.modules = options->modules,
			.module_count = options->module_count,
			.time_scale = options->time_scale,
			.ops = session->request->ops,
			.sweeps = true,
		},
		&session->plan, &messages);

	fputs(messages.data, stderr);
	mh_text_release(&messages);
	if (ret < 0)
		return ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE;
	if (session->plan->cell_count > 1) {
		fprintf(stderr,
			"memhp-bench sweep-faults: error: '%s' has %zu cells: fix its sweep with -D, one value each\n",
			session->request->scenario, session->plan->cell_count);
		return MH_EXIT_USAGE;
	}
	if (!session->plan->swept_count) {
		fprintf(stderr, "memhp-bench sweep-faults: error: '%s' has no fault: there is nothing to sweep\n",
			session->request->scenario);
		return MH_EXIT_USAGE;
	}
	return MH_EXIT_DONE;
}

static void add_word(struct session *session, const char *word)
{
	if (session->word_count < WORDS_MAX)
		session->words[session->word_count++] = word;
}

/* Memory that lives as long as the process: a handful of words. */
static void add_made_word(struct session *session, const char *option, char *word)
{
	add_word(session, option);
	add_word(session, word ? word : "");
}

static void add_scale(struct session *session)
{
	char *word = NULL;

	if (session->request->options.time_scale > 0 &&
	    asprintf(&word, "%g", session->request->options.time_scale) >= 0)
		add_made_word(session, "--time-scale", word);
}

/* What all runs have in common: the command's own options, and the swept faults held back. */
static void compose_words(struct session *session)
{
	const struct mh_options *options = &session->request->options;
	char *word;

	add_word(session, session->request->program);
	add_word(session, "run");
	add_word(session, session->request->scenario);
	add_word(session, "--quiet");
	add_word(session, "--progress");
	add_word(session, "never");
	if (asprintf(&word, "%llu", (unsigned long long)session->request->ops) >= 0)
		add_made_word(session, "--ops", word);
	for (size_t i = 0; i < options->override_count; i++)
		if (asprintf(&word, "%s=%s", options->overrides[i].key, options->overrides[i].value) >= 0)
			add_made_word(session, "-D", word);
	for (size_t i = 0; i < options->module_count; i++)
		add_made_word(session, "--module", (char *)options->modules[i]);
	add_scale(session);
	/* Thresholds are for the run as the scenario has it: one failure in a thousand operations is another. */
	add_made_word(session, "-D", (char *)"slo=[]");
}

static void hold_back(struct session *session, const char *fault)
{
	char *word;

	if (asprintf(&word, "faults.%s.trigger=" MH_PLAN_NEVER, fault) >= 0)
		add_made_word(session, "-D", word);
	if (asprintf(&word, "faults.%s.optional=true", fault) >= 0)
		add_made_word(session, "-D", word);
}

/* All swept faults but the site's, which fires there; @site NULL: the dry run. */
static void add_faults(struct session *session, const struct mh_fault_site *site)
{
	char *options[MH_SITE_OPTIONS];

	for (size_t i = 0; i < session->plan->swept_count; i++)
		if (!site || strcmp(site->fault, session->plan->swept[i]) != 0)
			hold_back(session, session->plan->swept[i]);
	if (!site) {
		add_word(session, "--census");
		return;
	}
	if (!mh_site_options(site, options))
		return;
	for (unsigned i = 0; i < MH_SITE_OPTIONS && options[i]; i++)
		add_made_word(session, "-D", options[i]);
}

/*
 * Run @number of the folder, in a process of its own. Return: its exit code; *ret_result is there when *ret_loaded. The
 * seed is that of a cell's first run in each of them.
 */
static int run_one(struct session *session, const struct mh_fault_site *site, unsigned number,
		   struct mh_result *ret_result, bool *ret_loaded)
{
	const size_t common = session->word_count;
	const char *cell = session->plan->cells[0].id;
	struct mh_job job = {.plan = session->plan, .cell = &session->plan->cells[0], .run = 1};
	struct mh_error error;
	char *path;
	int code;

	*ret_loaded = false;
	if (mh_result_folder_begin_run(&session->folder, cell, number, &path, &error) < 0)
		return complain(&error, MH_EXIT_ABORTED);
	add_faults(session, site);
	session->words[session->word_count < WORDS_MAX ? session->word_count : WORDS_MAX - 1] = NULL;
	job.path = path;
	code = mh_job_spawn(&job, (char *const *)session->words);
	session->word_count = common;
	*ret_loaded = mh_job_load(path, ret_result) == 0;
	free(path);
	if (mh_result_folder_end_run(&session->folder, cell, number, *ret_loaded ? ret_result->status : MH_RUN_ABORTED,
				     &error) < 0)
		return complain(&error, MH_EXIT_ABORTED);
	return code;
}

static void tell_progress(const struct session *session, size_t done, size_t of, const char *what)
{
	const struct mh_options *options = &session->request->options;
	const bool terminal = isatty(STDERR_FILENO);

	if (options->quiet || options->progress == MH_WHEN_NEVER)
		return;
	fprintf(stderr, "%ssweep-faults: %zu of %zu: %.70s%s", terminal ? "\r\033[K" : "", done, of, what,
		terminal ? "" : "\n");
}

static void end_progress(const struct session *session)
{
	if (!session->request->options.quiet && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

/* A dry run that is no good says nothing about sites. */
static int take_census(struct session *session)
{
	struct mh_result result;
	bool loaded;
	int code;

	tell_progress(session, 0, 0, "counting the sites");
	code = run_one(session, NULL, 1, &result, &loaded);
	if (code == MH_EXIT_DONE && loaded)
		return mh_sites_make(&result, session->plan->swept, session->plan->swept_count, &session->sites) < 0
			       ? MH_EXIT_ENVIRONMENT
			       : MH_EXIT_DONE;
	end_progress(session);
	fprintf(stderr,
		"memhp-bench sweep-faults: error: the dry run, in which no swept fault fires, ended with exit %d%s%s\n",
		code, loaded && result.status_reason_count ? ": " : "",
		loaded && result.status_reason_count ? result.status_reasons[0] : "");
	if (loaded)
		mh_result_release(&result);
	return code == MH_EXIT_DONE ? MH_EXIT_ABORTED : code;
}

static void run_site(struct session *session, struct mh_fault_site *site, unsigned number)
{
	struct mh_result result;
	bool loaded;
	int code = run_one(session, site, number, &result, &loaded);

	if (mh_signal_number)
		return; /* it was ended, not judged */
	site->run = number;
	mh_site_judge(site, loaded ? &result : NULL, code);
	if (loaded)
		mh_result_release(&result);
}

static void run_sites(struct session *session)
{
	const size_t count = session->sites.count < session->request->max_sites ? session->sites.count
										: (size_t)session->request->max_sites;

	for (size_t i = 0; i < count && !mh_signal_number; i++) {
		struct mh_fault_site *site = &session->sites.items[i];
		char what[256];

		snprintf(what, sizeof(what), "%s at %s of %s", site->fault, site->event, site->listener);
		tell_progress(session, i + 1, count, what);
		run_site(session, site, (unsigned)i + 2);
	}
	end_progress(session);
}

static int write_reports(struct session *session, const struct mh_text *text, const struct mh_text *json)
{
	struct mh_error error;
	int ret = mh_result_folder_write(&session->folder, "sites.json", json->data, json->length, &error);

	if (ret == 0)
		ret = mh_result_folder_write(&session->folder, "report.txt", text->data, text->length, &error);
	return ret < 0 ? complain(&error, MH_EXIT_ABORTED) : MH_EXIT_DONE;
}

static int report(struct session *session)
{
	char option[64];
	const struct mh_site_report about = {
		.scenario = session->plan->name,
		.cell = session->plan->cells[0].id,
		.seed = session->plan->seed,
		.max_option = mh_signal_number ? "the sweep was ended" : option,
	};
	const struct mh_options *options = &session->request->options;
	struct mh_text text = MH_TEXT_INIT, json = MH_TEXT_INIT;
	struct mh_error error;
	int code;

	snprintf(option, sizeof(option), "--max-sites %llu", (unsigned long long)session->request->max_sites);
	mh_site_report_text(&about, &session->sites, &text);
	if (mh_site_report_json(&about, &session->sites, &json, &error) < 0)
		code = complain(&error, MH_EXIT_ENVIRONMENT);
	else
		code = write_reports(session, &text, &json);
	if (options->format == MH_FORMAT_JSON)
		fputs(json.data, stdout);
	else if (!options->quiet || mh_sites_code(&session->sites) != MH_EXIT_DONE)
		fputs(text.data, stdout);
	fflush(stdout);
	mh_text_release(&text);
	mh_text_release(&json);
	return code;
}

static int open_folder(struct session *session)
{
	struct mh_result binary;
	struct mh_error error;
	int ret;

	mh_result_init(&binary);
	mh_build_describe(&binary);
	ret = mh_result_folder_create(
		&(struct mh_result_folder_request){
			.path = session->request->options.output,
			.name = session->plan->name,
			.version = MH_BUILD_VERSION,
			.build_id = binary.binary.build_id,
			.seed = session->plan->seed,
			.start_unix_ns = mh_clock_unix_ns(),
		},
		&session->folder, &error);
	if (ret < 0)
		return complain(&error, ret == -ENOSPC ? MH_EXIT_ABORTED : MH_EXIT_ENVIRONMENT);
	ret = mh_result_folder_write(&session->folder, "scenario.yaml", session->plan->source,
				     session->plan->source_size, &error);
	return ret < 0 ? complain(&error, MH_EXIT_ABORTED) : MH_EXIT_DONE;
}

static int sweep(struct session *session)
{
	struct mh_error error;
	int code = open_folder(session);

	if (code != MH_EXIT_DONE)
		return code;
	compose_words(session);
	code = take_census(session);
	if (code == MH_EXIT_DONE) {
		run_sites(session);
		code = mh_exit_combine(report(session), mh_sites_code(&session->sites));
	}
	if (mh_signal_number)
		code = mh_exit_combine(code, mh_verdict_signal_code(mh_signal_number));
	if (mh_result_folder_finish(&session->folder, mh_signal_number ? MH_RUN_ABORTED : MH_RUN_OK, &error) < 0)
		code = mh_exit_combine(code, complain(&error, MH_EXIT_ABORTED));
	if (!session->request->options.quiet)
		fprintf(stderr, "memhp-bench: result in %s\n", session->folder.path);
	return code;
}

int mh_cmd_sweep_faults(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {own_options, parse, "SCENARIO", help, children, NULL, NULL};
	static struct request request = {.ops = OPS_DEFAULT, .max_sites = MAX_SITES_DEFAULT}; /* large; one a process */
	static struct session session;
	int code;

	mh_options_init(&request.options);
	request.program = argv[-1];
	if (mh_options_parse(&argp, "sweep-faults", argc, argv, &request))
		return MH_EXIT_USAGE;
	session.request = &request;
	mh_signals_catch(request.options.timeout_s);
	code = load(&session);
	if (code == MH_EXIT_DONE)
		code = sweep(&session);
	mh_sites_release(&session.sites);
	mh_result_folder_release(&session.folder);
	mh_plan_free(session.plan);
	mh_options_release(&request.options);
	return code;
}
