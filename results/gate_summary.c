/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict over all lines, in one sentence, and whether another look could change it. */
#include <math.h>

#include "results/gate_private.h"
#include "results/statistics/looks.h"

static size_t count_gated(const struct mh_gate_report *report, enum mh_gate_line_kind kind, enum mh_verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < report->line_count; i++)
		count += report->lines[i].gated && report->lines[i].kind == kind && report->lines[i].verdict == verdict;
	return count;
}

static size_t count_verdict(const struct mh_gate_report *report, enum mh_verdict verdict)
{
	size_t count = 0;

	for (int kind = 0; kind < MH_LINE_KINDS; kind++)
		count += count_gated(report, (enum mh_gate_line_kind)kind, verdict);
	return count;
}

/* No gated line at all: nothing could have failed. */
static void refuse_vacuous(struct mh_gate *gate)
{
	for (size_t i = 0; i < gate->report->line_count; i++)
		if (gate->report->lines[i].gated)
			return;
	if (gate->rule->compare)
		return;
	struct mh_gate_line *line = mh_gate_add_line(gate, MH_LINE_DATA, MH_VERDICT_INVALID, "", "gate");

	line->words = "nothing was gated, so that nothing could have failed: name metrics under gate.metrics";
	line->next = mh_gate_next(gate, "%s", "");
}

/* Index of the next look at which anything could be found; look_count: there is none. */
static size_t find_next_look(const struct mh_gate *gate)
{
	struct mh_strictness strictness = {gate->report->alpha, gate->report->family};
	size_t look = gate->look + 1;

	while (look < gate->look_count && !mh_look_can_decide(gate->rule->looks[look], &strictness))
		look++;
	return look;
}

static bool is_open(const struct mh_gate *gate)
{
	for (size_t i = 0; i < gate->case_count; i++) {
		enum mh_verdict verdict = gate->report->lines[gate->cases[i].line].verdict;

		if ((verdict == MH_VERDICT_INCONCLUSIVE && !gate->cases[i].futile) ||
		    verdict == MH_VERDICT_UNDERPOWERED)
			return true;
	}
	return false;
}

static void plan_next_look(struct mh_gate *gate)
{
	struct mh_gate_report *report = gate->report;
	bool undecided = report->verdict == MH_VERDICT_INCONCLUSIVE || report->verdict == MH_VERDICT_UNDERPOWERED;
	size_t next = find_next_look(gate);

	report->wants_more = undecided && next < gate->look_count && is_open(gate);
	report->look_next = report->wants_more ? next : report->look;
}

/* The first line that has the verdict; its sentence stands for the others. */
static const struct mh_gate_line *first_line(const struct mh_gate_report *report, enum mh_verdict verdict)
{
	for (size_t i = 0; i < report->line_count; i++)
		if (report->lines[i].gated && report->lines[i].verdict == verdict)
			return &report->lines[i];
	return NULL;
}

/* "steady/response.p99 is 4.9 % slower": counts are told by their own sentence. */
static const char *tell_line(struct mh_gate *gate, const struct mh_gate_line *line)
{
	const char *cell = gate->cell_count > 1 && *line->cell ? mh_gate_format(gate, "cell '%s': ", line->cell) : "";

	if (line->kind == MH_LINE_TIME || line->kind == MH_LINE_SLO)
		return mh_gate_format(gate, "%s%s: %s", cell, line->name, line->words);
	return mh_gate_format(gate, "%s%s", cell, line->words);
}

static const char *with_others(struct mh_gate *gate, enum mh_verdict verdict)
{
	const struct mh_gate_line *line = first_line(gate->report, verdict);
	size_t count = count_verdict(gate->report, verdict);
	const char *told = line ? tell_line(gate, line) : "";

	return count > 1 ? mh_gate_format(gate, "%s; and %zu more like it below", told, count - 1) : told;
}

/* What was held against what: "1,234 exact counts are equal on both sides, 5 times within tolerance over 16 pairs". */
static const char *tell_pass(struct mh_gate *gate)
{
	const struct mh_gate_report *report = gate->report;
	const struct mh_gate_line *counts = NULL;
	size_t times = count_gated(report, MH_LINE_TIME, MH_VERDICT_PASS) +
		       count_gated(report, MH_LINE_TIME, MH_VERDICT_IMPROVED);
	size_t slos = count_gated(report, MH_LINE_SLO, MH_VERDICT_PASS);
	struct mh_text text = MH_TEXT_INIT;

	for (size_t i = 0; i < report->line_count && !counts; i++)
		if (report->lines[i].kind == MH_LINE_COUNT && report->lines[i].verdict == MH_VERDICT_PASS)
			counts = &report->lines[i];
	mh_text_add(&text, "no regression");
	if (counts)
		mh_text_add(&text, ": %s", counts->words);
	if (times)
		mh_text_add(&text, "%s %zu time%s within tolerance in %zu %s", counts ? "," : ":", times,
			    times == 1 ? " is" : "s are", gate->cells[0].candidate_count,
			    gate->rule->paired ? "pairs" : "runs a side");
	if (slos)
		mh_text_add(&text, "%s %zu limit%s kept", counts || times ? "," : ":", slos,
			    slos == 1 ? " is" : "s are");
	const char *told = mh_gate_format(gate, "%s", text.data);

	gate->failed |= text.failed;
	mh_text_release(&text);
	return told;
}

/* A comparison has no verdict: what was found in it, counted. */
static const char *tell_comparison(struct mh_gate *gate)
{
	const struct mh_gate_report *report = gate->report;
	size_t times = 0, changed = 0, counts = 0;

	for (size_t i = 0; i < report->line_count; i++) {
		const struct mh_gate_line *line = &report->lines[i];

		times += line->kind == MH_LINE_TIME;
		changed += line->kind == MH_LINE_TIME && (line->ratio.lower > 1 || line->ratio.upper < 1);
		counts += line->kind == MH_LINE_COUNT && isfinite(line->base);
	}
	return mh_gate_format(gate, "%zu of %zu times differ, and %zu exact count%s; this is no verdict", changed,
			      times, counts, counts == 1 ? "" : "s");
}

static const char *summarize(struct mh_gate *gate)
{
	switch (gate->report->verdict) {
	case MH_VERDICT_NONE:
		return tell_comparison(gate);
	case MH_VERDICT_PASS:
		return tell_pass(gate);
	default:
		return with_others(gate, gate->report->verdict);
	}
}

void mh_gate_conclude(struct mh_gate *gate)
{
	struct mh_gate_report *report = gate->report;

	refuse_vacuous(gate);
	report->verdict = MH_VERDICT_NONE;
	for (size_t i = 0; i < report->line_count; i++)
		if (report->lines[i].gated)
			report->verdict = mh_verdict_worse(report->verdict, report->lines[i].verdict);
	plan_next_look(gate);
	report->summary = summarize(gate);
}
