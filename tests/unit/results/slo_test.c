/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of numbers, the numbers in a result, and thresholds on them. */
#include "results/slo.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "results/result.h"
#include "sample.h"

static struct mh_metric parse(const char *text)
{
	struct mh_metric metric = {0};
	struct mh_error error = {0};

	cr_assert_eq(mh_metric_parse(text, false, &metric, &error), 0, "%s: %s", text, error.text);
	return metric;
}

Test(metric, reads_its_parts)
{
	struct mh_metric metric = parse("steady/cb.generic.0/faulted.p99.9");

	cr_expect_eq(metric.kind, MH_METRIC_SERIES);
	cr_expect_str_eq(metric.phase, "steady");
	cr_expect_str_eq(metric.series, "cb.generic.0");
	cr_expect_eq(metric.class, MH_CLASS_FAULTED);
	cr_expect_eq(metric.stat, MH_STAT_QUANTILE);
	cr_expect_float_eq(metric.quantile, 0.999, 1e-15);
	mh_metric_release(&metric);
	metric = parse("storm/service.share_over(1.5ms)");
	cr_expect_eq(metric.threshold_ns, 1500000u);
	cr_expect_eq(mh_metric_unit(&metric), MH_UNIT_SHARE);
	mh_metric_release(&metric);
	metric = parse("faults.enomem.evaluated");
	cr_expect_str_eq(metric.fault, "enomem");
	cr_expect_eq(metric.counter, MH_COUNTER_EVALUATED);
	mh_metric_release(&metric);
	metric = parse("a/b.p(0.25)");
	cr_expect_eq(metric.quantile, 0.25);
	mh_metric_release(&metric);
}

Test(metric, refuses_what_names_nothing)
{
	static const char *const rows[] = {"",
					   "steady",
					   "steady/",
					   "/response.p99",
					   "steady/response",
					   "steady/.p99",
					   "steady/response.p",
					   "steady/response.p101",
					   "steady/response.p(1.1)",
					   "steady/response.p()",
					   "steady/response.p(",
					   "steady/response.pnan",
					   "steady/response.p-1",
					   "steady/response.p1e1",
					   "steady/response.median",
					   "steady/response/dirty.p99",
					   "steady/response.share_over(1)",
					   "steady/response.share_over(",
					   "steady/response.share_over()",
					   "faults.enomem",
					   "faults..fired",
					   "faults.enomem.hit",
					   "a b/c.p50",
					   "st*/c.p50"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_metric metric;
		struct mh_error error = {0};

		cr_expect_eq(mh_metric_parse(rows[i], false, &metric, &error), -EINVAL, "'%s' was read", rows[i]);
		cr_expect_neq(error.text[0], '\0', "'%s' has no sentence", rows[i]);
	}
}

Test(metric, takes_globs_where_they_are_meant)
{
	struct mh_metric metric;

	cr_assert_eq(mh_metric_parse("*/cb.*.p99", true, &metric, NULL), 0);
	cr_expect_str_eq(metric.series, "cb.*");
	mh_metric_release(&metric);
}

static double value_of(const struct mh_result *result, const char *text)
{
	struct mh_metric metric = parse(text);
	struct mh_error error = {0};
	double value = -1;

	cr_expect_eq(mh_metric_value(&metric, result, &value, &error), 0, "%s: %s", text, error.text);
	mh_metric_release(&metric);
	return value;
}

Test(metric, finds_each_number_of_a_result)
{
	struct mh_result result;

	sample_result(&result);
	const struct mh_histogram *service = &mh_result_find_series(&result, "steady/service")->histogram;

	cr_expect_eq(value_of(&result, "steady/service.count"), 20400.0);
	cr_expect_eq(value_of(&result, "steady/service.p50"), mh_histogram_quantile(service, 0.5));
	cr_expect_eq(value_of(&result, "steady/service.p(0.99)"), mh_histogram_quantile(service, 0.99));
	cr_expect_eq(value_of(&result, "steady/service.max"), (double)service->max);
	cr_expect_eq(value_of(&result, "steady/service.min"), (double)service->min);
	cr_expect_eq(value_of(&result, "steady/service.mean"), mh_histogram_mean(service));
	cr_expect_eq(value_of(&result, "steady/service.shape"),
		     mh_histogram_quantile(service, 0.99) / mh_histogram_quantile(service, 0.5));
	cr_expect_eq(value_of(&result, "steady/service.share_over(1h)"), 0.0);
	cr_expect_eq(value_of(&result, "steady/service.share_over(1ns)"), 1e9);
	cr_expect_eq(value_of(&result, "steady/throughput"), 20400 / 5.0, "of hotplug-*, not of alloc-churn");
	cr_expect_eq(value_of(&result, "heal/recovery"), 12500000.0);
	cr_expect_eq(value_of(&result, "faults.enomem.fired"), 408.0);
	cr_expect_eq(value_of(&result, "faults.slow.fired"), 0.0);
	cr_expect_eq(value_of(&result, "faults.enomem.armed"), 1.0);
	mh_result_release(&result);
}

