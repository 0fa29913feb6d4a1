/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two sides held against each other: what the judge said, in words and in numbers, and the shift function. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "results/report/section.h"
#include "results/show_private.h"

#define LINES_MAX    300
#define COMMANDS_MAX 20

static const char *tone_of(enum mh_verdict verdict)
{
	switch (verdict) {
	case MH_VERDICT_PASS:
	case MH_VERDICT_IMPROVED:
		return "good";
	case MH_VERDICT_REGRESSED:
	case MH_VERDICT_INCORRECT:
		return "bad";
	case MH_VERDICT_NONE:
		return "plain";
	default:
		return "doubt";
	}
}

static const char *name_of(enum mh_verdict verdict)
{
	return verdict == MH_VERDICT_NONE ? "not judged" : mh_verdict_names[verdict];
}

static void add_centre(struct mh_text *html, enum mh_metric_unit unit, double value)
{
	if (unit == MH_UNIT_NS)
		mh_html_cell_time(html, value);
	else if (unit == MH_UNIT_RATE)
		mh_html_cell_rate(html, value);
	else if (!isfinite(value))
		mh_html_cell_text(html, NULL);
	else
		mh_text_add(html, "<td class=\"number\"><data value=\"%.17g\">%.6g%s</data></td>", value,
			    unit == MH_UNIT_SHARE ? value / 1e7 : value, unit == MH_UNIT_SHARE ? " %" : "");
}

static void add_interval(struct mh_text *html, const struct mh_interval *ratio)
{
	if (ratio->attained && isfinite(ratio->lower) && isfinite(ratio->upper))
		mh_text_add(html, "<td class=\"number\">%+.2f %% to %+.2f %%</td>", (ratio->lower - 1) * 100,
			    (ratio->upper - 1) * 100);
	else
		mh_text_add(html, "<td>too few runs</td>");
}

static void add_line(struct mh_report *report, const struct mh_gate_line *line)
{
	struct mh_text *html = &report->html;
	struct mh_text name = MH_TEXT_INIT;

	if (report->source->cell_count > 1)
		mh_text_add(&name, "%s: ", line->cell ? line->cell : "");
	mh_text_add(&name, "%s", line->name);
	mh_html_row_open(html, name.data);
	mh_text_add(html, "<td class=\"%s\">%s</td><td class=\"words\">", tone_of(line->verdict),
		    name_of(line->verdict));
	mh_html_text(html, line->words ? line->words : "");
	if (line->note) {
		mh_text_add(html, "<br>");
		mh_html_text(html, line->note);
	}
	mh_text_add(html, "</td>");
	add_centre(html, line->unit, line->base);
	add_centre(html, line->unit, line->candidate);
	if (line->kind == MH_LINE_TIME || line->kind == MH_LINE_EXPLORATORY) {
		mh_html_cell_change(html, line->ratio.estimate);
		add_interval(html, &line->ratio);
	} else {
		mh_text_add(html, "<td>-</td><td>-</td>");
	}
	if (line->gated && line->tolerance > 0)
		mh_text_add(html, "<td class=\"number\">%.3g %%</td>", line->tolerance * 100);
	else
		mh_text_add(html, "<td>-</td>");
	mh_text_add(html, "<td class=\"number\">%zu and %zu</td>", line->base_count, line->candidate_count);
	mh_html_row_close(html);
	html->failed |= name.failed;
	mh_text_release(&name);
}

static bool is_told(const struct mh_gate_report *gate, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (gate->lines[i].next && strcmp(gate->lines[i].next, gate->lines[index].next) == 0)
			return true;
	return false;
}

/* The commands to run next, each once. */
static void add_commands(struct mh_report *report)
{
	const struct mh_gate_report *gate = report->gate;
	size_t shown = 0;

	for (size_t i = 0; i < gate->line_count; i++) {
		if (!gate->lines[i].next || is_told(gate, i) || shown++ >= COMMANDS_MAX)
			continue;
		mh_report_note(report, "%s: run this next:", gate->lines[i].name);
		mh_text_add(&report->html, "<pre tabindex=\"0\"><code>");
		mh_html_text(&report->html, gate->lines[i].next);
		mh_text_add(&report->html, "</code></pre>\n");
	}
}

