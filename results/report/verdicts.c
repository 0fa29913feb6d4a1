/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of it, in words: the gate's verdict or the difference of two sides, then each run, its thresholds, faults
 * and violations. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "results/report/section.h"
#include "results/show.h"
#include "results/show_private.h"

#define RUNS_SHOWN_MAX       200
#define UNFOLDED_MAX         12 /* rows of a table that is shown at once */
#define VIOLATIONS_SHOWN_MAX 5  /* with their details, of a run */
#define DETAILED_RUNS_MAX    20 /* whose violations are shown */

struct tally {
	size_t runs, by_status[MH_RUN_STATUSES], unread, breaches;
};

/* A long table is folded away while there is nothing in it that must be seen. */
static bool fold_open(struct mh_report *report, size_t rows, bool seen, const char *summary)
{
	if (rows <= UNFOLDED_MAX || seen)
		return false;
	mh_text_add(&report->html, "<details><summary>%zu %s</summary>\n", rows, summary);
	return true;
}

static void fold_close(struct mh_report *report, bool folded)
{
	if (folded)
		mh_text_add(&report->html, "</details>\n");
}

static struct tally count_runs(const struct mh_report_source *source)
{
	struct tally tally = {.runs = 0};

	for (size_t i = 0; i < source->side_count; i++) {
		tally.runs += source->sides[i].run_count + source->sides[i].unread_count;
		tally.unread += source->sides[i].unread_count;
		for (size_t j = 0; j < source->sides[i].run_count; j++) {
			const struct mh_result *result = &source->sides[i].runs[j].result;

			tally.by_status[result->status]++;
			for (size_t k = 0; k < result->slo_count; k++)
				tally.breaches += !result->slos[k].ok;
		}
	}
	return tally;
}

/* "3 runs: 2 ok, 1 incorrect; 1 threshold breached". */
static void add_summary(struct mh_report *report)
{
	struct tally tally = count_runs(report->source);
	const char *tone = tally.by_status[MH_RUN_INCORRECT] || tally.breaches ? "bad"
			   : tally.by_status[MH_RUN_OK] == tally.runs          ? "good"
									       : "doubt";
	const char *comma = "";

	mh_text_add(&report->html, "<p class=\"verdict %s\"><strong>%zu run%s</strong>: ", tone, tally.runs,
		    tally.runs == 1 ? "" : "s");
	for (int i = 0; i < MH_RUN_STATUSES; i++) {
		if (!tally.by_status[i])
			continue;
		mh_text_add(&report->html, "%s%zu %s", comma, tally.by_status[i], mh_run_status_names[i]);
		comma = ", ";
	}
	if (tally.unread)
		mh_text_add(&report->html, "%s%zu without a result", comma, tally.unread);
	if (tally.breaches)
		mh_text_add(&report->html, "; %zu threshold%s breached", tally.breaches,
			    tally.breaches == 1 ? "" : "s");
	mh_text_add(&report->html, "</p>\n");
}

/* "good", "bad" or "doubt": beside the word, never instead of it. */
static const char *tone_of(const struct mh_result *result)
{
	if (result->status == MH_RUN_INCORRECT)
		return "bad";
	for (size_t i = 0; i < result->slo_count; i++)
		if (!result->slos[i].ok)
			return "bad";
	return result->status == MH_RUN_OK ? "good" : "doubt";
}

static void add_run_row(struct mh_report *report, const struct mh_report_side *side, const struct mh_report_run *run)
{
	struct mh_text name = MH_TEXT_INIT, verdict = MH_TEXT_INIT;

	mh_report_name_run(report->source, side, run, &name);
	mh_show_verdict(&run->result, &verdict);
	mh_html_row_open(&report->html, name.data);
	mh_text_add(&report->html, "<td class=\"%s\">", tone_of(&run->result));
	mh_html_text(&report->html, verdict.data);
	for (size_t i = 0; i < run->result.status_reason_count; i++) {
		mh_text_add(&report->html, "<br>");
		mh_html_text(&report->html, run->result.status_reasons[i]);
	}
	mh_text_add(&report->html, "</td>");
	mh_html_row_close(&report->html);
	report->html.failed |= name.failed | verdict.failed;
	mh_text_release(&name);
	mh_text_release(&verdict);
}

