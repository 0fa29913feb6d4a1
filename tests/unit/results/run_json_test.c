/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.json: exact numbers, no list left out, back and forth, and documents that contradict themselves. */
#include "results/run_json.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

static char *write_result(const struct mh_result *result)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error = {0};

	cr_assert_eq(mh_run_json_write(result, &text, &error), 0, "%s", error.text);
	return text.data;
}

static json_t *write_and_parse(const struct mh_result *result)
{
	char *text = write_result(result);
	json_error_t error;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	cr_assert(root, "line %d: %s", error.line, error.text);
	free(text);
	return root;
}

Test(run_json, is_the_same_after_a_round_trip)
{
	struct mh_result result, back;
	struct mh_error error = {0};

	sample_result(&result);
	char *text = write_result(&result);

	cr_assert_eq(mh_run_json_read(text, strlen(text), "run.json", &back, &error), 0, "%s", error.text);
	char *again = write_result(&back);

	cr_expect_str_eq(again, text);
	cr_assert_eq(back.series_count, result.series_count);
	for (size_t i = 0; i < result.series_count; i++)
		cr_expect(mh_histogram_equal(&result.series[i].histogram, &back.series[i].histogram), "%s",
			  result.series[i].tag);
	free(text);
	free(again);
	mh_result_release(&result);
	mh_result_release(&back);
}

Test(run_json, leaves_no_list_out_of_an_empty_result)
{
	static const char *const lists[] = {"status_reasons", "phases", "series",   "counts",
					    "faults",         "slo",    "exemplars"};
	struct mh_result result, back;
	struct mh_error error = {0};

	mh_result_init(&result);
	result.suite = "empty";
	result.cell = "main";
	json_t *root = write_and_parse(&result);

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		cr_expect(json_is_array(json_object_get(root, lists[i])), "%s", lists[i]);
	cr_expect(json_is_array(json_object_get(json_object_get(root, "verify"), "violations")));
	cr_expect(json_is_array(json_object_get(json_object_get(root, "verify"), "expected")));
	cr_expect(json_is_object(json_object_get(root, "counters")));
	cr_expect(json_is_null(json_object_get(root, "pair")));
	json_decref(root);
	char *text = write_result(&result);

	cr_expect_eq(mh_run_json_read(text, strlen(text), "run.json", &back, &error), 0, "%s", error.text);
	mh_result_release(&back);
	free(text);
	mh_result_release(&result);
}

Test(run_json, keeps_integers_of_64_bits_exact)
{
	struct mh_result result, back;
	struct mh_error error = {0};

	sample_result(&result);
	result.verify.checked = UINT64_MAX;
	result.duration_ns = (UINT64_C(1) << 53) + 1;
	result.seed = UINT64_MAX;
	json_t *root = write_and_parse(&result);

	cr_expect_eq(json_integer_value(json_object_get(root, "duration_ns")), (INT64_C(1) << 53) + 1);
	cr_expect_str_eq(json_string_value(json_object_get(root, "duration_ns_s")), "9007199254740993");
	cr_expect_str_eq(json_string_value(json_object_get(json_object_get(root, "verify"), "checked_s")),
			 "18446744073709551615");
	cr_expect_str_eq(json_string_value(json_object_get(root, "seed")), "0xffffffffffffffff");
	json_decref(root);
	char *text = write_result(&result);

	cr_assert_eq(mh_run_json_read(text, strlen(text), "run.json", &back, &error), 0, "%s", error.text);
	cr_expect_eq(back.verify.checked, UINT64_MAX);
	cr_expect_eq(back.seed, UINT64_MAX);
	free(text);
	mh_result_release(&result);
	mh_result_release(&back);
}

Test(run_json, keeps_a_sum_of_128_bits_and_values_above_2_63)
{
	struct mh_histogram histogram = sample_histogram();
	struct mh_result result, back;
	struct mh_error error = {0};

	cr_assert_eq(mh_histogram_record_many(&histogram, UINT64_MAX, 1000), 0);
	mh_histogram_record(&histogram, 100);
	mh_result_init(&result);
	result.suite = "large";
	result.cell = "main";
	cr_assert_eq(mh_result_add_series(&result, "a/b", &histogram), 0);
	char *text = write_result(&result);

	cr_expect(strstr(text, "\"max_s\": \"18446744073709551615\""), "%s", text);
	cr_expect(strstr(text, "\"sum_s\": \"18446744073709551615100\""), "%s", text);
	cr_assert_eq(mh_run_json_read(text, strlen(text), "run.json", &back, &error), 0, "%s", error.text);
	cr_expect(mh_histogram_equal(&back.series[0].histogram, &histogram));
	free(text);
	mh_histogram_release(&histogram);
	mh_result_release(&result);
	mh_result_release(&back);
}

