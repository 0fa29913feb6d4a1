/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of times: what is not in words has its value, its interval, its limit and its number of values in a row. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/gate_private.h"
#include "results/gate_show_private.h"

#define VALUE_WIDTH    9
#define CHANGE_WIDTH   8
#define INTERVAL_WIDTH 17
#define LIMIT_WIDTH    7
#define SAMPLE_WIDTH   15 /* "24 x 1,000,000" */
#define NUMBERS_WIDTH  (2 * VALUE_WIDTH + CHANGE_WIDTH + INTERVAL_WIDTH + LIMIT_WIDTH + SAMPLE_WIDTH)
#define INDENT         2
#define TIMES_RATIO    10 /* from which on a change is told as a multiple */
#define DISCOVERY_Q    0.10

/* "+4.9 %", "x12.3". */
static const char *change_text(char buffer[MH_GATE_NUMBER], double ratio)
{
	if (!isfinite(ratio))
		snprintf(buffer, MH_GATE_NUMBER, "-");
	else if (ratio >= TIMES_RATIO)
		snprintf(buffer, MH_GATE_NUMBER, "x%.1f", ratio);
	else
		snprintf(buffer, MH_GATE_NUMBER, "%+.1f %%", (ratio - 1) * 100);
	return buffer;
}

static const char *interval_text(char buffer[MH_GATE_NUMBER], const struct mh_interval *ratio)
{
	char lower[MH_GATE_NUMBER], upper[MH_GATE_NUMBER];
	size_t length;

	if (!ratio->attained || !isfinite(ratio->lower) || !isfinite(ratio->upper)) {
		snprintf(buffer, MH_GATE_NUMBER, "-");
		return buffer;
	}
	change_text(lower, ratio->lower);
	change_text(upper, ratio->upper);
	length = strlen(lower);
	/* The unit once, where both ends have it. */
	if (length > 2 && lower[length - 1] == '%' && upper[strlen(upper) - 1] == '%')
		lower[length - 2] = '\0';
	snprintf(buffer, MH_GATE_NUMBER, "%.24s .. %.24s", lower, upper);
	return buffer;
}

static const char *limit_text(char buffer[MH_GATE_NUMBER], const struct mh_gate_line *line)
{
	if (!isfinite(line->tolerance))
		snprintf(buffer, MH_GATE_NUMBER, "-");
	else
		snprintf(buffer, MH_GATE_NUMBER, "%c%.3g %%", line->higher_is_better ? '-' : '+',
			 line->tolerance * 100);
	return buffer;
}

static const char *sample_text(char buffer[MH_GATE_NUMBER], const struct mh_gate_line *line)
{
	size_t runs = line->base_count < line->candidate_count ? line->base_count : line->candidate_count;
	char values[MH_SHOW_CELL];

	if (line->observations)
		snprintf(buffer, MH_GATE_NUMBER, "%zu x %.40s", runs, mh_show_exact(values, line->observations));
	else
		snprintf(buffer, MH_GATE_NUMBER, "%zu", runs);
	return buffer;
}

static void show_numbers(const struct mh_gate_shown *shown, const struct mh_gate_line *line)
{
	char base[MH_GATE_NUMBER], candidate[MH_GATE_NUMBER], change[MH_GATE_NUMBER], interval[MH_GATE_NUMBER],
		limit[MH_GATE_NUMBER], sample[MH_GATE_NUMBER];

	mh_text_add(shown->show.text, "%*s%*s%*s%*s%*s%*s\n", VALUE_WIDTH, mh_gate_number(base, line->base, line->unit),
		    VALUE_WIDTH, mh_gate_number(candidate, line->candidate, line->unit), CHANGE_WIDTH,
		    change_text(change, line->ratio.estimate), INTERVAL_WIDTH, interval_text(interval, &line->ratio),
		    LIMIT_WIDTH, limit_text(limit, line), SAMPLE_WIDTH, sample_text(sample, line));
}

/* Columns that are left for a name beside the numbers. */
static unsigned name_width(const struct mh_gate_shown *shown)
{
	unsigned taken = INDENT + MH_GATE_VERDICT_WIDTH + NUMBERS_WIDTH;

	return shown->show.options.width > taken ? shown->show.options.width - taken : 0;
}

static void show_head(const struct mh_gate_shown *shown, const char *title)
{
	int width = (int)(shown->show.options.width - NUMBERS_WIDTH);

	mh_text_add(shown->show.text, "\n%-*s%*s%*s%*s%*s%*s%*s\n", width, title, VALUE_WIDTH, "base", VALUE_WIDTH,
		    "new", CHANGE_WIDTH, "change", INTERVAL_WIDTH, "95 % interval", LIMIT_WIDTH, "limit", SAMPLE_WIDTH,
		    shown->rule->paired ? "pairs x values" : "runs x values");
}

static void show_row(const struct mh_gate_shown *shown, const struct mh_gate_line *line)
{
	char name[512];
	unsigned width = name_width(shown);

	if (shown->cells)
		snprintf(name, sizeof(name), "%.100s: %.300s", line->cell, line->name);
	else
		snprintf(name, sizeof(name), "%.300s", line->name);
	mh_gate_show_verdict(shown, line->verdict);
	if (strlen(name) <= width) {
		mh_show_name(&shown->show, name, width);
	} else {
		mh_show_clean(&shown->show, name);
		mh_text_add(shown->show.text, "\n%*s", (int)(shown->show.options.width - NUMBERS_WIDTH), "");
	}
	show_numbers(shown, line);
	if (line->verdict != MH_VERDICT_PASS || line->note || shown->show.options.verbose)
		mh_gate_show_words(shown, line);
}

/* Outside the gate only what was found is worth a row. */
static bool is_shown(const struct mh_gate_shown *shown, const struct mh_gate_line *line, enum mh_gate_line_kind kind)
{
	if (line->kind != kind)
		return false;
	return kind != MH_LINE_EXPLORATORY || shown->show.options.verbose || line->p_adjusted < DISCOVERY_Q;
}

void mh_gate_show_times(const struct mh_gate_shown *shown, enum mh_gate_line_kind kind, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < shown->report->line_count; i++) {
		const struct mh_gate_line *line = &shown->report->lines[i];

		if (!is_shown(shown, line, kind))
			continue;
		if (!any)
			show_head(shown, title);
		any = true;
		show_row(shown, line);
	}
}
