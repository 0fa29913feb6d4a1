/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each listener took, and its share of the time that all walks of the chain took. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/section.h"
#include "results/show_private.h"
#include "results/tag.h"

#define ROWS_MAX 100

static const char *const heads[] = {"Listener", "Share of walks", "\tCalls",  "\tp50", "\tp90",
				    "\tp99",    "\tp99.9",        "\tp99.99", "\tMax", "\tMean"};

struct row {
	const char *name; /* without "cb." */
	struct mh_histogram histogram;
};

static double sum_of(const struct mh_histogram *histogram)
{
	return (double)mh_histogram_sum(histogram);
}

/* The longest in sum first. */
static int by_sum(const void *a, const void *b)
{
	double left = sum_of(&((const struct row *)a)->histogram), right = sum_of(&((const struct row *)b)->histogram);

	return (left < right) - (left > right);
}

/* The name of a listener's series without class, or NULL. */
static const char *listener_of(const char *tag, const char *phase)
{
	const char *name = mh_show_series_name(tag, phase);

	return name && strncmp(name, "cb.", 3) == 0 && !strchr(name, '/') ? name + 3 : NULL;
}

/* 0: none. Each row's histogram is to be released, the rows to be freed. */
static size_t make_rows(struct mh_report *report, const struct mh_report_side *side, const char *cell,
			const char *phase, struct row **ret_rows)
{
	const struct mh_result *model = mh_report_model(report, cell);
	struct row *rows = calloc(model->series_count + 1, sizeof(*rows));
	size_t count = 0;

	for (size_t i = 0; rows && i < model->series_count; i++) {
		const char *name = listener_of(model->series[i].tag, phase);
		int runs = name ? mh_report_merge(side, cell, model->series[i].tag, &rows[count].histogram) : 0;

		report->html.failed |= runs < 0;
		if (runs > 0)
			rows[count++].name = name;
	}
	report->html.failed |= !rows;
	if (count)
		qsort(rows, count, sizeof(*rows), by_sum);
	*ret_rows = rows;
	return count;
}

/* NAN: walks were not recorded. */
static double walks_of(const struct mh_report_side *side, const char *cell, const char *phase)
{
	char tag[MH_TAG_MAX + 16];
	struct mh_histogram walks;
	double sum = NAN;

	snprintf(tag, sizeof(tag), "%s/walk", phase);
	if (mh_report_merge(side, cell, tag, &walks) > 0) {
		sum = sum_of(&walks) > 0 ? sum_of(&walks) : NAN;
		mh_histogram_release(&walks);
	}
	return sum;
}

static void add_rows(struct mh_report *report, const struct row *rows, size_t count, double walks)
{
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		mh_html_row_open(&report->html, rows[i].name);
		mh_html_cell_share(&report->html, sum_of(&rows[i].histogram) / walks);
		mh_report_quantile_cells(&report->html, &rows[i].histogram);
		mh_html_row_close(&report->html);
	}
}

static bool add_table(struct mh_report *report, const struct mh_report_side *side, const char *cell, const char *phase)
{
	char caption[2 * MH_TAG_MAX + 64];
	struct row *rows;
	size_t count = make_rows(report, side, cell, phase, &rows);

	if (count) {
		snprintf(caption, sizeof(caption), "Listeners in phase %s%s%.100s", phase,
			 report->source->side_count > 1 ? ": " : "", report->source->side_count > 1 ? side->label : "");
		mh_html_table_open(&report->html, caption, heads, sizeof(heads) / sizeof(heads[0]));
		add_rows(report, rows, count, walks_of(side, cell, phase));
		mh_html_table_close(&report->html);
		if (count > ROWS_MAX)
			mh_report_note(report, "%zu more listeners took less.", count - ROWS_MAX);
	}
	for (size_t i = 0; i < count; i++)
		mh_histogram_release(&rows[i].histogram);
	free(rows);
	return count > 0;
}

void mh_report_listeners(struct mh_report *report, const char *cell)
{
	const struct mh_result *model = mh_report_model(report, cell);
	bool any = false;

	mh_report_heading(report, report->level, NULL, "Listeners");
	for (size_t i = 0; i < model->phase_count; i++)
		for (size_t j = 0; strcmp(model->phases[i].role, "warmup") != 0 && j < report->source->side_count; j++)
			any |= add_table(report, &report->source->sides[j], cell, model->phases[i].name);
	if (any)
		mh_report_note(report, "The share is of the time of all walks of the chain in that phase; what is left "
				       "of the walks is the chain's own.");
	else
		mh_report_note(report, "The times of single listeners were not recorded (record.series cb).");
}
