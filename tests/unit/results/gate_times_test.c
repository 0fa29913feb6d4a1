/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times by the rule: each verdict, each way of not passing, the family and the looks. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "gate_sample.h"

#define P50 "steady/response.p50"

static struct gate_sample sample;

static void make(const struct gate_plan *plan)
{
	gate_sample_make(&sample, plan);
	gate_sample_metric(&sample, P50, 0.05);
}

static void release(void)
{
	gate_sample_release(&sample);
}

TestSuite(gate_times, .fini = release);

Test(gate_times, equal_builds_pass)
{
	make(&(struct gate_plan){.runs = 16, .noise = 0.02, .seed = 1});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS, "%s", sample.report.summary);
	const struct mh_gate_line *line = gate_sample_line(&sample, P50);

	cr_expect(line->gated);
	cr_expect_lt(line->bound, 1.05);
	cr_expect_float_eq(line->bound_level, 0.95, 1e-12);
	cr_expect_float_eq(line->floor, 0.03, 1e-12);
	cr_expect_eq(line->observations, 20000);
	cr_expect_null(line->next);
	cr_expect_not(sample.report.wants_more);
	cr_expect(line->ratio.lower < 1 && line->ratio.upper > 1, "%g %g", line->ratio.lower, line->ratio.upper);
}

Test(gate_times, a_slower_one_is_regressed)
{
	make(&(struct gate_plan){.runs = 16, .noise = 0.02, .seed = 1, .change = 1.1});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
	const struct mh_gate_line *line = gate_sample_line(&sample, P50);

	cr_expect_float_eq(line->ratio.estimate, 1.1, 0.02);
	cr_expect(strstr(line->words, "% slower, p "), "%s", line->words);
	cr_expect_str_eq(line->next, "memhp-bench gate sample.yaml");
	cr_expect_eq(mh_verdict_exit(sample.report.verdict, false), 1);
}

Test(gate_times, a_faster_one_is_improved)
{
	make(&(struct gate_plan){.runs = 16, .noise = 0.02, .seed = 1, .change = 0.9});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_IMPROVED);
	cr_expect(strstr(gate_sample_line(&sample, P50)->words, "% faster"), "%s",
		  gate_sample_line(&sample, P50)->words);
}

Test(gate_times, slower_within_tolerance_says_so)
{
	make(&(struct gate_plan){.runs = 16, .noise = 0.005, .seed = 1, .change = 1.02});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	cr_expect(strstr(gate_sample_line(&sample, P50)->words, "worse within tolerance"), "%s",
		  gate_sample_line(&sample, P50)->words);
}

Test(gate_times, noise_is_inconclusive_and_names_the_pairs)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.08, .seed = 4, .change = 1.04});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INCONCLUSIVE);
	const struct mh_gate_line *line = gate_sample_line(&sample, P50);

	cr_expect_gt(line->runs_needed, 10);
	cr_expect(strstr(line->next, "-D gate.pairs="), "%s, %s", line->next, line->words);
	cr_expect_gt(line->detectable, 0.05);
	cr_expect_eq(mh_verdict_exit(sample.report.verdict, false), 4);
}

Test(gate_times, too_few_pairs_are_underpowered_and_never_pass)
{
	make(&(struct gate_plan){.runs = 6, .noise = 0.002, .seed = 3}); /* 2^-6 is 0.016, not below 0.01 */
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_UNDERPOWERED);
	const struct mh_gate_line *line = gate_sample_line(&sample, P50);

	cr_expect_lt(line->bound, 1.05);
	cr_expect_eq(line->runs_needed, 7, "%zu", line->runs_needed);
	gate_sample_release(&sample);
	make(&(struct gate_plan){.runs = 7, .noise = 0.002, .seed = 3});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
}

Test(gate_times, one_run_a_side_decides_nothing)
{
	make(&(struct gate_plan){.runs = 1, .noise = 0.01, .seed = 3, .change = 2});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_UNDERPOWERED);
}

