/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "results/report/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED  UINT64_C(0x5eed) /* of permutations: the same page for the same runs */
#define ALPHA 0.01

/* What is compared of each phase; what else differs is explored by the judge itself. */
static const char *const compared[] = {"*/response.p50", "*/response.p90", "*/response.p99", "*/response.p99.9",
				       "*/throughput"};

#define COMPARED_COUNT (sizeof(compared) / sizeof(compared[0]))

struct comparison {
	struct mh_metric parsed[COMPARED_COUNT];
	struct mh_gate_metric metrics[COMPARED_COUNT];
	size_t metric_count;
	struct mh_gate_cell *cells;
	size_t cell_count;
	const struct mh_result **runs; /* of all cells and both sides, one after the other */
	bool paired;
};

static int parse_metrics(struct comparison *comparison, struct mh_error *reterr)
{
	for (size_t i = 0; i < COMPARED_COUNT; i++) {
		int ret = mh_metric_parse(compared[i], true, &comparison->parsed[i], reterr);

		if (ret < 0)
			return ret;
		comparison->metrics[i] = (struct mh_gate_metric){
			.metric = &comparison->parsed[i],
			.higher_is_better = comparison->parsed[i].kind == MH_METRIC_THROUGHPUT,
		};
		comparison->metric_count++;
	}
	return 0;
}

/* The runs of a cell that count, into @runs; how many. */
static size_t list_runs(const struct mh_report_side *side, const char *cell, const struct mh_result **runs)
{
	size_t count = 0;

	for (size_t i = 0; i < side->run_count; i++)
		if (strcmp(side->runs[i].entry->cell, cell) == 0 && mh_report_run_counts(side, &side->runs[i]))
			runs[count++] = &side->runs[i].result;
	return count;
}

static bool are_pairs(const struct mh_gate_cell *cell)
{
	if (cell->base_count != cell->candidate_count)
		return false;
	for (size_t i = 0; i < cell->base_count; i++)
		if (!cell->base[i]->pair.present || !cell->candidate[i]->pair.present ||
		    cell->base[i]->pair.index != cell->candidate[i]->pair.index)
			return false;
	return true;
}

/* A cell that only one side has cannot be compared: it stays in the page's tables. */
static int list_cells(const struct mh_report_source *source, struct comparison *comparison, struct mh_error *reterr)
{
	const struct mh_report_side *base = &source->sides[0], *candidate = &source->sides[1];
	size_t used = 0;

	comparison->cells = calloc(source->cell_count, sizeof(*comparison->cells));
	comparison->runs = calloc(base->run_count + candidate->run_count, sizeof(struct mh_result *));
	if (!comparison->cells || !comparison->runs)
		return mh_error_set(reterr, -ENOMEM, "no memory to compare the two sides");
	comparison->paired = true;
	for (size_t i = 0; i < source->cell_count; i++) {
		struct mh_gate_cell cell = {.id = source->cells[i]};
		const struct mh_result **runs = &comparison->runs[used];

		cell.base = runs;
		cell.base_count = list_runs(base, cell.id, runs);
		cell.candidate = runs + cell.base_count;
		cell.candidate_count = list_runs(candidate, cell.id, runs + cell.base_count);
		if (!cell.base_count || !cell.candidate_count)
			continue;
		used += cell.base_count + cell.candidate_count;
		comparison->paired &= are_pairs(&cell);
		comparison->cells[comparison->cell_count++] = cell;
	}
	return 0;
}

static int compare(const struct mh_report_source *source, struct mh_report_judgement *judgement,
		   struct mh_error *reterr)
{
	struct comparison comparison = {.metric_count = 0};
	int ret = parse_metrics(&comparison, reterr);

	if (ret == 0)
		ret = list_cells(source, &comparison, reterr);
	if (ret == 0 && comparison.cell_count) {
		const uint64_t looks[] = {comparison.cells[0].base_count};
		const struct mh_gate_rule rule = {
			.paired = comparison.paired,
			.compare = true,
			.alpha = ALPHA,
			.looks = looks,
			.look_count = 1,
			.metrics = comparison.metrics,
			.metric_count = comparison.metric_count,
			.seed = SEED,
			.command = "memhp-bench gate",
		};

		ret = mh_gate_judge(&rule, comparison.cells, comparison.cell_count, 0, &judgement->report, reterr);
		judgement->present = ret == 0;
		judgement->paired = comparison.paired;
	}
	for (size_t i = 0; i < comparison.metric_count; i++)
		mh_metric_release(&comparison.parsed[i]);
	free(comparison.cells);
	free(comparison.runs);
	return ret;
}

/* 0 with or without a verdict that can be read; -ENOMEM. */
static int read_recorded(const struct mh_report_source *source, struct mh_report_judgement *judgement,
			 struct mh_error *reterr)
{
	char *path = NULL;

	if (asprintf(&path, "%s/gate.json", source->pair_folder) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for a path");
	int ret = mh_gate_record_read(path, &judgement->record, reterr);

	free(path);
	if (ret == 0) {
		judgement->present = judgement->recorded = true;
		judgement->report = judgement->record.report;
		judgement->paired = judgement->record.paired;
	}
	if (ret == 0 || ret == -ENOENT)
		return 0;
	if (ret == -ENOMEM)
		return ret;
	judgement->unread = strdup(reterr->text);
	return judgement->unread ? 0 : -ENOMEM;
}

int mh_report_judge(const struct mh_report_source *source, struct mh_report_judgement *ret_judgement,
		    struct mh_error *reterr)
{
	struct mh_report_judgement judgement = {.present = false};
	int ret = 0;

	if (source->pair_folder)
		ret = read_recorded(source, &judgement, reterr);
	if (ret == 0 && !judgement.present && source->side_count == 2)
		ret = compare(source, &judgement, reterr);
	if (ret < 0)
		mh_report_judgement_release(&judgement);
	else
		*ret_judgement = judgement;
	return ret;
}

struct mh_gate_rule mh_report_judgement_rule(const struct mh_report_judgement *judgement)
{
	if (judgement->recorded)
		return mh_gate_record_rule(&judgement->record);
	return (struct mh_gate_rule){.paired = judgement->paired, .compare = true};
}

void mh_report_judgement_release(struct mh_report_judgement *judgement)
{
	if (judgement->recorded)
		mh_gate_record_release(&judgement->record);
	else if (judgement->present)
		mh_gate_report_release(&judgement->report);
	free(judgement->unread);
	*judgement = (struct mh_report_judgement){.present = false};
}