static void add_lines(struct mh_report *report)
{
	const struct mh_report_source *source = report->source;
	const char *heads[] = {"Metric",
			       "Verdict",
			       "In words",
			       source->sides[0].label,
			       source->sides[1].label,
			       "\tChange",
			       "\t95 % interval",
			       "\tTolerance",
			       "\tRuns"};
	size_t count = report->gate->line_count;

	mh_html_table_open(&report->html, "The two sides compared", heads, sizeof(heads) / sizeof(heads[0]));
	for (size_t i = 0; i < count && i < LINES_MAX; i++)
		add_line(report, &report->gate->lines[i]);
	mh_html_table_close(&report->html);
	if (count > LINES_MAX)
		mh_report_note(report, "%zu more lines stand in gate.json.", count - LINES_MAX);
}

void mh_report_comparison(struct mh_report *report)
{
	const struct mh_gate_report *gate = report->gate;

	mh_text_add(&report->html, "<p class=\"verdict %s\"><strong>%s</strong>", tone_of(gate->verdict),
		    gate->verdict == MH_VERDICT_NONE ? "Compared" : name_of(gate->verdict));
	if (gate->summary) {
		mh_text_add(&report->html, ": ");
		mh_html_text(&report->html, gate->summary);
	}
	mh_text_add(&report->html, "</p>\n");
	add_lines(report);
	if (report->gate_recorded)
		add_commands(report);
}

static void put_shift(struct mh_report *report, const struct mh_gate_shift *shift, const char *caption)
{
	json_t *chart = mh_report_chart(report, "shift", caption);
	json_t *quantiles = mh_json_put_list(&report->put, chart, "quantiles");
	json_t *ratios = mh_json_put_list(&report->put, chart, "ratios");

	for (size_t i = 0; i < shift->quantile_count; i++) {
		const struct mh_interval *interval = &shift->shifts[i];
		bool band = interval->attained && isfinite(interval->lower) && isfinite(interval->upper);

		if (!isfinite(interval->estimate))
			continue;
		mh_json_add_double(&report->put, quantiles, mh_shift_quantiles[i]);
		mh_json_add_double(&report->put, ratios, band ? interval->lower : interval->estimate);
		mh_json_add_double(&report->put, ratios, interval->estimate);
		mh_json_add_double(&report->put, ratios, band ? interval->upper : interval->estimate);
	}
}

static void add_shift_table(struct mh_report *report, const struct mh_gate_shift *shift, const char *caption)
{
	static const char *const heads[] = {"Percentile", "Change", "Band"};
	char name[MH_SHOW_CELL];

	mh_html_table_open(&report->html, caption, heads, 3);
	for (size_t i = 0; i < shift->quantile_count; i++) {
		snprintf(name, sizeof(name), "p%.4g", mh_shift_quantiles[i] * 100);
		mh_html_row_open(&report->html, name);
		mh_html_cell_change(&report->html, shift->shifts[i].estimate);
		add_interval(&report->html, &shift->shifts[i]);
		mh_html_row_close(&report->html);
	}
	mh_html_table_close(&report->html);
}

void mh_report_shifts(struct mh_report *report, const char *cell)
{
	size_t shown = 0;

	if (!report->gate)
		return;
	mh_report_heading(report, report->level, NULL, "Shift function");
	for (size_t i = 0; i < report->gate->shift_count; i++) {
		const struct mh_gate_shift *shift = &report->gate->shifts[i];
		char caption[2 * MH_SHOW_CELL + MH_FOLDER_CELL_MAX];

		if (strcmp(shift->cell, cell) != 0)
			continue;
		if (shown++ == 0)
			mh_report_note(report,
				       "How much %s differs from %s at each percentile, and the band that holds "
				       "all of it at once. Zero is no change.",
				       report->source->sides[1].label, report->source->sides[0].label);
		snprintf(caption, sizeof(caption), "Shift function: %s", shift->series);
		put_shift(report, shift, caption);
		add_shift_table(report, shift, caption);
	}
	if (!shown)
		mh_report_note(report, "There are too few runs, or too few values in them, for a shift function.");
}
