/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Annotations: how many, in which order, and that no text becomes a command. */
#include "results/export/github.h"

#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"
#include "results/export/gate_export.h"

static void add(struct mh_export_cases *cases, enum mh_case_outcome outcome, enum mh_case_severity severity,
		size_t count)
{
	for (size_t i = 0; i < count; i++)
		mh_cases_add(cases, &(struct mh_export_case){
					    .suite = "s/main",
					    .area = "slo",
					    .outcome = outcome,
					    .severity = severity,
					    .name = outcome == MH_CASE_BROKEN ? "broken" : "slow",
					    .message = FIXTURE_NASTY,
				    });
}

Test(github, shows_ten_of_a_kind_the_worst_first)
{
	struct mh_export_cases cases = {0};
	struct mh_text text = MH_TEXT_INIT;

	add(&cases, MH_CASE_SKIPPED, MH_SEVERITY_WARNING, 2);
	add(&cases, MH_CASE_FAILED, MH_SEVERITY_ERROR, 20);
	add(&cases, MH_CASE_BROKEN, MH_SEVERITY_ERROR, 1);
	add(&cases, MH_CASE_PASSED, MH_SEVERITY_NONE, 5);
	mh_github_annotate(&cases, &text);
	cr_expect_eq(fixture_count(&text, "::error title"), 10u, "%s", text.data);
	cr_expect_eq(fixture_count(&text, "::warning title"), 2u);
	cr_expect_eq(fixture_count(&text, "\n"), 12u, "no text may begin a line: %s", text.data);
	cr_expect_eq(strncmp(text.data, "::error title=s/main%3A broken::", 32), 0, "%s", text.data);
	fixture_has(&text, "::error title=memhp-bench::12 more; the summary of this step has all\n");
	mh_cases_release(&cases);
	mh_text_release(&text);
}

Test(github, has_nothing_to_say_of_a_correct_run)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	cr_assert_eq(fixture_write(&fixture, "github", &error), 0);
	cr_expect_str_eq(fixture.text.data, "");
	fixture_release(&fixture);
}

Test(github, of_a_gate_warns_of_what_is_undecided_only_where_that_is_no_failure)
{
	struct mh_gate_line lines[FIXTURE_LINES];
	struct mh_gate_report report;
	struct mh_gate_rule rule;
	struct mh_text text = MH_TEXT_INIT;
	struct mh_export_gate_options options = {.scenario = "s"};

	fixture_gate(&report, lines, &rule);
	mh_export_gate_github(&report, &rule, &options, &text);
	cr_expect_eq(fixture_count(&text, "::error "), 5u, "%s", text.data);
	cr_expect_eq(fixture_count(&text, "::notice "), 1u, "%s", text.data);
	rule.undecided_warns = true;
	mh_text_clear(&text);
	mh_export_gate_github(&report, &rule, &options, &text);
	cr_expect_eq(fixture_count(&text, "::error "), 3u, "%s", text.data);
	cr_expect_eq(fixture_count(&text, "::warning "), 2u, "%s", text.data);
	mh_text_release(&text);
}

Test(github, cuts_a_summary_at_a_line_and_says_so)
{
	struct mh_text text = MH_TEXT_INIT;

	for (int i = 0; i < 100; i++)
		mh_text_add(&text, "line %02d\n", i);
	mh_github_cut(&text, 1000);
	cr_expect_eq(text.length, 800u);
	mh_github_cut(&text, 400);
	cr_expect_leq(text.length, 400u);
	fixture_has(&text, "line 00\n");
	fixture_has(&text, "The rest is left out");
	mh_github_cut(&text, 10); /* no room for the note: nothing is better than half a table */
	cr_expect_eq(text.length, 0u, "%s", text.data);
	mh_text_release(&text);
}