static void add_unread_row(struct mh_report *report, const struct mh_report_side *side,
			   const struct mh_report_unread *unread)
{
	struct mh_text name = MH_TEXT_INIT;

	if (report->source->side_count > 1)
		mh_text_add(&name, "%s, ", side->label);
	mh_text_add(&name, "%s, %s", unread->entry->cell, unread->entry->run);
	mh_html_row_open(&report->html, name.data);
	mh_text_add(&report->html, "<td class=\"doubt\">ABORTED: ");
	mh_html_text(&report->html, unread->why);
	mh_text_add(&report->html, "</td>");
	mh_html_row_close(&report->html);
	report->html.failed |= name.failed;
	mh_text_release(&name);
}

static void add_runs(struct mh_report *report)
{
	static const char *const heads[] = {"Run", "Verdict"};
	struct tally tally = count_runs(report->source);
	bool folded = fold_open(report, tally.runs, tally.by_status[MH_RUN_OK] < tally.runs, "runs, each");
	size_t rows = 0;

	mh_html_table_open(&report->html, "Verdict on each run", heads, 2);
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];

		for (size_t j = 0; j < side->run_count; j++)
			if (rows++ < RUNS_SHOWN_MAX)
				add_run_row(report, side, &side->runs[j]);
		for (size_t j = 0; j < side->unread_count; j++)
			if (rows++ < RUNS_SHOWN_MAX)
				add_unread_row(report, side, &side->unread[j]);
	}
	mh_html_table_close(&report->html);
	fold_close(report, folded);
	if (rows > RUNS_SHOWN_MAX)
		mh_report_note(report, "%zu more: memhp-bench show tells them.", rows - RUNS_SHOWN_MAX);
}

/* A threshold's value or limit in its unit. */
static void add_value(struct mh_text *html, const char *unit, double value)
{
	char shown[MH_SHOW_CELL];

	mh_text_add(html, "<td class=\"number\"><data value=\"%.17g\">", value);
	if (unit && strcmp(unit, "ns") == 0)
		mh_text_add(html, "%s", mh_show_duration(shown, sizeof(shown), value));
	else if (unit && strcmp(unit, "ppb") == 0)
		mh_text_add(html, "%.3g %%", value / 1e7);
	else if (unit && strcmp(unit, "1/s") == 0)
		mh_text_add(html, "%s/s", mh_show_count(shown, sizeof(shown), value));
	else
		mh_text_add(html, "%.10g", value);
	mh_text_add(html, "</data></td>");
}

static void add_slo(struct mh_report *report, const char *run, const struct mh_result_slo *slo)
{
	mh_html_row_open(&report->html, run);
	mh_html_cell_text(&report->html, slo->expr);
	mh_text_add(&report->html, "<td class=\"%s\">%s%s</td>", slo->ok ? "good" : "bad",
		    slo->ok ? "held" : "breached", slo->ok || slo->require ? "" : " (reported only)");
	if (slo->has_value)
		add_value(&report->html, slo->unit, slo->value);
	else
		mh_html_cell_text(&report->html, slo->reason ? slo->reason : "no value");
	add_value(&report->html, slo->unit, slo->limit);
	mh_html_row_close(&report->html);
}

static void add_slos(struct mh_report *report)
{
	static const char *const heads[] = {"Run", "Threshold", "Verdict", "\tValue", "\tLimit"};
	size_t rows = 0;

	for (size_t i = 0; i < report->source->side_count; i++)
		for (size_t j = 0; j < report->source->sides[i].run_count; j++) {
			const struct mh_report_side *side = &report->source->sides[i];
			const struct mh_result *result = &side->runs[j].result;
			struct mh_text name = MH_TEXT_INIT;

			mh_report_name_run(report->source, side, &side->runs[j], &name);
			for (size_t k = 0; k < result->slo_count && rows < RUNS_SHOWN_MAX; k++) {
				if (rows++ == 0)
					mh_html_table_open(&report->html, "Thresholds", heads, 5);
				add_slo(report, name.data, &result->slos[k]);
			}
			mh_text_release(&name);
		}
	if (rows)
		mh_html_table_close(&report->html);
}

