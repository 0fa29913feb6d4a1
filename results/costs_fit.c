/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "results/costs_fit.h"

#include <errno.h>

#include "base/assert.h"

/* A value beyond the layout would be lost when the file is written. */
static void record(struct mh_histogram *histogram, uint64_t value_ns)
{
	mh_histogram_record(histogram, value_ns < histogram->highest ? value_ns : histogram->highest);
}

static int add_value(struct mh_costs *costs, unsigned class, const struct mh_cost_part *part)
{
	struct mh_cost_series *series = (struct mh_cost_series *)mh_costs_find(costs, class, &part->key);

	if (!series)
		series = mh_costs_add(costs, class, &part->key);
	if (!series)
		return costs->series_count == MH_COSTS_SERIES_MAX ? -E2BIG : -ENOMEM;
	record(&series->whole, part->whole_ns);
	record(&series->own, part->own_ns);
	return 0;
}

/* What no part accounts for. Stamps of the parts are rounded, so that there may be less than nothing. */
static struct mh_cost_part rest_of(const struct mh_cost_operation *operation)
{
	uint64_t seen_ns = 0;

	for (size_t i = 0; i < operation->part_count; i++)
		seen_ns += operation->parts[i].own_ns;
	return (struct mh_cost_part){
		.key = {.kind = MH_COST_STEP, .name = MH_COST_REST},
		.whole_ns = operation->whole_ns,
		.own_ns = operation->whole_ns > seen_ns ? operation->whole_ns - seen_ns : 0,
	};
}

static int fit_operation(struct mh_costs *costs, const struct mh_cost_operation *operation)
{
	const struct mh_cost_part rest = rest_of(operation);
	int ret = add_value(costs, operation->class, &rest);

	record(&costs->fitted[operation->class], operation->whole_ns);
	for (size_t i = 0; ret == 0 && i < operation->part_count; i++)
		ret = add_value(costs, operation->class, &operation->parts[i]);
	return ret;
}

/* An operation without a part spent nothing in it. */
static int fill_up(struct mh_costs *costs)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < costs->series_count; i++) {
		struct mh_cost_series *series = &costs->series[i];
		const uint64_t missing = costs->fitted[series->class].count - series->own.count;

		ret = mh_histogram_record_many(&series->own, 0, missing);
		if (ret == 0)
			ret = mh_histogram_record_many(&series->whole, 0, missing);
	}
	return ret;
}

int mh_costs_fit(struct mh_costs *costs, const struct mh_cost_operation *operations, size_t count,
		 struct mh_error *reterr)
{
	uint64_t left[MH_COST_CLASSES] = {0}; /* to be fitted */
	int ret = count ? 0 : -ENODATA;

	for (size_t i = 0; i < count; i++) {
		MH_ASSERT(operations[i].class < MH_COST_CLASSES);
		left[operations[i].class]++;
	}
	for (unsigned i = 0; i < MH_COST_CLASSES; i++)
		left[i] = (left[i] + 1) / 2;
	for (size_t i = 0; ret == 0 && i < count; i++) {
		if (!left[operations[i].class]) {
			record(&costs->held_out[operations[i].class], operations[i].whole_ns);
			continue;
		}
		left[operations[i].class]--;
		ret = fit_operation(costs, &operations[i]);
	}
	if (ret == 0)
		ret = fill_up(costs);
	if (ret == -ENODATA)
		return mh_error_set(reterr, ret, "no operation was seen whole: there is nothing to be recorded");
	if (ret == -E2BIG)
		return mh_error_set(reterr, ret, "more than %d parts of operations", MH_COSTS_SERIES_MAX);
	return ret < 0 ? mh_error_set(reterr, ret, "no memory for histograms") : 0;
}
