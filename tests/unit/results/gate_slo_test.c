/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Thresholds across runs, and their lines in a gate. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <string.h>

#include "gate_sample.h"

static struct gate_sample sample;
static struct mh_threshold threshold;
static struct mh_slo_rule rule;

/* @runs runs whose p50 is 100 us, 101 us …; the last one's is 200 us. */
static void make(size_t runs, const char *expr, enum mh_slo_require require)
{
	struct mh_error error = {0};

	gate_sample_make(&sample, &(struct gate_plan){.runs = runs});
	for (size_t i = 0; i < runs; i++)
		gate_sample_series(&sample.candidate[i], "steady/x", i + 1 == runs ? 200000 : 100000 + 1000 * (double)i,
				   100);
	cr_assert_eq(mh_threshold_parse(expr, &threshold, &error), 0, "%s", error.text);
	rule = (struct mh_slo_rule){.threshold = &threshold, .require = require, .share_of = 9, .share_count = 10};
	sample.rule.slos = &rule;
	sample.rule.slo_count = 1;
}

static void release(void)
{
	gate_sample_release(&sample);
	mh_threshold_release(&threshold);
}

TestSuite(gate_slo, .fini = release);

static const struct slo_row {
	size_t runs;
	const char *expr;
	enum mh_slo_require require;
	bool ok;
	const char *words;
} slo_rows[] = {
	{10, "steady/x.p50 < 190us", MH_SLO_UCB95, true, "upper 95 % bound of 10 runs"},
	{10, "steady/x.p50 < 107us", MH_SLO_UCB95, false, "upper 95 % bound of 10 runs"},
	{10, "steady/x.p50 > 99us", MH_SLO_UCB95, true, "lower 95 % bound of 10 runs"},
	{10, "steady/x.p50 > 103us", MH_SLO_UCB95, false, "lower 95 % bound of 10 runs"},
	{10, "steady/x.p50 < 107us", MH_SLO_MEDIAN, true, "the median of 10 runs"},
	{10, "steady/x.p50 < 190us", MH_SLO_ALL, false, "the worst of 10 runs"},
	{10, "steady/x.p50 < 190us", MH_SLO_SHARE, true, "9 of 10 runs hold it, 9 must"},
	{10, "steady/x.p50 < 107500ns", MH_SLO_SHARE, false, "8 of 10 runs hold it, 9 must"},
	{1, "steady/x.p50 < 210us", MH_SLO_UCB95, true, "the value of the only run, without any bound"},
	{1, "steady/x.p50 < 190us", MH_SLO_UCB95, false, "the value of the only run, without any bound"},
	{4, "steady/x.p50 < 190us", MH_SLO_UCB95, false, "the worst of 4 runs: too few for a 95 % bound"},
	{5, "steady/x.p50 < 190us", MH_SLO_UCB95, false, "upper 95 % bound of 5 runs"},
	{10, "steady/x.count == 20000", MH_SLO_UCB95, true, "the worst of 10 runs"},
	{10, "steady/x.count == 19999", MH_SLO_UCB95, false, "the worst of 10 runs"},
	{10, "steady/x.count != 20000", MH_SLO_UCB95, false, "the worst of 10 runs"},
	{10, "steady/y.p50 < 190us", MH_SLO_UCB95, false, "run 1 has no value: there is no series"},
	{10, "steady/recovery < 190us", MH_SLO_UCB95, false, "run 1 has no value: phase 'steady' did not converge"},
};

#define ROWS (sizeof(slo_rows) / sizeof(slo_rows[0]))

ParameterizedTestParameters(gate_slo, holds_a_bound_against_the_limit)
{
	static int rows[ROWS];

	for (int i = 0; i < (int)ROWS; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, ROWS);
}

ParameterizedTest(int *index, gate_slo, holds_a_bound_against_the_limit)
{
	const struct slo_row *row = &slo_rows[*index];

	make(row->runs, row->expr, row->require);
	cr_expect_eq(gate_sample_judge(&sample), row->ok ? MH_VERDICT_PASS : MH_VERDICT_REGRESSED, "row %d: %s", *index,
		     sample.report.summary);
	const struct mh_gate_line *line = gate_sample_line(&sample, row->expr);

	cr_expect(strstr(line->words, row->words), "row %d: '%s' is not in '%s'", *index, row->words, line->words);
	cr_expect_eq(!line->next, row->ok);
}

Test(gate_slo, no_run_holds_nothing)
{
	struct mh_slo_verdict verdict;

	make(1, "steady/x.p50 < 1s", MH_SLO_ALL);
	cr_assert_eq(mh_slo_judge_runs(&rule, sample.candidates, 0, &verdict), 0);
	cr_expect_not(verdict.ok);
	cr_expect_str_eq(verdict.words, "there is no run");
}
