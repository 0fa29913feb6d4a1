/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calibration.json: written, read back, and every way of being wrong. */
#include "results/calibration.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sample.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct mh_calibration calibration, again;
static struct mh_text text = MH_TEXT_INIT;

static void release(void)
{
	mh_calibration_release(&calibration);
	mh_calibration_release(&again);
	mh_text_release(&text);
}

TestSuite(calibration, .fini = release);

static void make(void)
{
	struct mh_calibration_metric *metric;
	struct mh_calibration_probe *probe;

	calibration = (struct mh_calibration){
		.scenario_sha256 = HEX,
		.fingerprint = HEX,
		.scenario = "chain-latency",
		.start_unix_ns = UINT64_C(1767225600123456789),
		.pairs_measured = 16,
		.pairs = 24,
		.decisions = 1000,
		.failure_chance = 0.003,
	};
	metric = mh_calibration_add_metric(&calibration, "main", "steady/response.p50");
	metric->deviation = 0.02;
	metric->reference = 1170;
	metric->tolerance = 0.05;
	metric->detectable = 0.021;
	metric->pairs_recommended = 10;
	(void)mh_calibration_add_metric(&calibration, "nodes=2", "steady/response.p50");
	probe = mh_calibration_add_probe(&calibration, "chase");
	*probe = (struct mh_calibration_probe){.name = "chase", .centre = 80, .low = 76, .high = 84.5};
}

static void expect_same(void)
{
	cr_expect_str_eq(again.scenario, "chain-latency");
	cr_expect_str_eq(again.scenario_sha256, HEX);
	cr_expect_str_eq(again.fingerprint, HEX);
	cr_expect_eq(again.start_unix_ns, UINT64_C(1767225600123456789));
	cr_expect_eq(again.pairs, 24);
	cr_expect_eq(again.pairs_measured, 16);
	cr_expect_eq(again.decisions, 1000);
	cr_expect_float_eq(again.failure_chance, 0.003, 1e-15);
	cr_assert_eq(again.metric_count, 2);
	const struct mh_calibration_metric *metric = mh_calibration_find_metric(&again, "main", "steady/response.p50");

	cr_assert_not_null(metric);
	cr_expect_float_eq(metric->deviation, 0.02, 1e-15);
	cr_expect_float_eq(metric->reference, 1170, 1e-12);
	cr_expect_eq(metric->pairs_recommended, 10);
	cr_expect(isnan(again.metrics[1].deviation), "what is not known stays so");
	cr_assert_not_null(mh_calibration_find_probe(&again, "chase"));
	cr_expect_float_eq(mh_calibration_find_probe(&again, "chase")->high, 84.5, 1e-12);
	cr_expect_null(mh_calibration_find_probe(&again, "loop"));
}

Test(calibration, is_read_as_it_was_written)
{
	char path[128], *folder = sample_folder();
	struct mh_error error = {0};

	make();
	snprintf(path, sizeof(path), "%s/calibration.json", folder);
	cr_assert_eq(mh_calibration_save(&calibration, path, &error), 0, "%s", error.text);
	cr_assert_eq(mh_calibration_load(path, &again, &error), 0, "%s", error.text);
	expect_same();
	sample_folder_remove(folder);
}

Test(calibration, gives_the_noise_that_it_knows)
{
	struct mh_gate_noise noises[2];

	make();
	cr_assert_eq(mh_calibration_noises(&calibration, noises), 1);
	cr_expect_str_eq(noises[0].cell, "main");
	cr_expect_float_eq(noises[0].deviation, 0.02, 1e-15);
}

#define HEAD                                                                                                           \
	"{\"schema\":\"memhp-bench/"                                                                                   \
	"calibration\",\"schema_version\":1,\"scenario\":\"s\",\"scenario_resolved_sha256\":"                          \
	"\"\",\"env_fingerprint\":\"\",\"pairs_measured\":12,\"pairs\":24,"
