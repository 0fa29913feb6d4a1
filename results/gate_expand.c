/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the metrics of the rule to the times of a cell: a glob names all phases and series that any run of either side
 * has. Each becomes a case and a line, also where only one side has it: its sample says so then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/gate_private.h"
#include "results/tag.h"

static const struct mh_result *run_at(const struct mh_gate_cell *cell, size_t index)
{
	return index < cell->base_count ? cell->base[index] : cell->candidate[index - cell->base_count];
}

static size_t run_count(const struct mh_gate_cell *cell)
{
	return cell->base_count + cell->candidate_count;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts and keeps each text once. */
static size_t unique(const char **texts, size_t count)
{
	size_t kept = 0;

	if (count)
		qsort(texts, count, sizeof(*texts), compare_texts);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(texts[kept - 1], texts[i]) != 0)
			texts[kept++] = texts[i];
	return kept;
}

const char **mh_gate_tags(struct mh_gate *gate, const struct mh_gate_cell *cell, size_t *ret_count)
{
	size_t total = 0, count = 0;

	for (size_t i = 0; i < run_count(cell); i++)
		total += run_at(cell, i)->series_count;
	const char **tags = mh_gate_allocate(gate, total * sizeof(*tags));

	for (size_t i = 0; tags && i < run_count(cell); i++)
		for (size_t j = 0; j < run_at(cell, i)->series_count; j++)
			tags[count++] = run_at(cell, i)->series[j].tag;
	*ret_count = tags ? unique(tags, count) : 0;
	return tags;
}

/* The phases in which something is measured, each once. */
static const char **list_phases(struct mh_gate *gate, const struct mh_gate_cell *cell, size_t *ret_count)
{
	size_t total = 0, count = 0;

	for (size_t i = 0; i < run_count(cell); i++)
		total += run_at(cell, i)->phase_count;
	const char **names = mh_gate_allocate(gate, total * sizeof(*names));

	for (size_t i = 0; names && i < run_count(cell); i++) {
		const struct mh_result *run = run_at(cell, i);

		for (size_t j = 0; j < run->phase_count; j++)
			if (!run->phases[j].role || strcmp(run->phases[j].role, "warmup") != 0)
				names[count++] = run->phases[j].name;
	}
	*ret_count = names ? unique(names, count) : 0;
	return names;
}

struct mh_gate_case *mh_gate_add_case(struct mh_gate *gate, const struct mh_gate_cell *cell,
				      const struct mh_metric *metric, enum mh_gate_line_kind kind)
{
	struct mh_gate_case *item =
		mh_gate_grow(gate, &gate->cases, &gate->case_count, &gate->case_capacity, sizeof(*item));
	struct mh_gate_line *line = mh_gate_add_line(gate, kind, MH_VERDICT_NONE, cell->id, metric->text);

	line->unit = mh_metric_unit(metric);
	line->gated = line->gated && gate->rule->times_required;
	line->base_count = cell->base_count;
	line->candidate_count = cell->candidate_count;
	if (!item)
		return NULL;
	*item = (struct mh_gate_case){
		.line = gate->report->line_count - 1,
		.cell = cell,
		.metric = *metric,
		.p_worse = 1,
		.p_better = 1,
		.p_better_adjusted = 1,
		.p_min = 1,
	};
	return item;
}

static double find_noise(const struct mh_gate_rule *rule, const char *cell, const char *metric)
{
	for (size_t i = 0; i < rule->noise_count; i++)
		if (strcmp(rule->noises[i].cell, cell) == 0 && strcmp(rule->noises[i].metric, metric) == 0)
			return rule->noises[i].deviation;
	return 0;
}

static bool is_listed(const struct mh_gate *gate, const struct mh_gate_cell *cell, const char *text)
{
	for (size_t i = 0; i < gate->case_count; i++)
		if (gate->cases[i].cell == cell && strcmp(gate->cases[i].metric.text, text) == 0)
			return true;
	return false;
}

/* What is named twice is tested once, by the first entry: one in full stands before any glob. */
static void add_gated(struct mh_gate *gate, const struct mh_gate_cell *cell, const struct mh_gate_metric *gated,
		      const struct mh_metric *metric)
{
	struct mh_gate_case *item =
		is_listed(gate, cell, metric->text) ? NULL : mh_gate_add_case(gate, cell, metric, MH_LINE_TIME);

	if (!item)
		return;
	item->tolerance = gated->tolerance;
	item->floor = gated->floor;
	item->higher_is_better = gated->higher_is_better;
	item->noise = find_noise(gate->rule, cell->id, metric->text);
	gate->report->lines[item->line].tolerance = gated->tolerance;
	gate->report->lines[item->line].higher_is_better = gated->higher_is_better;
}

