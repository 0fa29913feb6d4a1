/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A gate as Markdown: the verdict in words, what did not pass with the command to run next, then all lines. */
#include <math.h>
#include <string.h>

#include "base/units.h"
#include "results/export/escape.h"
#include "results/export/gate_export.h"
#include "results/export/md.h"

/* A value in its unit, or "-" where there is none. */
static void add_value(struct mh_text *text, enum mh_metric_unit unit, double value)
{
	char buffer[64];

	if (!isfinite(value))
		mh_text_add(text, "-");
	else if (unit == MH_UNIT_NS)
		mh_text_add(text, "%s", mh_show_duration(buffer, sizeof(buffer), value));
	else if (unit == MH_UNIT_SHARE)
		mh_text_add(text, "%.3g %%", value / MH_PPB_ONE * 100);
	else
		mh_text_add(text, "%.6g%s", value, unit == MH_UNIT_RATE ? "/s" : "");
}

static void add_change(struct mh_text *text, const struct mh_gate_line *line)
{
	const struct mh_interval *ratio = &line->ratio;

	if (line->kind != MH_LINE_TIME || !isfinite(ratio->estimate)) {
		mh_text_add(text, "-");
		return;
	}
	mh_text_add(text, "%+.1f %%", (ratio->estimate - 1) * 100);
	if (ratio->attained && isfinite(ratio->lower) && isfinite(ratio->upper))
		mh_text_add(text, " (%+.1f … %+.1f)", (ratio->lower - 1) * 100, (ratio->upper - 1) * 100);
}

static void add_line(struct mh_text *text, const struct mh_gate_line *line)
{
	mh_text_add(text, "| %s%s | ", mh_verdict_names[line->verdict], line->gated ? "" : " (shown)");
	mh_escape_markdown(text, line->cell ? line->cell : "");
	mh_text_add(text, " | ");
	mh_escape_markdown(text, line->name);
	mh_text_add(text, " | ");
	add_value(text, line->unit, line->base);
	mh_text_add(text, " | ");
	add_value(text, line->unit, line->candidate);
	mh_text_add(text, " | ");
	add_change(text, line);
	mh_text_add(text, " | %zu / %zu |\n", line->base_count, line->candidate_count);
}

/* Lines that follow each other often end in the same command. */
static void add_next(struct mh_text *text, const struct mh_gate_report *report)
{
	const char *told = NULL;

	for (size_t i = 0; i < report->line_count; i++) {
		const char *next = report->lines[i].next;

		if (!next || (told && strcmp(told, next) == 0))
			continue;
		mh_text_add(text, "\nNext: ");
		mh_escape_markdown(text, next);
		mh_text_add(text, "\n");
		told = next;
	}
}

void mh_export_gate_md(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
		       const struct mh_export_gate_options *options, struct mh_text *text)
{
	struct mh_export_cases cases = {0};

	mh_cases_of_gate(report, rule, options, &cases);
	mh_text_add(text, "## ");
	mh_escape_markdown(text, options->scenario);
	mh_text_add(text, ": %s\n\n", mh_verdict_names[report->verdict]);
	mh_escape_markdown(text, report->summary ? report->summary : "");
	mh_text_add(text, "\n\n");
	mh_md_cases(&cases, text);
	mh_cases_release(&cases);
	add_next(text, report);
	if (!report->line_count)
		return;
	mh_text_add(text, "\n| verdict | cell | what | base | candidate | change (95 %%) | runs |\n"
			  "|---|---|---|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < report->line_count; i++)
		add_line(text, &report->lines[i]);
}
