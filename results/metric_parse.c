/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of metrics. */
#include "results/metric.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"
#include "results/decimal.h"

struct stat_name {
	const char *name;
	enum mh_metric_stat stat;
};

static const struct stat_name stat_names[] = {
	{"mean", MH_STAT_MEAN},   {"max", MH_STAT_MAX},     {"min", MH_STAT_MIN},
	{"count", MH_STAT_COUNT}, {"shape", MH_STAT_SHAPE},
};

const char *const mh_metric_class_names[MH_CLASSES] = {"", "clean", "faulted", "recovering"};

static const char *const counter_names[] = {"fired", "armed", "evaluated"};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* p50, p99.9: the number is a percentage; p(0.999): a quantile. */
static int quantile_parse(const char *text, double *ret_quantile)
{
	const size_t length = strlen(text);
	double value;

	if (length < 2)
		return -EINVAL;
	if (text[1] != '(') {
		if (mh_decimal_parse(text + 1, length - 1, &value) < 0 || value > 100)
			return -EINVAL;
		*ret_quantile = value / 100;
		return 0;
	}
	if (length < 4 || text[length - 1] != ')')
		return -EINVAL;
	if (mh_decimal_parse(text + 2, length - 3, &value) < 0 || value > 1)
		return -EINVAL;
	*ret_quantile = value;
	return 0;
}

static int share_over_parse(const char *text, uint64_t *ret_threshold_ns, struct mh_error *reterr)
{
	const size_t length = strlen(text);
	char number[32];

	if (text[length - 1] != ')' || length - 11 >= sizeof(number))
		return mh_error_set(reterr, -EINVAL, "'%s' is not closed: write share_over(1ms)", text);
	memcpy(number, text + 11, length - 12);
	number[length - 12] = '\0';
	return mh_parse_duration(number, ret_threshold_ns, reterr);
}

static int stat_parse(const char *text, struct mh_metric *metric, struct mh_error *reterr)
{
	for (size_t i = 0; i < COUNT_OF(stat_names); i++) {
		if (strcmp(stat_names[i].name, text) == 0) {
			metric->stat = stat_names[i].stat;
			return 0;
		}
	}
	if (strncmp(text, "share_over(", 11) == 0) {
		metric->stat = MH_STAT_SHARE_OVER;
		return share_over_parse(text, &metric->threshold_ns, reterr);
	}
	metric->stat = MH_STAT_QUANTILE;
	if (*text == 'p' && quantile_parse(text, &metric->quantile) == 0)
		return 0;
	return mh_error_set(reterr, -EINVAL,
			    "unknown statistic '%s' (there are p50, p99.9, p(0.5), mean, max, min, count, shape, "
			    "share_over(1ms))",
			    text);
}

static int class_parse(const char *text, struct mh_metric *metric, struct mh_error *reterr)
{
	const char *nearest;

	for (size_t i = 1; i < MH_CLASSES; i++) {
		if (strcmp(mh_metric_class_names[i], text) == 0) {
			metric->class = (enum mh_metric_class)i;
			return 0;
		}
	}
	nearest = mh_text_nearest(text, mh_metric_class_names + 1, MH_CLASSES - 1);
	return mh_error_set(reterr, -EINVAL, "unknown class '%s'%s%s%s", text,
			    nearest ? " (did you mean '" : " (there are clean, faulted, recovering)",
			    nearest ? nearest : "", nearest ? "'?)" : "");
}

/* Where the statistic begins: behind the last '.' that belongs to no number and stands outside of brackets. */
static char *stat_find(char *text)
{
	char *open = strrchr(text, '('), *dot = NULL;

	for (char *at = text; *at && at != open; at++)
		if (*at == '.' && !(at[1] >= '0' && at[1] <= '9' && at > text && at[-1] >= '0' && at[-1] <= '9'))
			dot = at;
	return dot;
}

