/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rule.h. */
#include "rule.h"

#include <math.h>

#include "base/assert.h"
#include "results/statistics/holm.h"
#include "results/statistics/signed_rank.h"

#define FAMILY_MAX 16

static struct mh_strictness strictness_of(const struct rule *rule)
{
	return (struct mh_strictness){rule->alpha, rule->family};
}

void rule_init(struct rule *rule)
{
	struct mh_strictness strictness;
	size_t taken = 0;

	rule->alpha /= (double)rule->look_count;
	strictness = strictness_of(rule);
	for (size_t look = 0; look < rule->look_count; look++)
		if (mh_look_can_decide(rule->looks[look], &strictness))
			rule->looks[taken++] = rule->looks[look];
	rule->look_count = taken;
	MH_ASSERT(mh_look_levels(rule->looks, rule->look_count, rule->levels) == 0);
}

static struct mh_interval shift_of(const double *differences, size_t pairs, double confidence)
{
	struct mh_interval shift;

	MH_ASSERT(mh_signed_rank_shift(differences, pairs, confidence, &shift) == 0);
	return shift;
}

static bool passes(const struct rule *rule, const double *differences, size_t look)
{
	struct mh_interval shift = shift_of(differences, rule->looks[look], 1 - 2 * rule->levels[look]);

	return shift.upper < log1p(rule->tolerance);
}

static bool has_regressed(const struct rule *rule, const double *differences, size_t look, double adjusted)
{
	double estimate = shift_of(differences, rule->looks[look], 0).estimate;

	return adjusted < rule->alpha && estimate >= log1p(rule->floor);
}

static bool is_futile(const struct rule *rule, const double *differences, size_t look)
{
	struct mh_strictness strictness = strictness_of(rule);
	struct mh_interval shift;

	if (look + 2 != rule->look_count)
		return false;
	shift = shift_of(differences, rule->looks[look], 0.95);
	return mh_look_is_futile(&shift, rule->tolerance,
				 mh_detectable_change(&strictness, rule->noise, rule->looks[look + 1]));
}

/* One metric of the family, the others without a change: Holm's factor is the family's size at most. */
enum outcome rule_judge(const struct rule *rule, const double *differences, size_t *ret_pairs)
{
	for (size_t look = 0; look < rule->look_count; look++) {
		double p;

		*ret_pairs = rule->looks[look];
		if (passes(rule, differences, look))
			return PASS;
		p = mh_signed_rank_p(differences, rule->looks[look], MH_GREATER);
		if (has_regressed(rule, differences, look, fmin(p * (double)rule->family, 1)))
			return REGRESSED;
		if (is_futile(rule, differences, look))
			break;
	}
	return UNDECIDED;
}

/* At one look: a metric that once passed stays so, because its 5 % are spent on the first time that it does. */
static enum outcome judge_look(const struct rule *rule, const double *const *differences, size_t look, bool *passed)
{
	double p[FAMILY_MAX];
	bool regressed = false, all_pass = true;

	for (size_t i = 0; i < rule->family; i++)
		p[i] = mh_signed_rank_p(differences[i], rule->looks[look], MH_GREATER);
	MH_ASSERT(mh_holm(p, rule->family, p) == 0);
	for (size_t i = 0; i < rule->family; i++) {
		passed[i] = passed[i] || passes(rule, differences[i], look);
		regressed |= !passed[i] && has_regressed(rule, differences[i], look, p[i]);
		all_pass &= passed[i];
	}
	return regressed ? REGRESSED : all_pass ? PASS : UNDECIDED;
}

enum outcome rule_judge_family(const struct rule *rule, const double *const *differences, size_t *ret_pairs)
{
	bool passed[FAMILY_MAX] = {false};

	MH_ASSERT(rule->family <= FAMILY_MAX);
	for (size_t look = 0; look < rule->look_count; look++) {
		enum outcome outcome = judge_look(rule, differences, look, passed);

		*ret_pairs = rule->looks[look];
		if (outcome != UNDECIDED)
			return outcome;
	}
	return UNDECIDED;
}
