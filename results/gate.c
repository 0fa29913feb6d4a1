/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The judge: cell by cell what can be used of it, its counts, its thresholds and the times that the rule names; then
 * all times of all cells as one family; then the verdict over all lines.
 */
#include "results/gate.h"

#include <errno.h>

#include "results/gate_private.h"

const char *const mh_gate_line_kind_names[MH_LINE_KINDS] = {
	[MH_LINE_CORRECTNESS] = "correctness",
	[MH_LINE_DATA] = "data",
	[MH_LINE_COUNT] = "count",
	[MH_LINE_SLO] = "slo",
	[MH_LINE_TIME] = "time",
	[MH_LINE_EXPLORATORY] = "exploratory",
};

/* What was recorded before has no looks: there is one. */
static size_t count_looks(const struct mh_gate_rule *rule)
{
	return rule->paired && rule->look_count ? rule->look_count : 1;
}

/* True when its counts could be judged. */
static bool judge_cell(struct mh_gate *gate, const struct mh_gate_cell *cell)
{
	struct mh_gate_usable usable = mh_gate_check_cell(gate, cell);

	if (usable.counts)
		mh_gate_counts(gate, cell);
	if (!usable.times || gate->rule->counts_only)
		return usable.counts;
	mh_gate_slos(gate, cell);
	mh_gate_expand(gate, cell);
	if (!gate->rule->terse)
		mh_gate_explore(gate, cell);
	return usable.counts;
}

static void judge_cells(struct mh_gate *gate)
{
	bool counted = false;

	for (size_t i = 0; i < gate->cell_count && !gate->failed; i++)
		counted = judge_cell(gate, &gate->cells[i]) || counted;
	if (counted)
		mh_gate_count_rules(gate);
	if (gate->cell_count == 0)
		mh_gate_add_line(gate, MH_LINE_DATA, MH_VERDICT_INVALID, "", "cells")->words =
			"there is no cell on either side: nothing was judged";
}

int mh_gate_judge(const struct mh_gate_rule *rule, const struct mh_gate_cell *cells, size_t cell_count, size_t look,
		  struct mh_gate_report *ret_report, struct mh_error *reterr)
{
	struct mh_gate_report report = {.look = look, .summary = ""};
	struct mh_gate gate = {
		.rule = rule,
		.cells = cells,
		.cell_count = cell_count,
		.look = look,
		.look_count = count_looks(rule),
		.report = &report,
	};

	report.alpha = rule->alpha / (double)gate.look_count;
	gate.count_uses = mh_gate_allocate(&gate, rule->count_count * sizeof(*gate.count_uses));
	if (!gate.failed)
		judge_cells(&gate);
	if (!gate.failed)
		mh_gate_times(&gate);
	if (!gate.failed && !rule->terse)
		mh_gate_discover(&gate);
	if (!gate.failed && !rule->terse)
		mh_gate_shapes(&gate);
	if (!gate.failed)
		mh_gate_conclude(&gate);
	if (gate.failed) {
		mh_gate_report_release(&report);
		return mh_error_set(reterr, -ENOMEM, "out of memory while judging %zu cells", cell_count);
	}
	*ret_report = report;
	return 0;
}
