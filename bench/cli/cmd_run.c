/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench run SCENARIO…: all cells and runs of each, one after the other.
 *
 * A single run happens in this process; of several each has a process of its own, which is this command again with
 * --one-cell and --one-run.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/job.h"
#include "bench/cli/options.h"
#include "bench/cli/run_slos.h"
#include "bench/cli/runs_json.h"
#include "bench/cli/signals.h"
#include "bench/cli/verdict.h"
#include "bench/engine/build.h"
#include "results/folder.h"
#include "results/run_json.h"
#include "results/show.h"

#define SCENARIOS_MAX 64 /* in one command */

enum key {
	KEY_RUNS = 0x200,
	KEY_LIST,
	KEY_OPS,
	KEY_ONE_CELL,
	KEY_ONE_RUN,
	KEY_CENSUS,
	KEY_REPLACE_MODULE,
	KEY_BLOCKS,
	KEY_KERNEL_ROOT,
};

struct request {
	struct mh_options options;
	const char *scenarios[SCENARIOS_MAX];
	size_t scenario_count;
	const char *duration;
	uint64_t ops; /* 0: as the scenario says */
	const char *replacements[MH_OPTION_LIST_MAX];
	size_t replacement_count;
	const char *blocks, *kernel_root; /* with mode: kernel; NULL: not given */
	bool census;                      /* in a child of sweep-faults */
	bool list;
	const char *one_cell; /* in a child */
	unsigned one_run;
	char **argv; /* of the program, for children */
	bool hung;   /* threads were left behind: nothing more is run beside them */
};

static void set_runs(struct argp_state *state, struct request *request, const char *argument)
{
	struct mh_options *options = &request->options;
	struct mh_plan_override *override = &options->overrides[options->override_count];

	if (options->override_count == MH_OPTION_LIST_MAX)
		argp_error(state, "too many options");
	*override = (struct mh_plan_override){
		.label = strdup("--runs"),
		.key = strdup("runs"),
		.value = argument,
	};
	if (!override->label || !override->key)
		argp_failure(state, MH_EXIT_ENVIRONMENT, 0, "no memory");
	options->override_count++;
}

static void add_scenario(struct argp_state *state, struct request *request, const char *argument)
{
	if (request->scenario_count == SCENARIOS_MAX)
		argp_error(state, "more than %d scenarios", SCENARIOS_MAX);
	request->scenarios[request->scenario_count++] = argument;
}

