/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Google Benchmark's JSON; tests/interop/export.bats reads it with compare.py. */
#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "fixture.h"

static json_t *parse(const struct fixture *fixture)
{
	json_error_t error;
	json_t *root = json_loads(fixture->text.data, JSON_REJECT_DUPLICATES, &error);

	cr_assert(root, "%s", error.text);
	return root;
}

Test(gbench, has_a_row_a_run_and_calls_them_repetitions)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 3);
	fixture.runs[1].result.status = MH_RUN_INCORRECT;
	cr_assert_eq(fixture_write(&fixture, "gbench", &error), 0, "%s", error.text);

	json_t *root = parse(&fixture), *rows = json_object_get(root, "benchmarks");

	cr_assert_eq(json_array_size(rows), 2u);
	for (size_t i = 0; i < 2; i++) {
		const json_t *row = json_array_get(rows, i);

		cr_expect_str_eq(json_string_value(json_object_get(row, "name")), "fixture/main/steady/response");
		cr_expect_eq(json_integer_value(json_object_get(row, "repetitions")), 2);
		cr_expect_eq(json_integer_value(json_object_get(row, "repetition_index")), (json_int_t)i);
		cr_expect_float_eq(json_real_value(json_object_get(row, "real_time")), 1499.5, 1e-9);
		cr_expect_float_eq(json_real_value(json_object_get(row, "cpu_time")), 999.5, 1e-9);
		cr_expect_float_eq(json_real_value(json_object_get(row, "throughput")), 1000, 1e-9);
		cr_expect_float_eq(json_real_value(json_object_get(row, "errors")), 10, 1e-9);
	}
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(root, "context"), "json_schema_version")), 1);
	fixture_has(&fixture.notes, "main/run-002 is left out: it is incorrect");
	json_decref(root);
	fixture_release(&fixture);
}

Test(gbench, leaves_out_a_number_that_is_none)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	for (int i = 0; i < 100; i++) /* above all ranges: p99 is not known */
		mh_histogram_record(&fixture.runs[0].result.series[2].histogram, UINT64_MAX / 2);
	cr_assert_eq(fixture_write(&fixture, "gbench", &error), 0, "%s", error.text);

	json_t *root = parse(&fixture);
	const json_t *row = json_array_get(json_object_get(root, "benchmarks"), 0);

	cr_expect(json_object_get(row, "p50"));
	cr_expect(!json_object_get(row, "p99"));
	json_decref(root);
	fixture_release(&fixture);
}

Test(gbench, refuses_to_be_empty)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	fixture.export.series = "none/*";
	cr_expect_eq(fixture_write(&fixture, "gbench", &error), -ENODATA);
	fixture.export.series = NULL;
	fixture.runs[0].result.status = MH_RUN_ABORTED;
	cr_expect_eq(fixture_write(&fixture, "gbench", &error), -ENODATA);
	fixture_release(&fixture);
}
