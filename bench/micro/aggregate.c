/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/aggregate.h"

#include <math.h>
#include <stdlib.h>

#include "results/statistics/sorted.h"

static double mean_of(const double *values, unsigned count)
{
	double sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += values[i];
	return sum / count;
}

static double stddev_of(const double *values, unsigned count)
{
	const double mean = mean_of(values, count);
	double sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	return sqrt(sum / (count - 1));
}

static double median_of(double *values, unsigned count)
{
	mh_sort_values(values, count);
	return mh_sorted_median(values, count);
}

static double cv_of(const double *values, unsigned count)
{
	return stddev_of(values, count) / mean_of(values, count);
}

/* One number of a row: its real time, its CPU time, a counter. */
enum { REAL, CPU, COUNTERS };

static double number_of(const struct mh_row *row, unsigned which, const char *counter)
{
	const struct mh_counter *found;

	if (which == REAL || which == CPU)
		return which == REAL ? row->real : row->cpu;
	found = mh_counters_find(&row->counters, counter);
	return found ? found->value : 0;
}

static double reckon(unsigned aggregate, double *values, unsigned count)
{
	switch (aggregate) {
	case 0:
		return mean_of(values, count);
	case 1:
		return median_of(values, count);
	case 2:
		return stddev_of(values, count);
	default:
		return cv_of(values, count);
	}
}

static double aggregate_number(unsigned aggregate, const struct mh_row *rows, unsigned count, double *values,
			       unsigned which, const char *counter)
{
	for (unsigned i = 0; i < count; i++)
		values[i] = number_of(&rows[i], which, counter);
	return reckon(aggregate, values, count);
}

unsigned mh_aggregate(const struct mh_row *rows, unsigned count, struct mh_row ret_rows[MH_AGGREGATES])
{
	static const char *const names[MH_AGGREGATES] = {"mean", "median", "stddev", "cv"};
	double *values = count < 2 ? NULL : calloc(count, sizeof(*values));

	if (!values)
		return 0;
	for (unsigned i = 0; i < MH_AGGREGATES; i++) {
		struct mh_row *row = &ret_rows[i];

		*row = rows[0];
		row->aggregate = names[i];
		row->is_share = i == 3;
		row->iterations = count;
		row->real = aggregate_number(i, rows, count, values, REAL, NULL);
		row->cpu = aggregate_number(i, rows, count, values, CPU, NULL);
		for (unsigned c = 0; c < row->counters.count; c++)
			row->counters.items[c].value =
				aggregate_number(i, rows, count, values, COUNTERS, row->counters.items[c].name);
	}
	free(values);
	return MH_AGGREGATES;
}