#define METRIC "{\"cell\":\"main\",\"metric\":\"a/b.p50\",\"deviation\":0.1}"
#define PROBE  "{\"name\":\"loop\",\"centre\":2,\"low\":1,\"high\":3}"

static const struct wrong_row {
	const char *document, *words;
} wrong_rows[] = {
	{"", "no valid JSON"},
	{"[]", "no object"},
	{"{\"schema\":\"memhp-bench/run\",\"schema_version\":1}", "its schema is"},
	{"{\"schema\":\"memhp-bench/calibration\",\"schema_version\":2}", "schema_version is 2"},
	{"{\"schema\":\"memhp-bench/calibration\",\"schema_version\":1}", "'scenario' is missing"},
	{HEAD "\"metrics\":[]}", "'probes' is missing"},
	{HEAD "\"metrics\":{},\"probes\":[]}", "'metrics' is no list"},
	{HEAD "\"metrics\":[1],\"probes\":[]}", "metrics[0]: 'cell' is missing"},
	{HEAD "\"metrics\":[" METRIC "," METRIC "],\"probes\":[]}",
	 "metrics[1]: 'a/b.p50' of cell 'main' stands twice"},
	{HEAD "\"metrics\":[],\"probes\":[" PROBE "," PROBE "]}", "probes[1]: probe 'loop' stands twice"},
	{HEAD "\"metrics\":[{\"cell\":\"main\",\"metric\":\"a\",\"deviation\":-1}],\"probes\":[]}",
	 "cannot be negative"},
	{HEAD "\"metrics\":[{\"cell\":\"main\",\"metric\":\"a\",\"deviation\":\"x\"}],\"probes\":[]}", "is no number"},
	{HEAD "\"metrics\":[],\"probes\":[{\"name\":\"loop\",\"centre\":4,\"low\":1,\"high\":3}]}",
	 "does not hold its centre"},
	{HEAD "\"metrics\":[],\"probes\":[{\"name\":\"loop\",\"centre\":2,\"low\":1}]}", "does not hold its centre"},
	{HEAD "\"failure_chance\":1.5,\"metrics\":[],\"probes\":[]}", "more than 1"},
};

#define ROWS (sizeof(wrong_rows) / sizeof(wrong_rows[0]))

ParameterizedTestParameters(calibration, what_is_wrong_is_said)
{
	static int rows[ROWS];

	for (int i = 0; i < (int)ROWS; i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, ROWS);
}

ParameterizedTest(int *index, calibration, what_is_wrong_is_said)
{
	const struct wrong_row *row = &wrong_rows[*index];
	struct mh_error error = {0};

	cr_expect_eq(mh_calibration_read(row->document, strlen(row->document), "c.json", &again, &error), -EINVAL,
		     "row %d", *index);
	cr_expect(strstr(error.text, row->words), "row %d: '%s' is not in '%s'", *index, row->words, error.text);
	cr_expect_null(again.metrics);
}

Test(calibration, a_text_without_end_is_not_copied)
{
	struct mh_error error = {0};

	mh_text_add(&text, HEAD "\"metrics\":[],\"probes\":[{\"name\":\"%0500d\",\"centre\":2,\"low\":1,\"high\":3}]}",
		    0);
	cr_expect_eq(mh_calibration_read(text.data, text.length, "c.json", &again, &error), -EINVAL);
	cr_expect(strstr(error.text, "'name' has 500 bytes"), "%s", error.text);
	cr_expect_eq(mh_calibration_read(text.data, MH_CALIBRATION_SIZE_MAX + 1u, "c.json", &again, &error), -EFBIG);
}

Test(calibration, just_what_must_be_there_is_enough)
{
	static const char document[] = HEAD "\"later\":1,\"metrics\":[" METRIC "],\"probes\":[" PROBE "]}";
	struct mh_error error = {0};

	cr_assert_eq(mh_calibration_read(document, strlen(document), "c.json", &again, &error), 0, "%s", error.text);
	cr_expect(isnan(again.failure_chance));
	cr_expect_float_eq(again.metrics[0].deviation, 0.1, 1e-15);
}
