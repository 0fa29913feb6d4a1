/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exact counts: every way of rising, falling, being allowed, disagreeing and being absent. */
#include <criterion/criterion.h>
#include <string.h>

#include "gate_sample.h"

#define SYNCHRONIZE "steady/kapi/drv/offline/synchronize_rcu"

static struct gate_sample sample;

static void make(size_t runs)
{
	gate_sample_make(&sample, &(struct gate_plan){.runs = runs});
	sample.rule.counts_only = true;
}

static void release(void)
{
	gate_sample_release(&sample);
}

TestSuite(gate_counts, .fini = release);

Test(gate_counts, passes_where_all_are_equal)
{
	make(1);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	cr_expect_str_eq(gate_sample_line(&sample, "exact counts")->words, "2 exact counts are equal on both sides");
	cr_expect_not(gate_sample_line(&sample, "inexact counts")->gated);
	cr_expect(strstr(gate_sample_line(&sample, "inexact counts")->words, "alloc-churn runs beside it"), "%s",
		  gate_sample_line(&sample, "inexact counts")->words);
}

Test(gate_counts, names_listener_event_and_symbol)
{
	make(1);
	mh_result_add_count(&sample.candidate[0], SYNCHRONIZE, 2000, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
	const struct mh_gate_line *line = gate_sample_line(&sample, SYNCHRONIZE);

	cr_expect_str_eq(line->words, "drv calls synchronize_rcu 1 time more in each MEM_OFFLINE: 0 before, 2,000 now");
	cr_expect_eq(line->base, 0);
	cr_expect_eq(line->candidate, 2000);
	cr_expect_str_eq(line->next, "memhp-bench gate sample.yaml");
	cr_expect(strstr(sample.report.summary, "synchronize_rcu 1 time more"), "%s", sample.report.summary);
	cr_expect_eq(mh_verdict_exit(sample.report.verdict, true), 1);
}

Test(gate_counts, says_how_many_where_not_each_event_has_it)
{
	make(1);
	mh_result_add_count(&sample.candidate[0], SYNCHRONIZE, 7, NULL);
	gate_sample_judge(&sample);
	cr_expect_str_eq(gate_sample_line(&sample, SYNCHRONIZE)->words,
			 "drv calls synchronize_rcu 7 times more in 2,000 MEM_OFFLINE: 0 before, 7 now");
}

Test(gate_counts, a_fall_is_improved)
{
	make(1);
	mh_result_add_count(&sample.base[0], SYNCHRONIZE, 2000, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_IMPROVED);
	cr_expect_str_eq(gate_sample_line(&sample, SYNCHRONIZE)->words,
			 "drv calls synchronize_rcu 1 time less in each MEM_OFFLINE: 2,000 before, 0 now");
}

Test(gate_counts, allows_what_the_rule_allows_and_no_more)
{
	struct mh_gate_count_rule allowed = {.glob = "steady/kapi/*", .increase_max = 10};

	make(1);
	sample.rule.counts = &allowed;
	sample.rule.count_count = 1;
	mh_result_add_count(&sample.candidate[0], SYNCHRONIZE, 10, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	cr_expect(strstr(gate_sample_line(&sample, SYNCHRONIZE)->words, "10 more are allowed"));
	allowed.increase_max = 9;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
}

Test(gate_counts, two_runs_of_a_side_that_differ_decide_nothing)
{
	make(2);
	mh_result_add_count(&sample.candidate[1], SYNCHRONIZE, 1, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	cr_expect(
		strstr(gate_sample_line(&sample, SYNCHRONIZE)->words, "runs 1 and 2 of the candidate differ, 0 and 1"),
		"%s", gate_sample_line(&sample, SYNCHRONIZE)->words);
}

Test(gate_counts, other_seeds_may_differ)
{
	make(2);
	sample.base[1].seed = sample.candidate[1].seed = 8;
	mh_result_add_count(&sample.base[1], SYNCHRONIZE, 5, NULL);
	mh_result_add_count(&sample.candidate[1], SYNCHRONIZE, 5, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	sample.candidate[1].counts[sample.candidate[1].count_count - 1].value = 6;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_REGRESSED);
	sample.candidate[1].seed = 9;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	cr_expect(strstr(sample.report.summary, "seed 0x9"), "%s", sample.report.summary);
}

Test(gate_counts, inexact_ones_never_fail)
{
	make(1);
	mh_result_add_count(&sample.candidate[0], "steady/refused", 5, "it depends on time");
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
}

Test(gate_counts, without_any_exact_count_nothing_passes)
{
	make(1);
	for (size_t i = 0; i < 2; i++)
		sample.base[0].counts[i].inexact = sample.candidate[0].counts[i].inexact = "two threads";
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	sample.base[0].count_count = sample.candidate[0].count_count = 0;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
}

Test(gate_counts, a_glob_must_name_an_exact_count)
{
	struct mh_gate_count_rule rule = {.glob = "steady/nothing*", .increase_max = 1};

	make(1);
	sample.rule.counts = &rule;
	sample.rule.count_count = 1;
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	cr_expect(strstr(gate_sample_line(&sample, rule.glob)->words, "names no count"));
	rule.glob = "steady/migr*";
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
	cr_expect(strstr(gate_sample_line(&sample, rule.glob)->words, "names only counts that depend"));
}

Test(gate_counts, a_count_that_stands_twice_is_no_count)
{
	make(1);
	mh_result_add_count(&sample.candidate[0], "steady/calls/drv/offline", 2000, NULL);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_INVALID);
}

static const struct words_row {
	const char *name;
	uint64_t base, candidate;
	const char *words;
} words_rows[] = {
	{"steady/kapi/drv/offline/kmalloc.bytes", 0, 128000,
	 "drv asks kmalloc for 64 bytes more in each MEM_OFFLINE: 0 before, 128,000 now"},
	{"steady/kapi/drv/online/mutex_lock", 3, 4, "drv calls mutex_lock 1 time more in MEM_ONLINE: 3 before, 4 now"},
	{"steady/kapi/a/b/offline/kfree", 1, 3, "a/b calls kfree 2 times more in MEM_OFFLINE: 1 before, 3 now"},
	{"init/kapi/drv/kmalloc", 1, 2, "drv's init calls kmalloc 1 time more: 1 before, 2 now"},
	{"steady/calls/slab/going_online", 1000, 999,
	 "slab is called 1 time less for MEM_GOING_ONLINE: 1,000 before, 999 now"},
	{"steady/calls/slab/node_added_first_memory", 0, 1,
	 "slab is called 1 time more for NODE_ADDED_FIRST_MEMORY: 0 before, 1 now"},
	{"steady/operations/online/vetoed", 0, 5, "5 more online operations vetoed: 0 before, 5 now"},
	{"steady/grace_periods", 0, 17, "17 more grace periods: 0 before, 17 now"},
	{"plain", 2, 1, "1 fewer plain: 2 before, 1 now"},
};

Test(gate_counts, are_told_as_sentences)
{
	const size_t rows = sizeof(words_rows) / sizeof(words_rows[0]);

	make(1);
	for (size_t i = 0; i < rows; i++) {
		mh_result_add_count(&sample.base[0], words_rows[i].name, words_rows[i].base, NULL);
		mh_result_add_count(&sample.candidate[0], words_rows[i].name, words_rows[i].candidate, NULL);
	}
	gate_sample_judge(&sample);
	for (size_t i = 0; i < rows; i++)
		cr_expect_str_eq(gate_sample_line(&sample, words_rows[i].name)->words, words_rows[i].words);
}

Test(gate_counts, one_that_is_no_longer_exact_is_named)
{
	make(1);
	sample.candidate[0].counts[0].inexact = "threads of modules call it";
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	const struct mh_gate_line *line = gate_sample_line(&sample, "steady/calls/drv/offline");

	cr_expect_eq(line->verdict, MH_VERDICT_NONE);
	cr_expect_str_eq(line->words,
			 "exact in the base and not in the candidate, so not gated: threads of modules call it");
}

Test(gate_counts, one_run_is_enough_and_no_time_is_looked_at)
{
	make(1);
	gate_sample_metric(&sample, "steady/absent.p50", 0.05);
	cr_expect_eq(gate_sample_judge(&sample), MH_VERDICT_PASS);
	cr_expect_not(sample.report.wants_more);
}
