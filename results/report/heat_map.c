/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Latency over time: one run a side as a heat map, with the phases in which faults act marked, and the same as a table.
 * A row of the map is a span of latency, ROWS_A_DECADE of them for each power of ten.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "results/report/section.h"
#include "results/report/timeline.h"
#include "results/show_private.h"

#define ROWS_A_DECADE 8
#define ROWS          (ROWS_A_DECADE * 19) /* all that 64 bits of ns can hold */
#define TABLE_ROWS    60                   /* of the table below the map: columns are added up to fit */
#define MISSED_S      0.0015               /* a log ends so much before its run for no reason but rounding */

static unsigned row_of(uint64_t ns)
{
	double row = ns ? floor(log10((double)ns) * ROWS_A_DECADE) : 0;

	return row >= ROWS ? ROWS - 1 : (unsigned)row;
}

/* [column, row, count] for each that is not empty, one after the other. */
static void put_column(struct mh_report *report, json_t *cells, size_t column, const struct mh_histogram *histogram)
{
	struct mh_histogram_iterator iterator;
	uint64_t counts[ROWS] = {0};

	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator))
		counts[row_of(iterator.lowest + (iterator.highest - iterator.lowest) / 2)] += iterator.count;
	counts[ROWS - 1] += histogram->overflow;
	for (unsigned i = 0; i < ROWS; i++) {
		if (!counts[i])
			continue;
		mh_report_add_number(report, cells, column);
		mh_report_add_number(report, cells, i);
		mh_report_add_number(report, cells, counts[i]);
	}
}

/* Where each phase lies; those of faults are shaded. */
static void put_phases(struct mh_json_put *put, json_t *chart, const struct mh_result *result)
{
	json_t *list = mh_json_put_list(put, chart, "phases");

	for (size_t i = 0; i < result->phase_count; i++) {
		const struct mh_result_phase *phase = &result->phases[i];
		json_t *object = mh_json_add_object(put, list);

		mh_json_put_text(put, object, "name", phase->name);
		mh_json_put_bool(put, object, "fault", strcmp(phase->role, "fault") == 0);
		mh_json_put_double(put, object, "from_s", (double)phase->t0_ns / 1e9);
		mh_json_put_double(put, object, "to_s", (double)phase->t1_ns / 1e9);
	}
}

/* When the last phase of which there can be intervals ended. */
static double phases_end_s(const struct mh_result *result)
{
	double end_s = 0;

	for (size_t i = 0; i < result->phase_count; i++)
		if (mh_report_primary(result, result->phases[i].name))
			end_s = fmax(end_s, (double)result->phases[i].t1_ns / 1e9);
	return end_s;
}

static void add_map(struct mh_report *report, const char *caption, const struct mh_result *result,
		    const struct mh_timeline *timeline)
{
	json_t *chart = mh_report_chart(report, "heat", caption);
	json_t *cells = mh_json_put_list(&report->put, chart, "cells");

	json_t *columns = mh_json_put_list(&report->put, chart, "columns");

	mh_json_put_double(&report->put, chart, "end_s", fmax(mh_timeline_end_s(timeline), phases_end_s(result)));
	mh_json_put_u64(&report->put, chart, "rows_a_decade", ROWS_A_DECADE);
	put_phases(&report->put, chart, result);
	for (size_t i = 0; i < timeline->count; i++) {
		mh_json_add_double(&report->put, columns, timeline->columns[i].begin_s);
		mh_json_add_double(&report->put, columns, timeline->columns[i].end_s);
		if (timeline->columns[i].values.counts)
			put_column(report, cells, i, &timeline->columns[i].values);
	}
}

/* The phases that a stretch of time touches: "storm (fault)", "steady, storm (fault)". */
static void name_phases(const struct mh_result *result, double from_s, double to_s, struct mh_text *names)
{
	for (size_t i = 0; i < result->phase_count; i++) {
		const struct mh_result_phase *phase = &result->phases[i];

		if ((double)phase->t0_ns / 1e9 >= to_s || (double)phase->t1_ns / 1e9 <= from_s)
			continue;
		mh_text_add(names, "%s%s%s", names->length ? ", " : "", phase->name,
			    strcmp(phase->role, "fault") == 0 ? " (fault)" : "");
	}
}

