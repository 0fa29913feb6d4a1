/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values in rising order. */
#include "results/statistics/sorted.h"

#include "base/assert.h"

#include <math.h>
#include <stdlib.h>

static int compare_values(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

void mh_sort_values(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare_values);
}

double mh_sorted_median(const double *sorted, size_t count)
{
	MH_ASSERT(count > 0);
	return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

struct mh_interval mh_sorted_interval(const double *sorted, size_t count, size_t rank)
{
	MH_ASSERT(rank <= (count + 1) / 2);
	return (struct mh_interval){
		.estimate = mh_sorted_median(sorted, count),
		.lower = rank ? sorted[rank - 1] : -INFINITY,
		.upper = rank ? sorted[count - rank] : INFINITY,
		.attained = rank > 0,
	};
}
