/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The percentile file; tests/interop/export.bats holds it against the Java library's own. */
#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "fixture.h"

/* Of 1000 … 1999 ns, in us. */
Test(hgrm, begins_at_the_least_value_and_ends_without_a_fourth_column)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	fixture.export.unit_ns = 1000;
	cr_assert_eq(fixture_write(&fixture, "hgrm", &error), 0, "%s", error.text);
	fixture_has(&fixture.text, "       1.000 0.000000000000          1           1.00\n");
	fixture_has(&fixture.text, "       1.499 0.500000000000        500           2.00\n");
	fixture_has(&fixture.text, "       1.999 1.000000000000       1000\n#[Mean");
	fixture_has(&fixture.text, "#[Buckets =           32, SubBuckets     =         2048]\n");
	fixture_release(&fixture);
}

Test(hgrm, adds_runs_up_bucket_by_bucket)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 3);
	fixture.runs[2].result.status = MH_RUN_ABORTED;
	fixture.export.unit_ns = 1000;
	cr_assert_eq(fixture_write(&fixture, "hgrm", &error), 0, "%s", error.text);
	fixture_has(&fixture.text, "       1.499 0.500000000000       1000           2.00\n");
	fixture_has(&fixture.notes, "main/run-003 is left out: it is aborted");
	fixture_release(&fixture);
}

Test(hgrm, says_which_series_there_is)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	fixture.export.series = "steady/respones";
	cr_expect_eq(fixture_write(&fixture, "hgrm", &error), -ENODATA);
	cr_expect(strstr(error.text, "did you mean 'steady/response'"), "%s", error.text);
	fixture_release(&fixture);
}

Test(hgrm, refuses_runs_of_another_precision)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = 2};
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 2);
	mh_histogram_release(&fixture.runs[1].result.series[2].histogram);
	cr_assert_eq(mh_histogram_init(&fixture.runs[1].result.series[2].histogram, &layout), 0);
	cr_expect_eq(fixture_write(&fixture, "hgrm", &error), -ENODATA);
	cr_expect(strstr(error.text, "precision"), "%s", error.text);
	fixture_release(&fixture);
}

/* More values than a double can count one by one, an empty series, values beyond the range: it ends. */
Test(hgrm, ends_whatever_was_recorded)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	fixture.export.series = "steady/empty";
	cr_assert_eq(fixture_write(&fixture, "hgrm", &error), 0, "%s", error.text);
	fixture_has(&fixture.text, "Total count    =            0]");

	struct mh_histogram *histogram = &fixture.runs[0].result.series[3].histogram;

	cr_assert_eq(mh_histogram_record_many(histogram, 5, UINT64_C(1) << 62), 0);
	mh_histogram_record(histogram, 1000000);
	mh_histogram_record(histogram, UINT64_MAX);
	mh_text_clear(&fixture.text);
	cr_assert_eq(fixture_write(&fixture, "hgrm", &error), 0, "%s", error.text);
	cr_expect_lt(fixture.text.length, 100000u, "%zu bytes", fixture.text.length);
	fixture_release(&fixture);
}