Test(gate_times, what_is_better_when_higher_is_turned_round)
{
	make(&(struct gate_plan){.runs = 16, .noise = 0.01, .seed = 1, .change = 1.2});
	gate_sample_metric(&sample, "steady/throughput", 0.05)->higher_is_better = true;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
	const struct mh_gate_line *line = gate_sample_line(&sample, "steady/throughput");

	cr_expect_eq(line->verdict, MH_VERDICT_REGRESSED);
	cr_expect_float_eq(line->ratio.estimate, 1 / 1.2, 0.02);
	cr_expect_lt(line->ratio.lower, line->ratio.upper);
	cr_expect_gt(line->bound, 1.15);
	cr_expect(strstr(line->words, "% less"), "%s", line->words);
	gate_sample_release(&sample);
	make(&(struct gate_plan){.runs = 16, .noise = 0.01, .seed = 1, .change = 0.8});
	gate_sample_metric(&sample, "steady/throughput", 0.05)->higher_is_better = true;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_IMPROVED);
}

Test(gate_times, runs_that_are_no_pairs_are_tested_as_two_samples)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.02, .seed = 1, .change = 1.1});
	sample.rule.paired = false;
	sample.cell.candidate_count = 9;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
	gate_sample_release(&sample);
	make(&(struct gate_plan){.runs = 3, .noise = 0.02, .seed = 1, .change = 1.1});
	sample.rule.paired = false;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_UNDERPOWERED);
	cr_expect_null(strstr(gate_sample_line(&sample, P50)->next, "pairs"));
}

Test(gate_times, the_family_is_all_metrics_of_all_cells)
{
	struct mh_gate_cell cells[8];
	struct mh_error error = {0};

	make(&(struct gate_plan){.runs = 7, .noise = 0.01, .seed = 2, .change = 1.2});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED); /* 2^-7 is 0.0078 */
	cr_expect_eq(sample.report.family, 1);
	for (size_t i = 0; i < 8; i++)
		cells[i] = sample.cell;
	mh_gate_report_release(&sample.report);
	cr_assert_eq(mh_gate_judge(&sample.rule, cells, 8, 0, &sample.report, &error), 0);
	cr_expect_eq(sample.report.family, 8);
	cr_expect_eq(sample.report.verdict, MH_VERDICT_UNDERPOWERED);
	cr_expect_float_eq(gate_sample_line(&sample, P50)->p_adjusted, 8 / 128.0, 1e-12);
}

Test(gate_times, the_calibrated_noise_raises_the_floor)
{
	struct mh_gate_noise noise = {.cell = "main", .metric = P50, .deviation = 0.2};

	make(&(struct gate_plan){.runs = 16, .noise = 0.02, .seed = 1, .change = 1.08});
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
	sample.rule.noises = &noise;
	sample.rule.noise_count = 1;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INCONCLUSIVE);
	cr_expect_float_eq(gate_sample_line(&sample, P50)->floor, 0.1, 1e-12);
	sample.rule.noise_count = 0;
	sample.metrics[0].floor = 0.15;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INCONCLUSIVE);
}

static const uint64_t looks[] = {10, 16, 24};

static void take_looks(size_t pairs, size_t look)
{
	sample.rule.looks = looks;
	sample.rule.look_count = 3;
	sample.look = look;
	sample.cell.base_count = sample.cell.candidate_count = pairs;
}

Test(gate_times, a_look_spends_its_part_and_asks_for_the_next)
{
	make(&(struct gate_plan){.runs = 24, .noise = 0.04, .seed = 4, .change = 1.03});
	take_looks(10, 0);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INCONCLUSIVE);
	cr_expect_float_eq(sample.report.alpha, 0.01 / 3, 1e-12);
	cr_expect_gt(gate_sample_line(&sample, P50)->bound_level, 0.95);
	cr_expect(sample.report.wants_more);
	cr_expect_eq(sample.report.look_next, 1);
	double early = gate_sample_line(&sample, P50)->bound_level;

	take_looks(24, 2);
	gate_sample_judge(&sample);
	cr_expect_not(sample.report.wants_more);
	cr_expect_lt(gate_sample_line(&sample, P50)->bound_level, early, "an early look spends less");
	cr_expect_gt(gate_sample_line(&sample, P50)->bound_level, 0.95, "the last has what is left");
}

