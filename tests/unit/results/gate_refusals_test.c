/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times that cannot be judged: each says why, and none passes. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gate_sample.h"

#define RUNS 10

static struct gate_sample sample;

static void release(void)
{
	gate_sample_release(&sample);
}

TestSuite(gate_refusals, .fini = release);

static void add_open_arrival(void)
{
	for (size_t i = 0; i < RUNS; i++)
		sample.base[i].phases[0].workloads[0].target_rate = 2000;
}

static void add_one_sided(void)
{
	for (size_t i = 0; i < RUNS; i++)
		gate_sample_series(&sample.base[i], "steady/cb.old", 500, 100);
}

static void add_to_all_but_one(void)
{
	for (size_t i = 0; i < RUNS; i++) {
		gate_sample_series(&sample.base[i], "steady/cb.drv", 500 + (double)i, 100);
		if (i != 4)
			gate_sample_series(&sample.candidate[i], "steady/cb.drv", 500 + (double)i, 100);
	}
}

static void add_empty(void)
{
	for (size_t i = 0; i < RUNS; i++) {
		gate_sample_series(&sample.base[i], "steady/cb.drv", 500 + (double)i, 100);
		gate_sample_series(&sample.candidate[i], "steady/cb.drv", 500, 0);
	}
}

static void add_constant(void)
{
	for (size_t i = 0; i < RUNS; i++) {
		gate_sample_series(&sample.base[i], "steady/cb.drv", 500, 100);
		gate_sample_series(&sample.candidate[i], "steady/cb.drv", 500, 100);
	}
}

/* Runs differ, pairs do not: one file on both sides. */
static void add_copies(void)
{
	for (size_t i = 0; i < RUNS; i++) {
		gate_sample_series(&sample.base[i], "steady/cb.drv", 500 + 10 * (double)i, 100);
		gate_sample_series(&sample.candidate[i], "steady/cb.drv", 500 + 10 * (double)i, 100);
	}
}

/* Above what the histogram can hold. */
static void overflow(void)
{
	struct mh_histogram *histogram = (struct mh_histogram *)&sample.candidate[2].series[0].histogram;

	for (int i = 0; i < 30000; i++)
		mh_histogram_record(histogram, histogram->highest + 1);
}

static void never_recover(void)
{
	for (size_t i = 0; i < RUNS; i++)
		sample.base[i].phases[0].recovery_ns = 1000 + (int64_t)i;
}

static void take_no_time(void)
{
	sample.candidate[0].phases[0].t1_ns = sample.candidate[0].phases[0].t0_ns;
}

static void do_nothing(void)
{
	sample.candidate[0].phases[0].workloads[0].ops.ok = 0;
}

static const struct refusal_row {
	const char *metric;
	void (*spoil)(void); /* NULL: the sample as it is */
	const char *words;
} refusal_rows[] = {
	{"steady/absent.p50", NULL, "no run has it: there is no series 'steady/absent'"},
	{"absent/response.p50", NULL, "no run has it: there is no phase 'absent'"},
	{"absent*/response.p50", NULL, "names nothing that any run has"},
	{"absent*/throughput", NULL, "names nothing that any run has"},
	{"steady/cb.old.p50", add_one_sided, "only the base has it"},
	{"steady/cb.*.p50", add_one_sided, "only the base has it"},
	{"steady/cb.drv.p50", add_to_all_but_one, "candidate run 5: there is no series"},
	{"steady/cb.drv.p50", add_empty, "candidate run 1: nothing was recorded"},
	{"steady/cb.drv.p50", add_constant, "equal to the last digit"},
	{"steady/cb.drv.p50", add_copies, "equal to the last digit"},
	{"steady/wait.p50", NULL, "base run 1: the value is 0"},
	{"steady/response.share_over(1s)", NULL, "base run 1: the value is 0"},
	{"steady/response.count", NULL, "gate.counts"},
	{"steady/response.p100", NULL, "p100"},
	{"steady/response.p99.9", NULL, "20,000 values a run are too few: to gate it takes 100,000"},
	{"steady/response.p99", overflow, "candidate run 3: the value lies above"},
	{"steady/throughput", add_open_arrival, "the throughput of an open arrival"},
	{"steady/throughput", take_no_time, "took no time"},
	{"steady/throughput", do_nothing, "candidate run 1: the value is 0"},
	{"steady/recovery", never_recover, "candidate run 1: phase 'steady' did not converge"},
	{"faults.absent.fired", NULL, "there is no fault 'absent'"},
};

