/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The spectrum of a phase on an axis of nines: x = log10(1 / (1 - p)), so that 90 % lies at 1 and 99 % at 2. Values are
 * taken at equal steps of x: the tail gets as much room, and as many points, as the body.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/report/section.h"
#include "results/show_private.h"
#include "results/tag.h"

#define STEPS_A_NINE  32 /* points of a spectrum for each nine */
#define LINES_MAX     64 /* of one chart: more cannot be told apart */
#define RUN_LINES_MAX 24 /* runs among them, a side */

/* How many values lie at or below that of a step. */
static double rank_of(const struct mh_histogram *histogram, unsigned step)
{
	return (1 - pow(10, -(double)step / STEPS_A_NINE)) * (double)histogram->count;
}

/* The value at each step, up to the greatest at the last. */
static void put_spectrum(struct mh_report *report, json_t *line, const struct mh_histogram *histogram)
{
	json_t *values = mh_json_put_list(&report->put, line, "values");
	unsigned last = (unsigned)(STEPS_A_NINE * log10((double)histogram->count)), step = 0;
	struct mh_histogram_iterator iterator;

	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator)) {
		uint64_t value = iterator.highest < histogram->max ? iterator.highest : histogram->max;

		for (; step <= last && rank_of(histogram, step) <= (double)iterator.cumulative; step++)
			mh_report_add_number(report, values, value);
	}
	for (; step <= last + 1; step++) /* those in no bucket, and the greatest of all */
		mh_report_add_number(report, values, histogram->max);
}

struct line {
	const char *name;
	size_t side;
	bool run, shown; /* run: a single one; shown: from the beginning */
};

static void put_line(struct mh_report *report, json_t *lines, const struct line *line,
		     const struct mh_histogram *histogram)
{
	json_t *object = mh_json_add_object(&report->put, lines);

	mh_report_put_name(report, object, "name", line->name);
	mh_json_put_u64(&report->put, object, "side", line->side);
	mh_json_put_bool(&report->put, object, "main", line->shown && !line->run);
	mh_json_put_bool(&report->put, object, "shown", line->shown);
	put_spectrum(report, object, histogram);
}

/* Each run of a series, where there are several. */
static void put_runs(struct mh_report *report, json_t *lines, const char *cell, const char *tag)
{
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];
		size_t count = 0;

		for (size_t j = 0; j < side->run_count && count < RUN_LINES_MAX; j++) {
			const struct mh_report_run *run = mh_report_next_run(side, cell, j);
			const struct mh_result_series *series = run ? mh_result_find_series(&run->result, tag) : NULL;
			struct mh_text name = MH_TEXT_INIT;

			if (!run || mh_report_count_runs(side, cell) < 2)
				break;
			j = mh_report_run_index(side, run);
			if (!series || series->histogram.count == 0)
				continue;
			if (report->source->side_count > 1)
				mh_text_add(&name, "%s, ", side->label);
			mh_text_add(&name, "%s", run->entry->run);
			put_line(report, lines,
				 &(struct line){.name = name.data, .side = i, .run = true, .shown = true},
				 &series->histogram);
			mh_text_release(&name);
			count++;
		}
	}
}

/* A series of each side, all runs added up. */
static void put_merged(struct mh_report *report, json_t *lines, const char *cell, const char *tag, bool shown)
{
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];
		struct mh_histogram merged;
		int count = mh_report_merge(side, cell, tag, &merged);
		struct mh_text name = MH_TEXT_INIT;

		report->html.failed |= count < 0;
		if (count <= 0)
			continue;
		if (report->source->side_count > 1)
			mh_text_add(&name, "%s, ", side->label);
		mh_text_add(&name, "%s", strchr(tag, '/') + 1);
		if (count > 1)
			mh_text_add(&name, ", %d runs added up", count);
		if (merged.max > 0) /* empty, or the waits of a closed loop: nothing that a log axis could show */
			put_line(report, lines, &(struct line){.name = name.data, .side = i, .shown = shown}, &merged);
		mh_text_release(&name);
		mh_histogram_release(&merged);
	}
}

void mh_report_spectrum(struct mh_report *report, const char *cell, const char *phase)
{
	const struct mh_result *model = mh_report_model(report, cell);
	const char *primary = mh_report_primary(model, phase);
	char caption[MH_TAG_MAX + 64];

	snprintf(caption, sizeof(caption), "Latency by percentile: %s", phase);
	json_t *chart = mh_report_chart(report, "spectrum", caption);
	json_t *lines = mh_json_put_list(&report->put, chart, "lines");

	mh_json_put_u64(&report->put, chart, "steps", STEPS_A_NINE);
	put_merged(report, lines, cell, primary, true);
	put_runs(report, lines, cell, primary);
	for (size_t i = 0; i < model->series_count && json_array_size(lines) < LINES_MAX; i++) {
		const char *tag = model->series[i].tag;

		if (mh_show_series_name(tag, phase) && strcmp(tag, primary) != 0)
			put_merged(report, lines, cell, tag, false);
	}
}
