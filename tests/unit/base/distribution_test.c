/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws have the mean that is promised, and stay in their range. */
#include "base/distribution.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdlib.h>

#define DRAWS 200000

struct row {
	struct mh_distribution distribution;
	double min, max;
	double tolerance; /* of the mean, relative: 5 standard errors */
};

static double quantiles[] = {0, 10, 100, 1000};

static struct row rows[] = {
	{{.kind = MH_DISTRIBUTION_CONSTANT, .a = 2000}, 2000, 2000, 1e-12},
	{{.kind = MH_DISTRIBUTION_UNIFORM, .a = 100, .b = 300}, 100, 300, 0.004},
	{{.kind = MH_DISTRIBUTION_EXPONENTIAL, .a = 500}, 0, INFINITY, 0.012},
	{{.kind = MH_DISTRIBUTION_LOGNORMAL, .a = 250, .b = 0.5}, 0, INFINITY, 0.006},
	{{.kind = MH_DISTRIBUTION_PARETO, .a = 100, .b = 1.5, .c = 1000}, 100, 1000, 0.012},
	{{.kind = MH_DISTRIBUTION_PARETO, .a = 100, .b = 1.0, .c = 1000}, 100, 1000, 0.012},
	{{.kind = MH_DISTRIBUTION_EMPIRICAL, .quantiles = quantiles, .quantile_count = 4}, 0, 1000, 0.016},
};

ParameterizedTestParameters(distribution, draws_have_the_mean_and_the_range)
{
	return cr_make_param_array(struct row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct row *row, distribution, draws_have_the_mean_and_the_range)
{
	struct mh_rng rng;
	double sum = 0;

	row->distribution.quantiles = quantiles; /* Criterion copies the row, not what it points to */
	double mean = mh_distribution_mean(&row->distribution);

	mh_rng_init(&rng, 7, "test/distribution", row->distribution.kind);
	for (unsigned i = 0; i < DRAWS; i++) {
		double draw = mh_distribution_draw(&row->distribution, &rng);

		cr_assert(draw >= row->min && draw <= row->max, "kind %d drew %f", row->distribution.kind, draw);
		sum += draw;
	}
	cr_assert_float_eq(sum / DRAWS, mean, mean * row->tolerance, "kind %d: mean %f, expected %f",
			   row->distribution.kind, sum / DRAWS, mean);
}

Test(distribution, a_constant_draws_nothing)
{
	const struct mh_distribution constant = {.kind = MH_DISTRIBUTION_CONSTANT, .a = 5};
	struct mh_rng rng, untouched;

	mh_rng_init(&rng, 1, "x", 0);
	untouched = rng;
	mh_distribution_draw(&constant, &rng);
	cr_assert_eq(rng.counter, untouched.counter);
	cr_assert_eq(rng.left, untouched.left);
}

Test(distribution, is_never_negative)
{
	const struct mh_distribution below = {.kind = MH_DISTRIBUTION_UNIFORM, .a = -10, .b = -5};
	struct mh_rng rng;

	mh_rng_init(&rng, 1, "x", 0);
	cr_assert_eq(mh_distribution_draw(&below, &rng), 0.0);
}

Test(distribution, an_uncapped_pareto_of_heavy_tail_has_no_mean)
{
	const struct mh_distribution heavy = {.kind = MH_DISTRIBUTION_PARETO, .a = 1, .b = 1, .c = INFINITY};
	const struct mh_distribution light = {.kind = MH_DISTRIBUTION_PARETO, .a = 1, .b = 2, .c = INFINITY};

	cr_assert(isinf(mh_distribution_mean(&heavy)));
	cr_assert_float_eq(mh_distribution_mean(&light), 2.0, 1e-12);
}

Test(distribution, one_quantile_is_a_constant)
{
	double only = 42;
	struct mh_distribution single = {.kind = MH_DISTRIBUTION_EMPIRICAL, .quantiles = &only, .quantile_count = 1};
	struct mh_rng rng;

	mh_rng_init(&rng, 1, "x", 0);
	cr_assert_eq(mh_distribution_draw(&single, &rng), 42.0);
	cr_assert_eq(mh_distribution_mean(&single), 42.0);
}

Test(distribution, release_frees_the_quantiles_and_may_be_repeated)
{
	struct mh_distribution empirical = {.kind = MH_DISTRIBUTION_EMPIRICAL, .quantile_count = 1};

	empirical.quantiles = calloc(1, sizeof(double));
	mh_distribution_release(&empirical);
	cr_assert_null(empirical.quantiles);
	mh_distribution_release(&empirical);
}
