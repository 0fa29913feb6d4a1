/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of formats, what it refuses, and what every format can live with. */
#include "results/export/export.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "fixture.h"

Test(export, suggests_a_format)
{
	const struct mh_export_format *format;
	struct mh_error error;

	cr_expect_eq(mh_export_find("hgmr", &format, &error), -EINVAL);
	cr_expect(strstr(error.text, "did you mean 'hgrm'"), "%s", error.text);
	cr_expect_eq(mh_export_find("fio", &format, &error), -EINVAL);
	cr_expect(strstr(error.text, "hgrm, hlog, gbench, junit, github, trace, csv, md"), "%s", error.text);
}

Test(export, refuses_an_option_that_the_format_would_ignore)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	fixture.export.series = "steady/response";
	cr_expect_eq(fixture_write(&fixture, "junit", &error), -EINVAL);
	fixture.export.series = NULL;
	fixture.export.unit_ns = 1;
	cr_expect_eq(fixture_write(&fixture, "csv", &error), -EINVAL);
	cr_expect(strstr(error.text, "--unit"), "%s", error.text);
	fixture_release(&fixture);
}

Test(export, adds_up_no_runs_of_two_cells)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 2);
	fixture.runs[1].cell = "nodes=2";
	cr_expect_eq(fixture_write(&fixture, "hgrm", &error), -ENODATA);
	cr_expect(strstr(error.text, "--cell main"), "%s", error.text);
	cr_expect_eq(fixture_write(&fixture, "csv", &error), 0);
	fixture_release(&fixture);
}

/* Each format with runs that were not read, aborted, incorrect, and with nasty names: a text or a sentence. */
Test(export, every_format_lives_with_what_went_wrong)
{
	for (size_t i = 0; mh_export_formats[i]; i++) {
		struct fixture fixture;
		struct mh_error error = {0};

		fixture_init(&fixture, 4);
		mh_result_release(&fixture.runs[0].result);
		fixture.runs[0].read = false;
		fixture.runs[0].why = (char *)FIXTURE_NASTY;
		fixture.runs[1].result.status = MH_RUN_ABORTED;
		fixture.runs[2].result.status = MH_RUN_INCORRECT;
		fixture.export.scenario = FIXTURE_NASTY;
		if (strcmp(mh_export_formats[i]->name, "hlog") == 0)
			fixture.runs[3].log = (char *)"/nonexistent/run.hlog";
		int ret = fixture_write(&fixture, mh_export_formats[i]->name, &error);

		cr_expect(ret == 0 || error.text[0], "%s", mh_export_formats[i]->name);
		cr_expect(!strchr(fixture.text.data, '\a') && !strchr(fixture.text.data, '\xff'), "%s",
			  mh_export_formats[i]->name);
		fixture_release(&fixture);
	}
}
