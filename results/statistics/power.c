/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Smallest detectable change and its inverse. */
#include "results/statistics/power.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "base/assert.h"
#include "results/statistics/sorted.h"

#define POWER           0.9
#define RANK_EFFICIENCY 0.955
#define NORMAL_PER_MAD  1.4826 /* 1 / qnorm(3/4) */

int mh_noise_deviation(const double *differences, size_t count, double *ret_deviation)
{
	double *values, median;

	if (count == 0)
		return -EINVAL;
	values = malloc(count * sizeof(*values));
	if (!values)
		return -ENOMEM;
	memcpy(values, differences, count * sizeof(*values));
	mh_sort_values(values, count);
	median = mh_sorted_median(values, count);
	for (size_t i = 0; i < count; i++)
		values[i] = fabs(values[i] - median);
	mh_sort_values(values, count);
	*ret_deviation = NORMAL_PER_MAD * mh_sorted_median(values, count);
	free(values);
	return 0;
}

/* Standard errors between no change and one that is found with POWER. */
static double distance_in_errors(const struct mh_strictness *strictness)
{
	MH_ASSERT(strictness->family > 0 && strictness->alpha > 0);
	return qnorm(strictness->alpha / (double)strictness->family, 0, 1, 0, 0) + qnorm(POWER, 0, 1, 1, 0);
}

double mh_detectable_change(const struct mh_strictness *strictness, double deviation, size_t pair_count)
{
	if (pair_count == 0)
		return NAN;
	return expm1(distance_in_errors(strictness) * deviation / sqrt(RANK_EFFICIENCY * (double)pair_count));
}

size_t mh_pairs_attainable(const struct mh_strictness *strictness)
{
	size_t count = 1;

	while ((double)strictness->family * exp2(-(double)count) >= strictness->alpha)
		count++;
	return count;
}

size_t mh_pairs_needed(const struct mh_strictness *strictness, double deviation, double change)
{
	double errors = distance_in_errors(strictness) * deviation / log1p(change);
	double count = ceil(errors * errors / RANK_EFFICIENCY);

	if (!(change > 0) || !(count < MH_PAIRS_NEEDED_MAX))
		return MH_PAIRS_NEEDED_MAX;
	return (size_t)fmax(count, (double)mh_pairs_attainable(strictness));
}

double mh_noise_floor(double deviation, size_t pair_count)
{
	return pair_count ? 2 * deviation / sqrt((double)pair_count) : NAN;
}
