/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two executions of a run as one: everything is added, nothing averaged, and what is not the same is refused. */
#include "results/merge.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "sample.h"

static uint64_t counter(const struct mh_result *result, const char *name)
{
	for (size_t i = 0; i < result->counter_count; i++)
		if (strcmp(result->counters[i].name, name) == 0)
			return result->counters[i].value;
	cr_assert_fail("no counter '%s'", name);
	return 0;
}

Test(merge, adds_histograms_bucket_by_bucket)
{
	struct mh_result a, b;
	struct mh_error error = {0};

	sample_result(&a);
	sample_result(&b);
	cr_assert_eq(mh_result_merge(&a, &b, &error), 0, "%s", error.text);
	for (size_t i = 0; i < b.series_count; i++) {
		const struct mh_histogram *sum = &a.series[i].histogram, *part = &b.series[i].histogram;

		cr_assert_str_eq(a.series[i].tag, b.series[i].tag);
		cr_expect_eq(sum->count, 2 * part->count);
		for (size_t j = 0; j < part->counts_length; j++)
			cr_assert_eq(sum->counts[j], 2 * part->counts[j], "%s, bucket %zu", a.series[i].tag, j);
	}
	mh_result_release(&a);
	mh_result_release(&b);
}

Test(merge, adds_counts_counters_faults_and_checks)
{
	struct mh_result a, b;
	struct mh_error error = {0};

	sample_result(&a);
	sample_result(&b);
	mh_result_add_counter(&a, "faults.enomem.digest", UINT64_MAX);
	mh_result_add_counter(&b, "faults.enomem.digest", 3);
	mh_result_add_counter(&b, "only.b", 7);
	mh_result_add_count(&a, "steady/calls/slab", 5, NULL);
	mh_result_add_count(&b, "steady/calls/slab", 6, "threads interleave");
	b.verify.violation_count = 1;
	*mh_result_add_violation(&b) = (struct mh_result_violation){.invariant = "I05", .seq = 3, .detail = "x"};
	b.status = MH_RUN_INCORRECT;
	cr_assert_eq(mh_result_merge(&a, &b, &error), 0, "%s", error.text);
	cr_expect_eq(counter(&a, "grace_periods"), UINT64_C(1) << 61);
	cr_expect_eq(counter(&a, "faults.enomem.digest"), 2u); /* a sum modulo 2^64 */
	cr_expect_eq(counter(&a, "only.b"), 7u);
	cr_expect_eq(a.counts[a.count_count - 1].value, 11u);
	cr_expect_str_eq(a.counts[a.count_count - 1].inexact, "threads interleave");
	cr_expect_eq(a.faults[0].fired, 816u);
	cr_expect_eq(a.fault_count, 2u);
	cr_expect_eq(a.verify.checked, 2 * 1234567u);
	cr_expect_eq(a.verify.expected[0].count, 24u);
	cr_expect_eq(a.verify.violation_count, 1u);
	cr_expect_str_eq(a.verify.violations[0].invariant, "I05");
	cr_expect_eq(a.status, MH_RUN_INCORRECT);
	cr_expect_eq(a.warning_count, 1u, "the same warning once");
	mh_result_release(&a);
	mh_result_release(&b);
}

