/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases of runs and of gates as JUnit. tests/interop/export.bats reads the XML with xmllint. */
#include "results/export/junit.h"

#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"
#include "results/export/gate_export.h"

static void add_violation(struct mh_result *result, const char *invariant, uint64_t seq)
{
	*mh_result_add_violation(result) =
		(struct mh_result_violation){.invariant = invariant, .seq = seq, .detail = FIXTURE_NASTY};
	result->verify.violation_count++;
	result->status = MH_RUN_INCORRECT;
}

static void add_slo(struct mh_result *result, const char *expr, bool ok, bool require)
{
	*mh_result_add_slo(result) = (struct mh_result_slo){
		.expr = expr, .has_value = true, .value = 7, .limit = 5, .unit = "ns", .ok = ok, .require = require};
}

Test(junit, a_correct_run_passes_all_cases)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	add_slo(&fixture.runs[0].result, "steady/response.p99 < 5us", true, true);
	cr_assert_eq(fixture_write(&fixture, "junit", &error), 0, "%s", error.text);
	fixture_has(&fixture.text, "tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\"");
	fixture_has(&fixture.text, "timestamp=\"2026-01-01T00:00:00\" hostname=\"host\"");
	fixture_has(&fixture.text, "time=\"3.000\"");
	fixture_release(&fixture);
}

Test(junit, tells_failures_errors_and_skipped_apart)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	add_violation(&fixture.runs[0].result, "I05", 41877);
	add_violation(&fixture.runs[0].result, "I05", 41999);
	add_violation(&fixture.runs[0].result, "I06", 3);
	add_slo(&fixture.runs[0].result, "steady/response.p99 < 5us", false, true);
	add_slo(&fixture.runs[0].result, "steady/response.p50 < 5us", false, false);
	cr_assert_eq(fixture_write(&fixture, "junit", &error), 0, "%s", error.text);
	fixture_has(&fixture.text, "tests=\"5\" failures=\"1\" errors=\"2\" skipped=\"1\"");
	fixture_has(&fixture.text,
		    "<error type=\"invariant\" message=\"I05 is violated at operation 41877, and at others\">");
	fixture_has(&fixture.text, "&lt;a href=&quot;x&quot;&gt;&amp;");
	cr_expect_eq(fixture_count(&fixture.text, "<error"), 2u);
	cr_expect_eq(fixture_count(&fixture.text, "<failure"), 1u);
	cr_expect_eq(fixture_count(&fixture.text, "<skipped"), 1u);
	fixture_release(&fixture);
}

Test(junit, says_incorrect_also_without_a_violation_kept)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	fixture.runs[0].result.status = MH_RUN_INCORRECT;
	cr_assert_eq(fixture_write(&fixture, "junit", &error), 0);
	fixture_has(&fixture.text, "errors=\"1\"");
	fixture_release(&fixture);
}

Test(junit, tells_runs_of_a_cell_apart_and_counts_cells_by_themselves)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 3);
	fixture.runs[2].cell = "nodes=2";
	fixture.runs[1].result.status = MH_RUN_INVALID;
	cr_assert_eq(fixture_write(&fixture, "junit", &error), 0);
	fixture_has(&fixture.text, "<testsuites name=\"memhp-bench run\" tests=\"6\" failures=\"0\" errors=\"1\"");
	fixture_has(&fixture.text, "<testsuite name=\"fixture/main\" tests=\"4\" failures=\"0\" errors=\"1\"");
	fixture_has(&fixture.text, "<testsuite name=\"fixture/nodes=2\" tests=\"2\" failures=\"0\" errors=\"0\"");
	fixture_has(&fixture.text, "name=\"run-002 what was checked holds\"");
	fixture_release(&fixture);
}

/* Of the nine lines: 2 pass, 1 regressed, 2 undecided, 2 broken, 1 not judged, 1 advisory. */
Test(junit, of_a_gate_has_a_case_a_line)
{
	struct mh_gate_line lines[FIXTURE_LINES];
	struct mh_gate_report report;
	struct mh_gate_rule rule;
	struct mh_text text = MH_TEXT_INIT;
	struct mh_export_gate_options options = {.scenario = "chain-latency"};

	fixture_gate(&report, lines, &rule);
	mh_export_gate_junit(&report, &rule, &options, &text);
	fixture_has(&text, "tests=\"9\" failures=\"1\" errors=\"2\" skipped=\"4\"");
	fixture_has(&text, "classname=\"gate.chain-latency/main\" name=\"steady/response.p99 &lt;= +5 %\"");
	fixture_has(&text, "<failure type=\"regression\" message=\"REGRESSED: some words\">+7.9 % [+4.1, +11.8]\n"
			   "p 0.0001, adjusted 0.0004\n16 against 16 runs\nnext: memhp-bench gate again</failure>");
	fixture_has(&text, "message=\"INCONCLUSIVE: some words; needs 9 in all\"");
	fixture_has(&text, "<property name=\"pairs\" value=\"16\"/>");
	cr_expect(!strstr(text.data, "nan") && !strstr(text.data, "inf"), "%s", text.data);

	options.undecided_fails = true;
	mh_text_clear(&text);
	mh_export_gate_junit(&report, &rule, &options, &text);
	fixture_has(&text, "failures=\"3\" errors=\"2\" skipped=\"2\"");
	mh_text_release(&text);
}

Test(junit, of_a_gate_without_lines_does_not_pass)
{
	struct mh_gate_report report = {.verdict = MH_VERDICT_INVALID, .summary = "nothing was compared"};
	struct mh_gate_rule rule = {.paired = true};
	struct mh_text text = MH_TEXT_INIT;

	mh_export_gate_junit(&report, &rule, &(struct mh_export_gate_options){.scenario = "s"}, &text);
	fixture_has(&text, "tests=\"1\" failures=\"0\" errors=\"1\"");
	fixture_has(&text, "nothing was compared");
	mh_text_release(&text);
}
