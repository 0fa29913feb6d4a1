/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Thresholds across runs: values, the one number that stands for them, and the sentence. */
#include "results/slo_runs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "results/statistics/order_interval.h"

#define BOUND_TWO_SIDED 0.90 /* one end of it is the one-sided 95 % bound */

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* The limit is above what is measured: a great value is the bad one. */
static bool bounds_above(const struct mh_threshold *threshold)
{
	return threshold->sign == MH_SLO_LESS || threshold->sign == MH_SLO_LESS_EQUAL;
}

static bool is_equality(const struct mh_threshold *threshold)
{
	return threshold->sign == MH_SLO_EQUAL || threshold->sign == MH_SLO_NOT_EQUAL;
}

/* Values of all runs into @values; false: one has none, and the verdict says which and why. */
static bool read_values(const struct mh_slo_rule *rule, const struct mh_result *const *runs, size_t run_count,
			double *values, struct mh_slo_verdict *verdict)
{
	struct mh_error why;

	for (size_t i = 0; i < run_count; i++) {
		int ret = mh_metric_value(&rule->threshold->metric, runs[i], &values[i], &why);

		if (ret == 0 && isfinite(values[i])) {
			verdict->holding += mh_threshold_holds(rule->threshold, values[i]);
			continue;
		}
		snprintf(verdict->words, sizeof(verdict->words), "run %zu has no value: %s", i + 1,
			 ret < 0 ? why.text : "it is no number");
		return false;
	}
	return true;
}

/* The worst run's value: where the limit is an equality, the first that breaks it. */
static double worst_of(const struct mh_slo_rule *rule, const double *sorted, size_t count)
{
	for (size_t i = 0; is_equality(rule->threshold) && i < count; i++)
		if (!mh_threshold_holds(rule->threshold, sorted[i]))
			return sorted[i];
	return bounds_above(rule->threshold) ? sorted[count - 1] : sorted[0];
}

static double bound_of(const struct mh_slo_rule *rule, const double *sorted, size_t count,
		       struct mh_slo_verdict *verdict)
{
	struct mh_interval median;
	bool above = bounds_above(rule->threshold);

	if (count == 1) {
		snprintf(verdict->words, sizeof(verdict->words), "the value of the only run, without any bound");
		return sorted[0];
	}
	if (is_equality(rule->threshold) || mh_order_interval(sorted, count, BOUND_TWO_SIDED, &median) < 0 ||
	    !median.attained) {
		snprintf(verdict->words, sizeof(verdict->words), "the worst of %zu runs: too few for a 95 %% bound",
			 count);
		if (is_equality(rule->threshold))
			snprintf(verdict->words, sizeof(verdict->words), "the worst of %zu runs", count);
		return worst_of(rule, sorted, count);
	}
	snprintf(verdict->words, sizeof(verdict->words), "%s 95 %% bound of %zu runs", above ? "upper" : "lower",
		 count);
	return above ? median.upper : median.lower;
}

static void judge_share(const struct mh_slo_rule *rule, size_t count, struct mh_slo_verdict *verdict)
{
	size_t needed = (count * rule->share_of + rule->share_count - 1) / rule->share_count;

	verdict->value = verdict->median;
	verdict->ok = verdict->holding >= needed;
	snprintf(verdict->words, sizeof(verdict->words), "%zu of %zu runs hold it, %zu must; the value is their median",
		 verdict->holding, count, needed);
}

static void judge_sorted(const struct mh_slo_rule *rule, const double *sorted, size_t count,
			 struct mh_slo_verdict *verdict)
{
	verdict->median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
	if (rule->require == MH_SLO_SHARE) {
		judge_share(rule, count, verdict);
		return;
	}
	if (rule->require == MH_SLO_UCB95) {
		verdict->value = bound_of(rule, sorted, count, verdict);
	} else if (rule->require == MH_SLO_ALL) {
		verdict->value = worst_of(rule, sorted, count);
		snprintf(verdict->words, sizeof(verdict->words), "the worst of %zu run%s", count,
			 count == 1 ? "" : "s");
	} else {
		verdict->value = verdict->median;
		snprintf(verdict->words, sizeof(verdict->words), "the median of %zu run%s", count,
			 count == 1 ? "" : "s");
	}
	verdict->ok = mh_threshold_holds(rule->threshold, verdict->value);
}

int mh_slo_judge_runs(const struct mh_slo_rule *rule, const struct mh_result *const *runs, size_t run_count,
		      struct mh_slo_verdict *ret_verdict)
{
	struct mh_slo_verdict verdict = {.value = NAN, .median = NAN, .words = "there is no run"};
	double *values = calloc(run_count ? run_count : 1, sizeof(*values));

	if (!values)
		return -ENOMEM;
	if (run_count && read_values(rule, runs, run_count, values, &verdict)) {
		qsort(values, run_count, sizeof(*values), compare_doubles);
		judge_sorted(rule, values, run_count, &verdict);
	}
	free(values);
	*ret_verdict = verdict;
	return 0;
}