#define ROWS (sizeof(refusal_rows) / sizeof(refusal_rows[0]))

ParameterizedTestParameters(gate_refusals, never_pass)
{
	static int rows[ROWS];

	for (int i = 0; i < (int)ROWS; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, ROWS);
}

ParameterizedTest(int *index, gate_refusals, never_pass)
{
	const struct refusal_row *row = &refusal_rows[*index];

	gate_sample_make(&sample, &(struct gate_plan){.runs = RUNS, .noise = 0.01, .seed = 5});
	gate_sample_metric(&sample, row->metric, 0.1);
	if (row->spoil)
		row->spoil();
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID, "row %d, %s: %s", *index, row->metric,
		     sample.report.summary);
	cr_expect(strstr(sample.report.summary, row->words), "row %d, %s: '%s' is not in '%s'", *index, row->metric,
		  row->words, sample.report.summary);
	cr_expect_not(sample.report.wants_more);
}

Test(gate_refusals, few_values_name_the_operations_that_are_needed)
{
	gate_sample_make(&sample, &(struct gate_plan){.runs = RUNS, .noise = 0.01, .seed = 5});
	for (size_t i = 0; i < RUNS; i++) { /* one value in 20 operations */
		gate_sample_series(&sample.base[i], "steady/offline", 500 + 10 * (double)i, 5);
		gate_sample_series(&sample.candidate[i], "steady/offline", 500, 5);
	}
	gate_sample_metric(&sample, "steady/offline.p99", 0.1);
	gate_sample_judge(&sample);
	cr_expect_str_eq(gate_sample_line(&sample, "steady/offline.p99")->next,
			 "memhp-bench gate sample.yaml -D phases.steady.ops=200000");
}

Test(gate_refusals, two_digits_gate_ten_percent_and_no_less)
{
	gate_sample_make(&sample, &(struct gate_plan){.runs = RUNS, .noise = 0.01, .seed = 5, .digits = 2});
	gate_sample_metric(&sample, "steady/response.p50", 0.1);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS, "%s", sample.report.summary);
	sample.metrics[0].tolerance = 0.09;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	cr_expect(strstr(sample.report.summary, "histograms of 2 digits cannot tell a change of less than 10 %"), "%s",
		  sample.report.summary);
}

Test(gate_refusals, precision_must_be_equal)
{
	struct gate_plan plan = {.runs = 1, .noise = 0.01, .seed = 5, .digits = 2};
	static struct gate_sample coarse;

	gate_sample_make(&sample, &(struct gate_plan){.runs = RUNS, .noise = 0.01, .seed = 5});
	gate_sample_metric(&sample, "steady/response.p50", 0.1);
	gate_sample_make(&coarse, &plan);
	sample.candidates[3] = &coarse.candidate[0];
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	cr_expect(strstr(sample.report.summary, "differ in precision"), "%s", sample.report.summary);
	gate_sample_release(&coarse);
}

Test(gate_refusals, independent_values_are_what_counts)
{
	double *effective;

	gate_sample_make(&sample, &(struct gate_plan){.runs = RUNS, .noise = 0.01, .seed = 5});
	gate_sample_metric(&sample, "steady/response.p50", 0.1);
	effective = &((struct mh_result *)sample.bases[4])->series[0].effective_count;
	*effective = 150;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	cr_expect(strstr(sample.report.summary, "150 independent values a run are too few: to gate it takes 200"), "%s",
		  sample.report.summary);
	*effective = 201;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	cr_expect(gate_sample_line(&sample, "steady/response.p50")->observations_effective);
}

Test(gate_refusals, just_enough_values_are_enough)
{
	gate_sample_make(&sample, &(struct gate_plan){.runs = RUNS, .noise = 0.01, .seed = 5, .repeated = 50});
	gate_sample_metric(&sample, "steady/response.p99", 0.1);
	gate_sample_metric(&sample, "steady/response.shape", 0.1);
	gate_sample_judge(&sample);
	cr_expect_eq(gate_sample_line(&sample, "steady/response.p99")->verdict, MH_VERDICT_PASS, "%s",
		     gate_sample_line(&sample, "steady/response.p99")->words);
}

Test(gate_refusals, few_values_are_weighed)
{
	gate_sample_make(&sample, &(struct gate_plan){.runs = RUNS, .noise = 0.01, .seed = 5, .repeated = 1});
	gate_sample_metric(&sample, "steady/response.p50", 0.1);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS, "%s", sample.report.summary);
	cr_expect_float_eq(gate_sample_line(&sample, "steady/response.p50")->base, 100000, 2000);
}
