/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The number that a metric names, looked up in a result. */
#include "results/metric.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "results/result.h"
#include "results/tag.h"

const char *const mh_metric_unit_names[] = {
	[MH_UNIT_NS] = "ns",    [MH_UNIT_SHARE] = "ppb",   [MH_UNIT_COUNT] = "count",
	[MH_UNIT_RATE] = "1/s", [MH_UNIT_RATIO] = "ratio",
};

/* "(did you mean 'x'?)" or "", for a name that is not among @count texts, one every @stride bytes. */
static const char *suggestion(const char *name, const void *first, size_t count, size_t stride, char buffer[256])
{
	const char **names = count ? calloc(count, sizeof(*names)) : NULL;

	buffer[0] = '\0';
	if (!names)
		return buffer;
	for (size_t i = 0; i < count; i++)
		names[i] = *(const char *const *)((const char *)first + i * stride);
	const char *nearest = mh_text_nearest(name, names, count);

	if (nearest)
		snprintf(buffer, 256, " (did you mean '%.200s'?)", nearest);
	free(names);
	return buffer;
}

static int find_phase(const struct mh_result *result, const char *name, const struct mh_result_phase **ret_phase,
		      struct mh_error *reterr)
{
	char buffer[256];

	*ret_phase = mh_result_find_phase(result, name);
	if (*ret_phase)
		return 0;
	return mh_error_set(reterr, -ENOENT, "there is no phase '%s'%s", name,
			    suggestion(name, result->phases ? &result->phases->name : NULL, result->phase_count,
				       sizeof(*result->phases), buffer));
}

/* The series of the metric in one class; NULL: nothing was recorded in it. */
static const struct mh_histogram *find_class(const struct mh_metric *metric, const struct mh_result *result,
					     enum mh_metric_class class)
{
	char tag[MH_TAG_MAX + 1];
	const struct mh_result_series *series;

	snprintf(tag, sizeof(tag), "%s/%s%s%s", metric->phase, metric->series, class == MH_CLASS_ALL ? "" : "/",
		 mh_metric_class_names[class]);
	series = mh_result_find_series(result, tag);
	return series ? &series->histogram : NULL;
}

/* A phase in which no fault could act is not split: all of its operations are clean. */
static bool is_split(const struct mh_metric *metric, const struct mh_result *result)
{
	for (int class = MH_CLASS_ALL + 1; class < MH_CLASSES; class ++)
		if (find_class(metric, result, (enum mh_metric_class) class))
			return true;
	return false;
}

/* The metric's class of a series that is there: an empty histogram where no operation was of it. */
static const struct mh_histogram *histogram_of_class(const struct mh_metric *metric, const struct mh_result *result,
						     const struct mh_histogram *whole)
{
	static const struct mh_histogram nothing = {.min = UINT64_MAX};
	const struct mh_histogram *of_class = find_class(metric, result, metric->class);

	if (of_class)
		return of_class;
	return metric->class == MH_CLASS_CLEAN && !is_split(metric, result) ? whole : &nothing;
}

static int find_series(const struct mh_metric *metric, const struct mh_result *result,
		       const struct mh_histogram **ret_histogram, struct mh_error *reterr)
{
	const struct mh_result_phase *phase;
	const struct mh_histogram *whole;
	char tag[MH_TAG_MAX + 1], buffer[256];
	int ret = find_phase(result, metric->phase, &phase, reterr);

	if (ret < 0)
		return ret;
	snprintf(tag, sizeof(tag), "%s/%s", metric->phase, metric->series);
	whole = find_class(metric, result, MH_CLASS_ALL);
	if (!whole)
		return mh_error_set(reterr, -ENOENT, "there is no series '%s'%s", tag,
				    suggestion(tag, result->series ? &result->series->tag : NULL, result->series_count,
					       sizeof(*result->series), buffer));
	*ret_histogram = histogram_of_class(metric, result, whole);
	return 0;
}

static int quantile_value(const struct mh_histogram *histogram, double q, double *ret_value, struct mh_error *reterr)
{
	char highest[32];

	if (!mh_histogram_quantile_in_range(histogram, q))
		return mh_error_set(reterr, -ERANGE, "the value lies above %s, where the histogram ends",
				    mh_format_duration(highest, sizeof(highest), histogram->highest));
	*ret_value = mh_histogram_quantile(histogram, q);
	return 0;
}

static int shape_value(const struct mh_histogram *histogram, double *ret_value, struct mh_error *reterr)
{
	double p50, p99;
	int ret = quantile_value(histogram, 0.99, &p99, reterr);

	if (ret < 0)
		return ret;
	p50 = mh_histogram_quantile(histogram, 0.5); /* in range where p99 is */
	if (p50 <= 0)
		return mh_error_set(reterr, -ENODATA, "p50 is 0, so there is no shape");
	*ret_value = p99 / p50;
	return 0;
}

