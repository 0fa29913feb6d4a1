/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Midranks by one sort. */
#include "results/statistics/midranks.h"

#include <errno.h>
#include <stdlib.h>

struct placed {
	double value;
	size_t index;
};

static int compare_placed(const void *left, const void *right)
{
	double a = ((const struct placed *)left)->value, b = ((const struct placed *)right)->value;

	return (a > b) - (a < b);
}

static size_t end_of_equals(const struct placed *placed, size_t count, size_t first)
{
	size_t end = first + 1;

	while (end < count && placed[end].value == placed[first].value)
		end++;
	return end;
}

int mh_midranks(const double *values, size_t count, uint64_t *ret_doubled, bool *ret_tied)
{
	struct placed *placed = malloc((count + 1) * sizeof(*placed));

	if (!placed)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		placed[i] = (struct placed){values[i], i};
	qsort(placed, count, sizeof(*placed), compare_placed);
	*ret_tied = false;
	for (size_t first = 0, end; first < count; first = end) {
		end = end_of_equals(placed, count, first);
		*ret_tied |= end > first + 1;
		/* The ranks first + 1 … end; their mean is half of the sum of both ends. */
		for (size_t i = first; i < end; i++)
			ret_doubled[placed[i].index] = first + 1 + end;
	}
	free(placed);
	return 0;
}
