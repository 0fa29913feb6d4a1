/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Latency by percentile, a phase at a time: the spectrum, its numbers for each series, and for each run. What runs add
 * up to shows the far tail best; what to expect of a run stands in the runs themselves. Both are said.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "results/limit.h"
#include "results/report/section.h"
#include "results/show_private.h"
#include "results/statistics/order_interval.h"
#include "results/tag.h"

#define ROWS_MAX   200 /* of each table */
#define CONFIDENCE 0.95
#define TAIL       0.999

static const char *const series_heads[] = {"Series",  "\tValues", "\tp50", "\tp90", "\tp99",
					   "\tp99.9", "\tp99.99", "\tMax", "\tMean"};
static const char *const run_heads[] = {"Run",   "Status",  "\tOperations/s", "\tValues", "\tp50", "\tp90",
					"\tp99", "\tp99.9", "\tp99.99",       "\tMax",    "\tMean"};

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

/* One series of one side; true when it is not shown: its values are all 0, as waits are in a closed loop. */
static bool add_row(struct mh_report *report, const struct mh_report_side *side, const char *cell, const char *tag)
{
	struct mh_text name = MH_TEXT_INIT;
	struct mh_histogram merged;
	int count = mh_report_merge(side, cell, tag, &merged);

	report->html.failed |= count < 0;
	if (count <= 0)
		return false;
	if (merged.count && merged.max == 0) {
		mh_histogram_release(&merged);
		return true;
	}
	if (report->source->side_count > 1)
		mh_text_add(&name, "%s: ", side->label);
	mh_text_add(&name, "%s", strchr(tag, '/') + 1);
	mh_html_row_open(&report->html, name.data);
	mh_report_quantile_cells(&report->html, &merged);
	mh_html_row_close(&report->html);
	report->html.failed |= name.failed;
	mh_text_release(&name);
	mh_histogram_release(&merged);
	return false;
}

/* Listeners have a table of their own. */
static bool is_listener(const char *name)
{
	return strncmp(name, "cb.", 3) == 0;
}

static void add_series_table(struct mh_report *report, const char *cell, const struct mh_result *model,
			     const char *phase)
{
	char caption[MH_SHOW_CELL + MH_TAG_MAX];
	size_t rows = 0, left_out = 0, idle = 0;

	snprintf(caption, sizeof(caption), "Series of phase %s", phase);
	mh_html_table_open(&report->html, caption, series_heads, COUNT_OF(series_heads));
	for (size_t i = 0; i < model->series_count; i++) {
		const char *name = mh_show_series_name(model->series[i].tag, phase);

		if (!name || is_listener(name))
			continue;
		if (++rows > ROWS_MAX) {
			left_out++;
			continue;
		}
		for (size_t j = 0; j < report->source->side_count; j++)
			idle += add_row(report, &report->source->sides[j], cell, model->series[i].tag);
	}
	mh_html_table_close(&report->html);
	if (idle)
		mh_report_note(report, "Series whose values are all 0 are left out: in a closed loop nobody waits.");
	if (left_out)
		mh_report_note(report, "%zu more series stand in run.json.", left_out);
}

static void add_run_row(struct mh_report *report, const struct mh_report_side *side, const struct mh_report_run *run,
			const char *phase, const char *tag)
{
	const struct mh_result_phase *of_run = mh_result_find_phase(&run->result, phase);
	const struct mh_result_series *series = mh_result_find_series(&run->result, tag);
	struct mh_text name = MH_TEXT_INIT;

	if (!series)
		return;
	if (report->source->side_count > 1)
		mh_text_add(&name, "%s: ", side->label);
	mh_text_add(&name, "%s", run->entry->run);
	mh_html_row_open(&report->html, name.data);
	mh_html_cell_text(&report->html, mh_run_status_names[run->result.status]);
	mh_html_cell_rate(&report->html, of_run ? mh_result_throughput(of_run) : NAN);
	mh_report_quantile_cells(&report->html, &series->histogram);
	mh_html_row_close(&report->html);
	report->html.failed |= name.failed;
	mh_text_release(&name);
}

static void add_run_table(struct mh_report *report, const char *cell, const char *phase, const char *tag)
{
	char caption[MH_SHOW_CELL + 2 * MH_TAG_MAX];

	snprintf(caption, sizeof(caption), "Runs: %s", tag);
	mh_html_table_open(&report->html, caption, run_heads, COUNT_OF(run_heads));
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];
		const struct mh_report_run *run = mh_report_next_run(side, cell, 0);

		for (size_t rows = 0; run && rows < ROWS_MAX; rows++) {
			add_run_row(report, side, run, phase, tag);
			run = mh_report_next_run(side, cell, mh_report_run_index(side, run) + 1);
		}
	}
	mh_html_table_close(&report->html);
}

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* The tail of each run of a side that counts and has it, rising; 0: none, or no memory. To be freed. */
static size_t sort_tails(const struct mh_report_side *side, const char *cell, const char *tag, double **ret_tails)
{
	double *tails = calloc(side->run_count, sizeof(*tails));
	size_t count = 0;

	for (size_t i = 0; tails && i < side->run_count; i++) {
		const struct mh_report_run *run = &side->runs[i];
		const struct mh_result_series *series = mh_result_find_series(&run->result, tag);

		if (series && series->histogram.count && strcmp(run->entry->cell, cell) == 0 &&
		    mh_report_run_counts(side, run))
			tails[count++] = mh_histogram_quantile(&series->histogram, TAIL);
	}
	if (tails)
		qsort(tails, count, sizeof(*tails), by_value);
	*ret_tails = tails;
	return count;
}

