/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exact counts: how often something was done, which knows no noise. Of several runs of a side the first is shown, and
 * what differs among them is said: such a count is none that a gate can be built upon.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/report/section.h"
#include "results/show_private.h"

#define HEADS_MAX    (MH_REPORT_SIDES_MAX + 2)
#define ROWS_MAX     500
#define UNFOLDED_MAX 12 /* rows that are shown at once */
#define NAMED_MAX    10 /* counts in a sentence */

static const struct mh_result_count *find(const struct mh_result *result, const char *name)
{
	for (size_t i = 0; i < result->count_count; i++)
		if (strcmp(result->counts[i].name, name) == 0)
			return &result->counts[i];
	return NULL;
}

/* Whether all runs of the side agree with the first. */
static bool is_stable(const struct mh_report_side *side, const char *cell, const struct mh_result_count *count)
{
	for (size_t i = 0; i < side->run_count; i++) {
		const struct mh_report_run *run = mh_report_next_run(side, cell, i);

		if (!run)
			break;
		i = mh_report_run_index(side, run);
		const struct mh_result_count *other =
			mh_report_run_counts(side, run) ? find(&run->result, count->name) : count;

		if (!other || other->value != count->value)
			return false;
	}
	return true;
}

/* What a reader has to know of a count, of all sides together. */
struct judged {
	bool differs;  /* between the sides */
	bool unstable; /* between runs of one side */
	const char *inexact;
};

static struct judged judge(const struct mh_report *report, const char *cell, const struct mh_result_count *count)
{
	struct judged judged = {.inexact = count->inexact};

	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];
		const struct mh_report_run *run = mh_report_next_run(side, cell, 0);
		const struct mh_result_count *other = run ? find(&run->result, count->name) : NULL;

		judged.differs |= !other || other->value != count->value;
		judged.unstable |= other && !is_stable(side, cell, other);
	}
	return judged;
}

static void add_row(struct mh_report *report, const char *cell, const struct mh_result_count *count)
{
	struct judged judged = judge(report, cell, count);

	mh_html_row_open(&report->html, count->name);
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_run *run = mh_report_next_run(&report->source->sides[i], cell, 0);
		const struct mh_result_count *own = run ? find(&run->result, count->name) : NULL;

		if (own)
			mh_html_cell_count(&report->html, own->value);
		else
			mh_html_cell_text(&report->html, NULL);
	}
	mh_html_cell_text(&report->html, judged.inexact    ? judged.inexact
					 : judged.unstable ? "differs between runs of one side"
					 : judged.differs  ? "differs between the sides"
							   : "exact");
	mh_html_row_close(&report->html);
}

static void add_table(struct mh_report *report, const char *cell, const struct mh_result *model)
{
	const char *heads[HEADS_MAX] = {"Count"};
	size_t head_count = 1;

	for (size_t i = 0; i < report->source->side_count; i++)
		heads[head_count++] = report->source->side_count > 1 ? report->source->sides[i].label : "\tValue";
	heads[head_count++] = "What it depends on";
	mh_html_table_open(&report->html, "Exact counts", heads, head_count);
	for (size_t i = 0; i < model->count_count && i < ROWS_MAX; i++)
		add_row(report, cell, &model->counts[i]);
	mh_html_table_close(&report->html);
	if (model->count_count > ROWS_MAX)
		mh_report_note(report, "%zu more counts stand in run.json.", model->count_count - ROWS_MAX);
}

/* "2 of 40 exact counts differ between the sides: steady/calls/slab/online, …". */
static void tell_differences(struct mh_report *report, const char *cell, const struct mh_result *model)
{
	struct mh_text names = MH_TEXT_INIT;
	size_t exact = 0, differing = 0;

	for (size_t i = 0; i < model->count_count; i++) {
		struct judged judged = judge(report, cell, &model->counts[i]);

		if (judged.inexact || judged.unstable)
			continue;
		exact++;
		if (judged.differs && differing++ < NAMED_MAX)
			mh_text_add(&names, "%s %s", differing > 1 ? "," : ":", model->counts[i].name);
	}
	if (report->source->side_count > 1)
		mh_report_note(report, "%zu of %zu exact counts differ between the sides%s%s", differing, exact,
			       names.data, differing > NAMED_MAX ? " and others." : ".");
	else
		mh_report_note(report, "%zu of %zu counts are exact: the scenario alone decides them.", exact,
			       model->count_count);
	report->html.failed |= names.failed;
	mh_text_release(&names);
}

void mh_report_counts(struct mh_report *report, const char *cell)
{
	const struct mh_result *model = mh_report_model(report, cell);

	mh_report_heading(report, report->level, NULL, "Counts");
	if (model->count_count == 0) {
		mh_report_note(report, "This result holds no exact counts.");
		return;
	}
	tell_differences(report, cell, model);
	if (model->count_count > UNFOLDED_MAX)
		mh_text_add(&report->html, "<details><summary>All %zu counts</summary>\n", model->count_count);
	add_table(report, cell, model);
	if (model->count_count > UNFOLDED_MAX)
		mh_text_add(&report->html, "</details>\n");
}