static void expect_failure(const struct mh_result *result, const char *text, int code, const char *said)
{
	struct mh_metric metric = parse(text);
	struct mh_error error = {0};
	double value;

	cr_expect_eq(mh_metric_value(&metric, result, &value, &error), code, "%s", text);
	cr_expect(strstr(error.text, said), "'%s' says '%s', not '%s'", text, error.text, said);
	mh_metric_release(&metric);
}

Test(metric, says_why_there_is_no_number)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = 1000, .digits = 3};
	struct mh_histogram beyond, empty = sample_histogram();
	struct mh_result result;

	sample_result(&result);
	cr_assert_eq(mh_histogram_init(&beyond, &layout), 0);
	mh_histogram_record(&beyond, 5000);
	cr_assert_eq(mh_result_add_series(&result, "steady/beyond", &beyond), 0);
	cr_assert_eq(mh_result_add_series(&result, "steady/empty", &empty), 0);
	expect_failure(&result, "staedy/service.p99", -ENOENT, "did you mean 'steady'?");
	expect_failure(&result, "steady/servcie.p99", -ENOENT, "did you mean 'steady/service'?");
	expect_failure(&result, "steady/service/faulted.p99", -ENODATA, "steady/service/faulted");
	expect_failure(&result, "faults.enomme.fired", -ENOENT, "did you mean 'enomem'?");
	expect_failure(&result, "steady/empty.p99", -ENODATA, "nothing was recorded");
	expect_failure(&result, "steady/beyond.p50", -ERANGE, "1us");
	expect_failure(&result, "steady/beyond.shape", -ERANGE, "1us");
	expect_failure(&result, "steady/wait.shape", -ENODATA, "p50 is 0");
	expect_failure(&result, "steady/recovery", -ENODATA, "did not converge");
	mh_histogram_release(&beyond);
	mh_histogram_release(&empty);
	mh_result_release(&result);
}

Test(threshold, reads_values_in_the_unit_of_the_metric)
{
	static const struct {
		const char *text;
		enum mh_slo_operator sign;
		double value;
	} rows[] = {
		{"steady/response.p99 < 500us", MH_SLO_LESS, 500000},
		{"steady/response.p99<=1.5ms", MH_SLO_LESS_EQUAL, 1500000},
		{"  faults.enomem.fired > 50", MH_SLO_GREATER, 50},
		{"faults.enomem.fired == 0", MH_SLO_EQUAL, 0},
		{"steady/response.count != 7", MH_SLO_NOT_EQUAL, 7},
		{"steady/throughput >= 2000/s", MH_SLO_GREATER_EQUAL, 2000},
		{"steady/response.shape < 3.5", MH_SLO_LESS, 3.5},
		{"steady/response.share_over(1ms) < 0.1%", MH_SLO_LESS, 1e6},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_threshold threshold;
		struct mh_error error = {0};

		cr_assert_eq(mh_threshold_parse(rows[i].text, &threshold, &error), 0, "%s: %s", rows[i].text,
			     error.text);
		cr_expect_eq(threshold.sign, rows[i].sign, "%s", rows[i].text);
		cr_expect_float_eq(threshold.value, rows[i].value, 1e-9, "%s: %g", rows[i].text, threshold.value);
		mh_threshold_release(&threshold);
	}
}

Test(threshold, refuses_wrong_units_and_equal_floats)
{
	static const char *const rows[] = {
		"steady/response.p99 < 500",
		"steady/response.p99 < 5/s",
		"steady/throughput > 5",
		"faults.a.fired > 5ns",
		"faults.a.fired > 1.5",
		"steady/response.shape < 3ns",
		"steady/response.p99 == 500us",
		"steady/response.p99 != 500us",
		"steady/throughput == 5/s",
		"steady/response.shape == 1",
		"steady/response.p99 = 500us",
		"steady/response.p99 <> 500us",
		"steady/response.p99 < ",
		"steady/response.p99",
		"< 500us",
		"steady/response.p99 < 1us us",
		"steady/response.p99 < 99999999h",
		"",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_threshold threshold;
		struct mh_error error = {0};

		cr_expect_eq(mh_threshold_parse(rows[i], &threshold, &error), -EINVAL, "'%s' was read", rows[i]);
		cr_expect_neq(error.text[0], '\0', "'%s' has no sentence", rows[i]);
	}
}