/* "merged p99.9 is 812 us; of a run: median 798 us, from 741 us to 903 us" (statistics: merged and per-run). */
static void tell_tail(struct mh_report *report, const struct mh_report_side *side, const char *cell, const char *tag)
{
	struct mh_text *html = &report->html;
	struct mh_interval median = {0};
	struct mh_histogram merged;
	double *tails;
	size_t count = sort_tails(side, cell, tag, &tails);

	if (count > 1 && mh_report_merge(side, cell, tag, &merged) > 0) {
		double whole = mh_histogram_quantile(&merged, TAIL);

		mh_text_add(html, "<p>");
		if (report->source->side_count > 1) {
			mh_html_name(html, side->label);
			mh_text_add(html, ": ");
		}
		mh_text_add(html, "p99.9 of all %zu runs added up, by operations, is ", count);
		mh_html_time(html, whole);
		mh_text_add(html, "; of a single run: median ");
		mh_html_time(html, count % 2 ? tails[count / 2] : (tails[count / 2 - 1] + tails[count / 2]) / 2);
		mh_text_add(html, ", from ");
		mh_html_time(html, tails[0]);
		mh_text_add(html, " to ");
		mh_html_time(html, tails[count - 1]);
		mh_text_add(html, ".");
		if (mh_order_interval(tails, count, CONFIDENCE, &median) == 0 && median.attained &&
		    whole > median.upper)
			mh_text_add(html, " <strong>One run dominates the tail</strong>: what is added up lies above "
					  "the interval of the median.");
		mh_text_add(html, "</p>\n");
		mh_histogram_release(&merged);
	}
	free(tails);
}

/* Of the first run of each side. */
static void tell_limits(struct mh_report *report, const char *cell, const char *phase)
{
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];
		const struct mh_report_run *run = mh_report_next_run(side, cell, 0);
		const struct mh_result_phase *of = run ? mh_result_find_phase(&run->result, phase) : NULL;
		struct mh_text line = MH_TEXT_INIT;
		struct mh_limits limits;

		if (!of || !mh_limits_of(&run->result, of, &limits))
			continue;
		mh_limits_tell(&limits, &line);
		if (report->source->side_count > 1)
			mh_report_note(report, "%s, limited by: %s", side->label, line.data);
		else
			mh_report_note(report, "Limited by: %s", line.data);
		report->html.failed |= line.failed;
		mh_text_release(&line);
	}
}

/* Of the first run of each side. */
static void tell_hw(struct mh_report *report, const char *cell, const char *phase)
{
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];
		const struct mh_report_run *run = mh_report_next_run(side, cell, 0);
		const struct mh_result_phase *of = run ? mh_result_find_phase(&run->result, phase) : NULL;

		for (size_t w = 0; of && w < of->workload_count; w++) {
			struct mh_text line = MH_TEXT_INIT;

			if (!of->workloads[w].hw_asked)
				continue;
			mh_hw_tell(&of->workloads[w], &line);
			mh_report_note(report, "%s%sAn operation of %s: %s",
				       report->source->side_count > 1 ? side->label : "",
				       report->source->side_count > 1 ? ": " : "", of->workloads[w].name, line.data);
			report->html.failed |= line.failed;
			mh_text_release(&line);
		}
	}
}

static void add_phase(struct mh_report *report, const char *cell, const struct mh_result *model,
		      const struct mh_result_phase *phase)
{
	const char *primary = mh_report_primary(model, phase->name);
	char lasted[MH_SHOW_CELL];

	if (!primary)
		return;
	mh_report_heading(report, report->level + 1, NULL, "%s (%s, %s)", phase->name, phase->role,
			  mh_show_duration(lasted, sizeof(lasted), (double)(phase->t1_ns - phase->t0_ns)));
	if (strcmp(phase->role, "warmup") != 0)
		mh_report_spectrum(report, cell, phase->name);
	tell_limits(report, cell, phase->name);
	tell_hw(report, cell, phase->name);
	add_series_table(report, cell, model, phase->name);
	add_run_table(report, cell, phase->name, primary);
	for (size_t i = 0; i < report->source->side_count; i++)
		tell_tail(report, &report->source->sides[i], cell, primary);
}

void mh_report_percentiles(struct mh_report *report, const char *cell)
{
	const struct mh_result *model = mh_report_model(report, cell);

	mh_report_heading(report, report->level, NULL, "Latency by percentile");
	mh_report_note(report,
		       "A dash stands where fewer than 10 values lie beyond a percentile. wait is the time from "
		       "when an operation was due to when it began, service the operation itself, response both.");
	for (size_t i = 0; i < model->phase_count; i++)
		add_phase(report, cell, model, &model->phases[i]);
}
