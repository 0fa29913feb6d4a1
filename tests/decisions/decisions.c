/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the gate of a scenario says of runs that were recorded: pairs are drawn from the folders of `ab` or `calibrate`,
 * all of one scenario and one cell, and judged as `gate` judges.
 *
 * decisions [--count N] [--exchange] FOLDER…   each holds a/ and b/; --exchange: of identical builds
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

#define FOLDERS_MAX 64

struct recorded {
	struct mh_result_runs sides[2 * FOLDERS_MAX]; /* a/ and b/ of each */
	size_t folder_count;
	const struct mh_result **runs[2]; /* of the one cell, pair by pair */
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

static char *path_in(const char *folder, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

static int load_side(const char *folder, const char *name, struct mh_result_runs *runs)
{
	char *path = path_in(folder, name);
	struct mh_error error;
	int ret = path ? mh_result_runs_load(path, runs, &error) : -1;

	free(path);
	return ret < 0 ? complain(error.text) : 0;
}

static const struct mh_result *find_pair(const struct mh_result_runs *runs, uint64_t index)
{
	for (size_t i = 0; i < runs->count; i++)
		if (runs->items[i].pair.index == index)
			return &runs->items[i];
	return NULL;
}

/* Pairs of which both sides count. */
static int pair_up(struct recorded *recorded, const struct mh_result_runs sides[2])
{
	for (int side = 0; side < 2; side++) {
		const size_t size = (recorded->pairs + sides[0].count + 1) * sizeof(*recorded->runs[side]);
		const struct mh_result **grown = realloc(recorded->runs[side], size);

		if (!grown)
			return complain("no memory");
		recorded->runs[side] = grown;
	}
	for (size_t i = 0; i < sides[0].count; i++) {
		const struct mh_result *base = &sides[0].items[i];
		const struct mh_result *candidate = find_pair(&sides[1], base->pair.index);

		if (!candidate)
			continue;
		recorded->runs[0][recorded->pairs] = base;
		recorded->runs[1][recorded->pairs++] = candidate;
		if (strcmp(base->cell, recorded->runs[0][0]->cell) != 0)
			return complain("more cells than one");
	}
	return 0;
}

static int load_folder(const char *folder, struct recorded *recorded)
{
	struct mh_result_runs *sides = &recorded->sides[2 * recorded->folder_count];
	int code;

	if (recorded->folder_count == FOLDERS_MAX)
		return complain("too many folders");
	recorded->folder_count++;
	code = load_side(folder, "a", &sides[0]);
	if (!code)
		code = load_side(folder, "b", &sides[1]);
	return code ? code : pair_up(recorded, sides);
}

static int load_rule(const char *folder, struct recorded *recorded)
{
	struct mh_text messages = MH_TEXT_INIT;
	char *path = path_in(folder, "a/scenario.resolved.yaml");
	int ret = path ? mh_plan_load(&(struct mh_plan_request){.path = path}, &recorded->plan, &messages) : -1;

	if (ret == 0)
		ret = mh_gate_rule_make(recorded->plan, &recorded->lists);
	if (ret < 0)
		complain(messages.length ? messages.data : "the rule cannot be read");
	mh_text_release(&messages);
	free(path);
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

static int load(struct recorded *recorded, char **folders, size_t count)
{
	int code = 0;

	for (size_t i = 0; i < count && !code; i++)
		code = load_folder(folders[i], recorded);
	if (!code && !recorded->pairs)
		code = complain("no pair");
	if (code)
		return code;
	recorded->cell = (struct mh_gate_cell){.id = recorded->runs[0][0]->cell,
					       .base = recorded->runs[0],
					       .candidate = recorded->runs[1],
					       .base_count = recorded->pairs,
					       .candidate_count = recorded->pairs};
	return load_rule(folders[0], recorded);
}

static void release(struct recorded *recorded)
{
	free(recorded->runs[0]);
	free(recorded->runs[1]);
	mh_gate_rule_release(&recorded->lists);
	mh_plan_free(recorded->plan);
	for (size_t i = 0; i < 2 * recorded->folder_count; i++)
		mh_result_runs_release(&recorded->sides[i]);
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
	if (at >= argc || !count || argv[at][0] == '-')
		return complain("usage: decisions [--count N] [--exchange] FOLDER…");
	code = load(&recorded, &argv[at], (size_t)(argc - at));
	if (!code)
		code = decide(&recorded, count, exchange);
	release(&recorded);
	return code;
}