Test(threshold, holds_at_its_border_as_the_operator_says)
{
	struct mh_threshold threshold = {.value = 50};
	static const bool holds[][3] = {{true, false, false}, {true, true, false},  {false, false, true},
					{false, true, true},  {false, true, false}, {true, false, true}};

	for (int sign = MH_SLO_LESS; sign <= MH_SLO_NOT_EQUAL; sign++) {
		threshold.sign = (enum mh_slo_operator)sign;
		for (int i = 0; i < 3; i++)
			cr_expect_eq(mh_threshold_holds(&threshold, 49 + i), holds[sign][i], "%d with %d", sign,
				     49 + i);
	}
}

static const struct mh_result_slo *evaluate(struct mh_result *result, const char *text)
{
	struct mh_threshold threshold;

	cr_assert_eq(mh_threshold_parse(text, &threshold, NULL), 0);
	cr_assert_eq(mh_slo_evaluate(result, &threshold, true), 0);
	mh_threshold_release(&threshold);
	return &result->slos[result->slo_count - 1];
}

Test(slo, is_judged_and_kept)
{
	struct mh_result result;

	sample_result(&result);
	const struct mh_result_slo *slo = evaluate(&result, "faults.enomem.fired > 407");

	cr_expect(slo->ok);
	cr_expect_eq(slo->value, 408.0);
	cr_expect_eq(slo->limit, 407.0);
	cr_expect_str_eq(slo->expr, "faults.enomem.fired > 407");
	cr_expect_str_eq(slo->unit, "count");
	cr_expect_not(evaluate(&result, "faults.enomem.fired > 408")->ok);
	mh_result_release(&result);
}

Test(slo, fails_where_there_is_no_value)
{
	struct mh_result result;

	sample_result(&result);
	const struct mh_result_slo *slo = evaluate(&result, "storm/response.p99 < 1h");

	cr_expect_not(slo->ok);
	cr_expect_not(slo->has_value);
	cr_expect(strstr(slo->reason, "storm"), "%s", slo->reason);
	mh_result_release(&result);
}

static void add_values(struct mh_result *result, const char *tag, unsigned count)
{
	const struct mh_histogram_layout layout = {1, MH_HISTOGRAM_HOUR_NS, 3};
	struct mh_histogram histogram;

	cr_assert_eq(mh_histogram_init(&histogram, &layout), 0);
	cr_assert_eq(mh_histogram_record_many(&histogram, 1000, count), 0);
	cr_assert_eq(mh_result_add_series(result, tag, &histogram), 0);
	mh_histogram_release(&histogram);
}

Test(metric, a_class_without_operations_counts_none_and_has_no_time)
{
	struct mh_metric metric = parse("heal/wait/recovering.p50");
	struct mh_error error = {0};
	struct mh_result result;
	double value;

	sample_result(&result);
	add_values(&result, "heal/wait", 7);
	add_values(&result, "heal/wait/faulted", 3);
	cr_expect_eq(value_of(&result, "heal/wait/faulted.count"), 3.0);
	cr_expect_eq(value_of(&result, "heal/wait/recovering.count"), 0.0);
	cr_expect_eq(value_of(&result, "heal/wait/clean.count"), 0.0, "it is split: those that are not there are none");
	cr_expect_eq(mh_metric_value(&metric, &result, &value, &error), -ENODATA);
	cr_expect(strstr(error.text, "'heal/wait/recovering'"), "%s", error.text);
	mh_metric_release(&metric);
	mh_result_release(&result);
}

Test(metric, all_operations_of_a_phase_that_is_not_split_are_clean)
{
	struct mh_result result;

	sample_result(&result);
	cr_expect_eq(value_of(&result, "steady/service/clean.count"), 20400.0);
	cr_expect_eq(value_of(&result, "steady/service/clean.p50"), value_of(&result, "steady/service.p50"));
	cr_expect_eq(value_of(&result, "steady/service/faulted.count"), 0.0);
	mh_result_release(&result);
}
