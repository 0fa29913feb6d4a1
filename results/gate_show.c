/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A gate or a comparison in a terminal: the verdict in words, what was found in correctness, data, counts and limits,
 * the table of times, and what to run next.
 */
#include <stdio.h>
#include <string.h>

#include "results/gate_show_private.h"

#define LINES_SHOWN 12 /* of one kind and verdict, unless --verbose */

static enum mh_show_tone tone_of(enum mh_verdict verdict)
{
	switch (verdict) {
	case MH_VERDICT_PASS:
	case MH_VERDICT_IMPROVED:
		return MH_TONE_GOOD;
	case MH_VERDICT_REGRESSED:
	case MH_VERDICT_INCORRECT:
		return MH_TONE_BAD;
	case MH_VERDICT_NONE:
		return MH_TONE_PLAIN;
	default:
		return MH_TONE_DOUBT;
	}
}

static const char *word_of(enum mh_verdict verdict)
{
	return verdict == MH_VERDICT_NONE ? "-" : mh_verdict_names[verdict];
}

void mh_gate_show_verdict(const struct mh_gate_shown *shown, enum mh_verdict verdict)
{
	const char *word = word_of(verdict);

	mh_text_add(shown->show.text, "  ");
	mh_show_toned(&shown->show, tone_of(verdict), "%s", word);
	mh_text_add(shown->show.text, "%*s", (int)(MH_GATE_VERDICT_WIDTH - strlen(word)), "");
}

void mh_gate_show_words(const struct mh_gate_shown *shown, const struct mh_gate_line *line)
{
	if (*line->words)
		mh_show_paragraph(&shown->show, line->words, 2 + MH_GATE_VERDICT_WIDTH);
	if (line->note)
		mh_show_paragraph(&shown->show, line->note, 2 + MH_GATE_VERDICT_WIDTH);
}

/* "REGRESSED: drv calls …", or of a look that is not the last: "no verdict yet: …". */
static void show_summary(const struct mh_gate_shown *shown)
{
	const struct mh_gate_report *report = shown->report;
	struct mh_text line = MH_TEXT_INIT;
	const char *word = mh_verdict_names[report->verdict];

	if (shown->rule->compare)
		word = "COMPARED";
	mh_text_add(&line, "%s: %s", word, report->summary);
	if (report->wants_more)
		mh_text_add(&line, "; no verdict yet, the next look is at %llu pairs",
			    (unsigned long long)shown->rule->looks[report->look_next]);
	size_t length = strlen(word);

	/* The word alone is toned: a paragraph breaks lines, which knows nothing of colours. */
	struct mh_text paragraph = MH_TEXT_INIT;
	struct mh_show plain = shown->show;

	plain.text = &paragraph;
	mh_show_paragraph(&plain, line.data, 0);
	mh_show_toned(&shown->show, report->verdict == MH_VERDICT_NONE ? MH_TONE_HEAD : tone_of(report->verdict), "%s",
		      word);
	mh_text_append(shown->show.text, paragraph.data + length, paragraph.length - length);
	shown->show.text->failed |= line.failed || paragraph.failed;
	mh_text_release(&line);
	mh_text_release(&paragraph);
}

/* Of the cell that has most. */
static size_t count_runs(const struct mh_gate_report *report)
{
	size_t most = 0;

	for (size_t i = 0; i < report->line_count; i++)
		if (report->lines[i].candidate_count > most)
			most = report->lines[i].candidate_count;
	return most;
}

/* "16 pairs, look 2 of 3, 5 times in the family, false alarms at most 0.33 % at this look". */
static void show_design(const struct mh_gate_shown *shown)
{
	const struct mh_gate_report *report = shown->report;
	size_t looks = shown->rule->paired && shown->rule->look_count ? shown->rule->look_count : 1;
	struct mh_text line = MH_TEXT_INIT;

	if (shown->rule->paired)
		mh_text_add(&line, "%zu pair%s", count_runs(report), count_runs(report) == 1 ? "" : "s");
	else
		mh_text_add(&line, "unpaired: drift between the sides is not controlled");
	if (looks > 1)
		mh_text_add(&line, "; look %zu of %zu", report->look + 1, looks);
	if (report->family && !shown->rule->compare)
		mh_text_add(&line, "; %zu time%s tested as one family, false alarms at most %.3g %%%s", report->family,
			    report->family == 1 ? "" : "s", report->alpha * 100, looks > 1 ? " at this look" : "");
	mh_show_paragraph(&shown->show, line.data, 2);
	shown->show.text->failed |= line.failed;
	mh_text_release(&line);
}

