/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounds by order: how many of n values lie below a quantile q is binomial, whatever their distribution.
 *
 * Source: David and Nagaraja, Order Statistics, 2003, 7.1; batch means: Law, Simulation Modeling and Analysis, 9.5.
 */
#include "results/statistics/order_interval.h"

#include <errno.h>
#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "base/assert.h"
#include "results/statistics/sorted.h"
#include "results/statistics/tails.h"

/*
 * The least number of successes of @count whose chance to be reached or undercut is more than @tail. By bisection of
 * pbinom: the qbinom of libRmath 4.2.2 is wrong for some arguments (0.005 of 4367 at 0.99 gives 4367 instead of 4306).
 */
static double first_beyond(double tail, double count, double q)
{
	double low = 0, high = count;

	while (low < high) {
		double middle = floor((low + high) / 2);

		if (pbinom(middle, count, q, 1, 0) > tail)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

int mh_order_interval(const double *sorted, size_t count, double confidence, struct mh_interval *ret_median)
{
	if (count == 0)
		return -EINVAL;
	*ret_median = mh_sorted_interval(sorted, count,
					 (size_t)first_beyond(mh_tail_of_confidence(confidence), (double)count, 0.5));
	return 0;
}

void mh_quantile_ranks(double effective, double q, double confidence, double *ret_lower, double *ret_upper)
{
	double tail = mh_tail_of_confidence(confidence), count = floor(effective);

	MH_ASSERT(effective >= 1 && q > 0 && q < 1);
	*ret_lower = first_beyond(tail, count, q);
	/* The upper tail is the lower one of failures. */
	*ret_upper = count - first_beyond(tail, count, 1 - q) + 1;
}

static double mean_of_batches(const double *means, const uint64_t *counts, size_t count, double *ret_total)
{
	double sum = 0, total = 0;

	for (size_t i = 0; i < count; i++) {
		sum += counts[i] ? means[i] * (double)counts[i] : 0;
		total += (double)counts[i];
	}
	*ret_total = total;
	return sum / total;
}

int mh_effective_count(const double *means, const uint64_t *counts, size_t interval_count, double variance,
		       double *ret_effective)
{
	double total, mean = mean_of_batches(means, counts, interval_count, &total), squares = 0, batched;
	size_t batches = 0;

	for (size_t i = 0; i < interval_count; i++) {
		if (!counts[i])
			continue;
		batches++;
		squares += (double)counts[i] * (means[i] - mean) * (means[i] - mean);
	}
	if (batches < 2)
		return -EINVAL;
	/* m times the variance of the batch means, each weighed by its own m. */
	batched = squares / (double)(batches - 1);
	*ret_effective = batched > 0 ? fmax(fmin(total * variance / batched, total), 1) : total;
	return 0;
}