Test(run_json, writes_null_for_what_is_not_available_or_not_finite)
{
	struct mh_result result;

	sample_result(&result);
	result.environment.governor[0] = '\0';
	result.environment.steal_ns = MH_NOT_AVAILABLE;
	result.phases[0].workloads[0].achieved_rate = NAN;
	result.phases[0].workloads[0].lag_p99_ns = INFINITY;
	json_t *root = write_and_parse(&result), *env = json_object_get(root, "env");
	json_t *workload =
		json_array_get(json_object_get(json_array_get(json_object_get(root, "phases"), 0), "workloads"), 0);

	cr_expect(json_is_null(json_object_get(env, "governor")));
	cr_expect(json_is_null(json_object_get(env, "steal_ns")));
	cr_expect(json_is_null(json_object_get(workload, "achieved_rate")));
	cr_expect(json_is_null(json_object_get(workload, "lag_p99_ns")));
	json_decref(root);
	mh_result_release(&result);
}

Test(run_json, brings_doubles_back_as_they_were)
{
	struct mh_result result, back;

	sample_result(&result);
	result.overheads.clock_ns = 0.1 + 0.2;
	char *text = write_result(&result);

	cr_assert_eq(mh_run_json_read(text, strlen(text), "run.json", &back, NULL), 0);
	cr_expect_eq(back.overheads.clock_ns, 0.1 + 0.2);
	free(text);
	mh_result_release(&result);
	mh_result_release(&back);
}

Test(run_json, writes_strange_names_as_valid_utf_8)
{
	struct mh_result result;

	sample_result(&result);
	struct mh_result_violation *violation = mh_result_add_violation(&result);

	violation->invariant = "I05";
	violation->detail = "listener \xff\xc3 said \"no\" in the \xe2\x82 caf\xc3\xa9";
	char *text = write_result(&result);

	cr_expect(strstr(text, "listener ?? said \\\"no\\\" in the ?? caf\xc3\xa9"), "%s", strstr(text, "listener"));
	free(text);
	mh_result_release(&result);
}

Test(run_json, does_not_write_a_result_that_is_incomplete)
{
	struct mh_result result;
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error = {0};

	sample_result(&result);
	result.failed = true;
	cr_expect_eq(mh_run_json_write(&result, &text, &error), -ENOMEM);
	cr_expect_eq(text.length, 0u);
	mh_result_release(&result);
}

/* Reads the sample with one text replaced by another. */
static int read_changed(const char *from, const char *to, struct mh_error *error)
{
	struct mh_result result, back;

	sample_result(&result);
	char *text = write_result(&result), *at = strstr(text, from);
	struct mh_text changed = MH_TEXT_INIT;

	cr_assert(at, "'%s' is not in the document", from);
	mh_text_append(&changed, text, (size_t)(at - text));
	mh_text_add(&changed, "%s%s", to, at + strlen(from));
	int ret = mh_run_json_read(changed.data, changed.length, "run.json", &back, error);

	if (ret == 0)
		mh_result_release(&back);
	mh_text_release(&changed);
	free(text);
	mh_result_release(&result);
	return ret;
}

Test(run_json, ignores_keys_that_it_does_not_know)
{
	struct mh_error error = {0};

	cr_expect_eq(read_changed("\"suite\":", "\"later\": {\"x\": [1]}, \"suite\":", &error), 0, "%s", error.text);
}

Test(run_json, reads_a_document_of_before_there_were_counts)
{
	struct mh_error error = {0};

	cr_expect_eq(read_changed("\"counts\": [", "\"older\": [", &error), 0, "%s", error.text);
}

