/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The smallest change that so many runs find, and how many would decide a line. */
#include <math.h>
#include <stdlib.h>

#include "base/assert.h"
#include "results/gate_private.h"
#include "results/statistics/looks.h"
#include "results/statistics/mann_whitney.h"
#include "results/statistics/order_interval.h"
#include "results/statistics/power.h"

MH_STATIC_ASSERT(MH_GATE_LOOKS_MAX == MH_LOOKS_MAX, "each look of a rule has a level");

#define BAD_LUCK 1.5 /* times as many where by their noise the runs at hand should have decided */

static struct mh_strictness strictness_of(const struct mh_gate *gate)
{
	return (struct mh_strictness){.alpha = gate->report->alpha, .family = gate->report->family};
}

/* One that can decide nothing is never asked for a PASS; what it gets is of no use. */
void mh_gate_pass_levels(const struct mh_gate_rule *rule, size_t family, double *ret_levels)
{
	struct mh_strictness strictness = {rule->alpha / (double)rule->look_count, family};
	uint64_t pairs[MH_LOOKS_MAX];
	double levels[MH_LOOKS_MAX];
	size_t taken[MH_LOOKS_MAX], count = 0;

	for (size_t i = 0; i < rule->look_count; i++) {
		ret_levels[i] = MH_PASS_ERROR / (double)rule->look_count;
		if (count == MH_LOOKS_MAX || !mh_look_can_decide(rule->looks[i], &strictness))
			continue;
		taken[count] = i;
		pairs[count++] = rule->looks[i];
	}
	if (count == 0 || rule->look_count > MH_LOOKS_MAX || mh_look_levels(pairs, count, levels) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		ret_levels[taken[i]] = levels[i];
}

double mh_gate_pass_level(const struct mh_gate *gate)
{
	double levels[MH_LOOKS_MAX];

	if (gate->look_count == 1 || gate->look_count > MH_LOOKS_MAX)
		return MH_PASS_ERROR / (double)gate->look_count;
	if (gate->rule->pass_levels)
		return gate->rule->pass_levels[gate->look];
	mh_gate_pass_levels(gate->rule, gate->report->family, levels);
	return levels[gate->look];
}

static size_t count_least(const struct mh_gate_case *item)
{
	const struct mh_gate_cell *cell = item->cell;

	return cell->base_count < cell->candidate_count ? cell->base_count : cell->candidate_count;
}

/* What is left of each value of a side without the side's median: noise. */
static int add_residuals(const double *values, size_t count, double *ret_residuals)
{
	struct mh_interval median;

	for (size_t i = 0; i < count; i++)
		ret_residuals[i] = values[i];
	qsort(ret_residuals, count, sizeof(*ret_residuals), mh_gate_compare_doubles);
	int ret = mh_order_interval(ret_residuals, count, 0.95, &median);

	for (size_t i = 0; ret == 0 && i < count; i++)
		ret_residuals[i] -= median.estimate;
	return ret;
}

/* Two samples: sqrt(2) of the deviation of a run is what pairs of them would have. */
static double unpaired_deviation(struct mh_gate *gate, const struct mh_gate_case *item)
{
	size_t base = item->cell->base_count, candidate = item->cell->candidate_count;
	double *residuals = mh_gate_allocate(gate, (base + candidate) * sizeof(*residuals)), deviation;

	if (!residuals || add_residuals(item->base, base, residuals) < 0 ||
	    add_residuals(item->candidate, candidate, residuals + base) < 0 ||
	    mh_noise_deviation(residuals, base + candidate, &deviation) < 0)
		return NAN;
	return sqrt(2) * deviation;
}

/* Of ln differences: by the calibration, else by the runs themselves; NAN: too few to tell. */
static double find_deviation(struct mh_gate *gate, const struct mh_gate_case *item)
{
	double deviation = NAN;

	if (item->noise > 0)
		return item->noise;
	if (count_least(item) < 2)
		return NAN;
	if (!item->differences)
		return unpaired_deviation(gate, item);
	if (mh_noise_deviation(item->differences, item->cell->base_count, &deviation) < 0)
		return NAN;
	return deviation;
}

size_t mh_gate_runs_least(const struct mh_gate *gate)
{
	struct mh_strictness strictness = strictness_of(gate);
	size_t count = 1;

	if (gate->rule->paired)
		return mh_pairs_attainable(&strictness);
	while (count < MH_GATE_RUNS_MAX &&
	       mh_mann_whitney_p_min(count, count) * (double)strictness.family >= strictness.alpha)
		count++;
	return count;
}

/* The fewest that decide it either way, if the estimate is the truth. */
static size_t find_fewest(const struct mh_gate *gate, const struct mh_gate_case *item, double deviation)
{
	const struct mh_gate_line *line = &gate->report->lines[item->line];
	struct mh_strictness strict = strictness_of(gate), lenient = {gate->pass_level, 1};
	double margin = log1p(line->tolerance) - item->change;
	size_t pass = MH_PAIRS_NEEDED_MAX, fail = MH_PAIRS_NEEDED_MAX;

	if (margin > 0)
		pass = mh_pairs_needed(&lenient, deviation, expm1(margin));
	if (item->change >= log1p(line->floor))
		fail = mh_pairs_needed(&strict, deviation, expm1(item->change));
	return pass < fail ? pass : fail;
}

static size_t find_needed(const struct mh_gate *gate, const struct mh_gate_case *item, double deviation)
{
	size_t have = count_least(item), least = mh_gate_runs_least(gate);
	size_t needed = isnan(deviation) ? least : find_fewest(gate, item, deviation);

	if (needed < least)
		needed = least;
	if (needed <= have)
		needed = (size_t)ceil(BAD_LUCK * (double)have);
	return needed <= MH_GATE_RUNS_MAX ? needed : 0;
}

void mh_gate_power(struct mh_gate *gate, const struct mh_gate_case *item)
{
	struct mh_gate_line *line = &gate->report->lines[item->line];
	struct mh_strictness strictness = strictness_of(gate);
	double deviation = find_deviation(gate, item);

	line->detectable = mh_detectable_change(&strictness, deviation, count_least(item));
	line->runs_needed = find_needed(gate, item, deviation);
}
