/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times outside the gate: p50 and p99 of every series that the rule does not name, tested two-sided, their p adjusted
 * for false discoveries. They show where to look and can fail nothing.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/gate_private.h"
#include "results/statistics/holm.h"

#define DISCOVERY_Q   0.10 /* the share of false ones among what is told */
#define EXPLORED_MAX  1024 /* lines a gate */
#define BEYOND_SHOWN  10   /* values beyond a quantile, for it to be told (statistics 3.1) */
#define RUNS_EXPLORED 2    /* a side */

static const struct explored_stat {
	const char *text;
	double quantile;
} explored_stats[] = {{"p50", 0.5}, {"p99", 0.99}};

static bool is_listed(const struct mh_gate *gate, const struct mh_gate_cell *cell, const char *text)
{
	for (size_t i = 0; i < gate->case_count; i++)
		if (gate->cases[i].cell == cell && strcmp(gate->cases[i].metric.text, text) == 0)
			return true;
	return false;
}

/* In every run, with values enough and none that is 0: an exploration refuses nothing, it leaves out. */
static bool can_test(const struct mh_gate_cell *cell, const struct mh_metric *metric)
{
	for (size_t i = 0; i < cell->base_count + cell->candidate_count; i++) {
		const struct mh_result *run =
			i < cell->base_count ? cell->base[i] : cell->candidate[i - cell->base_count];
		const struct mh_histogram *histogram;
		double value;

		if (mh_metric_histogram(metric, run, &histogram, NULL) < 0 ||
		    (double)histogram->count * (1 - metric->quantile) < BEYOND_SHOWN - 1e-6 ||
		    mh_metric_value(metric, run, &value, NULL) < 0 || value <= 0)
			return false;
	}
	return true;
}

static void explore(struct mh_gate *gate, const struct mh_gate_cell *cell, const char *tag,
		    const struct explored_stat *stat)
{
	size_t length = strcspn(tag, "/");
	struct mh_metric metric = {
		.kind = MH_METRIC_SERIES,
		.text = (char *)mh_gate_format(gate, "%s.%s", tag, stat->text),
		.phase = (char *)mh_gate_format(gate, "%.*s", (int)length, tag),
		.series = (char *)mh_gate_format(gate, "%s", tag + length + 1),
		.stat = MH_STAT_QUANTILE,
		.quantile = stat->quantile,
	};

	if (gate->failed || is_listed(gate, cell, metric.text) || !can_test(cell, &metric))
		return;
	struct mh_gate_case *item = mh_gate_add_case(gate, cell, &metric, MH_LINE_EXPLORATORY);

	/* No line is shown of what does not differ at all. */
	if (item)
		gate->report->lines[item->line].words = "equal to the last digit";
}

void mh_gate_explore(struct mh_gate *gate, const struct mh_gate_cell *cell)
{
	size_t count;
	const char **tags;

	if (cell->base_count < RUNS_EXPLORED || cell->candidate_count < RUNS_EXPLORED)
		return;
	tags = mh_gate_tags(gate, cell, &count);
	for (size_t i = 0; i < count && gate->case_count < EXPLORED_MAX; i++) {
		const char *slash = strchr(tags[i], '/');

		/* The classes of a series are parts of it. */
		if (!slash || strchr(slash + 1, '/'))
			continue;
		for (size_t j = 0; j < sizeof(explored_stats) / sizeof(explored_stats[0]); j++)
			explore(gate, cell, tags[i], &explored_stats[j]);
	}
}

static bool is_explored(const struct mh_gate *gate, const struct mh_gate_case *item)
{
	return item->valid && gate->report->lines[item->line].kind == MH_LINE_EXPLORATORY;
}

static const char *found_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	double change = line->ratio.estimate - 1;

	if (!(line->p_adjusted < DISCOVERY_Q))
		return "no difference detected";
	return mh_gate_format(gate, "%.1f %% %s, q %.2g; not in the gate", fabs(change) * 100,
			      change > 0 ? "slower" : "faster", line->p_adjusted);
}

void mh_gate_discover(struct mh_gate *gate)
{
	double *p = mh_gate_allocate(gate, gate->case_count * sizeof(*p));
	size_t count = 0;

	for (size_t i = 0; p && i < gate->case_count; i++) {
		const struct mh_gate_case *item = &gate->cases[i];
		double one_sided = item->p_worse < item->p_better ? item->p_worse : item->p_better;

		if (is_explored(gate, item))
			p[count++] = fmin(1, 2 * one_sided);
	}
	if (count == 0)
		return;
	if (mh_benjamini_hochberg(p, count, p) < 0) {
		gate->failed = true;
		return;
	}
	count = 0;
	for (size_t i = 0; i < gate->case_count; i++) {
		struct mh_gate_line *line = &gate->report->lines[gate->cases[i].line];

		if (!is_explored(gate, &gate->cases[i]))
			continue;
		line->p = fmin(1, 2 * fmin(gate->cases[i].p_worse, gate->cases[i].p_better));
		line->p_adjusted = p[count++];
		line->words = found_text(gate, line);
	}
}