static void add_replacement(struct argp_state *state, struct request *request, const char *argument)
{
	if (request->replacement_count == MH_OPTION_LIST_MAX)
		argp_error(state, "--replace-module is given more than %d times", MH_OPTION_LIST_MAX);
	request->replacements[request->replacement_count++] = argument;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case KEY_RUNS:
		set_runs(state, request, argument);
		return 0;
	case 'd':
		request->duration = argument;
		return 0;
	case KEY_LIST:
		request->list = true;
		return 0;
	case KEY_BLOCKS:
		request->blocks = argument;
		return 0;
	case KEY_KERNEL_ROOT:
		request->kernel_root = argument;
		return 0;
	case KEY_OPS:
		request->ops = mh_options_count(state, "--ops", argument);
		return 0;
	case KEY_REPLACE_MODULE:
		add_replacement(state, request, argument);
		return 0;
	case KEY_CENSUS:
		request->census = true;
		return 0;
	case KEY_ONE_CELL:
		request->one_cell = argument;
		return 0;
	case KEY_ONE_RUN:
		request->one_run = (unsigned)strtoul(argument, NULL, 10);
		return 0;
	case ARGP_KEY_ARG:
		add_scenario(state, request, argument);
		return 0;
	case ARGP_KEY_END:
		if (!request->scenario_count)
			argp_error(state, "which scenario? memhp-bench init writes one");
		if (request->scenario_count > 1 && request->options.format == MH_FORMAT_JSON)
			argp_error(state, "--format json is one document: give one scenario");
		if (request->scenario_count > 1 && request->options.output)
			argp_error(state, "-o is one result folder: give one scenario, or leave it out");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option own_options[] = {
	{"runs", KEY_RUNS, "N", 0, "executions of each cell", 1},
	{"duration", 'd', "DURATION", 0, "instead of `for` of the measure phases", 1},
	{"ops", KEY_OPS, "N", 0, "at most N operations in each phase, also in those that `for` bounds", 1},
	{"replace-module", KEY_REPLACE_MODULE, "FILE.so", 0,
	 "instead of the scenario's module of the same file name, with its arguments", 1},
	{"blocks", KEY_BLOCKS, "RANGE", 0, "with mode: kernel: the memory blocks that it may touch, such as 32-35,38",
	 1},
	{"kernel-root", KEY_KERNEL_ROOT, "DIR", 0, "with mode: kernel: a made-up kernel's files are below DIR", 1},
	{"list", KEY_LIST, NULL, 0, "only name the cells", 1},
	{"census", KEY_CENSUS, NULL, OPTION_HIDDEN, NULL, 1},
	{"one-cell", KEY_ONE_CELL, "CELL", OPTION_HIDDEN, NULL, 1},
	{"one-run", KEY_ONE_RUN, "RUN", OPTION_HIDDEN, NULL, 1},
	{0},
};

static const struct argp_child children[] = {{&mh_options_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {
	own_options, parse, "SCENARIO...", "Runs all phases of all cells, prints the report, writes the result folder.",
	children,    NULL,  NULL};

/* A scenario while it is run. */
struct session {
	const struct request *request;
	struct mh_plan *plan;
	struct mh_result_folder folder;
	struct mh_progress_line progress;
	struct mh_text repro;
	char seed[32];
	bool hung; /* threads of a run in this process were left behind */
};

static int load(struct session *session, const char *scenario)
{
	const struct mh_options *options = &session->request->options;
	struct mh_text messages = MH_TEXT_INIT;
	int ret = mh_plan_load(
		&(struct mh_plan_request){
			.path = scenario,
			.overrides = options->overrides,
			.override_count = options->override_count,
			.modules = options->modules,
			.module_count = options->module_count,
			.replacements = session->request->replacements,
			.replacement_count = session->request->replacement_count,
			.duration = session->request->duration,
			.ops = session->request->ops,
			.time_scale = options->time_scale,
		},
		&session->plan, &messages);

	fputs(messages.data, stderr);
	mh_text_release(&messages);
	if (ret < 0)
		return ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE;
	snprintf(session->seed, sizeof(session->seed), "0x%llx", (unsigned long long)session->plan->seed);
	return MH_EXIT_DONE;
}

/* The command that does the same again: the seed made concrete, the output folder left out. */
static void compose_repro(struct session *session, const char *scenario)
{
	const struct mh_options *options = &session->request->options;
	struct mh_text *text = &session->repro;

	/* As it was called: after a build it need not be on the PATH. */
	mh_options_quote(text, strchr(session->request->argv[0], '/') ? session->request->argv[0] : "memhp-bench");
	mh_text_add(text, " run ");
	mh_options_quote(text, scenario);
	if (session->plan)
		mh_text_add(text, " --seed %s", session->seed);
	for (size_t i = 0; i < options->override_count; i++) {
		struct mh_text word = MH_TEXT_INIT;

		if (strcmp(options->overrides[i].key, "seed") == 0)
			continue;
		mh_text_add(&word, "%s=%s", options->overrides[i].key, options->overrides[i].value);
		mh_text_add(text, " -D ");
		mh_options_quote(text, word.data);
		mh_text_release(&word);
	}
	for (size_t i = 0; i < options->module_count; i++) {
		mh_text_add(text, " --module ");
		mh_options_quote(text, options->modules[i]);
	}
	for (size_t i = 0; i < session->request->replacement_count; i++) {
		mh_text_add(text, " --replace-module ");
		mh_options_quote(text, session->request->replacements[i]);
	}
	if (session->request->duration)
		mh_text_add(text, " --duration %s", session->request->duration);
	if (session->request->ops)
		mh_text_add(text, " --ops %llu", (unsigned long long)session->request->ops);
	if (session->request->blocks) {
		mh_text_add(text, " --blocks ");
		mh_options_quote(text, session->request->blocks);
	}
	if (session->request->kernel_root) {
		mh_text_add(text, " --kernel-root ");
		mh_options_quote(text, session->request->kernel_root);
	}
	if (options->shard_count)
		mh_text_add(text, " --shard %u/%u", options->shard, options->shard_count);
	if (options->time_scale > 0)
		mh_text_add(text, " --time-scale %g", options->time_scale);
}

static bool in_shard(const struct mh_options *options, size_t cell)
{
	return !options->shard_count || cell % options->shard_count == options->shard - 1;
}

static int list_cells(const struct session *session)
{
	for (size_t i = 0; i < session->plan->cell_count; i++)
		if (in_shard(&session->request->options, i))
			puts(session->plan->cells[i].id);
	return MH_EXIT_DONE;
}

static int complain(const struct mh_error *error, int code)
{
	fprintf(stderr, "memhp-bench run: error: %s\n", error->text);
	return code;
}

static int open_folder(struct session *session)
{
	struct mh_result binary;
	struct mh_error error;
	struct mh_plan *plan = session->plan;
	int ret;

	mh_result_init(&binary);
	mh_build_describe(&binary);
	ret = mh_result_folder_create(
		&(struct mh_result_folder_request){
			.path = session->request->options.output,
			.name = plan->name,
			.version = MH_BUILD_VERSION,
			.build_id = binary.binary.build_id,
			.seed = plan->seed,
			.start_unix_ns = mh_clock_unix_ns(),
		},
		&session->folder, &error);
	if (ret < 0)
		return complain(&error, ret == -ENOSPC ? MH_EXIT_ABORTED : MH_EXIT_ENVIRONMENT);
	ret = mh_result_folder_write(&session->folder, "scenario.yaml", plan->source, plan->source_size, &error);
	if (ret == 0)
		ret = mh_result_folder_write(&session->folder, "scenario.resolved.yaml",
					     plan->cells[0].scenario->resolved,
					     strlen(plan->cells[0].scenario->resolved), &error);
	return ret < 0 ? complain(&error, MH_EXIT_ABORTED) : MH_EXIT_DONE;
}

static size_t count_runs(const struct session *session)
{
	size_t count = 0;

	for (size_t i = 0; i < session->plan->cell_count; i++)
		count += in_shard(&session->request->options, i) ? session->plan->runs : 0;
	return count;
}

/* What a child left in its folder; one that left nothing has been aborted. */
static enum mh_run_status status_of_child(const char *path)
{
	struct mh_result result;
	struct mh_error ignored;
	enum mh_run_status status = MH_RUN_ABORTED;
	char *file;

	if (asprintf(&file, "%s/run.json", path) < 0)
		return status;
	if (mh_run_json_load(file, &result, &ignored) == 0) {
		status = result.status;
		mh_result_release(&result);
	}
	free(file);
	return status;
}

static int write_resolved(const char *folder, const struct mh_plan_cell *cell, struct mh_error *reterr)
{
	char *path;
	int ret;

	if (asprintf(&path, "%s/scenario.resolved.yaml", folder) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for a path");
	ret = mh_file_write(path, cell->scenario->resolved, strlen(cell->scenario->resolved), reterr);
	free(path);
	return ret;
}

static int run_one(struct session *session, const struct mh_plan_cell *cell, unsigned run, bool alone)
{
	struct mh_job job = {
		.plan = session->plan,
		.cell = cell,
		.run = run,
		.repro = session->repro.data,
		.blocks = session->request->blocks,
		.kernel_root = session->request->kernel_root,
		.progress = &session->progress,
		.ret_hung = &session->hung,
	};
	enum mh_run_status status;
	struct mh_error error;
	struct mh_result result;
	char *path;
	int code;

	if (mh_result_folder_begin_run(&session->folder, cell->id, run, &path, &error) < 0)
		return complain(&error, MH_EXIT_ABORTED);
	job.path = path;
	/* A cell's own resolved scenario: the one at the top is the first cell's. */
	if (!alone && write_resolved(path, cell, &error) < 0) {
		free(path);
		return complain(&error, MH_EXIT_ABORTED);
	}
	mh_result_init(&result);
	if (alone) {
		code = mh_job_run(&job, &result);
		status = result.status;
	} else {
		code = mh_job_spawn(&job, session->request->argv);
		status = status_of_child(path);
	}
	mh_result_release(&result);
	free(path);
	if (mh_result_folder_end_run(&session->folder, cell->id, run, status, &error) < 0)
		return complain(&error, mh_exit_combine(code, MH_EXIT_ABORTED));
	return code;
}

static int run_all(struct session *session)
{
	const struct mh_plan *plan = session->plan;
	bool alone = count_runs(session) == 1;
	int code = MH_EXIT_DONE;

	for (size_t i = 0; i < plan->cell_count; i++) {
		if (!in_shard(&session->request->options, i))
			continue;
		for (unsigned run = 1; run <= plan->runs && !mh_signal_number; run++) {
			int ended = run_one(session, &plan->cells[i], run, alone);

			/* What one of many breached by itself is judged over all of them (run_slos). */
			code = mh_exit_combine(code, ended == MH_EXIT_REGRESSED && !alone ? MH_EXIT_DONE : ended);
		}
	}
	/* Runs that were not even begun are missing all the same. */
	if (mh_signal_number && !alone)
		code = mh_exit_combine(code, mh_verdict_signal_code(mh_signal_number));
	return code;
}

/* As report.txt has it, but for the colours. */
static void print_report(struct session *session, struct mh_show_options *show, const char *slos)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error;

	show->colour = mh_options_colour(&session->request->options, STDOUT_FILENO);
	(void)mh_show_folder(&session->folder, show, &text, &error);
	fputs(text.data, stdout);
	fputs(slos, stdout);
	fflush(stdout); /* before the last line on stderr, also where both go to one file; main() looks for errors */
	mh_text_release(&text);
}

static int report(struct session *session)
{
	const struct mh_options *options = &session->request->options;
	struct mh_show_options show = {.ascii = mh_options_ascii(), .verbose = options->verbose};
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error;
	struct mh_text slos = MH_TEXT_INIT;
	int ret = mh_show_folder(&session->folder, &show, &text, &error);
	int code = count_runs(session) > 1 ? mh_run_slos(session->plan, &session->folder, &slos) : MH_EXIT_DONE;

	mh_text_append(&text, slos.data, slos.length);
	if (ret == 0)
		ret = mh_result_folder_write(&session->folder, "report.txt", text.data, text.length, &error);
	mh_text_release(&text);
	if (ret < 0)
		code = mh_exit_combine(code, complain(&error, MH_EXIT_ABORTED));
	else if (options->format == MH_FORMAT_JSON)
		code = mh_exit_combine(code, mh_print_runs_json(&session->folder));
	else if (!options->quiet)
		print_report(session, &show, slos.data);
	mh_text_release(&slos);
	return code;
}

/* A module or a topology is refused only when it is used: then nothing has run, and no folder says otherwise. */
static bool nothing_ran(const struct session *session, int code)
{
	return (code == MH_EXIT_USAGE || code == MH_EXIT_ENVIRONMENT) && session->folder.run_count == 1;
}

static int run_in_folder(struct session *session)
{
	const char *output = session->request->options.output;
	bool made = !output || access(output, F_OK) < 0;
	struct mh_error error;
	int code;

	if (!count_runs(session)) {
		fprintf(stderr, "memhp-bench run: error: shard %u/%u has none of the %zu cells\n",
			session->request->options.shard, session->request->options.shard_count,
			session->plan->cell_count);
		return MH_EXIT_USAGE;
	}
	code = open_folder(session);
	if (code != MH_EXIT_DONE)
		return code;
	mh_progress_line_init(&session->progress, &session->request->options);
	code = run_all(session);
	if (nothing_ran(session, code)) {
		mh_result_folder_discard(&session->folder, made);
		return code;
	}
	code = mh_exit_combine(code, report(session));
	if (mh_result_folder_finish(&session->folder, mh_signal_number ? MH_RUN_ABORTED : MH_RUN_OK, &error) < 0)
		code = mh_exit_combine(code, complain(&error, MH_EXIT_ABORTED));
	if (!session->request->options.quiet)
		fprintf(stderr, "memhp-bench: result in %s\n", session->folder.path);
	return code;
}

/* Threads that were left behind still read it. */
static void free_plan(struct session *session)
{
	if (!session->hung)
		mh_plan_free(session->plan);
}

static int run_scenario(struct request *request, const char *scenario)
{
	struct session session = {.request = request, .repro = MH_TEXT_INIT, .seed = "-"};
	int code = load(&session, scenario);

	compose_repro(&session, scenario);
	if (code == MH_EXIT_DONE)
		code = request->list ? list_cells(&session) : run_in_folder(&session);
	if (!request->list)
		mh_verdict_print(code, session.seed, session.repro.data);
	mh_result_folder_release(&session.folder);
	free_plan(&session);
	request->hung |= session.hung;
	mh_text_release(&session.repro);
	return code;
}

static const struct mh_plan_cell *find_cell(const struct mh_plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (strcmp(plan->cells[i].id, id) == 0)
			return &plan->cells[i];
	return NULL;
}

/* In a child: the run that it is there for; the parent tells the outcome. */
static int run_as_child(const struct request *request)
{
	struct session session = {.request = request, .repro = MH_TEXT_INIT};
	struct mh_job job = {.run = request->one_run,
			     .path = getenv("MEMHP_RUN_FOLDER"),
			     .blocks = request->blocks,
			     .kernel_root = request->kernel_root,
			     .progress = &session.progress,
			     .ret_hung = &session.hung};
	struct mh_result_pair pair;
	struct mh_result result;
	int code = load(&session, request->scenarios[0]);

	if (code != MH_EXIT_DONE)
		return code;
	compose_repro(&session, request->scenarios[0]);
	mh_progress_line_init(&session.progress, &request->options);
	session.progress.label = request->one_cell;
	job.plan = session.plan;
	job.cell = find_cell(session.plan, request->one_cell);
	job.repro = session.repro.data;
	job.census = request->census;
	job.pair = mh_job_pair(&pair) ? &pair : NULL;
	mh_result_init(&result);
	code = job.cell && job.path ? mh_job_run(&job, &result) : MH_EXIT_INTERNAL;
	mh_result_release(&result);
	free_plan(&session);
	mh_text_release(&session.repro);
	return code;
}

int mh_cmd_run(int argc, char **argv)
{
	static struct request request; /* large; one a process */
	int code = MH_EXIT_DONE;

	mh_options_init(&request.options);
	request.argv = argv - 1;
	if (mh_options_parse(&argp, "run", argc, argv, &request))
		return MH_EXIT_USAGE;
	mh_signals_catch(request.one_cell ? 0 : request.options.timeout_s); /* the parent keeps the time */
	if (request.one_cell)
		return run_as_child(&request);
	for (size_t i = 0; i < request.scenario_count && !mh_signal_number && !request.hung; i++)
		code = mh_exit_combine(code, run_scenario(&request, request.scenarios[i]));
	mh_options_release(&request.options);
	return code;
}