static void add_stretch(struct mh_report *report, const struct mh_result *result, const struct mh_timeline *timeline,
			size_t first, size_t count)
{
	size_t end = first + count < timeline->count ? first + count : timeline->count;
	double from_s = timeline->columns[first].begin_s, to_s = timeline->columns[end - 1].end_s;
	struct mh_histogram sum = {.counts = NULL};
	struct mh_text names = MH_TEXT_INIT;
	char begin[MH_SHOW_CELL];

	for (size_t i = first; i < end; i++) {
		const struct mh_histogram *column = &timeline->columns[i].values;
		struct mh_histogram_layout layout = mh_histogram_layout(column);

		if (column->counts && (sum.counts || mh_histogram_init(&sum, &layout) == 0))
			(void)mh_histogram_merge(&sum, column);
	}
	name_phases(result, from_s, to_s, &names);
	snprintf(begin, sizeof(begin), "%.3f s to %.3f s", from_s, to_s);
	mh_html_row_open(&report->html, begin);
	mh_html_cell_text(&report->html, names.data);
	mh_report_quantile_cells(&report->html, &sum);
	mh_html_row_close(&report->html);
	mh_histogram_release(&sum);
	mh_text_release(&names);
}

static void add_table(struct mh_report *report, const struct mh_result *result, const struct mh_timeline *timeline,
		      const char *name)
{
	static const char *const heads[] = {"Time",  "Phases",  "\tValues", "\tp50", "\tp90",
					    "\tp99", "\tp99.9", "\tp99.99", "\tMax", "\tMean"};
	size_t each = (timeline->count + TABLE_ROWS - 1) / TABLE_ROWS;
	char caption[2 * MH_SHOW_CELL + MH_FOLDER_CELL_MAX];

	snprintf(caption, sizeof(caption), "Response over time: %s", name);
	mh_text_add(&report->html, "<details><summary>As a table</summary>\n");
	mh_html_table_open(&report->html, caption, heads, sizeof(heads) / sizeof(heads[0]));
	for (size_t i = 0; i < timeline->count; i += each)
		add_stretch(report, result, timeline, i, each);
	mh_html_table_close(&report->html);
	mh_text_add(&report->html, "</details>\n");
}

/* What the log does not say. */
static void tell_gaps(struct mh_report *report, const struct mh_result *result, const struct mh_timeline *timeline)
{
	if (timeline->broken.length)
		mh_report_note(report, "Incomplete: the log cannot be read to its end: %s", timeline->broken.data);
	if (mh_timeline_end_s(timeline) + MISSED_S < phases_end_s(result))
		mh_report_note(
			report,
			"Incomplete: run.hlog ends at %.3f s, the run at %.3f s; what lies between is missing here.",
			mh_timeline_end_s(timeline), phases_end_s(result));
	if (timeline->left_out)
		mh_report_note(report,
			       "Incomplete: %zu intervals are out of order, or have buckets of another kind than their "
			       "neighbours.",
			       timeline->left_out);
}

static void tell_run(struct mh_report *report, const struct mh_result *result, const char *name,
		     const struct mh_timeline *timeline)
{
	char caption[2 * MH_SHOW_CELL + MH_FOLDER_CELL_MAX];

	tell_gaps(report, result, timeline);
	if (mh_timeline_is_empty(timeline)) {
		mh_report_note(report, "%s: run.hlog holds no interval with a value.", name);
		return;
	}
	snprintf(caption, sizeof(caption), "Latency over time: %s", name);
	add_map(report, caption, result, timeline);
	add_table(report, result, timeline, name);
}

static void add_timeline(struct mh_report *report, const struct mh_report_side *side, const struct mh_report_run *run)
{
	char *path = mh_result_folder_path(&side->folder, run->entry, "run.hlog");
	struct mh_timeline *timeline = calloc(1, sizeof(*timeline));
	struct mh_text name = MH_TEXT_INIT;
	struct mh_error why;
	int ret = path && timeline ? mh_timeline_read(path, timeline, &why) : -ENOMEM;

	mh_report_name_run(report->source, side, run, &name);
	if (ret == 0) {
		tell_run(report, &run->result, name.data, timeline);
		mh_timeline_release(timeline);
	} else if (ret == -ENOMEM) {
		report->html.failed = true;
	} else {
		mh_report_note(report, "%s: no latency over time: %s", name.data, why.text);
	}
	mh_text_release(&name);
	free(timeline);
	free(path);
}

void mh_report_timelines(struct mh_report *report, const char *cell)
{
	mh_report_heading(report, report->level, NULL, "Latency over time");
	mh_report_note(report, "How often the response of an operation fell into each span of latency, interval by "
			       "interval. Phases in which faults act are hatched and named.");
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];
		const struct mh_report_run *run = mh_report_next_run(side, cell, 0);

		if (!run)
			continue;
		if (mh_report_count_runs(side, cell) > 1)
			mh_report_note(report, "Of %zu runs the first is shown.", mh_report_count_runs(side, cell));
		add_timeline(report, side, run);
	}
}
