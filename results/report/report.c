/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of a page: what came of it first, then what was measured, then under which conditions. */
#include "results/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/judge.h"
#include "results/report/section.h"
#include "results/report/template.h"

#define CELLS_DETAILED_MAX 12 /* of a sweep: the others stand in its table */
#define REAL_DIGITS        9  /* of a number that a chart is drawn from */

/* The scenario's name, that of each side where they differ. */
static void name_page(const struct mh_report_source *source, struct mh_text *name)
{
	const char *last = NULL;

	for (size_t i = 0; i < source->side_count; i++) {
		const char *suite = source->sides[i].runs[0].result.suite;

		suite = suite ? suite : "unnamed scenario";
		if (!last || strcmp(last, suite) != 0)
			mh_text_add(name, "%s%s", last ? " and " : "", suite);
		last = suite;
	}
}

static void add_link(struct mh_text *html, const char *id, const char *name)
{
	mh_text_add(html, "<li><a href=\"#%s\">", id);
	mh_html_name(html, name);
	mh_text_add(html, "</a></li>\n");
}

/* A place of a page's contents for each cell. */
static const char *cell_id(char id[32], size_t cell)
{
	snprintf(id, 32, "cell-%zu", cell + 1);
	return id;
}

static size_t detailed_cells(const struct mh_report_source *source)
{
	return source->cell_count < CELLS_DETAILED_MAX ? source->cell_count : CELLS_DETAILED_MAX;
}

static void add_contents(struct mh_report *report)
{
	const struct mh_report_source *source = report->source;
	char id[32];

	mh_text_add(&report->html, "<nav aria-label=\"Contents\"><ul>\n");
	add_link(&report->html, "verdict", "Verdict");
	if (source->cell_count > 1)
		add_link(&report->html, "cells", "Cells");
	for (size_t i = 0; i < detailed_cells(source); i++)
		add_link(&report->html, cell_id(id, i), source->cell_count > 1 ? source->cells[i] : "Measurements");
	add_link(&report->html, "environment", "Environment");
	add_link(&report->html, "times", "What the times mean");
	add_link(&report->html, "repeat", "Repeat it");
	mh_text_add(&report->html, "</ul></nav>\n");
}

static void add_parameters(struct mh_report *report, const char *cell)
{
	const struct mh_result *model = mh_report_model(report, cell);

	if (!model->parameter_count)
		return;
	mh_text_add(&report->html, "<p>");
	for (size_t i = 0; i < model->parameter_count; i++) {
		mh_text_add(&report->html, "%s", i ? ", " : "");
		mh_html_name(&report->html, model->parameters[i].name);
		mh_text_add(&report->html, " = ");
		mh_html_name(&report->html, model->parameters[i].value);
	}
	mh_text_add(&report->html, "</p>\n");
}

static void add_cell(struct mh_report *report, size_t index)
{
	const char *cell = report->source->cells[index];
	char id[32];

	if (report->source->cell_count > 1)
		mh_report_heading(report, 2, cell_id(id, index), "Cell %s", cell);
	else
		mh_report_heading(report, 2, cell_id(id, index), "Measurements");
	add_parameters(report, cell);
	report->level = 3;
	mh_report_percentiles(report, cell);
	mh_report_shifts(report, cell);
	mh_report_timelines(report, cell);
	mh_report_listeners(report, cell);
	mh_report_counts(report, cell);
	mh_report_operations(report, cell);
}

static void add_parts(struct mh_report *report)
{
	add_contents(report);
	mh_report_verdicts(report);
	if (report->source->cell_count > 1)
		mh_report_cells(report);
	for (size_t i = 0; i < detailed_cells(report->source); i++)
		add_cell(report, i);
	if (report->source->cell_count > CELLS_DETAILED_MAX)
		mh_report_note(report,
			       "The other %zu cells are in the table of cells only; a report of fewer cells shows "
			       "them in full.",
			       report->source->cell_count - CELLS_DETAILED_MAX);
	mh_report_conditions(report);
}

/* As text that no script element can be ended by. */
static void dump_data(struct mh_report *report, json_t *data, struct mh_text *text)
{
	char *dump = json_dumps(data, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));

	report->put.failed |= !dump;
	for (const char *at = dump ? dump : ""; *at;) {
		size_t length = strcspn(at, "<");

		mh_text_append(text, at, length);
		at += length;
		if (*at) {
			mh_text_add(text, "\\u003c");
			at++;
		}
	}
	free(dump);
}

static int write_page(struct mh_report *report, struct mh_text *page)
{
	struct mh_text name = MH_TEXT_INIT, title = MH_TEXT_INIT, data = MH_TEXT_INIT;
	json_t *root = json_object();

	report->put.failed |= !root;
	report->charts = mh_json_put_list(&report->put, root, "charts");
	name_page(report->source, &name);
	mh_html_text(&title, name.data);
	add_parts(report);
	dump_data(report, root, &data);
	json_decref(root);
	mh_template_fill(&(struct mh_template){.title = title.data, .body = report->html.data, .data = data.data},
			 page);
	bool failed =
		name.failed | title.failed | data.failed | report->html.failed | report->put.failed | page->failed;

	mh_text_release(&name);
	mh_text_release(&title);
	mh_text_release(&data);
	return failed ? -ENOMEM : 0;
}

static int make(const struct mh_report_source *source, struct mh_text *page, struct mh_error *reterr)
{
	struct mh_report report = {.source = source, .html = MH_TEXT_INIT, .level = 2};
	struct mh_report_judgement judgement;
	int ret = mh_report_judge(source, &judgement, reterr);

	if (ret < 0)
		return ret;
	report.gate = judgement.present ? &judgement.report : NULL;
	report.gate_recorded = judgement.recorded;
	report.gate_unread = judgement.unread;
	if (write_page(&report, page) < 0)
		ret = mh_error_set(reterr, -ENOMEM, "no memory for the page");
	mh_report_judgement_release(&judgement);
	mh_text_release(&report.html);
	return ret;
}

int mh_report_make(const char *const *paths, size_t path_count, struct mh_text *page, struct mh_error *reterr)
{
	struct mh_report_source source;
	int ret = mh_report_source_open(paths, path_count, &source, reterr);

	if (ret < 0)
		return ret;
	ret = make(&source, page, reterr);
	mh_report_source_release(&source);
	return ret;
}
