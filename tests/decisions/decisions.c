/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the gate of a scenario says of runs that were recorded: pairs are drawn from them and judged as `gate` judges.
 *
 * decisions [--count N] [--exchange] BASE CANDIDATE   each holds result folders of one run called 1, 2, …: the run with
 *                                                     a number is a pair; --exchange: they are of identical builds
 * Prints "PAIRS CHANGE LOWER UPPER SPREAD", the change of the first metric by all pairs and its 95 % interval, and the
 * standard deviation of a run's value (1.4826 MAD of the base), in per cent; then a line "VERDICT COUNT" for each
 * verdict. Exit 0 whatever it says; 2 usage.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "bench/cli/gate_rule.h"
#include "bench/cli/resampled_gate.h"
#include "bench/cli/result_runs.h"
#include "results/calibration.h"

#define COUNT_DEFAULT 200

#define PAIRS_MAX 1000

struct recorded {
	struct mh_result_runs folders[2][PAIRS_MAX];
	const struct mh_result *runs[2][PAIRS_MAX];
	size_t pairs;
	struct mh_plan *plan;
	struct mh_gate_rule_lists lists;
	struct mh_gate_cell cell;
};

static int complain(const char *text)
{
	fprintf(stderr, "decisions: %s\n", text);
	return 2;
}

/* Run @number of a side. Return: false when there is none. */
static bool load_run(struct recorded *recorded, int side, const char *folder, size_t number)
{
	struct mh_result_runs *runs = &recorded->folders[side][number - 1];
	struct mh_error error;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%zu", folder, number);
	if (mh_result_runs_load(path, runs, &error) < 0)
		return false;
	recorded->runs[side][number - 1] = runs->count == 1 ? &runs->items[0] : NULL;
	return runs->count == 1;
}

static int load_pairs(struct recorded *recorded, char *const folders[2])
{
	while (recorded->pairs < PAIRS_MAX && load_run(recorded, 0, folders[0], recorded->pairs + 1) &&
	       load_run(recorded, 1, folders[1], recorded->pairs + 1))
		recorded->pairs++;
	if (!recorded->pairs)
		return complain("no pair: is there a '1' in both folders, with one run that ended?");
	recorded->cell = (struct mh_gate_cell){.id = recorded->runs[0][0]->cell,
					       .base = recorded->runs[0],
					       .candidate = recorded->runs[1],
					       .base_count = recorded->pairs,
					       .candidate_count = recorded->pairs};
	return 0;
}

static int load_rule(const char *folder, struct recorded *recorded)
{
	struct mh_text messages = MH_TEXT_INIT;
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/1/scenario.resolved.yaml", folder);
	ret = mh_plan_load(&(struct mh_plan_request){.path = path}, &recorded->plan, &messages);
	if (ret == 0)
		ret = mh_gate_rule_make(recorded->plan, &recorded->lists);
	if (ret < 0)
		complain(messages.length ? messages.data : "the rule cannot be read");
	mh_text_release(&messages);
	return ret < 0 ? 2 : 0;
}

static int compare(const void *a, const void *b)
{
	const double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* ln of the metric over the runs of the base: 1.4826 MAD. */
static double spread_of(const struct recorded *recorded)
{
	double *values = calloc(recorded->pairs + 1, sizeof(*values)), middle;
	struct mh_error error;
	size_t count = 0;

	for (size_t i = 0; values && i < recorded->pairs; i++)
		if (mh_metric_value(recorded->lists.metrics[0].metric, recorded->cell.base[i], &values[count],
				    &error) == 0)
			count++;
	for (size_t i = 0; i < count; i++)
		values[i] = log(values[i]);
	middle = count ? median(values, count) : NAN;
	for (size_t i = 0; i < count; i++)
		values[i] = fabs(values[i] - middle);
	middle = count ? 1.4826 * median(values, count) : NAN;
	free(values);
	return middle;
}

/* By all pairs, as `compare` would tell it. */
static void show_change(const struct recorded *recorded)
{
	struct mh_gate_rule rule = recorded->lists.rule;
	struct mh_gate_report report;
	struct mh_error error;

	rule.looks = NULL;
	rule.look_count = 0;
	if (mh_gate_judge(&rule, &recorded->cell, 1, 0, &report, &error) < 0)
		return;
	for (size_t i = 0; i < report.line_count; i++)
		if (report.lines[i].kind == MH_LINE_TIME) {
			printf("%zu %.2f %.2f %.2f %.2f\n", recorded->pairs, 100 * (report.lines[i].ratio.estimate - 1),
			       100 * (report.lines[i].ratio.lower - 1), 100 * (report.lines[i].ratio.upper - 1),
			       100 * spread_of(recorded));
			break;
		}
	mh_gate_report_release(&report);
}

static int decide(const struct recorded *recorded, uint64_t count, bool exchange)
{
	const struct mh_resampling resampling = {
		.seed = recorded->plan->seed, .decisions = count, .exchange = exchange};
	uint64_t verdicts[MH_VERDICTS];
	struct mh_error error;

	if (mh_resample_gate(&recorded->lists.rule, &recorded->cell, 1, &resampling, verdicts, &error) < 0)
		return complain(error.text);
	show_change(recorded);
	for (enum mh_verdict verdict = 0; verdict < MH_VERDICTS; verdict++)
		printf("%s %llu\n", mh_verdict_names[verdict], (unsigned long long)verdicts[verdict]);
	return 0;
}

/* One more than whole pairs may be loaded. */
static void release(struct recorded *recorded)
{
	mh_gate_rule_release(&recorded->lists);
	mh_plan_free(recorded->plan);
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i <= recorded->pairs && i < PAIRS_MAX; i++)
			mh_result_runs_release(&recorded->folders[side][i]);
}

int main(int argc, char **argv)
{
	static struct recorded recorded;
	uint64_t count = COUNT_DEFAULT;
	bool exchange = false;
	int at = 1, code;

	for (; at < argc && argv[at][0] == '-'; at++)
		if (strcmp(argv[at], "--exchange") == 0)
			exchange = true;
		else if (strcmp(argv[at], "--count") == 0 && at + 1 < argc)
			count = strtoull(argv[++at], NULL, 10);
		else
			break;
	if (at + 2 != argc || !count)
		return complain("usage: decisions [--count N] [--exchange] BASE CANDIDATE");
	code = load_pairs(&recorded, &argv[at]);
	if (!code)
		code = load_rule(argv[at], &recorded);
	if (!code)
		code = decide(&recorded, count, exchange);
	release(&recorded);
	return code;
}
