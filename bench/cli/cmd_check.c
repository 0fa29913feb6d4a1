/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench check SCENARIO...: every error of the files; the cells, time and memory that a run needs; with --gate
 * whether the gate could ever fire.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/units.h"
#include "bench/cli/calibration_use.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "bench/engine/estimate.h"
#include "bench/engine/gate_check.h"
#include "results/cgroup.h"
#include "results/environment.h"
#include "results/show_merged.h"

#define SCENARIOS_MAX 256

struct request {
	struct mh_options options;
	const char *paths[SCENARIOS_MAX];
	size_t path_count;
	bool gate;
	const char *calibration; /* file; NULL: none */
};

/* One cell that has passed. */
struct cell_report {
	const struct mh_plan_cell *cell;
	struct mh_estimate estimate;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case 'g':
		request->gate = true;
		return 0;
	case 'c':
		request->calibration = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (request->path_count == SCENARIOS_MAX)
			argp_error(state, "more than %d scenarios", SCENARIOS_MAX);
		request->paths[request->path_count++] = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a SCENARIO is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What a failed load or topology ends in. */
static int failure_code(int ret)
{
	return ret == -ENOMEM || ret == -ENODEV ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE;
}

static int memory_check(const char *path, const struct mh_scenario *scenario, const struct mh_estimate *estimate)
{
	char needed[32], limit[32];

	if (!scenario->limits.max_rss_bytes || estimate->memory_bytes <= scenario->limits.max_rss_bytes)
		return MH_EXIT_DONE;
	fprintf(stderr, "%s: error: limits.max_rss: the run will need about %s, the limit is %s\n", path,
		mh_show_size(needed, sizeof(needed), (double)estimate->memory_bytes),
		mh_show_size(limit, sizeof(limit), (double)scenario->limits.max_rss_bytes));
	return MH_EXIT_USAGE;
}

/* What this host has may not be what the run will have: a warning. */
static void warn_of_memory(const char *path, const struct mh_estimate *estimate)
{
	int64_t group = mh_cgroup_memory_max("");
	uint64_t has = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	bool by_group = group != MH_NOT_AVAILABLE && (uint64_t)group < has;
	char needed[32], limit[32];

	has = by_group ? (uint64_t)group : has;
	if (estimate->memory_bytes <= has)
		return;
	fprintf(stderr, "%s: warning: the run will need up to %s, %s has %s; run it elsewhere or make it smaller\n",
		path, mh_show_size(needed, sizeof(needed), (double)estimate->memory_bytes),
		by_group ? "the cgroup of this process" : "this host", mh_show_size(limit, sizeof(limit), (double)has));
}

static int duration_check(const char *path, const struct mh_scenario *scenario, const struct mh_estimate *estimate)
{
	char needed[32], limit[32];

	if (!scenario->limits.max_duration_ns || estimate->duration_guessed ||
	    estimate->duration_ns <= scenario->limits.max_duration_ns)
		return MH_EXIT_DONE;
	fprintf(stderr, "%s: error: limits.max_duration: the phases last %s, the limit is %s\n", path,
		mh_show_duration(needed, sizeof(needed), (double)estimate->duration_ns),
		mh_show_duration(limit, sizeof(limit), (double)scenario->limits.max_duration_ns));
	return MH_EXIT_USAGE;
}

static int gate_check(const char *path, const struct mh_plan_cell *cell, const struct mh_options *options)
{
	struct mh_text errors = MH_TEXT_INIT, facts = MH_TEXT_INIT;
	unsigned count = mh_gate_check(cell->scenario, &errors, &facts);
	char *rest = errors.length ? errors.data : NULL;

	for (char *line = strsep(&rest, "\n"); line && *line; line = strsep(&rest, "\n"))
		fprintf(stderr, "%s: error: %s\n", path, line);
	if (!count && !options->quiet && options->format == MH_FORMAT_TEXT)
		printf("%s: the gate of cell %s:\n%s", path, cell->id, facts.data);
	mh_text_release(&errors);
	mh_text_release(&facts);
	return count ? MH_EXIT_USAGE : MH_EXIT_DONE;
}

static uint64_t cells_added_up(const struct mh_plan *plan)
{
	return plan->cell_count < MH_MERGED_CELLS_MAX ? plan->cell_count : MH_MERGED_CELLS_MAX;
}

static int cell_check(const struct request *request, const struct mh_plan *plan, const struct mh_plan_cell *cell,
		      struct cell_report *report)
{
	const char *path = plan->path;
	struct mh_error error = {0};
	int code, ret = mh_estimate_cell(cell->scenario, &report->estimate, &error);

