/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rule for times (statistics 3.5), in its order: PASS where the bound lies below the tolerance, REGRESSED where it
 * is worse beyond doubt and by the floor or more, else undecided.
 *
 * Everything is ln and oriented: positive is worse. Unlike the order in 3.5, a case that so few runs could never find
 * REGRESSED does not pass either: a green gate that could not have been red says nothing.
 */
#include <math.h>
#include <stdlib.h>

#include "results/gate_private.h"
#include "results/statistics/holm.h"
#include "results/statistics/looks.h"
#include "results/statistics/mann_whitney.h"
#include "results/statistics/signed_rank.h"

#define FLOOR_PART       0.6 /* of the tolerance: the least estimate that is a regression, unless one is given */
#define SHOWN_CONFIDENCE 0.95

static struct mh_two_samples samples_of(const struct mh_gate_case *item)
{
	return (struct mh_two_samples){
		.base = item->base,
		.candidate = item->candidate,
		.base_count = item->cell->base_count,
		.candidate_count = item->cell->candidate_count,
	};
}

/* The shift of the candidate and its interval; 0 or what the estimator returns. */
static int find_shift(const struct mh_gate_case *item, double confidence, struct mh_interval *ret_shift)
{
	struct mh_two_samples samples = samples_of(item);

	if (item->differences)
		return mh_signed_rank_shift(item->differences, samples.base_count, confidence, ret_shift);
	return mh_mann_whitney_shift(&samples, confidence, ret_shift);
}

static double find_p(const struct mh_gate_case *item, enum mh_alternative alternative)
{
	struct mh_two_samples samples = samples_of(item);

	if (item->differences)
		return mh_signed_rank_p(item->differences, samples.base_count, alternative);
	return mh_mann_whitney_p(&samples, alternative);
}

static double find_p_min(const struct mh_gate_case *item)
{
	if (item->differences)
		return mh_signed_rank_p_min(item->cell->base_count);
	return mh_mann_whitney_p_min(item->cell->base_count, item->cell->candidate_count);
}

/* As a ratio candidate / base again, whichever way is better. */
static struct mh_interval ratio_of(const struct mh_interval *shift, bool higher_is_better)
{
	double sign = higher_is_better ? -1 : 1;
	struct mh_interval ratio = {exp(sign * shift->estimate), exp(sign * shift->lower), exp(sign * shift->upper),
				    shift->attained};

	if (higher_is_better) {
		double lower = ratio.upper;

		ratio.upper = ratio.lower;
		ratio.lower = lower;
	}
	return ratio;
}

/* What 3.5 calls the floor, oriented, as a change and not a ratio. */
static double find_floor(const struct mh_gate_case *item)
{
	double floor = item->floor > 0 ? item->floor : FLOOR_PART * item->tolerance;
	double noise = mh_noise_floor(item->noise, item->cell->base_count);

	return item->noise > 0 && noise > floor ? noise : floor;
}

void mh_gate_test(struct mh_gate *gate, struct mh_gate_case *item)
{
	struct mh_gate_line *line = &gate->report->lines[item->line];
	double level = gate->pass_level;
	struct mh_interval shown, bound;

	if (find_shift(item, SHOWN_CONFIDENCE, &shown) < 0 || find_shift(item, 1 - 2 * level, &bound) < 0) {
		gate->failed = true;
		return;
	}
	item->p_worse = find_p(item, MH_GREATER);
	item->p_better = find_p(item, MH_LESS);
	item->p_min = find_p_min(item);
	item->change = bound.estimate;
	item->change_upper = bound.upper;
	gate->failed |= isnan(item->p_worse) || isnan(item->p_better);
	item->shown = shown;
	line->ratio = ratio_of(&shown, item->higher_is_better);
	line->bound = exp(bound.upper);
	line->bound_level = 1 - level;
	line->floor = find_floor(item);
	line->p = item->p_worse;
}