/* "SERIES[/CLASS].STAT"; @text is cut up. */
static int series_parse(char *text, struct mh_metric *metric, struct mh_error *reterr)
{
	char *stat = stat_find(text), *class;
	int ret;

	if (!stat)
		return mh_error_set(reterr, -EINVAL, "'%s' has no statistic: write PHASE/SERIES.p99, for instance",
				    metric->text);
	*stat++ = '\0';
	ret = stat_parse(stat, metric, reterr);
	if (ret < 0)
		return ret;
	class = strchr(text, '/');
	if (class)
		*class ++ = '\0';
	if (class && class_parse(class, metric, reterr) < 0)
		return -EINVAL;
	if (!*text)
		return mh_error_set(reterr, -EINVAL, "'%s' names no series", metric->text);
	metric->kind = MH_METRIC_SERIES;
	metric->series = strdup(text);
	return metric->series ? 0 : -ENOMEM;
}

/* "NAME.fired", behind "faults." */
static int fault_parse(char *text, struct mh_metric *metric, struct mh_error *reterr)
{
	char *dot = strrchr(text, '.');
	size_t i = 0;

	while (dot && i < COUNT_OF(counter_names) && strcmp(counter_names[i], dot + 1) != 0)
		i++;
	if (!dot || dot == text || i == COUNT_OF(counter_names))
		return mh_error_set(reterr, -EINVAL, "'%s' is no counter: write faults.NAME.fired, armed or evaluated",
				    metric->text);
	*dot = '\0';
	metric->kind = MH_METRIC_FAULT;
	metric->counter = (enum mh_metric_counter)i;
	metric->fault = strdup(text);
	return metric->fault ? 0 : -ENOMEM;
}

static int phase_parse(char *text, struct mh_metric *metric, struct mh_error *reterr)
{
	char *slash = strchr(text, '/');

	if (!slash || slash == text)
		return mh_error_set(reterr, -EINVAL,
				    "'%s' is no metric: write PHASE/SERIES.STAT, PHASE/throughput, PHASE/recovery or "
				    "faults.NAME.fired",
				    metric->text);
	*slash++ = '\0';
	metric->phase = strdup(text);
	if (!metric->phase)
		return -ENOMEM;
	metric->kind = MH_METRIC_THROUGHPUT;
	if (strcmp(slash, "throughput") == 0)
		return 0;
	metric->kind = MH_METRIC_RECOVERY;
	return strcmp(slash, "recovery") == 0 ? 0 : series_parse(slash, metric, reterr);
}

static int metric_parse_copy(char *copy, bool globs, struct mh_metric *metric, struct mh_error *reterr)
{
	if (copy[strcspn(copy, " \t\n")])
		return mh_error_set(reterr, -EINVAL, "'%s': a metric has no blank in it", copy);
	if (!globs && copy[strcspn(copy, "*?[{")])
		return mh_error_set(reterr, -EINVAL, "'%s': one metric is meant here, not a glob", copy);
	if (strncmp(copy, "faults.", 7) == 0)
		return fault_parse(copy + 7, metric, reterr);
	return phase_parse(copy, metric, reterr);
}

int mh_metric_parse(const char *text, bool globs, struct mh_metric *ret_metric, struct mh_error *reterr)
{
	struct mh_metric metric = {.text = strdup(text)};
	char *copy = strdup(text);
	int ret = -ENOMEM;

	if (copy && metric.text)
		ret = metric_parse_copy(copy, globs, &metric, reterr);
	free(copy);
	if (ret < 0) {
		mh_metric_release(&metric);
		return ret;
	}
	*ret_metric = metric;
	return 0;
}

void mh_metric_release(struct mh_metric *metric)
{
	free(metric->text);
	free(metric->phase);
	free(metric->series);
	free(metric->fault);
	*metric = (struct mh_metric){0};
}

enum mh_metric_unit mh_metric_unit(const struct mh_metric *metric)
{
	if (metric->kind == MH_METRIC_THROUGHPUT)
		return MH_UNIT_RATE;
	if (metric->kind == MH_METRIC_FAULT)
		return MH_UNIT_COUNT;
	if (metric->kind == MH_METRIC_RECOVERY)
		return MH_UNIT_NS;
	if (metric->stat == MH_STAT_COUNT)
		return MH_UNIT_COUNT;
	if (metric->stat == MH_STAT_SHAPE)
		return MH_UNIT_RATIO;
	return metric->stat == MH_STAT_SHARE_OVER ? MH_UNIT_SHARE : MH_UNIT_NS;
}
