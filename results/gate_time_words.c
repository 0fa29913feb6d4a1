/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the line of a time says: by how much it differs, what is allowed, how sure that is, and what would tell. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "results/gate_private.h"

#define UNCHANGED 0.0005 /* a change that is 0.0 % in print */

/* "4.9 % slower"; "as before". @change: candidate / base - 1. */
static const char *change_text(struct mh_gate *gate, const struct mh_gate_line *line, double change)
{
	bool time = line->unit == MH_UNIT_NS;
	const char *more = time ? "slower" : "more", *less = time ? "faster" : "less";

	if (fabs(change) < UNCHANGED)
		return "as before";
	return mh_gate_format(gate, "%.1f %% %s", fabs(change) * 100, change > 0 ? more : less);
}

/* The bound in the direction that is worse, as a change of the value itself. */
static const char *bound_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	double ratio = line->higher_is_better ? 1 / line->bound : line->bound;

	if (!isfinite(line->bound))
		return "without any bound";
	return mh_gate_format(gate, "with %.4g %% confidence at %s %s", line->bound_level * 100,
			      line->higher_is_better ? "least" : "most", change_text(gate, line, ratio - 1));
}

static const char *allowed_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	return mh_gate_format(gate, "%.3g %% is allowed", line->tolerance * 100);
}

static const char *needed_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	const char *noun = gate->rule->paired ? "pairs" : "runs a side";

	if (!line->runs_needed)
		return mh_gate_format(gate, "no number of %s up to %d would decide it", noun, MH_GATE_RUNS_MAX);
	return mh_gate_format(gate, "about %zu %s would decide it", line->runs_needed, noun);
}

static const char *pass_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	const char *within = line->p_adjusted < gate->report->alpha ? "worse within tolerance: " : "";

	return mh_gate_format(gate, "%s%s, %s; %s", within, change_text(gate, line, line->ratio.estimate - 1),
			      bound_text(gate, line), allowed_text(gate, line));
}

static const char *regressed_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	return mh_gate_format(gate, "%s, p %.2g in a family of %zu; %s",
			      change_text(gate, line, line->ratio.estimate - 1), line->p_adjusted, gate->report->family,
			      allowed_text(gate, line));
}

/* "between 1.2 % and 7.3 % slower"; "between 1.0 % faster and 7.3 % slower". */
static const char *span_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	double lower = line->ratio.lower - 1, upper = line->ratio.upper - 1;

	if (!isfinite(lower) || !isfinite(upper))
		return "the interval has no end";
	if (lower > UNCHANGED)
		return mh_gate_format(gate, "between %.1f %% and %s", lower * 100, change_text(gate, line, upper));
	if (upper < -UNCHANGED)
		return mh_gate_format(gate, "between %.1f %% and %s", -upper * 100, change_text(gate, line, lower));
	return mh_gate_format(gate, "between %s and %s", change_text(gate, line, lower),
			      change_text(gate, line, upper));
}

static const char *inconclusive_text(struct mh_gate *gate, const struct mh_gate_line *line, bool futile)
{
	return mh_gate_format(gate, "%s, and %s: %s%s", span_text(gate, line), allowed_text(gate, line),
			      futile ? "too noisy for the looks to come; " : "", needed_text(gate, line));
}

static const char *underpowered_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	return mh_gate_format(gate, "%zu %s cannot reach p < %.2g in a family of %zu, whatever they measure; %s",
			      line->candidate_count, gate->rule->paired ? "pairs" : "runs", gate->report->alpha,
			      gate->report->family, needed_text(gate, line));
}

/* Of a comparison: what was found, and no word of what it means. */
static const char *compared_text(struct mh_gate *gate, const struct mh_gate_line *line)
{
	const char *change = change_text(gate, line, line->ratio.estimate - 1);

	if (line->base_count < 2 || line->candidate_count < 2)
		return mh_gate_format(gate, "%s in one run a side: no verdict", change);
	if (line->ratio.lower <= 1 && line->ratio.upper >= 1)
		return mh_gate_format(gate, "no difference detected: %s", change);
	return change;
}

static const char *words_of(struct mh_gate *gate, const struct mh_gate_line *line, enum mh_verdict verdict, bool futile)
{
	if (gate->rule->compare)
		return compared_text(gate, line);
	switch (verdict) {
	case MH_VERDICT_REGRESSED:
		return regressed_text(gate, line);
	case MH_VERDICT_INCONCLUSIVE:
		return inconclusive_text(gate, line, futile);
	case MH_VERDICT_UNDERPOWERED:
		return underpowered_text(gate, line);
	default:
		return pass_text(gate, line);
	}
}

static const char *next_of(struct mh_gate *gate, const struct mh_gate_line *line, enum mh_verdict verdict)
{
	switch (verdict) {
	case MH_VERDICT_REGRESSED:
		return mh_gate_next(gate, "%s", "");
	case MH_VERDICT_INCONCLUSIVE:
	case MH_VERDICT_UNDERPOWERED:
		/* Runs that were recorded before cannot become more: only a new comparison can. */
		if (gate->rule->paired && line->runs_needed)
			return mh_gate_next(gate, "-D gate.pairs=%zu", line->runs_needed);
		return mh_gate_next(gate, "--counts");
	default:
		return NULL;
	}
}

void mh_gate_time_words(struct mh_gate *gate, const struct mh_gate_case *item, enum mh_verdict verdict)
{
	struct mh_gate_line *line = &gate->report->lines[item->line];

	mh_gate_decide(gate, line, verdict, words_of(gate, line, verdict, item->futile));
	if (line->gated)
		line->next = next_of(gate, line, verdict);
}