static bool has_glob(const struct mh_metric *metric)
{
	return (metric->phase && strpbrk(metric->phase, "*?[{")) || (metric->series && strpbrk(metric->series, "*?[{"));
}

/* "PHASE/SERIES[/CLASS]" cut into its parts; false: no such tag, or another class than the metric's. */
static bool split_tag(const char *tag, const struct mh_metric *metric, char phase[MH_TAG_MAX + 1],
		      char series[MH_TAG_MAX + 1])
{
	const char *slash = strchr(tag, '/');

	if (!slash || strlen(tag) > MH_TAG_MAX)
		return false;
	size_t length = strcspn(slash + 1, "/");

	/* The whole series stands for all its classes: the sample looks for the metric's. */
	if (slash[1 + length])
		return false;
	snprintf(phase, MH_TAG_MAX + 1, "%.*s", (int)(slash - tag), tag);
	snprintf(series, MH_TAG_MAX + 1, "%.*s", (int)length, slash + 1);
	return mh_glob_match(metric->phase, phase) && mh_glob_match(metric->series, series);
}

/* What stands behind PHASE/SERIES[/CLASS] in the metric's text: ".p99.9". */
static const char *stat_text(const struct mh_metric *metric)
{
	size_t length = strlen(metric->phase) + 1 + strlen(metric->series);

	if (metric->class != MH_CLASS_ALL)
		length += 1 + strlen(mh_metric_class_names[metric->class]);
	return strlen(metric->text) >= length ? metric->text + length : "";
}

static size_t expand_series(struct mh_gate *gate, const struct mh_gate_cell *cell, const struct mh_gate_metric *gated)
{
	const struct mh_metric *glob = gated->metric;
	char phase[MH_TAG_MAX + 1], series[MH_TAG_MAX + 1];
	size_t count, found = 0;
	const char **tags = mh_gate_tags(gate, cell, &count);

	for (size_t i = 0; i < count; i++) {
		if (!split_tag(tags[i], glob, phase, series))
			continue;
		struct mh_metric metric = *glob;

		metric.phase = (char *)mh_gate_format(gate, "%s", phase);
		metric.series = (char *)mh_gate_format(gate, "%s", series);
		metric.text = (char *)mh_gate_format(gate, "%s/%s%s%s%s", phase, series,
						     glob->class == MH_CLASS_ALL ? "" : "/",
						     mh_metric_class_names[glob->class], stat_text(glob));
		add_gated(gate, cell, gated, &metric);
		found++;
	}
	return found;
}

static size_t expand_phases(struct mh_gate *gate, const struct mh_gate_cell *cell, const struct mh_gate_metric *gated)
{
	const struct mh_metric *glob = gated->metric;
	size_t count, found = 0;
	const char **phases = list_phases(gate, cell, &count);

	for (size_t i = 0; i < count; i++) {
		struct mh_metric metric = *glob;

		if (!mh_glob_match(glob->phase, phases[i]))
			continue;
		metric.phase = (char *)mh_gate_format(gate, "%s", phases[i]);
		metric.text = (char *)mh_gate_format(gate, "%s%s", phases[i], glob->text + strlen(glob->phase));
		add_gated(gate, cell, gated, &metric);
		found++;
	}
	return found;
}

static void refuse_glob(struct mh_gate *gate, const struct mh_gate_cell *cell, const struct mh_metric *metric)
{
	struct mh_gate_line *line = mh_gate_add_line(gate, MH_LINE_TIME, MH_VERDICT_INVALID, cell->id, metric->text);

	line->unit = mh_metric_unit(metric);
	line->gated = line->gated && gate->rule->times_required;
	line->base_count = cell->base_count;
	line->candidate_count = cell->candidate_count;
	line->words = mh_gate_format(gate, "gate.metrics: '%s' names nothing that any run has", metric->text);
	line->next = mh_gate_next(gate, "--counts");
}

static void expand_glob(struct mh_gate *gate, const struct mh_gate_cell *cell, const struct mh_gate_metric *gated)
{
	size_t found = gated->metric->kind == MH_METRIC_SERIES ? expand_series(gate, cell, gated)
							       : expand_phases(gate, cell, gated);

	if (!found)
		refuse_glob(gate, cell, gated->metric);
}

void mh_gate_expand(struct mh_gate *gate, const struct mh_gate_cell *cell)
{
	const struct mh_gate_rule *rule = gate->rule;

	for (size_t i = 0; i < rule->metric_count; i++)
		if (!has_glob(rule->metrics[i].metric))
			add_gated(gate, cell, &rule->metrics[i], rule->metrics[i].metric);
	for (size_t i = 0; i < rule->metric_count; i++)
		if (has_glob(rule->metrics[i].metric))
			expand_glob(gate, cell, &rule->metrics[i]);
}
