/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ends a judgement before anything is compared, and which verdict wins. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <string.h>

#include "gate_sample.h"

static struct gate_sample sample;

static void make(size_t runs)
{
	gate_sample_make(&sample, &(struct gate_plan){.runs = runs, .noise = 0.01, .seed = 5});
	gate_sample_metric(&sample, "steady/response.p50", 0.05);
}

static void release(void)
{
	gate_sample_release(&sample);
}

TestSuite(gate_data, .fini = release);

Test(gate_data, an_incorrect_run_ends_it)
{
	make(10);
	struct mh_result_violation *violation = mh_result_add_violation(&sample.candidate[3]);

	*violation = (struct mh_result_violation){.invariant = "I05", .seq = 12, .detail = "two events\nand more"};
	sample.candidate[3].status = MH_RUN_INCORRECT;
	sample.candidate[3].verify.violation_count = 1;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INCORRECT);
	cr_expect_str_eq(gate_sample_line(&sample, "I05")->words,
			 "candidate run 4 violated I05 at operation 12: two events");
	cr_expect_eq(mh_verdict_exit(sample.report.verdict, true), 3);
	cr_expect_not(sample.report.wants_more);
}

Test(gate_data, a_violation_counts_whatever_the_status_says)
{
	make(10);
	sample.base[0].verify.violation_count = 1;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INCORRECT);
}

static void abort_run(void)
{
	sample.base[2].status = MH_RUN_ABORTED;
}

static void invalidate_run(void)
{
	sample.candidate[0].status = MH_RUN_INVALID;
	mh_result_add_status_reason(&sample.candidate[0], "the generator was late");
}

static void scale_time(void)
{
	sample.candidate[1].time_scale = 0.5;
}

static void spoil_scale(void)
{
	sample.candidate[1].time_scale = NAN;
}

static void remove_hooks(void)
{
	sample.base[0].binary.hooks = false;
}

static void switch_off_checks(void)
{
	sample.base[0].verify.level = "off";
}

static void forget_checks(void)
{
	sample.base[0].verify.level = NULL;
}

static void lose_run(void)
{
	sample.cell.candidate_count--;
}

static void lose_side(void)
{
	sample.cell.base_count = 0;
}

static void change_mode(void)
{
	sample.candidate[0].mode = "kernel";
}

static void oversubscribe(void)
{
	sample.candidate[9].oversubscribed = true;
}

static const struct data_row {
	void (*spoil)(void);
	const char *words;
} data_rows[] = {
	{abort_run, "base run 3 was aborted: no reason was written"},
	{invalidate_run, "candidate run 1 cannot be trusted: the generator was late"},
	{scale_time, "--time-scale 0.5"},
	{spoil_scale, "--time-scale"},
	{remove_hooks, "without hook points"},
	{switch_off_checks, "was not checked"},
	{forget_checks, "was not checked"},
	{lose_run, "10 runs of the base and 9 of the candidate make no pairs"},
	{lose_side, "there is no run of the base"},
	{change_mode, "differ in kind"},
	{oversubscribe, "oversubscribed"},
};

ParameterizedTestParameters(gate_data, what_cannot_be_trusted_is_invalid)
{
	static int rows[sizeof(data_rows) / sizeof(data_rows[0])];

	for (int i = 0; i < (int)(sizeof(data_rows) / sizeof(data_rows[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(data_rows) / sizeof(data_rows[0]));
}

ParameterizedTest(int *index, gate_data, what_cannot_be_trusted_is_invalid)
{
	const struct data_row *row = &data_rows[*index];

	make(10);
	row->spoil();
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID, "row %d: %s", *index, sample.report.summary);
	cr_expect(strstr(sample.report.summary, row->words), "row %d: '%s' is not in '%s'", *index, row->words,
		  sample.report.summary);
	cr_expect_eq(mh_verdict_exit(sample.report.verdict, true), 4);
	cr_expect_not(sample.report.wants_more);
}

Test(gate_data, a_late_generator_hides_no_count)
{
	make(10);
	invalidate_run();
	for (size_t i = 0; i < 10; i++)
		mh_result_add_count(&sample.candidate[i], "steady/kapi/drv/offline/synchronize_rcu", 1, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
}

Test(gate_data, counts_of_an_aborted_run_are_not_read)
{
	make(10);
	abort_run();
	for (size_t i = 0; i < 10; i++)
		mh_result_add_count(&sample.candidate[i], "steady/kapi/drv/offline/synchronize_rcu", 1, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
}

Test(gate_data, no_cell_is_no_pass)
{
	struct mh_error error = {0};

	make(1);
	cr_assert_eq(mh_gate_judge(&sample.rule, NULL, 0, 0, &sample.report, &error), 0);
	cr_expect_eq(sample.report.verdict, MH_VERDICT_INVALID);
}

Test(gate_data, nothing_gated_is_no_pass)
{
	gate_sample_make(&sample, &(struct gate_plan){.runs = 10});
	for (size_t i = 0; i < 10; i++)
		sample.base[i].count_count = sample.candidate[i].count_count = 0;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	cr_expect(strstr(sample.report.summary, "nothing was gated"), "%s", sample.report.summary);
}

Test(gate_data, the_worse_verdict_wins)
{
	static const enum mh_verdict rising[] = {MH_VERDICT_NONE,         MH_VERDICT_PASS,         MH_VERDICT_IMPROVED,
						 MH_VERDICT_INCONCLUSIVE, MH_VERDICT_UNDERPOWERED, MH_VERDICT_INVALID,
						 MH_VERDICT_REGRESSED,    MH_VERDICT_INCORRECT};

	for (size_t i = 0; i < MH_VERDICTS; i++)
		for (size_t j = 0; j < MH_VERDICTS; j++)
			cr_expect_eq(mh_verdict_worse(rising[i], rising[j]), rising[i > j ? i : j]);
}

Test(gate_data, only_the_undecided_are_softened)
{
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_INCONCLUSIVE, false), 4);
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_INCONCLUSIVE, true), 0);
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_UNDERPOWERED, true), 0);
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_INVALID, true), 4);
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_REGRESSED, true), 1);
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_INCORRECT, true), 3);
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_PASS, false), 0);
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_IMPROVED, false), 0);
	cr_expect_eq(mh_verdict_exit(MH_VERDICT_NONE, false), 0);
}