/* Holm's adjustment of both directions over the family: what cannot be tested counts with p = 1. */
static void adjust(struct mh_gate *gate)
{
	size_t count = gate->report->family, at = 0;
	double *worse = mh_gate_allocate(gate, count * sizeof(*worse));
	double *better = mh_gate_allocate(gate, count * sizeof(*better));

	for (size_t i = 0; !gate->failed && i < gate->case_count; i++) {
		if (gate->report->lines[gate->cases[i].line].kind != MH_LINE_TIME)
			continue;
		worse[at] = gate->cases[i].p_worse;
		better[at++] = gate->cases[i].p_better;
	}
	if (gate->failed || mh_holm(worse, count, worse) < 0 || mh_holm(better, count, better) < 0) {
		gate->failed = true;
		return;
	}
	at = 0;
	for (size_t i = 0; i < gate->case_count; i++) {
		struct mh_gate_line *line = &gate->report->lines[gate->cases[i].line];

		if (line->kind != MH_LINE_TIME)
			continue;
		line->p_adjusted = gate->cases[i].valid ? worse[at] : NAN;
		gate->cases[i].p_better_adjusted = better[at++];
	}
}

/* Could the smallest p that so many runs can reach be significant at all? */
static bool is_attainable(const struct mh_gate *gate, const struct mh_gate_case *item)
{
	return item->p_min * (double)gate->report->family < gate->report->alpha;
}

static enum mh_verdict apply_rule(const struct mh_gate *gate, const struct mh_gate_case *item)
{
	const struct mh_gate_line *line = &gate->report->lines[item->line];
	double alpha = gate->report->alpha;

	if (!is_attainable(gate, item))
		return MH_VERDICT_UNDERPOWERED;
	if (line->bound < 1 + line->tolerance)
		return item->p_better_adjusted < alpha && exp(item->change) <= 1 - line->floor ? MH_VERDICT_IMPROVED
											       : MH_VERDICT_PASS;
	if (line->p_adjusted < alpha && exp(item->change) >= 1 + line->floor)
		return MH_VERDICT_REGRESSED;
	return MH_VERDICT_INCONCLUSIVE;
}

/*
 * At the last look but one: whether noise is so much greater than expected that the last will not decide. Without a
 * calibration the tolerance stands for what was expected: a gate is planned so that it detects that much.
 */
static bool is_futile(const struct mh_gate *gate, const struct mh_gate_case *item, const struct mh_interval *shift)
{
	const struct mh_gate_line *line = &gate->report->lines[item->line];
	struct mh_strictness strictness = {gate->report->alpha, gate->report->family};
	double detectable = line->tolerance;

	if (gate->look_count < 2 || gate->look + 2 != gate->look_count)
		return false;
	if (item->noise > 0)
		detectable = mh_detectable_change(&strictness, item->noise, gate->rule->looks[gate->look + 1]);
	return mh_look_is_futile(shift, line->tolerance, detectable);
}

static void decide(struct mh_gate *gate, struct mh_gate_case *item)
{
	struct mh_gate_line *line = &gate->report->lines[item->line];
	enum mh_verdict verdict = apply_rule(gate, item);

	mh_gate_power(gate, item);
	item->futile = verdict == MH_VERDICT_INCONCLUSIVE && is_futile(gate, item, &item->shown);
	if (verdict == MH_VERDICT_PASS || verdict == MH_VERDICT_IMPROVED)
		line->runs_needed = 0;
	mh_gate_time_words(gate, item, verdict);
}

void mh_gate_times(struct mh_gate *gate)
{
	/* The level of a bound depends on how many there are. */
	for (size_t i = 0; i < gate->case_count; i++)
		gate->report->family += gate->report->lines[gate->cases[i].line].kind == MH_LINE_TIME;
	gate->pass_level = mh_gate_pass_level(gate);
	for (size_t i = 0; i < gate->case_count; i++) {
		mh_gate_sample(gate, &gate->cases[i]);
		if (gate->cases[i].valid && !gate->failed)
			mh_gate_test(gate, &gate->cases[i]);
	}
	if (gate->report->family && !gate->failed)
		adjust(gate);
	for (size_t i = 0; i < gate->case_count && !gate->failed; i++)
		if (gate->cases[i].valid && gate->report->lines[gate->cases[i].line].kind == MH_LINE_TIME)
			decide(gate, &gate->cases[i]);
}
