/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Levels by spending: of the chance that a PASS is false, the square of the share of all pairs may be used up by a
 * look. For a change of exactly the tolerance the test's statistic goes like Brownian motion, whose time is that share;
 * the density of its place among those that did not pass before is carried from look to look on a grid, and each bound
 * is set so that what passes there is what may be spent.
 */
#include "results/statistics/looks.h"

#include <errno.h>
#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#define GRID_STEPS 200 /* even, for Simpson's rule */
#define GRID_REACH 8   /* deviations above which nothing is looked for */
#define BISECTIONS 50

struct place_density {
	double first, step;             /* the lowest place, and from one to the next */
	double weighed[GRID_STEPS + 1]; /* density times the weight of Simpson's rule */
};

static double spent_by(double share, size_t look_count)
{
	return (look_count > 1 ? MH_PASS_SPENT : MH_PASS_ERROR) * share * share;
}

/* Density after @duration more, before anything passes; NULL: from 0. */
static double density_at(const struct place_density *before, double place, double duration)
{
	double deviation = sqrt(duration), sum = 0;

	if (!before)
		return dnorm(place, 0, deviation, 0);
	for (size_t i = 0; i <= GRID_STEPS; i++)
		sum += before->weighed[i] * dnorm(place - before->first - before->step * (double)i, 0, deviation, 0);
	return sum;
}

/* The chance to stand below @bound after @duration more. */
static double chance_below(const struct place_density *before, double bound, double duration)
{
	double deviation = sqrt(duration), sum = 0;

	if (!before)
		return pnorm(bound, 0, deviation, 1, 0);
	for (size_t i = 0; i <= GRID_STEPS; i++)
		sum += before->weighed[i] * pnorm(bound - before->first - before->step * (double)i, 0, deviation, 1, 0);
	return sum;
}

static double bound_that_spends(const struct place_density *before, double duration, double chance)
{
	double low = -GRID_REACH, high = 0;

	for (int i = 0; i < BISECTIONS; i++) {
		double middle = (low + high) / 2;

		if (chance_below(before, middle, duration) > chance)
			high = middle;
		else
			low = middle;
	}
	return low;
}

/* Those above @bound after @duration more, at @time since the start. */
static void carry_density(const struct place_density *before, double bound, double duration, double time,
			  struct place_density *ret_after)
{
	ret_after->first = bound;
	ret_after->step = (GRID_REACH * sqrt(time) - bound) / GRID_STEPS;
	for (size_t i = 0; i <= GRID_STEPS; i++) {
		double weight = i == 0 || i == GRID_STEPS ? 1 : i % 2 ? 4 : 2;
		double place = bound + ret_after->step * (double)i;

		ret_after->weighed[i] = weight * ret_after->step / 3 * density_at(before, place, duration);
	}
}

static bool is_rising(const uint64_t *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (pairs[i] <= (i ? pairs[i - 1] : 0))
			return false;
	return true;
}

int mh_look_levels(const uint64_t *pairs, size_t look_count, double *ret_levels)
{
	struct place_density densities[2];
	const struct place_density *before = NULL;
	double share_before = 0;

	if (look_count == 0 || look_count > MH_LOOKS_MAX || !is_rising(pairs, look_count))
		return -EINVAL;
	for (size_t look = 0; look < look_count; look++) {
		double share = (double)pairs[look] / (double)pairs[look_count - 1], duration = share - share_before;
		double chance = spent_by(share, look_count) - spent_by(share_before, look_count);
		double bound = bound_that_spends(before, duration, chance);

		ret_levels[look] = pnorm(bound, 0, sqrt(share), 1, 0);
		if (look + 1 == look_count)
			break;
		carry_density(before, bound, duration, share, &densities[look % 2]);
		before = &densities[look % 2];
		share_before = share;
	}
	return 0;
}

bool mh_look_can_decide(uint64_t pairs, const struct mh_strictness *strictness)
{
	return (double)strictness->family * exp2(-(double)pairs) < strictness->alpha;
}

bool mh_look_is_futile(const struct mh_interval *shift, double tolerance, double detectable)
{
	return shift->lower < 0 && shift->upper > log1p(tolerance) &&
	       shift->upper - shift->lower > MH_FUTILITY_WIDTHS * log1p(detectable);
}