/* Share of the values above a threshold, ppb. */
static double share_over(const struct mh_histogram *histogram, uint64_t threshold_ns)
{
	uint64_t over = histogram->count - mh_histogram_count_at_or_below(histogram, threshold_ns);

	return (double)over / (double)histogram->count * MH_PPB_ONE;
}

static int series_value(const struct mh_metric *metric, const struct mh_result *result, double *ret_value,
			struct mh_error *reterr)
{
	const struct mh_histogram *histogram;
	int ret = find_series(metric, result, &histogram, reterr);

	if (ret < 0)
		return ret;
	if (metric->stat == MH_STAT_COUNT) {
		*ret_value = (double)histogram->count;
		return 0;
	}
	if (histogram->count == 0)
		return mh_error_set(reterr, -ENODATA, "nothing was recorded in '%s/%s%s%s'", metric->phase,
				    metric->series, metric->class == MH_CLASS_ALL ? "" : "/",
				    mh_metric_class_names[metric->class]);
	switch (metric->stat) {
	case MH_STAT_QUANTILE:
		return quantile_value(histogram, metric->quantile, ret_value, reterr);
	case MH_STAT_SHAPE:
		return shape_value(histogram, ret_value, reterr);
	case MH_STAT_MEAN:
		*ret_value = mh_histogram_mean(histogram);
		return 0;
	case MH_STAT_MAX:
		*ret_value = (double)histogram->max;
		return 0;
	case MH_STAT_MIN:
		*ret_value = (double)histogram->min;
		return 0;
	default:
		*ret_value = share_over(histogram, metric->threshold_ns);
		return 0;
	}
}

double mh_result_throughput(const struct mh_result_phase *phase)
{
	uint64_t hotplug = 0, first = 0;
	bool any = false;

	for (size_t i = 0; i < phase->workload_count; i++) {
		const struct mh_result_workload *workload = &phase->workloads[i];
		uint64_t ops = mh_result_ops_total(&workload->ops);

		if (strncmp(workload->kind, "hotplug-", 8) == 0) {
			hotplug += ops;
			any = true;
		}
		if (i == 0)
			first = ops;
	}
	if (phase->t1_ns <= phase->t0_ns)
		return 0;
	return (double)(any ? hotplug : first) / ((double)(phase->t1_ns - phase->t0_ns) / 1e9);
}

static int phase_value(const struct mh_metric *metric, const struct mh_result *result, double *ret_value,
		       struct mh_error *reterr)
{
	const struct mh_result_phase *phase;
	int ret = find_phase(result, metric->phase, &phase, reterr);

	if (ret < 0)
		return ret;
	if (metric->kind == MH_METRIC_THROUGHPUT) {
		if (phase->t1_ns <= phase->t0_ns)
			return mh_error_set(reterr, -ENODATA, "phase '%s' took no time", phase->name);
		*ret_value = mh_result_throughput(phase);
		return 0;
	}
	if (phase->recovery_ns == MH_NOT_AVAILABLE)
		return mh_error_set(reterr, -ENODATA, "phase '%s' did not converge, or was not asked to", phase->name);
	*ret_value = (double)phase->recovery_ns;
	return 0;
}

static int fault_value(const struct mh_metric *metric, const struct mh_result *result, double *ret_value,
		       struct mh_error *reterr)
{
	const struct mh_result_fault *fault = mh_result_find_fault(result, metric->fault);
	char buffer[256];

	if (!fault)
		return mh_error_set(reterr, -ENOENT, "there is no fault '%s'%s", metric->fault,
				    suggestion(metric->fault, result->faults ? &result->faults->id : NULL,
					       result->fault_count, sizeof(*result->faults), buffer));
	*ret_value = (double)(metric->counter == MH_COUNTER_FIRED   ? fault->fired
			      : metric->counter == MH_COUNTER_ARMED ? fault->armed
								    : fault->evaluated);
	return 0;
}

int mh_metric_histogram(const struct mh_metric *metric, const struct mh_result *result,
			const struct mh_histogram **ret_histogram, struct mh_error *reterr)
{
	if (metric->kind != MH_METRIC_SERIES)
		return mh_error_set(reterr, -EINVAL, "'%s' is of no series", metric->text);
	return find_series(metric, result, ret_histogram, reterr);
}

int mh_metric_value(const struct mh_metric *metric, const struct mh_result *result, double *ret_value,
		    struct mh_error *reterr)
{
	switch (metric->kind) {
	case MH_METRIC_SERIES:
		return series_value(metric, result, ret_value, reterr);
	case MH_METRIC_FAULT:
		return fault_value(metric, result, ret_value, reterr);
	default:
		return phase_value(metric, result, ret_value, reterr);
	}
}
