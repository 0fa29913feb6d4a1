/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told beside the gate: shape, dispersion, shift function, a run that dominates, and what nobody asked for. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "gate_sample.h"

static struct gate_sample sample;

static void make(const struct gate_plan *plan)
{
	gate_sample_make(&sample, plan);
	gate_sample_metric(&sample, "steady/response.p50", 0.05);
	gate_sample_metric(&sample, "steady/response.p99", 0.5);
}

static void release(void)
{
	gate_sample_release(&sample);
}

TestSuite(gate_shape, .fini = release);

Test(gate_shape, equal_builds_have_one_shape)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 2});
	gate_sample_judge(&sample);
	const struct mh_gate_line *line = gate_sample_line(&sample, "steady/response.p50");

	cr_expect_not(line->shape_changed);
	cr_expect_gt(line->shape_p, 0.01);
	cr_expect_gt(line->dispersion_p, 0.01);
	cr_expect_null(line->note);
}

Test(gate_shape, a_longer_tail_is_seen_where_the_median_is_not)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 2, .tail = 1.5});
	gate_sample_judge(&sample);
	const struct mh_gate_line *line = gate_sample_line(&sample, "steady/response.p50");

	cr_expect_eq(line->verdict, MH_VERDICT_PASS, "%s", line->words);
	cr_expect(line->shape_changed);
	cr_expect(strstr(line->note, "the shape of 'steady/response' changed"), "%s", line->note);
	cr_expect_float_eq(gate_sample_line(&sample, "steady/response.p99")->shape_p, line->shape_p, 1e-15);
}

Test(gate_shape, the_shift_function_says_where)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 2, .tail = 1.5});
	gate_sample_judge(&sample);
	cr_assert_eq(sample.report.shift_count, 1, "two metrics of one series: %zu", sample.report.shift_count);
	const struct mh_gate_shift *shift = &sample.report.shifts[0];

	cr_expect_str_eq(shift->series, "steady/response");
	cr_assert_eq(shift->quantile_count, 12);
	cr_expect_float_eq(shift->shifts[4].estimate, 1, 0.02);
	cr_expect_float_eq(shift->shifts[10].estimate, 1.5, 0.03);
	cr_expect(shift->shifts[10].lower > 1.4 && shift->shifts[10].upper < 1.6);
}

Test(gate_shape, runs_that_are_no_pairs_have_one_too)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 2, .tail = 1.5});
	sample.rule.paired = false;
	gate_sample_judge(&sample);
	cr_expect(gate_sample_line(&sample, "steady/response.p50")->shape_changed);
	cr_expect_eq(sample.report.shift_count, 1);
}

Test(gate_shape, quantiles_without_values_are_left_out)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 2, .repeated = 1});
	gate_sample_judge(&sample);
	cr_assert_eq(sample.report.shift_count, 1);
	cr_expect_eq(sample.report.shifts[0].quantile_count, 10, "200 values: up to p95");
}

Test(gate_shape, one_run_that_dominates_is_named)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 2});
	struct mh_histogram *histogram = (struct mh_histogram *)&sample.candidate[3].series[0].histogram;

	mh_histogram_record_many(histogram, 10000000, 5000);
	gate_sample_metric(&sample, "steady/response.p(0.988)",
			   0.5); /* within a point of the sample, not on its edge */
	gate_sample_judge(&sample);
	const char *note = gate_sample_line(&sample, "steady/response.p(0.988)")->note;

	cr_expect(note && strstr(note, "one run dominates the tail of the candidate"), "%s", note);
	cr_expect(!strstr(note, "of the base"), "%s", note);
}

/* Twenty series that nobody named, of which one is slower. */
static void add_listeners(double change)
{
	struct mh_rng rng;
	char tag[64];

	mh_rng_init(&rng, 11, "explore", 0);
	for (int i = 0; i < 20; i++)
		for (size_t run = 0; run < sample.cell.base_count; run++) {
			snprintf(tag, sizeof(tag), "steady/cb.%d", i);
			gate_sample_series(&sample.base[run], tag, 5000 * (1 + 0.02 * mh_rng_unit(&rng)), 20);
			gate_sample_series(&sample.candidate[run], tag,
					   5000 * (i == 7 ? change : 1) * (1 + 0.02 * mh_rng_unit(&rng)), 20);
		}
}

Test(gate_shape, what_nobody_gated_is_told_and_cannot_fail)
{
	make(&(struct gate_plan){.runs = 12, .noise = 0.01, .seed = 2});
	add_listeners(1.3);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS, "%s", sample.report.summary);
	const struct mh_gate_line *line = gate_sample_line(&sample, "steady/cb.7.p50");

	cr_expect_eq(line->kind, MH_LINE_EXPLORATORY);
	cr_expect_not(line->gated);
	cr_expect_null(line->next);
	cr_expect_null(gate_sample_line(&sample, "steady/cb.7.p99")->next,
		       "4,000 values do not gate p99, nor need they");
	cr_expect_lt(line->p_adjusted, 0.1);
	cr_expect_gt(line->p_adjusted, line->p, "40 tests: adjusted");
	cr_expect(strstr(line->words, "slower, q "), "%s", line->words);
	cr_expect_gt(gate_sample_line(&sample, "steady/cb.3.p50")->p_adjusted, 0.1);
	cr_expect_eq(sample.report.family, 2, "they are not in the family");
}

Test(gate_shape, a_comparison_of_a_thing_with_itself_finds_nothing)
{
	make(&(struct gate_plan){.runs = 4, .noise = 0.01, .seed = 2});
	sample.rule.compare = true;
	sample.cell.candidate = sample.cell.base;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_NONE);
	cr_expect_not(gate_sample_line(&sample, "steady/response.p50")->shape_changed);
	cr_expect(strstr(sample.report.summary, "0 of 2 times differ"), "%s", sample.report.summary);
}

Test(gate_shape, a_terse_judgement_leaves_all_of_it_out)
{
	make(&(struct gate_plan){.runs = 12, .noise = 0.01, .seed = 2, .tail = 1.2});
	add_listeners(1.3);
	sample.rule.terse = true;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	cr_expect_eq(sample.report.shift_count, 0);
	cr_expect_not(gate_sample_line(&sample, "steady/response.p50")->shape_changed);
	for (size_t i = 0; i < sample.report.line_count; i++)
		cr_expect_neq(sample.report.lines[i].kind, MH_LINE_EXPLORATORY);
}
