/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A result with several cells: a table and a chart of what is measured, by cell, for each phase. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/report/section.h"
#include "results/show_private.h"
#include "results/tag.h"

#define CELLS_MAX 500 /* rows of the table, and points of the chart */

static const char *const heads[] = {"No. and cell", "\tOperations/s", "\tValues", "\tp50", "\tp90",
				    "\tp99",        "\tp99.9",        "\tp99.99", "\tMax", "\tMean"};

/* The mean of the runs that count; NAN: none. */
static double throughput_of(const struct mh_report_side *side, const char *cell, const char *phase)
{
	double sum = 0;
	size_t count = 0;

	for (size_t i = 0; i < side->run_count; i++) {
		const struct mh_report_run *run = &side->runs[i];
		const struct mh_result_phase *own = mh_result_find_phase(&run->result, phase);

		if (!own || strcmp(run->entry->cell, cell) != 0 || !mh_report_run_counts(side, run))
			continue;
		sum += mh_result_throughput(own);
		count++;
	}
	return count ? sum / (double)count : NAN;
}

static void add_row(struct mh_report *report, const struct mh_report_side *side, size_t cell, const char *phase,
		    const char *tag)
{
	struct mh_text name = MH_TEXT_INIT;
	struct mh_histogram merged;

	if (mh_report_merge(side, report->source->cells[cell], tag, &merged) <= 0)
		return;
	mh_text_add(&name, "%zu. %s%s%s", cell + 1, report->source->side_count > 1 ? side->label : "",
		    report->source->side_count > 1 ? ": " : "", report->source->cells[cell]);
	mh_html_row_open(&report->html, name.data);
	mh_html_cell_rate(&report->html, throughput_of(side, report->source->cells[cell], phase));
	mh_report_quantile_cells(&report->html, &merged);
	mh_html_row_close(&report->html);
	report->html.failed |= name.failed;
	mh_text_release(&name);
	mh_histogram_release(&merged);
}

/* Of each cell, null where there is none or nothing. */
static void put_values(struct mh_report *report, json_t *line, const struct mh_report_side *side, const char *tag,
		       double percent)
{
	json_t *values = mh_json_put_list(&report->put, line, "values");

	for (size_t i = 0; i < report->source->cell_count && i < CELLS_MAX; i++) {
		struct mh_histogram merged;
		int runs = mh_report_merge(side, report->source->cells[i], tag, &merged);
		uint64_t value = runs > 0 ? mh_histogram_percentile(&merged, percent) : 0;

		if (runs > 0 && value > merged.max)
			value = merged.max;

		if (value)
			mh_report_add_number(report, values, value);
		else
			mh_json_add_i64(&report->put, values, MH_NOT_AVAILABLE);
		if (runs > 0)
			mh_histogram_release(&merged);
	}
}

static void put_lines(struct mh_report *report, json_t *chart, const char *tag)
{
	static const struct {
		const char *name;
		double percent;
	} shown[] = {{"p50", 50}, {"p99", 99}, {"max", 100}};
	json_t *lines = mh_json_put_list(&report->put, chart, "lines");

	for (size_t i = 0; i < report->source->side_count; i++)
		for (size_t j = 0; j < sizeof(shown) / sizeof(shown[0]); j++) {
			json_t *line = mh_json_add_object(&report->put, lines);
			struct mh_text name = MH_TEXT_INIT;

			if (report->source->side_count > 1)
				mh_text_add(&name, "%s, ", report->source->sides[i].label);
			mh_text_add(&name, "%s", shown[j].name);
			mh_report_put_name(report, line, "name", name.data);
			mh_json_put_u64(&report->put, line, "side", i);
			mh_json_put_bool(&report->put, line, "shown", true);
			put_values(report, line, &report->source->sides[i], tag, shown[j].percent);
			mh_text_release(&name);
		}
}

static void add_chart(struct mh_report *report, const char *tag)
{
	char caption[MH_TAG_MAX + 64];

	snprintf(caption, sizeof(caption), "By cell: %s", tag);
	json_t *chart = mh_report_chart(report, "sweep", caption);
	json_t *names = mh_json_put_list(&report->put, chart, "cells");

	for (size_t i = 0; i < report->source->cell_count && i < CELLS_MAX; i++)
		mh_json_add_text(&report->put, names, report->source->cells[i]);
	put_lines(report, chart, tag);
}

static void add_phase(struct mh_report *report, const char *phase, const char *tag)
{
	char caption[MH_TAG_MAX + 64];

	add_chart(report, tag);
	snprintf(caption, sizeof(caption), "Cells: %s", tag);
	mh_html_table_open(&report->html, caption, heads, sizeof(heads) / sizeof(heads[0]));
	for (size_t i = 0; i < report->source->cell_count && i < CELLS_MAX; i++)
		for (size_t j = 0; j < report->source->side_count; j++)
			add_row(report, &report->source->sides[j], i, phase, tag);
	mh_html_table_close(&report->html);
}

void mh_report_cells(struct mh_report *report)
{
	const struct mh_result *model = mh_report_model(report, report->source->cells[0]);

	mh_report_heading(report, 2, "cells", "Cells");
	mh_report_note(report,
		       "%zu cells; of several runs of a cell the values are added up, and the rate is the mean.",
		       report->source->cell_count);
	for (size_t i = 0; i < model->phase_count; i++) {
		const char *tag = mh_report_primary(model, model->phases[i].name);

		if (tag && strcmp(model->phases[i].role, "warmup") != 0)
			add_phase(report, model->phases[i].name, tag);
	}
	if (report->source->cell_count > CELLS_MAX)
		mh_report_note(report, "%zu more cells are not shown.", report->source->cell_count - CELLS_MAX);
}
