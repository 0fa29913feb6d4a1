/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See noise.h. */
#include "noise.h"

#include <math.h>

/* Source: Box and Muller 1958. */
static double draw_normal(struct mh_rng *rng)
{
	double size = sqrt(-2 * log(mh_rng_unit(rng)));

	return size * cos(2 * M_PI * mh_rng_unit(rng));
}

static double draw_heavy(struct mh_rng *rng)
{
	double unit = mh_rng_unit(rng) - 0.5;

	return copysign(log(1 - 2 * fabs(unit)), unit) / sqrt(2);
}

double noise_draw(struct mh_rng *rng, enum noise noise)
{
	return noise == NORMAL ? draw_normal(rng) : draw_heavy(rng);
}

void noise_fill(struct mh_rng *rng, enum noise noise, double change, double run_deviation, double *ret_differences,
		size_t count)
{
	for (size_t i = 0; i < count; i++)
		ret_differences[i] = log1p(change) + sqrt(2) * run_deviation * noise_draw(rng, noise);
}