static void add_fault(struct mh_report *report, const char *run, const struct mh_result_fault *fault)
{
	mh_html_row_open(&report->html, run);
	mh_html_cell_text(&report->html, fault->id);
	mh_html_cell_text(&report->html, fault->kind);
	mh_html_cell_count(&report->html, fault->armed);
	mh_html_cell_count(&report->html, fault->evaluated);
	if (fault->fired)
		mh_html_cell_count(&report->html, fault->fired);
	else
		mh_text_add(&report->html, "<td class=\"doubt\">never</td>");
	mh_html_row_close(&report->html);
}

/* How many faults all runs together have; @ret_silent: one never fired. */
static size_t count_faults(const struct mh_report_source *source, bool *ret_silent)
{
	size_t count = 0;

	*ret_silent = false;
	for (size_t i = 0; i < source->side_count; i++)
		for (size_t j = 0; j < source->sides[i].run_count; j++) {
			const struct mh_result *result = &source->sides[i].runs[j].result;

			count += result->fault_count;
			for (size_t k = 0; k < result->fault_count; k++)
				*ret_silent |= !result->faults[k].fired;
		}
	return count;
}

static void add_fault_rows(struct mh_report *report)
{
	size_t rows = 0;

	for (size_t i = 0; i < report->source->side_count; i++)
		for (size_t j = 0; j < report->source->sides[i].run_count; j++) {
			const struct mh_report_side *side = &report->source->sides[i];
			const struct mh_result *result = &side->runs[j].result;
			struct mh_text name = MH_TEXT_INIT;

			mh_report_name_run(report->source, side, &side->runs[j], &name);
			for (size_t k = 0; k < result->fault_count && rows++ < RUNS_SHOWN_MAX; k++)
				add_fault(report, name.data, &result->faults[k]);
			mh_text_release(&name);
		}
}

static void add_faults(struct mh_report *report)
{
	static const char *const heads[] = {"Run", "Fault", "Kind", "\tArmed", "\tEvaluated", "\tFired"};
	bool silent;
	size_t count = count_faults(report->source, &silent);

	if (!count)
		return;
	bool folded = fold_open(report, count, silent, "faults of all runs");

	mh_html_table_open(&report->html, "Faults", heads, 6);
	add_fault_rows(report);
	mh_html_table_close(&report->html);
	fold_close(report, folded);
}

static void add_violations_of(struct mh_report *report, const char *run, const struct mh_result_verify *verify)
{
	for (size_t i = 0; i < verify->violation_kept && i < VIOLATIONS_SHOWN_MAX; i++) {
		const struct mh_result_violation *violation = &verify->violations[i];

		mh_text_add(&report->html, "<p class=\"bad\">");
		mh_html_name(&report->html, run);
		mh_text_add(&report->html, ": violation of ");
		mh_html_name(&report->html, violation->invariant);
		mh_text_add(&report->html, " at operation %" PRIu64 "</p><pre tabindex=\"0\">", violation->seq);
		mh_html_text(&report->html, violation->detail);
		mh_text_add(&report->html, "</pre>\n");
	}
	if (verify->violation_count > VIOLATIONS_SHOWN_MAX)
		mh_report_note(report, "%" PRIu64 " violations in all.", verify->violation_count);
}

static void add_violations(struct mh_report *report)
{
	size_t shown = 0;

	for (size_t i = 0; i < report->source->side_count; i++)
		for (size_t j = 0; j < report->source->sides[i].run_count; j++) {
			const struct mh_report_side *side = &report->source->sides[i];
			struct mh_text name = MH_TEXT_INIT;

			if (!side->runs[j].result.verify.violation_count || shown++ >= DETAILED_RUNS_MAX)
				continue;
			mh_report_name_run(report->source, side, &side->runs[j], &name);
			add_violations_of(report, name.data, &side->runs[j].result.verify);
			mh_text_release(&name);
		}
}

void mh_report_verdicts(struct mh_report *report)
{
	mh_report_heading(report, 2, "verdict", "Verdict");
	if (report->gate_unread)
		mh_report_note(report, "The recorded verdict is passed over: %s", report->gate_unread);
	if (report->gate)
		mh_report_comparison(report);
	add_summary(report);
	add_runs(report);
	add_violations(report);
	add_slos(report);
	add_faults(report);
}
