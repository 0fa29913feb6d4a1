/* SPDX-License-Identifier: GPL-2.0-or-later */
/* csv and md: every row has as many cells as the header, whatever the names. */
#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"
#include "results/export/gate_export.h"
#include "results/export/md.h"

/* Commas outside of quotes of each row; all must be as many. Returns the rows. */
static size_t check_rows(const char *csv, size_t expected)
{
	size_t rows = 0, commas = 0;
	bool quoted = false;

	for (; *csv; csv++) {
		if (*csv == '"')
			quoted = !quoted;
		commas += *csv == ',' && !quoted;
		if (*csv == '\n' && !quoted) {
			cr_expect_eq(commas, expected, "row %zu has %zu commas", rows, commas);
			commas = 0;
			rows++;
		}
	}
	return rows;
}

Test(csv, has_a_row_a_run_and_series)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 3);
	fixture.runs[1].cell = "memory=1GiB,nodes=2";
	mh_result_release(&fixture.runs[2].result);
	fixture.runs[2].read = false;
	fixture.runs[2].why = (char *)"it did not end";
	fixture.export.scenario = FIXTURE_NASTY;
	cr_assert_eq(fixture_write(&fixture, "csv", &error), 0, "%s", error.text);
	cr_expect_eq(check_rows(fixture.text.data, 19), 1u + 4 + 4 + 1, "%s", fixture.text.data);
	fixture_has(&fixture.text,
		    ",\"memory=1GiB,nodes=2\",run-002,01TEST1,ok,0x5eed,1767225610000000000,steady,response,"
		    "1000,0,1000,1499.5,");
	fixture_release(&fixture);
}

Test(csv, keeps_to_the_series_that_were_asked_for)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	fixture.export.series = "*/response";
	cr_assert_eq(fixture_write(&fixture, "csv", &error), 0, "%s", error.text);
	cr_expect_eq(check_rows(fixture.text.data, 19), 3u);
	fixture_release(&fixture);
}

Test(md, breaks_no_table)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	fixture.runs[0].result.status = MH_RUN_INVALID;
	mh_result_add_status_reason(&fixture.runs[0].result, "%s", FIXTURE_NASTY);
	cr_assert_eq(fixture_write(&fixture, "md", &error), 0, "%s", error.text);
	fixture_has(&fixture.text, "| BROKEN | fixture/main | the run ends and its data can be trusted | &lt;a "
				   "href=\"x\"&gt;&amp;\\|\\`%:, ::error::b&lt;/a&gt; |\n");
	fixture_has(&fixture.text, "| steady/response | 1000 | 1.50 us |");
	fixture_has(&fixture.text, "| steady/empty | 0 | | | | | |\n");
	fixture_release(&fixture);
}

Test(md, of_a_gate_has_words_first)
{
	struct mh_gate_line lines[FIXTURE_LINES];
	struct mh_gate_report report;
	struct mh_gate_rule rule;
	struct mh_text text = MH_TEXT_INIT;

	fixture_gate(&report, lines, &rule);
	mh_export_gate_md(&report, &rule, &(struct mh_export_gate_options){.scenario = "s"}, &text);
	cr_expect_eq(strncmp(text.data, "## s: INCORRECT\n\nit is not right\n", 33), 0, "%s", text.data);
	fixture_has(
		&text,
		"| REGRESSED | main | steady/response.p99 | 1.00 us | 1.08 us | +7.9 % (+4.1 … +11.8) | 16 / 16 |\n");
	fixture_has(&text, "| REGRESSED (shown) |");
	fixture_has(&text, "\nNext: memhp-bench gate again\n");
	cr_expect(!strstr(text.data, "nan") && !strstr(text.data, "inf"), "%s", text.data);
	mh_text_release(&text);
}
