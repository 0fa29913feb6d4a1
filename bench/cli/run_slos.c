/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of each run only the series that a threshold names are kept: a thousand runs with all of theirs fill any memory. */
#include "bench/cli/run_slos.h"

#include <stdlib.h>
#include <string.h>

#include "bench/cli/exit_codes.h"
#include "bench/cli/gate_rule.h"
#include "results/run_json.h"

static bool names(const struct mh_slo_rule *rule, const char *tag)
{
	const struct mh_metric *metric = &rule->threshold->metric;
	const size_t phase = metric->phase ? strlen(metric->phase) : 0;

	return metric->kind == MH_METRIC_SERIES && strncmp(tag, metric->phase, phase) == 0 && tag[phase] == '/' &&
	       strncmp(tag + phase + 1, metric->series, strlen(metric->series)) == 0;
}

static void keep_named(struct mh_result *run, const struct mh_slo_rule *rules, size_t rule_count)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->series_count; i++) {
		bool named = false;

		for (size_t r = 0; r < rule_count; r++)
			named |= names(&rules[r], run->series[i].tag);
		if (named)
			run->series[kept++] = run->series[i];
		else
			mh_histogram_release(&run->series[i].histogram);
	}
	run->series_count = kept;
}

static size_t load_cell(const struct mh_result_folder *folder, const char *cell, const struct mh_slo_rule *rules,
			size_t rule_count, struct mh_result *items)
{
	size_t count = 0;

	for (size_t i = 0; i < folder->run_count; i++) {
		struct mh_error ignored;
		char *path;

		if (strcmp(folder->runs[i].cell, cell) != 0)
			continue;
		path = mh_result_folder_path(folder, &folder->runs[i], "run.json");
		if (path && mh_run_json_load(path, &items[count], &ignored) == 0)
			keep_named(&items[count++], rules, rule_count);
		free(path);
	}
	return count;
}

static int judge(const char *cell, const struct mh_slo_rule *rules, size_t rule_count,
		 const struct mh_result *const *runs, size_t run_count, struct mh_text *text)
{
	int code = MH_EXIT_DONE;

	for (size_t i = 0; i < rule_count; i++) {
		struct mh_slo_verdict verdict;

		if (mh_slo_judge_runs(&rules[i], runs, run_count, &verdict) < 0)
			return MH_EXIT_ENVIRONMENT;
		mh_text_add(text, "  %s  %s: %s\n            %s\n", verdict.ok ? "held    " : "breached", cell,
			    rules[i].threshold->text, verdict.words);
		if (!verdict.ok)
			code = MH_EXIT_REGRESSED;
	}
	return code;
}

static int judge_cell(const struct mh_plan_cell *cell, const struct mh_result_folder *folder, struct mh_text *text)
{
	struct mh_slo_rule *rules = NULL;
	struct mh_result *items = calloc(folder->run_count + 1, sizeof(*items));
	const struct mh_result **runs = calloc(folder->run_count + 1, sizeof(*runs));
	size_t rule_count = 0, count = 0;
	int code = MH_EXIT_ENVIRONMENT;

	if (items && runs && mh_slo_rules_make(cell->scenario, &rules, &rule_count) == 0) {
		count = rule_count ? load_cell(folder, cell->id, rules, rule_count, items) : 0;
		for (size_t i = 0; i < count; i++)
			runs[i] = &items[i];
		code = judge(cell->id, rules, rule_count, runs, count, text);
	}
	for (size_t i = 0; i < count; i++)
		mh_result_release(&items[i]);
	free(rules);
	free(items);
	free(runs);
	return code;
}

static bool has_cell(const struct mh_result_folder *folder, const char *cell)
{
	for (size_t i = 0; i < folder->run_count; i++)
		if (strcmp(folder->runs[i].cell, cell) == 0)
			return true;
	return false;
}

int mh_run_slos(const struct mh_plan *plan, const struct mh_result_folder *folder, struct mh_text *text)
{
	struct mh_text lines = MH_TEXT_INIT;
	int code = MH_EXIT_DONE;

	/* Cells of other shards are not here. */
	for (size_t i = 0; i < plan->cell_count; i++)
		if (has_cell(folder, plan->cells[i].id))
			code = mh_exit_combine(code, judge_cell(&plan->cells[i], folder, &lines));
	if (lines.length)
		mh_text_add(text, "\nthresholds, over all runs:\n%s", lines.data);
	mh_text_release(&lines);
	return code;
}
