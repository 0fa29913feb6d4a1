/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Absolute thresholds on the candidate's runs: a line each, breached ones first of all REGRESSED. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "results/gate_private.h"
#include "results/slo_runs.h"

char *mh_gate_number(char buffer[MH_GATE_NUMBER], double value, enum mh_metric_unit unit)
{
	if (!isfinite(value)) {
		snprintf(buffer, MH_GATE_NUMBER, "-");
		return buffer;
	}
	switch (unit) {
	case MH_UNIT_NS:
		return mh_show_duration(buffer, MH_GATE_NUMBER, value);
	case MH_UNIT_SHARE:
		snprintf(buffer, MH_GATE_NUMBER, "%.3g %%", value / MH_PPB_ONE * 100);
		return buffer;
	case MH_UNIT_RATE:
		mh_show_count(buffer, MH_GATE_NUMBER - 3, value);
		snprintf(buffer + strlen(buffer), 3, "/s");
		return buffer;
	case MH_UNIT_RATIO:
		snprintf(buffer, MH_GATE_NUMBER, "%.4g", value);
		return buffer;
	default:
		snprintf(buffer, MH_GATE_NUMBER, "%.0f", value);
		return buffer;
	}
}

/* The least number of values of any run, where it is a statistic of a series. */
static uint64_t count_observations(const struct mh_gate_cell *cell, const struct mh_metric *metric)
{
	const struct mh_histogram *histogram;
	uint64_t least = 0;

	for (size_t i = 0; i < cell->candidate_count; i++)
		if (mh_metric_histogram(metric, cell->candidate[i], &histogram, NULL) == 0 &&
		    (i == 0 || histogram->count < least))
			least = histogram->count;
	return least;
}

static double base_median(const struct mh_slo_rule *rule, const struct mh_gate_cell *cell, struct mh_gate *gate)
{
	struct mh_slo_verdict verdict;

	if (mh_slo_judge_runs(rule, cell->base, cell->base_count, &verdict) < 0) {
		gate->failed = true;
		return NAN;
	}
	return verdict.median;
}

static void judge_slo(struct mh_gate *gate, const struct mh_gate_cell *cell, const struct mh_slo_rule *rule)
{
	const struct mh_threshold *threshold = rule->threshold;
	struct mh_slo_verdict verdict;
	char value[MH_GATE_NUMBER], limit[MH_GATE_NUMBER];

	if (mh_slo_judge_runs(rule, cell->candidate, cell->candidate_count, &verdict) < 0) {
		gate->failed = true;
		return;
	}
	struct mh_gate_line *line = mh_gate_add_line(gate, MH_LINE_SLO, MH_VERDICT_NONE, cell->id, threshold->text);

	line->unit = mh_metric_unit(&threshold->metric);
	line->base_count = cell->base_count;
	line->candidate_count = cell->candidate_count;
	line->base = base_median(rule, cell, gate);
	line->candidate = verdict.value;
	line->limit = threshold->value;
	line->observations = count_observations(cell, &threshold->metric);
	mh_gate_number(value, verdict.value, line->unit);
	mh_gate_number(limit, threshold->value, line->unit);
	const char *words = isfinite(verdict.value)
				    ? mh_gate_format(gate, "%s against a limit of %s: %s", value, limit, verdict.words)
				    : mh_gate_format(gate, "%s", verdict.words);

	mh_gate_decide(gate, line, verdict.ok ? MH_VERDICT_PASS : MH_VERDICT_REGRESSED, words);
	if (!verdict.ok && line->gated)
		line->next = mh_gate_next(gate, "%s", "");
}

void mh_gate_slos(struct mh_gate *gate, const struct mh_gate_cell *cell)
{
	for (size_t i = 0; i < gate->rule->slo_count; i++)
		judge_slo(gate, cell, &gate->rule->slos[i]);
}
