/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs for the tests of the judge. */
#include "gate_sample.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"

#define POINTS  200  /* of the distribution within a run */
#define SPREAD  0.3  /* of ln of an operation */
#define SLOWEST 0.98 /* above it the tail begins */

static double normal(struct mh_rng *rng)
{
	return sqrt(-2 * log(1 - mh_rng_unit(rng))) * cos(6.283185307 * mh_rng_unit(rng));
}

/* A distribution that is the same in each run but for a factor: its quantiles are known. */
static void add_series(struct mh_result *run, const char *tag, double median_ns, double tail, unsigned digits,
		       uint64_t repeated)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = digits};
	struct mh_histogram histogram;

	cr_assert_eq(mh_histogram_init(&histogram, &layout), 0);
	for (int i = 0; i < POINTS; i++) {
		double q = (i + 0.5) / POINTS;
		double value = median_ns * exp(SPREAD * log(q / (1 - q)) / 1.7) * (q > SLOWEST ? tail : 1);

		cr_assert_eq(mh_histogram_record_many(&histogram, (uint64_t)value, repeated), 0);
	}
	cr_assert_eq(mh_result_add_series(run, tag, &histogram), 0);
	mh_histogram_release(&histogram);
}

void gate_sample_series(struct mh_result *run, const char *tag, double median_ns, uint64_t repeated)
{
	add_series(run, tag, median_ns, 1, 3, repeated);
}

static void add_zeros(struct mh_result *run, const char *tag, uint64_t count)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = 3};
	struct mh_histogram histogram;

	cr_assert_eq(mh_histogram_init(&histogram, &layout), 0);
	cr_assert_eq(mh_histogram_record_many(&histogram, 0, count), 0);
	cr_assert_eq(mh_result_add_series(run, tag, &histogram), 0);
	mh_histogram_release(&histogram);
}

static void set_duration(struct mh_result *run, double factor)
{
	run->phases[0].t1_ns = run->phases[0].t0_ns + (uint64_t)(1e9 * factor);
}

static void add_phase(struct mh_result *run, double factor, uint64_t ops)
{
	struct mh_result_phase *phase = mh_result_add_phase(run);
	struct mh_result_workload *workload = mh_result_add_workload(run, phase);

	phase->name = "steady";
	phase->role = "measure";
	phase->t0_ns = 1000000;
	set_duration(run, factor);
	phase->recovery_ns = MH_NOT_AVAILABLE;
	workload->name = "toggle";
	workload->kind = "hotplug-cycle";
	workload->threads = 1;
	workload->ops.ok = ops;
}

static void make_run(struct mh_result *run, const struct gate_plan *plan, double factor, double tail)
{
	unsigned digits = plan->digits ? plan->digits : 3;
	uint64_t repeated = plan->repeated ? plan->repeated : 100;

	mh_result_init(run);
	run->seed = 7;
	run->cell = "main";
	run->suite = "sample";
	run->binary.hooks = true;
	run->verify.level = "fast";
	run->repro = "memhp-bench run sample.yaml --seed 7";
	add_phase(run, factor, POINTS * repeated);
	if (!plan->bare) {
		add_series(run, "steady/response", 100000 * factor, tail, digits, repeated);
		add_zeros(run, "steady/wait", POINTS * repeated);
	}
	mh_result_add_count(run, "steady/calls/drv/offline", 2000, NULL);
	mh_result_add_count(run, "steady/kapi/drv/offline/kmalloc", 4000, NULL);
	mh_result_add_count(run, "steady/migrated", 17, "alloc-churn runs beside it");
	cr_assert(!run->failed);
}

void gate_sample_make(struct gate_sample *sample, const struct gate_plan *plan)
{
	double change = plan->change > 0 ? plan->change : 1, tail = plan->tail > 0 ? plan->tail : 1;
	struct mh_rng rng;

	*sample = (struct gate_sample){0};
	mh_rng_init(&rng, plan->seed, "gate", 0);
	for (size_t i = 0; i < plan->runs; i++) {
		make_run(&sample->base[i], plan, exp(plan->noise * normal(&rng)), 1);
		make_run(&sample->candidate[i], plan, change * exp(plan->noise * normal(&rng)), tail);
		sample->bases[i] = &sample->base[i];
		sample->candidates[i] = &sample->candidate[i];
	}
	sample->cell = (struct mh_gate_cell){
		.id = "main",
		.base = sample->bases,
		.candidate = sample->candidates,
		.base_count = plan->runs,
		.candidate_count = plan->runs,
	};
	sample->rule = (struct mh_gate_rule){
		.paired = true,
		.times_required = true,
		.alpha = 0.01,
		.metrics = sample->metrics,
		.seed = 1,
		.command = "memhp-bench gate sample.yaml",
	};
}

void gate_sample_redraw(struct gate_sample *sample, const struct gate_plan *plan)
{
	struct mh_rng rng;

	mh_rng_init(&rng, plan->seed, "gate", 0);
	for (size_t i = 0; i < plan->runs; i++) {
		set_duration(&sample->base[i], exp(plan->noise * normal(&rng)));
		set_duration(&sample->candidate[i],
			     (plan->change > 0 ? plan->change : 1) * exp(plan->noise * normal(&rng)));
	}
}

void gate_sample_release(struct gate_sample *sample)
{
	mh_gate_report_release(&sample->report);
	for (size_t i = 0; i < GATE_RUNS_MAX; i++) {
		mh_result_release(&sample->base[i]);
		mh_result_release(&sample->candidate[i]);
	}
	for (size_t i = 0; i < sample->rule.metric_count; i++)
		mh_metric_release(&sample->parsed[i]);
}

struct mh_gate_metric *gate_sample_metric(struct gate_sample *sample, const char *text, double tolerance)
{
	size_t i = sample->rule.metric_count++;
	struct mh_error error = {0};

	cr_assert_lt(i, (size_t)GATE_METRICS_MAX);
	cr_assert_eq(mh_metric_parse(text, true, &sample->parsed[i], &error), 0, "%s: %s", text, error.text);
	sample->metrics[i] = (struct mh_gate_metric){.metric = &sample->parsed[i], .tolerance = tolerance};
	return &sample->metrics[i];
}

enum mh_verdict gate_sample_judge(struct gate_sample *sample)
{
	struct mh_error error = {0};

	mh_gate_report_release(&sample->report);
	cr_assert_eq(mh_gate_judge(&sample->rule, &sample->cell, 1, sample->look, &sample->report, &error), 0, "%s",
		     error.text);
	return sample->report.verdict;
}

const struct mh_gate_line *gate_sample_line(const struct gate_sample *sample, const char *name)
{
	for (size_t i = 0; i < sample->report.line_count; i++)
		if (strcmp(sample->report.lines[i].name, name) == 0)
			return &sample->report.lines[i];
	cr_assert_fail("there is no line '%s' among %zu", name, sample->report.line_count);
	return NULL;
}