Test(gate_times, looks_that_decide_nothing_are_skipped)
{
	static const uint64_t early[] = {4, 6, 8, 16};

	make(&(struct gate_plan){.runs = 16, .noise = 0.001, .seed = 4});
	take_looks(4, 0);
	sample.rule.looks = early;
	sample.rule.look_count = 4;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_UNDERPOWERED); /* 2^-8 is not below 0.01 / 4 */
	cr_expect(sample.report.wants_more);
	cr_expect_eq(sample.report.look_next, 3);
	sample.rule.look_count = 3;
	gate_sample_judge(&sample);
	cr_expect_not(sample.report.wants_more, "no look to come could decide");
}

Test(gate_times, a_decision_ends_the_looks)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 4, .change = 1.2});
	take_looks(10, 0);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
	cr_expect_not(sample.report.wants_more);
}

Test(gate_times, futile_noise_ends_before_the_last_look)
{
	make(&(struct gate_plan){.runs = 16, .noise = 0.5, .seed = 4});
	take_looks(16, 1);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INCONCLUSIVE);
	cr_expect_not(sample.report.wants_more);
	cr_expect(strstr(gate_sample_line(&sample, P50)->words, "too noisy"), "%s",
		  gate_sample_line(&sample, P50)->words);
	take_looks(10, 0);
	gate_sample_judge(&sample);
	cr_expect(sample.report.wants_more, "only the last look but one gives up");
}

Test(gate_times, globs_name_what_is_there_once)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 4});
	for (size_t i = 0; i < 10; i++) {
		gate_sample_series(&sample.base[i], "steady/cb.drv", 5000 + (double)i, 100);
		gate_sample_series(&sample.candidate[i], "steady/cb.drv", 5000 + (double)(i * 7 % 10), 100);
	}
	gate_sample_metric(&sample, "stea*/{response,cb.*}.p50", 0.1);
	gate_sample_judge(&sample);
	cr_expect_eq(sample.report.family, 2);
	cr_expect_float_eq(gate_sample_line(&sample, P50)->tolerance, 0.05, 1e-12);
	cr_expect_float_eq(gate_sample_line(&sample, "steady/cb.drv.p50")->tolerance, 0.1, 1e-12);
}

Test(gate_times, advisory_times_show_and_do_not_fail)
{
	make(&(struct gate_plan){.runs = 10, .noise = 0.01, .seed = 4, .change = 1.5});
	sample.rule.times_required = false;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	const struct mh_gate_line *line = gate_sample_line(&sample, P50);

	cr_expect_eq(line->verdict, MH_VERDICT_NONE);
	cr_expect(strstr(line->words, "would be REGRESSED"), "%s", line->words);
}

Test(gate_times, a_comparison_has_no_verdict)
{
	make(&(struct gate_plan){.runs = 1, .noise = 0.01, .seed = 4, .change = 1.5});
	sample.rule.compare = true;
	mh_result_add_count(&sample.candidate[0], "steady/kapi/drv/offline/kfree", 1, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_NONE);
	cr_expect_eq(gate_sample_line(&sample, "steady/kapi/drv/offline/kfree")->verdict, MH_VERDICT_NONE);
	cr_expect_null(gate_sample_line(&sample, "steady/kapi/drv/offline/kfree")->next);
	cr_expect(strstr(sample.report.summary, "and 1 exact count;"), "%s", sample.report.summary);
	cr_expect(strstr(gate_sample_line(&sample, P50)->words, "no verdict"), "%s",
		  gate_sample_line(&sample, P50)->words);
	cr_expect_not(gate_sample_line(&sample, P50)->gated);
	cr_expect_null(gate_sample_line(&sample, P50)->next);
	cr_expect_eq(mh_verdict_exit(sample.report.verdict, false), 0);
}

Test(gate_times, levels_found_before_are_those_found_at_once)
{
	double levels[3];

	make(&(struct gate_plan){.runs = 24, .noise = 0.04, .seed = 4});
	take_looks(16, 1);
	gate_sample_judge(&sample);
	double level = gate_sample_line(&sample, P50)->bound_level;

	mh_gate_pass_levels(&sample.rule, sample.report.family, levels);
	cr_expect_float_eq(1 - levels[1], level, 1e-15);
	cr_expect(levels[0] < levels[1] && levels[1] < levels[2]);
	sample.rule.pass_levels = levels;
	levels[1] = 0.123;
	gate_sample_judge(&sample);
	cr_expect_float_eq(gate_sample_line(&sample, P50)->bound_level, 1 - 0.123, 1e-15);
}