	report->cell = cell;
	report->estimate.memory_bytes += (cells_added_up(plan) - 1) * report->estimate.added_up_bytes;
	if (ret < 0) {
		fprintf(stderr, "%s: error: machine.topology: %s\n", path, error.text);
		return failure_code(ret);
	}
	code = memory_check(path, cell->scenario, &report->estimate);
	warn_of_memory(path, &report->estimate);
	code = mh_exit_combine(code, duration_check(path, cell->scenario, &report->estimate));
	if (request->gate)
		code = mh_exit_combine(code, gate_check(path, cell, &request->options));
	return code;
}

/* "-" for a kernel's, which are named when it is run. */
static const char *count_text(char *buffer, size_t size, size_t count)
{
	snprintf(buffer, size, count ? "%zu" : "-", count);
	return buffer;
}

static void cell_print(const struct cell_report *report, int width)
{
	const struct mh_estimate *estimate = &report->estimate;
	char duration[32], memory[32], nodes[32], blocks[32];

	printf("  %-*s %6s %8s %s%-9s %s\n", width, report->cell->id,
	       count_text(nodes, sizeof(nodes), estimate->node_count),
	       count_text(blocks, sizeof(blocks), estimate->block_count), estimate->duration_guessed ? "~" : " ",
	       mh_show_duration(duration, sizeof(duration), (double)estimate->duration_ns),
	       mh_show_size(memory, sizeof(memory), (double)estimate->memory_bytes));
}

/* @verbose: with the resolved scenario of each cell. */
static void plan_print(const struct mh_plan *plan, const struct cell_report *reports, bool verbose)
{
	double total_ns = 0;
	char total[32];
	int width = 4;

	for (size_t i = 0; i < plan->cell_count; i++) {
		int length = (int)strlen(plan->cells[i].id);

		width = length > width ? length : width;
		total_ns += (double)reports[i].estimate.duration_ns * (double)plan->runs;
	}
	printf("%s: good\n  seed 0x%llx, %zu %s of %llu %s, about %s\n", plan->path, (unsigned long long)plan->seed,
	       plan->cell_count, plan->cell_count == 1 ? "cell" : "cells", (unsigned long long)plan->runs,
	       plan->runs == 1 ? "run" : "runs", mh_show_duration(total, sizeof(total), total_ns));
	printf("  %-*s %6s %8s  %-9s %s\n", width, "cell", "nodes", "blocks", "time", "memory");
	for (size_t i = 0; i < plan->cell_count; i++)
		cell_print(&reports[i], width);
	for (size_t i = 0; verbose && i < plan->cell_count; i++)
		printf("\n# cell %s\n%s", plan->cells[i].id, plan->cells[i].scenario->resolved);
}

static json_t *cell_json(const struct cell_report *report)
{
	const struct mh_estimate *estimate = &report->estimate;
	json_t *parameters = json_object();

	for (size_t i = 0; i < report->cell->parameter_count; i++)
		json_object_set_new(parameters, report->cell->parameters[i].name,
				    json_string(report->cell->parameters[i].value));
	return json_pack("{s:s, s:o, s:I, s:I, s:I, s:b, s:I}", "id", report->cell->id, "params", parameters, "nodes",
			 (json_int_t)estimate->node_count, "blocks", (json_int_t)estimate->block_count, "duration_ns",
			 (json_int_t)estimate->duration_ns, "duration_guessed", (int)estimate->duration_guessed,
			 "memory_bytes", (json_int_t)estimate->memory_bytes);
}

static json_t *plan_json(const struct mh_plan *plan, const struct cell_report *reports)
{
	json_t *cells = json_array();
	char seed[32];

	for (size_t i = 0; i < plan->cell_count; i++)
		json_array_append_new(cells, cell_json(&reports[i]));
	snprintf(seed, sizeof(seed), "0x%llx", (unsigned long long)plan->seed);
	return json_pack("{s:s, s:s, s:s, s:I, s:o}", "path", plan->path, "name", plan->name, "seed", seed, "runs",
			 (json_int_t)plan->runs, "cells", cells);
}

/* A gate that cannot find what it should is no error of the scenario: exit 4. */
static int calibration_check(const struct request *request, const struct mh_plan *plan)
{
	struct mh_calibration_use use = {0};
	struct mh_text doubts = MH_TEXT_INIT;
	unsigned count = 0;
	int code;

	if (!request->calibration)
		return MH_EXIT_DONE;
	code = mh_calibration_use(&use, "check", request->calibration, plan);
	if (code == MH_EXIT_DONE)
		count = mh_calibration_doubts(&use.calibration, &doubts);
	if (count)
		fprintf(stderr, "%s: error: gate: by %s it will not do here:\n%s", plan->path, request->calibration,
			doubts.data);
	mh_text_release(&doubts);
	mh_calibration_use_release(&use);
	return count ? MH_EXIT_INCONCLUSIVE : code;
}

static int plan_check(const struct request *request, const struct mh_plan *plan, json_t *list)
{
	struct cell_report *reports = calloc(plan->cell_count, sizeof(*reports));
	int code = MH_EXIT_DONE;

	if (!reports)
		return MH_EXIT_ENVIRONMENT;
	for (size_t i = 0; i < plan->cell_count; i++)
		code = mh_exit_combine(code, cell_check(request, plan, &plan->cells[i], &reports[i]));
	code = mh_exit_combine(code, calibration_check(request, plan));
	if (code == MH_EXIT_DONE && request->options.format == MH_FORMAT_JSON)
		json_array_append_new(list, plan_json(plan, reports));
	else if (code == MH_EXIT_DONE && !request->options.quiet)
		plan_print(plan, reports, request->options.verbose);
	free(reports);
	return code;
}

static int path_check(const struct request *request, const char *path, json_t *list)
{
	const struct mh_options *options = &request->options;
	const struct mh_plan_request plan_request = {.path = path,
						     .overrides = options->overrides,
						     .override_count = options->override_count,
						     .modules = options->modules,
						     .module_count = options->module_count,
						     .time_scale = options->time_scale};
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_plan *plan;
	int code, ret = mh_plan_load(&plan_request, &plan, &messages);

	fputs(messages.data, stderr);
	mh_text_release(&messages);
	if (ret < 0)
		return failure_code(ret);
	code = plan_check(request, plan, list);
	mh_plan_free(plan);
	return code;
}

static int paths_check(const struct request *request)
{
	json_t *list = json_array(), *root;
	int code = MH_EXIT_DONE;
	char *text;

	for (size_t i = 0; i < request->path_count; i++)
		code = mh_exit_combine(code, path_check(request, request->paths[i], list));
	if (request->options.format != MH_FORMAT_JSON) {
		json_decref(list);
		return code;
	}
	root = json_pack("{s:s, s:i, s:b, s:o}", "schema", "memhp-bench/check", "schema_version", 1, "good",
			 code == MH_EXIT_DONE, "scenarios", list);
	text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
	if (text)
		puts(text);
	else
		code = MH_EXIT_INTERNAL;
	free(text);
	json_decref(root);
	return code;
}

/* Options that all commands share but that say nothing to `check`. */
static const char *option_without_effect(const struct mh_options *options)
{
	if (options->output)
		return "--output";
	if (options->shard)
		return "--shard";
	if (options->timeout_s)
		return "--timeout";
	if (options->progress != MH_WHEN_AUTO)
		return "--progress";
	return options->format == MH_FORMAT_JSON_SCHEMA ? "--format json-schema" : NULL;
}

static int check(const struct request *request)
{
	const char *option = option_without_effect(&request->options);

	if (request->calibration && (!request->gate || request->path_count != 1)) {
		fprintf(stderr,
			"memhp-bench check: error: --calibration is of the gate of one scenario: give --gate and "
			"one SCENARIO\n");
		return MH_EXIT_USAGE;
	}
	if (!option)
		return paths_check(request);
	fprintf(stderr, "memhp-bench check: error: %s has no effect here: nothing runs\n", option);
	return MH_EXIT_USAGE;
}

int mh_cmd_check(int argc, char **argv)
{
	static const struct argp_option own[] = {
		{"gate", 'g', NULL, 0, "whether the gate could ever fire", 1},
		{"calibration", 'c', "FILE", 0, "with --gate: whether it will do on this machine (else exit 4)", 1},
		{0},
	};
	static const struct argp_child children[] = {{&mh_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		own,           parse,
		"SCENARIO...", "Finds every error of a scenario in one pass; shows its cells and what a run needs.",
		children,      NULL,
		NULL};
	struct request *request = calloc(1, sizeof(*request));
	int code = MH_EXIT_USAGE;

	if (!request)
		return MH_EXIT_ENVIRONMENT;
	mh_options_init(&request->options);
	if (mh_options_parse(&argp, "check", argc, argv, request) == 0)
		code = check(request);
	mh_options_release(&request->options);
	free(request);
	return code;
}
