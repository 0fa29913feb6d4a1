/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws by inversion, but for the lognormal (Box-Muller); means in closed form. */
#include "base/distribution.h"

#include <math.h>
#include <stdlib.h>

#include "base/assert.h"

#define PI 3.14159265358979323846

/* Uniform in [0, 1], both ends reachable. */
static double closed_unit(struct mh_rng *rng)
{
	return (double)(mh_rng_u64(rng) >> 11) / (double)((UINT64_C(1) << 53) - 1);
}

/* Box and Muller 1958; the second number of the pair is not kept, so that a draw is two words, always. */
static double normal(struct mh_rng *rng)
{
	double radius = sqrt(-2.0 * log(mh_rng_unit(rng)));

	return radius * cos(2.0 * PI * mh_rng_unit(rng));
}

static double quantile(const struct mh_distribution *distribution, double share)
{
	double position = share * (double)(distribution->quantile_count - 1);
	size_t below = (size_t)position;

	if (below + 1 >= distribution->quantile_count)
		return distribution->quantiles[distribution->quantile_count - 1];
	double fraction = position - (double)below;

	return distribution->quantiles[below] * (1.0 - fraction) + distribution->quantiles[below + 1] * fraction;
}

static double draw_raw(const struct mh_distribution *distribution, struct mh_rng *rng)
{
	double a = distribution->a, b = distribution->b;

	switch (distribution->kind) {
	case MH_DISTRIBUTION_CONSTANT:
		return a;
	case MH_DISTRIBUTION_UNIFORM:
		return a + (b - a) * closed_unit(rng);
	case MH_DISTRIBUTION_EXPONENTIAL:
		return -a * log(mh_rng_unit(rng));
	case MH_DISTRIBUTION_LOGNORMAL:
		return a * exp(b * normal(rng));
	case MH_DISTRIBUTION_PARETO:
		return fmin(a * pow(mh_rng_unit(rng), -1.0 / b), distribution->c);
	case MH_DISTRIBUTION_EMPIRICAL:
		return quantile(distribution, closed_unit(rng));
	}
	MH_ASSERT(!"a known kind of distribution");
	return 0;
}

double mh_distribution_draw(const struct mh_distribution *distribution, struct mh_rng *rng)
{
	return fmax(draw_raw(distribution, rng), 0.0);
}

/* E[min(X, c)] for a Pareto X: the integral of the survival function from 0 to c. */
static double pareto_mean(double min, double alpha, double cap)
{
	if (cap <= min)
		return cap;
	if (isinf(cap))
		return alpha > 1.0 ? min * alpha / (alpha - 1.0) : INFINITY;
	if (fabs(alpha - 1.0) < 1e-9)
		return min * (1.0 + log(cap / min));
	return (alpha * min - min * pow(min / cap, alpha - 1.0)) / (alpha - 1.0);
}

/* The area under straight lines between equally spaced quantiles. */
static double empirical_mean(const struct mh_distribution *distribution)
{
	size_t last = distribution->quantile_count - 1;
	double sum = (distribution->quantiles[0] + distribution->quantiles[last]) / 2.0;

	if (last == 0)
		return distribution->quantiles[0];
	for (size_t i = 1; i < last; i++)
		sum += distribution->quantiles[i];
	return sum / (double)last;
}

double mh_distribution_mean(const struct mh_distribution *distribution)
{
	double a = distribution->a, b = distribution->b;

	switch (distribution->kind) {
	case MH_DISTRIBUTION_CONSTANT:
	case MH_DISTRIBUTION_EXPONENTIAL:
		return a;
	case MH_DISTRIBUTION_UNIFORM:
		return (a + b) / 2.0;
	case MH_DISTRIBUTION_LOGNORMAL:
		return a * exp(b * b / 2.0);
	case MH_DISTRIBUTION_PARETO:
		return pareto_mean(a, b, distribution->c);
	case MH_DISTRIBUTION_EMPIRICAL:
		return empirical_mean(distribution);
	}
	MH_ASSERT(!"a known kind of distribution");
	return 0;
}

void mh_distribution_release(struct mh_distribution *distribution)
{
	free(distribution->quantiles);
	*distribution = (struct mh_distribution){0};
}
