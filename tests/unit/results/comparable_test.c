/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may be held against what: each difference that is refused, and the twins of a pair. */
#include "results/comparable.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sample.h"

/* A run of one cell with two series, one of them its own where @own. */
static void make_run(struct mh_result *ret_run, const char *own)
{
	struct mh_histogram histogram = sample_golden();

	mh_result_init(ret_run);
	ret_run->cell = "main";
	snprintf(ret_run->environment.cpu_model, sizeof(ret_run->environment.cpu_model), "a CPU");
	cr_assert_eq(mh_result_add_series(ret_run, "steady/response", &histogram), 0);
	if (own)
		cr_assert_eq(mh_result_add_series(ret_run, own, &histogram), 0);
	cr_assert_eq(mh_result_add_count(ret_run, "steady/outcomes/online/done", 7, NULL), 0);
	mh_histogram_release(&histogram);
}

static void leave(struct mh_result *run)
{
	(void)run;
}

static void scale(struct mh_result *run)
{
	run->time_scale = 0.1;
}

static void change_mode(struct mh_result *run)
{
	run->mode = "kernel";
}

static void emulate(struct mh_result *run)
{
	run->emulated = true;
}

static void change_cpu(struct mh_result *run)
{
	snprintf(run->environment.cpu_model, sizeof(run->environment.cpu_model), "another CPU");
}

static void change_nproc(struct mh_result *run)
{
	run->environment.nproc = 77;
}

static void change_cell(struct mh_result *run)
{
	run->cell = "nodes=2";
}

static void change_tag(struct mh_result *run)
{
	run->series[0].tag = "storm/response";
}

static void change_digits(struct mh_result *run)
{
	struct mh_histogram coarse;
	const struct mh_histogram_layout layout = {1, MH_HISTOGRAM_HOUR_NS, 2};

	cr_assert_eq(mh_histogram_init(&coarse, &layout), 0);
	mh_histogram_release(&run->series[0].histogram);
	run->series[0].histogram = coarse;
}

/* What the candidate is changed in, and words of the sentence; NULL: it is compared. */
static const struct {
	void (*change)(struct mh_result *run);
	const char *words;
} cases[] = {
	{leave, NULL},
	{scale, "of the candidate was scaled by --time-scale 0.1"},
	{change_mode, "one run is of mode 'threads' and another of mode 'kernel'"},
	{emulate, "a run of the candidate was made on an emulated processor"},
	{change_cpu, "cpu_model is 'a CPU' in one run and 'another CPU'"},
	{change_nproc, "nproc is"},
	{change_cell, "no cell in common"},
	{change_tag, "no metric in common"},
	{change_digits, "another precision: 3 digits"},
};

#define CASES ((int)(sizeof(cases) / sizeof(cases[0])))

ParameterizedTestParameters(comparable, what_differs_is_refused_by_name)
{
	static int indices[CASES];

	for (int i = 0; i < CASES; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, CASES);
}

ParameterizedTest(int *index, comparable, what_differs_is_refused_by_name)
{
	const char *words = cases[*index].words;
	struct mh_result base, candidate;
	struct mh_comparison comparison = {&base, &candidate, 1, 1};
	struct mh_error error = {0};

	make_run(&base, NULL);
	make_run(&candidate, NULL);
	cases[*index].change(&candidate);
	cr_expect_eq(mh_comparison_check(&comparison, &error), words ? -EXDEV : 0, "case %d: %s", *index, error.text);
	cr_expect(!words || strstr(error.text, words), "case %d: '%s' lacks '%s'", *index, error.text, words);
	mh_result_release(&base);
	mh_result_release(&candidate);
}

static void make_pair(struct mh_result *base, struct mh_result *candidate)
{
	for (unsigned i = 0; i < 2; i++) {
		make_run(&base[i], NULL);
		make_run(&candidate[i], NULL);
	}
	for (unsigned i = 0; i < 2; i++) {
		base[i].pair = (struct mh_result_pair){true, i, "AB", 'A', "B: set x=1"};
		candidate[1 - i].pair = (struct mh_result_pair){true, i, "AB", 'B', "B: set x=1"};
	}
}

static void release_pair(struct mh_result *base, struct mh_result *candidate)
{
	for (unsigned i = 0; i < 2; i++) {
		mh_result_release(&base[i]);
		mh_result_release(&candidate[i]);
	}
}

Test(comparable, pairs_are_twins_whatever_their_order)
{
	struct mh_result base[2], candidate[2];
	const struct mh_comparison whole = {base, candidate, 2, 2}, half = {base, candidate, 2, 1};

	make_pair(base, candidate);
	cr_expect(mh_comparison_is_paired(&whole));
	cr_expect_not(mh_comparison_is_paired(&half));
	candidate[0].pair.treatment = "B: set x=2";
	cr_expect_not(mh_comparison_is_paired(&whole), "another treatment");
	candidate[0].pair.treatment = base[0].pair.treatment;
	candidate[0].pair.side = 'A';
	cr_expect_not(mh_comparison_is_paired(&whole), "the same side twice");
	candidate[0].pair.present = false;
	cr_expect_not(mh_comparison_is_paired(&whole), "no pair at all");
	release_pair(base, candidate);
}

Test(comparable, across_scenarios_only_what_all_have_is_kept)
{
	struct mh_result base, candidate;
	struct mh_comparison comparison = {&base, &candidate, 1, 1};

	make_run(&base, "steady/cb.slab");
	make_run(&candidate, "steady/cb.generic");
	cr_expect_eq(mh_comparison_keep_common(&comparison), 2u);
	cr_expect_eq(base.series_count, 1u);
	cr_expect_eq(candidate.series_count, 1u);
	cr_expect(mh_result_find_series(&candidate, "steady/response"));
	cr_expect_eq(base.count_count + candidate.count_count, 0u);
	mh_result_release(&base);
	mh_result_release(&candidate);
}

Test(comparable, seeds_differ_when_any_run_has_another)
{
	struct mh_result base, candidate;
	const struct mh_comparison comparison = {&base, &candidate, 1, 1};

	make_run(&base, NULL);
	make_run(&candidate, NULL);
	cr_expect_not(mh_comparison_seeds_differ(&comparison));
	candidate.seed = 7;
	cr_expect(mh_comparison_seeds_differ(&comparison));
	mh_result_release(&base);
	mh_result_release(&candidate);
}