Test(run_json, refuses_documents_that_are_wrong_and_says_where)
{
	static const struct {
		const char *from, *to, *said;
	} rows[] = {
		{"memhp-bench/run", "memhp-bench/manifest", "schema"},
		{"\"schema_version\": 1", "\"schema_version\": 2", "schema_version"},
		{"\"schema_version\": 1", "\"schema_version\": 1.0", "schema_version"},
		{"{", "[", "JSON"},
		{"\"suite\": \"first-run\"", "\"suite\": 7", "suite"},
		{"\"suite\": \"first-run\"", "\"suite\": \"a\\u0000b\"", "JSON"},
		{"\"suite\":", "\"suite\": \"twice\", \"suite\":", "JSON"},
		{"\"suite\"", "\"suit\"", "suite"},
		{"\"status\": \"ok\"", "\"status\": \"fine\"", "fine"},
		{"\"seed\": \"0x5eed\"", "\"seed\": \"0x1ffffffffffffffff\"", "seed"},
		{"\"duration_ns\": 6100000000", "\"duration_ns\": -1", "duration_ns"},
		{"\"dropped\": 3", "\"dropped\": \"3\"", "dropped"},
		{"\"count\": 20400", "\"count\": 20401", "series[0]"},
		{"\"overflow\": 0", "\"overflow\": 1", "series[0]"},
		{"\"min\": ", "\"min\": 1", "series[0]"},
		{"\"max\": ", "\"max\": 9", "series[0]"},
		{"\"hist\": \"HIST", "\"hist\": \"hIST", "series[0]"},
		{"\"tag\": \"steady/wait\"", "\"tag\": \"steady/service\"", "twice"},
		{"\"tag\": \"steady/wait\"", "\"tag\": \"steady wait\"", "series[1]"},
		{"\"faults\": [", "\"faults\": [7, ", "faults[0]"},
		{"\"faults\": [", "\"faults\": {}, \"faults2\": [", "faults"},
		{"\"counts\": [", "\"counts\": {}, \"counts2\": [", "counts"},
		{"\"counts\": [", "\"counts\": [7, ", "counts[0]"},
		{"\"name\": \"steady/pages_migrated\"", "\"name\": \"steady/calls/slab/online\"", "two counts"},
		{"\"name\": \"steady/pages_migrated\"", "\"nam\": 1", "counts[1]"},
		{"\"inexact\": \"'churn'", "\"inexact\": 7, \"inexact2\": \"'churn'", "inexact"},
		{"\"value_s\": \"9223372036854775807\"", "\"value_s\": \"18446744073709551616\"", "counts[1]"},
		{"\"grace_periods_s\": \"1152921504606846976\"", "\"grace_periods_s\": \"many\"", "grace_periods_s"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_error error = {0};

		cr_expect_eq(read_changed(rows[i].from, rows[i].to, &error), -EINVAL, "row %zu was read", i);
		cr_expect(strstr(error.text, rows[i].said), "row %zu does not say '%s': '%s'", i, rows[i].said,
			  error.text);
		cr_expect(strstr(error.text, "run.json"), "row %zu does not name the file: '%s'", i, error.text);
	}
}

Test(run_json, survives_a_document_that_is_cut_anywhere)
{
	struct mh_result result, back;

	sample_result(&result);
	char *text = write_result(&result);
	size_t length = strlen(text);

	for (size_t cut = 0; cut < length - 2; cut += 97)
		cr_assert_eq(mh_run_json_read(text, cut, "run.json", &back, NULL), -EINVAL, "cut at %zu", cut);
	free(text);
	mh_result_release(&result);
}

Test(run_json, saves_whole_and_loads)
{
	char *folder = sample_folder(), path[256];
	struct mh_result result, back;
	struct mh_error error = {0};

	snprintf(path, sizeof(path), "%s/run.json", folder);
	sample_result(&result);
	cr_expect_eq(mh_run_json_load(path, &back, &error), -ENOENT, "%s", error.text);
	cr_assert_eq(mh_run_json_save(&result, path, &error), 0, "%s", error.text);
	cr_assert_eq(mh_run_json_load(path, &back, &error), 0, "%s", error.text);
	cr_expect_str_eq(back.run_id, result.run_id);
	mh_result_release(&result);
	mh_result_release(&back);
	sample_folder_remove(folder);
}
