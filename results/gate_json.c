/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report as one JSON document, schema memhp-bench/gate: what is not finite or not known is null. */
#include <stdio.h>

#include "results/gate.h"
#include "results/json_put.h"

#define SCHEMA "memhp-bench/gate"

static void put_interval(struct mh_json_put *put, json_t *object, const char *key, const struct mh_interval *interval)
{
	json_t *into = mh_json_put_object(put, object, key);

	mh_json_put_double(put, into, "estimate", interval->estimate);
	mh_json_put_double(put, into, "lower", interval->lower);
	mh_json_put_double(put, into, "upper", interval->upper);
	mh_json_put_bool(put, into, "attained", interval->attained);
}

static void put_numbers(struct mh_json_put *put, json_t *object, const struct mh_gate_line *line)
{
	mh_json_put_double(put, object, "base", line->base);
	mh_json_put_double(put, object, "candidate", line->candidate);
	mh_json_put_u64(put, object, "base_count", line->base_count);
	mh_json_put_u64(put, object, "candidate_count", line->candidate_count);
	mh_json_put_u64(put, object, "observations", line->observations);
	mh_json_put_bool(put, object, "observations_effective", line->observations_effective);
	put_interval(put, object, "ratio", &line->ratio);
	mh_json_put_double(put, object, "bound", line->bound);
	mh_json_put_double(put, object, "bound_level", line->bound_level);
	mh_json_put_double(put, object, "tolerance", line->tolerance);
	mh_json_put_double(put, object, "floor", line->floor);
	mh_json_put_double(put, object, "limit", line->limit);
	mh_json_put_bool(put, object, "higher_is_better", line->higher_is_better);
	mh_json_put_double(put, object, "p", line->p);
	mh_json_put_double(put, object, "p_adjusted", line->p_adjusted);
	mh_json_put_double(put, object, "detectable", line->detectable);
	mh_json_put_u64(put, object, "runs_needed", line->runs_needed);
	mh_json_put_bool(put, object, "shape_changed", line->shape_changed);
	mh_json_put_double(put, object, "shape_p", line->shape_p);
	mh_json_put_double(put, object, "dispersion_p", line->dispersion_p);
}

static void put_line(struct mh_json_put *put, json_t *list, const struct mh_gate_line *line)
{
	json_t *object = mh_json_add_object(put, list);

	mh_json_put_text(put, object, "kind", mh_gate_line_kind_names[line->kind]);
	mh_json_put_text(put, object, "verdict", mh_verdict_names[line->verdict]);
	mh_json_put_bool(put, object, "gated", line->gated);
	mh_json_put_text(put, object, "cell", line->cell);
	mh_json_put_text(put, object, "name", line->name);
	mh_json_put_text(put, object, "unit", mh_metric_unit_names[line->unit]);
	put_numbers(put, object, line);
	mh_json_put_text(put, object, "words", line->words);
	mh_json_put_text(put, object, "note", line->note);
	mh_json_put_text(put, object, "next", line->next);
}

static void put_shift(struct mh_json_put *put, json_t *list, const struct mh_gate_shift *shift)
{
	json_t *object = mh_json_add_object(put, list), *quantiles;

	mh_json_put_text(put, object, "cell", shift->cell);
	mh_json_put_text(put, object, "series", shift->series);
	quantiles = mh_json_put_list(put, object, "quantiles");
	for (size_t i = 0; i < shift->quantile_count; i++) {
		json_t *quantile = mh_json_add_object(put, quantiles);

		mh_json_put_double(put, quantile, "quantile", mh_shift_quantiles[i]);
		put_interval(put, quantile, "ratio", &shift->shifts[i]);
	}
}

int mh_gate_json(const struct mh_gate_report *report, const struct mh_gate_rule *rule, struct mh_text *text)
{
	struct mh_json_put put = {0};
	json_t *root = json_object(), *list;

	mh_json_put_text(&put, root, "schema", SCHEMA);
	mh_json_put_u64(&put, root, "schema_version", 1);
	mh_json_put_text(&put, root, "verdict", mh_verdict_names[report->verdict]);
	mh_json_put_u64(&put, root, "exit", (uint64_t)mh_verdict_exit(report->verdict, rule->undecided_warns));
	mh_json_put_text(&put, root, "summary", report->summary);
	mh_json_put_bool(&put, root, "paired", rule->paired);
	mh_json_put_bool(&put, root, "wants_more", report->wants_more);
	mh_json_put_u64(&put, root, "look", report->look);
	mh_json_put_u64(&put, root, "look_next", report->look_next);
	mh_json_put_u64(&put, root, "family", report->family);
	mh_json_put_double(&put, root, "alpha", report->alpha);
	list = mh_json_put_list(&put, root, "lines");
	for (size_t i = 0; i < report->line_count; i++)
		put_line(&put, list, &report->lines[i]);
	list = mh_json_put_list(&put, root, "shifts");
	for (size_t i = 0; i < report->shift_count; i++)
		put_shift(&put, list, &report->shifts[i]);
	return mh_json_finish(&put, root, text, NULL);
}
