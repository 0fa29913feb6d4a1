/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjusted p values: each times the number of those that it stands among, then made monotone in the order of p. */
#include "results/statistics/holm.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct placed {
	double p;
	size_t index;
};

static int compare_placed(const void *left, const void *right)
{
	double a = ((const struct placed *)left)->p, b = ((const struct placed *)right)->p;

	return (a > b) - (a < b);
}

/* Rising; NULL without memory. */
static struct placed *place(const double *p, size_t count)
{
	struct placed *placed = malloc((count + 1) * sizeof(*placed));

	if (!placed)
		return NULL;
	for (size_t i = 0; i < count; i++)
		placed[i] = (struct placed){p[i], i};
	qsort(placed, count, sizeof(*placed), compare_placed);
	return placed;
}

int mh_holm(const double *p, size_t count, double *ret_adjusted)
{
	struct placed *placed = place(p, count);
	double least = 0;

	if (!placed)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		least = fmax(least, fmin((double)(count - i) * placed[i].p, 1));
		ret_adjusted[placed[i].index] = least;
	}
	free(placed);
	return 0;
}

int mh_benjamini_hochberg(const double *p, size_t count, double *ret_adjusted)
{
	struct placed *placed = place(p, count);
	double most = 1;

	if (!placed)
		return -ENOMEM;
	for (size_t i = count; i > 0; i--) {
		most = fmin(most, (double)count / (double)i * placed[i - 1].p);
		ret_adjusted[placed[i - 1].index] = most;
	}
	free(placed);
	return 0;
}
