/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammar of metrics and thresholds, and what a gate refuses. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/gate_check.h"
#include "bench/engine/metric.h"
#include "scenario_fixture.h"

static struct mh_metric parsed(const char *text)
{
	struct mh_metric metric = {0};
	struct mh_error error = {0};
	int ret = mh_metric_parse(text, false, &metric, &error);

	cr_assert_eq(ret, 0, "%s: %s", text, error.text);
	return metric;
}

Test(scenario_metric, a_series_has_phase_name_class_and_statistic)
{
	struct mh_metric metric = parsed("steady/cb.generic.0/faulted.p99.9");

	cr_expect_eq(metric.kind, MH_METRIC_SERIES);
	cr_expect_str_eq(metric.phase, "steady");
	cr_expect_str_eq(metric.series, "cb.generic.0");
	cr_expect_eq(metric.class, MH_CLASS_FAULTED);
	cr_expect_float_eq(metric.quantile, 0.999, 1e-12);
	mh_metric_release(&metric);
}

Test(scenario_metric, a_quantile_is_a_percentage_or_in_brackets_a_share)
{
	struct mh_metric percent = parsed("a/b.p50"), share = parsed("a/b.p(0.5)");

	cr_expect_float_eq(percent.quantile, share.quantile, 0);
	mh_metric_release(&percent);
	mh_metric_release(&share);
}

Test(scenario_metric, units_follow_the_statistic)
{
	static const struct {
		const char *text;
		enum mh_metric_unit unit;
	} cases[] = {
		{"a/b.p50", MH_UNIT_NS},
		{"a/b.shape", MH_UNIT_RATIO},
		{"a/b.count", MH_UNIT_COUNT},
		{"a/throughput", MH_UNIT_RATE},
		{"a/recovery", MH_UNIT_NS},
		{"faults.x.fired", MH_UNIT_COUNT},
		{"a/b.share_over(1ms)", MH_UNIT_SHARE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mh_metric metric = parsed(cases[i].text);

		cr_expect_eq(mh_metric_unit(&metric), cases[i].unit, "%s: %d, expected %d", cases[i].text,
			     mh_metric_unit(&metric), cases[i].unit);
		mh_metric_release(&metric);
	}
}

Test(scenario_metric, what_is_no_metric_is_refused)
{
	static const char *const texts[] = {"",
					    "a",
					    "/b.p50",
					    "a/b",
					    "a/.p50",
					    "a/b.p",
					    "a/b.p101",
					    "a/b.p()",
					    "a/b.p(2)",
					    "a/b.p(0.5",
					    "a/b.px",
					    "a/b/c.p50",
					    "faults.x",
					    "faults..fired",
					    "faults.x.fird",
					    "a/b.p 50",
					    "a/*.p50",
					    "a/b.share_over(",
					    "a/b.share_over(1)"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct mh_metric metric = {0};
		struct mh_error error = {0};
		int ret = mh_metric_parse(texts[i], false, &metric, &error);

		cr_expect_eq(ret, -EINVAL, "'%s': %d, expected -EINVAL", texts[i], ret);
		cr_expect(error.text[0], "'%s' is refused without a sentence", texts[i]);
	}
}

Test(scenario_metric, thresholds_hold_by_their_operator)
{
	static const struct {
		const char *text;
		bool below, equal, above; /* at 1 us less, 10 us, 1 us more */
	} cases[] = {
		{"a/b.p50 < 10us", true, false, false},  {"a/b.p50 <= 10us", true, true, false},
		{"a/b.p50 > 10us", false, false, true},  {"a/b.p50>=10us", false, true, true},
		{"a/b.p50 == 10us", false, true, false}, {"a/b.p50 != 10us", true, false, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mh_threshold threshold = {0};
		struct mh_error error = {0};

		cr_assert_eq(mh_threshold_parse(cases[i].text, &threshold, &error), 0, "%s", error.text);
		cr_expect_eq(mh_threshold_holds(&threshold, 9000), cases[i].below, "%s at 9 us", cases[i].text);
		cr_expect_eq(mh_threshold_holds(&threshold, 10000), cases[i].equal, "%s at 10 us", cases[i].text);
		cr_expect_eq(mh_threshold_holds(&threshold, 11000), cases[i].above, "%s at 11 us", cases[i].text);
		mh_threshold_release(&threshold);
	}
}

#define GATED "chain: {notifiers: [{name: a}]}\nname: t\n"
#define PHASES_OPS                                                                                                     \
	"workloads: [{name: toggle, kind: hotplug-cycle}]\nphases: [{name: steady, role: measure, ops: 20000}]\n"

static void expect_gate(const char *text, const char *words)
{
	struct mh_plan *plan = scenario_good(text, NULL, NULL);
	struct mh_text errors = MH_TEXT_INIT, facts = MH_TEXT_INIT;
	unsigned count = mh_gate_check(plan->cells[0].scenario, &errors, &facts);

	if (words)
		cr_expect(count > 0 && strstr(errors.data, words), "%u errors, '%s' lacks '%s'", count, errors.data,
			  words);
	else
		cr_expect_eq(count, 0u, "%u errors: %s", count, errors.data);
	mh_text_release(&errors);
	mh_text_release(&facts);
	mh_plan_free(plan);
}

Test(scenario_metric, a_gate_over_ops_can_fire)
{
	expect_gate(GATED PHASES_OPS "gate: {metrics: {steady/response.p99: {}}}\n", NULL);
}

Test(scenario_metric, a_gate_that_could_not_fire_is_refused)
{
	expect_gate(GATED PHASES_OPS, "no section 'gate'");
	expect_gate(GATED PHASES_OPS "gate: {metrics: {steady/response.p99.9: {}}}\n", "too few values beyond it");
	expect_gate(GATED PHASES_OPS "gate: {metrics: {steady/response.count: {}}}\n", "equal by construction");
	expect_gate(GATED PHASES_OPS "gate: {metrics: {steady/cb.a.p50: {tolerance: 5%}}}\n",
		    "recorded with two digits");
	expect_gate(GATED PHASES_OPS "gate: {pairs: 6, looks: [6], metrics: {steady/response.p50: {}}}\n",
		    "6 pairs can never decide");
	expect_gate(GATED PHASES_OPS "verify: {level: \"off\"}\ngate: {metrics: {steady/response.p50: {}}}\n",
		    "cannot be gated");
	expect_gate(GATED
		    "workloads: [{name: toggle, kind: hotplug-cycle, arrival: constant, rate: 1000/s}]\n"
		    "phases: [{name: steady, role: measure, for: 3s}]\ngate: {metrics: {steady/response.p50: {}}}\n",
		    "write 'ops: 3000'");
	expect_gate(GATED
		    "workloads: [{name: toggle, kind: hotplug-cycle, arrival: constant, rate: 1000/s}]\n"
		    "phases: [{name: steady, role: measure, ops: 3000}]\ngate: {metrics: {steady/throughput: {}}}\n",
		    "rate of an open arrival");
}