/* The second phase of the sum begins behind twice the first, and exemplars lie within their phase. */
Test(merge, phases_follow_each_other)
{
	struct mh_result a, b;
	struct mh_error error = {0};

	sample_result(&a);
	sample_result(&b);
	a.exemplars[0].start_ns = 600000000; /* 0.1 s into steady */
	b.exemplars[0].start_ns = 700000000;
	b.exemplars[0].response_ns = 1;
	b.phases[1].recovery_ns = 20000000;
	cr_assert_eq(mh_result_merge(&a, &b, &error), 0, "%s", error.text);
	cr_expect_eq(a.phases[0].t0_ns, 500000000u);
	cr_expect_eq(a.phases[0].t1_ns, 10500000000u);
	cr_expect_eq(a.phases[1].t0_ns, 10500000000u);
	cr_expect_eq(a.phases[1].t1_ns, 11700000000u);
	cr_expect_eq(a.phases[1].recovery_ns, 20000000);
	cr_expect_eq(a.phases[0].workloads[0].ops.ok, 40000u);
	cr_expect_float_eq(a.phases[0].workloads[0].achieved_rate, b.phases[0].workloads[0].achieved_rate, 1e-6);
	cr_assert_eq(a.exemplar_count, 2u);
	cr_expect_eq(a.exemplars[0].start_ns, 600000000u);
	cr_expect_eq(a.exemplars[1].start_ns, 5700000000u);
	cr_expect_eq(a.exemplars[1].step_count, 3u);
	mh_result_release(&a);
	mh_result_release(&b);
}

/* 1,170 ns were stored; the threshold is judged by the buckets of both. */
Test(merge, judges_thresholds_anew)
{
	struct mh_result a, b;
	struct mh_error error = {0};

	sample_result(&a);
	sample_result(&b);
	for (size_t i = 0; i < b.series_count; i++)
		if (strcmp(b.series[i].tag, "steady/response") == 0)
			mh_histogram_record_many(&b.series[i].histogram, 900000, 20400);
	cr_assert_eq(mh_result_merge(&a, &b, &error), 0, "%s", error.text);
	cr_assert_eq(a.slo_count, 1u);
	cr_expect(!a.slos[0].ok && a.slos[0].require && a.slos[0].value > 500000, "%f", a.slos[0].value);
	mh_result_release(&a);
	mh_result_release(&b);
}

static void other_scenario(struct mh_result *result)
{
	result->suite = "another";
}

static void other_text(struct mh_result *result)
{
	result->scenario_sha256[0] = 'f';
}

static void other_seed(struct mh_result *result)
{
	result->seed++;
}

static void other_program(struct mh_result *result)
{
	result->binary.build_id = "0123";
}

static void other_scale(struct mh_result *result)
{
	result->time_scale = 2;
}

static void other_cell(struct mh_result *result)
{
	result->cell = "nodes=2";
}

static void other_precision(struct mh_result *result)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = 2};

	mh_histogram_release(&result->series[3].histogram);
	cr_assert_eq(mh_histogram_init(&result->series[3].histogram, &layout), 0);
}

static void other_phases(struct mh_result *result)
{
	result->phase_count--;
}

Test(merge, refuses_what_is_not_the_same)
{
	static const struct {
		void (*change)(struct mh_result *result);
		const char *words;
	} rows[] = {
		{other_scenario, "the scenario"},   {other_text, "scenario_sha256"}, {other_seed, "the seed"},
		{other_program, "build_id"},        {other_scale, "--time-scale"},   {other_cell, "the cell"},
		{other_precision, "steady/online"}, {other_phases, "phases"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_result a, b;
		struct mh_error error = {0};

		sample_result(&a);
		sample_result(&b);
		rows[i].change(&b);
		cr_expect_eq(mh_result_merge(&a, &b, &error), -EXDEV, "row %zu", i);
		cr_expect(strstr(error.text, rows[i].words), "row %zu: %s", i, error.text);
		mh_result_release(&a);
		mh_result_release(&b);
	}
}

Test(merge, refuses_a_sum_beyond_64_bits)
{
	struct mh_result a, b;
	struct mh_error error = {0};

	sample_result(&a);
	sample_result(&b);
	a.phases[0].workloads[0].dropped = UINT64_MAX;
	b.phases[0].workloads[0].dropped = 1;
	cr_expect_eq(mh_result_merge(&a, &b, &error), -EOVERFLOW);
	cr_expect(strstr(error.text, "dropped"), "%s", error.text);
	mh_result_release(&a);
	mh_result_release(&b);
}
