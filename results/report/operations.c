/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The worst operations taken apart: a sentence, the circumstances, and each part where it lay within the operation. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/explain.h"
#include "results/report/section.h"
#include "results/show_private.h"

#define SHOWN_MAX   8    /* operations of one run */
#define SHOWN_SWEEP 2    /* where there are several cells */
#define PARTS_MAX   40   /* of one operation */
#define SHARE_SHOWN 0.01 /* of a listener; shorter ones are counted */

static const char *const heads[] = {"Part", "\tBegan at", "\tTook", "Share of the response", "Within the operation"};

static void name_part(const struct mh_part *part, struct mh_text *name)
{
	if (part->kind == MH_PART_LISTENER)
		mh_text_add(name, "listener %s", part->listener);
	else if (part->event)
		mh_text_add(name, "%s %s", mh_part_kind_names[part->kind], part->event);
	else
		mh_text_add(name, "%s", mh_part_kind_names[part->kind]);
}

static void add_part(struct mh_text *html, const struct mh_result_exemplar *exemplar, const struct mh_part *part)
{
	double begin = (double)part->begin_ns, whole = (double)exemplar->service_ns;
	bool somewhere = part->begin_ns != MH_PART_NOWHERE;
	struct mh_text name = MH_TEXT_INIT;

	name_part(part, &name);
	mh_html_row_open(html, name.data);
	mh_html_cell_time(html, somewhere ? begin : NAN);
	mh_html_cell_time(html, (double)part->took_ns);
	mh_html_cell_share(html, mh_part_share(exemplar, part));
	if (somewhere && whole > 0)
		mh_html_cell_bar(html, begin / whole, (begin + (double)part->took_ns) / whole);
	else
		mh_html_cell_text(html, NULL);
	mh_html_row_close(html);
	html->failed |= name.failed;
	mh_text_release(&name);
}

static bool is_short(const struct mh_result_exemplar *exemplar, const struct mh_part *part)
{
	return part->kind == MH_PART_LISTENER && mh_part_share(exemplar, part) < SHARE_SHOWN;
}

static void add_parts(struct mh_report *report, const struct mh_result_exemplar *exemplar, const struct mh_parts *parts,
		      const char *sentence)
{
	size_t shown = 0;

	mh_html_table_open(&report->html, sentence, heads, sizeof(heads) / sizeof(heads[0]));
	for (size_t i = 0; i < parts->count && shown < PARTS_MAX; i++) {
		if (is_short(exemplar, &parts->items[i]))
			continue;
		add_part(&report->html, exemplar, &parts->items[i]);
		shown++;
	}
	mh_html_table_close(&report->html);
	if (parts->count > shown)
		mh_report_note(report, "%zu shorter parts are not shown: memhp-bench explain -v tells them.",
			       parts->count - shown);
	if (exemplar->steps_cut)
		mh_report_note(report, "%" PRIu64 " steps found no room and are in \"rest\".", exemplar->steps_cut);
}

static void add_operation(struct mh_report *report, const struct mh_result_exemplar *exemplar, unsigned number)
{
	struct mh_text sentence = MH_TEXT_INIT, circumstances = MH_TEXT_INIT;
	struct mh_parts parts;

	if (mh_parts_make(exemplar, &parts) < 0) {
		report->html.failed = true;
		return;
	}
	mh_text_add(&sentence, "%u. ", number);
	mh_explain_sentence(exemplar, &parts, &sentence);
	mh_explain_circumstances(exemplar, &circumstances);
	add_parts(report, exemplar, &parts, sentence.data);
	mh_text_add(&report->html, "<p class=\"lines\">");
	mh_html_text(&report->html, circumstances.data);
	mh_text_add(&report->html, "</p>\n");
	report->html.failed |= sentence.failed | circumstances.failed;
	mh_text_release(&sentence);
	mh_text_release(&circumstances);
	mh_parts_release(&parts);
}

static unsigned add_run(struct mh_report *report, const struct mh_report_side *side, const struct mh_report_run *run)
{
	static const struct mh_explain_options options = {.series = NULL};
	struct mh_text name = MH_TEXT_INIT;
	unsigned number = 0, most = report->source->cell_count > 1 ? SHOWN_SWEEP : SHOWN_MAX;

	for (size_t i = 0; i < run->result.exemplar_count && number < most; i++) {
		const struct mh_result_exemplar *exemplar = &run->result.exemplars[i];

		if (!mh_explain_selects(&options, exemplar))
			continue;
		if (number == 0 && report->source->side_count > 1) {
			mh_report_name_run(report->source, side, run, &name);
			mh_report_heading(report, report->level + 1, NULL, "%s", name.data);
			mh_text_release(&name);
		}
		add_operation(report, exemplar, ++number);
	}
	return number;
}

void mh_report_operations(struct mh_report *report, const char *cell)
{
	unsigned shown = 0;

	mh_report_heading(report, report->level, NULL, "Worst operations");
	mh_report_note(report, "For each series the operation with its longest value, the longest response first, of "
			       "the first run of each side; memhp-bench explain tells all.");
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];
		const struct mh_report_run *run = mh_report_next_run(side, cell, 0);

		if (run)
			shown += add_run(report, side, run);
	}
	if (!shown)
		mh_report_note(report, "None was kept (record.exemplars).");
}