static void show_line(const struct mh_gate_shown *shown, const struct mh_gate_line *line)
{
	struct mh_text text = MH_TEXT_INIT;
	/* A count's sentence says who does what; its name is for globs, and stands behind it. */
	bool named_first = line->kind == MH_LINE_SLO || line->kind == MH_LINE_CORRECTNESS || line->kind == MH_LINE_DATA;
	struct mh_show into = shown->show;
	struct mh_text paragraph = MH_TEXT_INIT;

	if (shown->cells && *line->cell)
		mh_text_add(&text, "%s: ", line->cell);
	if (named_first)
		mh_text_add(&text, "%s: %s", line->name, line->words);
	else
		mh_text_add(&text, "%s%s%s%s", line->words, strchr(line->name, '/') ? " (" : "",
			    strchr(line->name, '/') ? line->name : "", strchr(line->name, '/') ? ")" : "");
	into.text = &paragraph;
	mh_show_paragraph(&into, text.data, 2 + MH_GATE_VERDICT_WIDTH);
	mh_gate_show_verdict(shown, line->verdict);
	/* The first line's indent is where the verdict stands. */
	if (paragraph.length > 2 + MH_GATE_VERDICT_WIDTH)
		mh_text_append(shown->show.text, paragraph.data + 2 + MH_GATE_VERDICT_WIDTH,
			       paragraph.length - 2 - MH_GATE_VERDICT_WIDTH);
	shown->show.text->failed |= text.failed || paragraph.failed;
	mh_text_release(&text);
	mh_text_release(&paragraph);
}

/* Lines of a kind with one verdict; @ret_any: the title was written. */
static void show_group(const struct mh_gate_shown *shown, enum mh_gate_line_kind kind, enum mh_verdict verdict,
		       const char *title, bool *ret_any)
{
	size_t count = 0, limit = shown->show.options.verbose ? SIZE_MAX : LINES_SHOWN;

	for (size_t i = 0; i < shown->report->line_count; i++) {
		const struct mh_gate_line *line = &shown->report->lines[i];

		if (line->kind != kind || line->verdict != verdict)
			continue;
		if (!*ret_any)
			mh_text_add(shown->show.text, "\n%s\n", title);
		*ret_any = true;
		if (count++ < limit)
			show_line(shown, line);
	}
	if (count > limit)
		mh_text_add(shown->show.text, "%*sand %zu more; --verbose shows all\n", 2 + MH_GATE_VERDICT_WIDTH, "",
			    count - limit);
}

/* The worst first. */
static void show_kind(const struct mh_gate_shown *shown, enum mh_gate_line_kind kind, const char *title)
{
	static const enum mh_verdict order[] = {
		MH_VERDICT_INCORRECT,    MH_VERDICT_REGRESSED, MH_VERDICT_INVALID, MH_VERDICT_UNDERPOWERED,
		MH_VERDICT_INCONCLUSIVE, MH_VERDICT_IMPROVED,  MH_VERDICT_PASS,    MH_VERDICT_NONE,
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		show_group(shown, kind, order[i], title, &any);
}

static bool is_first_with_command(const struct mh_gate_report *report, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (report->lines[i].next && strcmp(report->lines[i].next, report->lines[index].next) == 0)
			return false;
	return true;
}

/* The lines that one command is for, by their names, and the command as a line of its own: to be copied. */
static void show_command(const struct mh_gate_shown *shown, size_t index)
{
	const struct mh_gate_report *report = shown->report;
	struct mh_text names = MH_TEXT_INIT;
	size_t count = 0;

	for (size_t i = index; i < report->line_count; i++) {
		if (!report->lines[i].next || strcmp(report->lines[i].next, report->lines[index].next) != 0)
			continue;
		if (count++ < 3)
			mh_text_add(&names, "%s%s", count > 1 ? ", " : "for ", report->lines[i].name);
	}
	if (count > 3)
		mh_text_add(&names, " and %zu more", count - 3);
	mh_show_paragraph(&shown->show, names.data, 2);
	mh_text_add(shown->show.text, "    ");
	mh_show_clean(&shown->show, report->lines[index].next);
	mh_text_add(shown->show.text, "\n");
	shown->show.text->failed |= names.failed;
	mh_text_release(&names);
}

static void show_commands(const struct mh_gate_shown *shown)
{
	bool any = false;

	for (size_t i = 0; i < shown->report->line_count; i++) {
		if (!shown->report->lines[i].next || !is_first_with_command(shown->report, i))
			continue;
		if (!any)
			mh_text_add(shown->show.text, "\nrun this next\n");
		any = true;
		show_command(shown, i);
	}
}

static bool has_cells(const struct mh_gate_report *report)
{
	const char *first = NULL;

	for (size_t i = 0; i < report->line_count; i++) {
		if (!*report->lines[i].cell)
			continue;
		if (first && strcmp(first, report->lines[i].cell) != 0)
			return true;
		first = report->lines[i].cell;
	}
	return false;
}

void mh_gate_show(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
		  const struct mh_show_options *options, struct mh_text *text)
{
	struct mh_gate_shown shown = {
		.show = mh_show_begin(options, text),
		.report = report,
		.rule = rule,
		.cells = has_cells(report),
	};

	show_summary(&shown);
	show_design(&shown);
	show_kind(&shown, MH_LINE_CORRECTNESS, "correctness");
	show_kind(&shown, MH_LINE_DATA, "data");
	show_kind(&shown, MH_LINE_COUNT, "counts");
	show_kind(&shown, MH_LINE_SLO, "limits");
	mh_gate_show_times(&shown, MH_LINE_TIME, "times");
	mh_gate_show_times(&shown, MH_LINE_EXPLORATORY, "not gated");
	if (!report->wants_more)
		show_commands(&shown);
}
