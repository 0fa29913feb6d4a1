/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report of a gate as people and programs read it. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gate_sample.h"
#include "results/show.h"

static struct gate_sample sample;
static struct mh_text text = MH_TEXT_INIT;

static void release(void)
{
	gate_sample_release(&sample);
	mh_text_release(&text);
}

TestSuite(gate_show, .fini = release);

static void show(unsigned width, bool verbose)
{
	struct mh_show_options options = {.width = width, .ascii = true, .verbose = verbose};

	mh_text_clear(&text);
	mh_gate_show(&sample.report, &sample.rule, &options, &text);
	cr_assert_not(text.failed);
}

/* One of everything: a count that rises, a time that passes, one that does not, one that is refused. */
static void make(void)
{
	gate_sample_make(&sample, &(struct gate_plan){.runs = 16, .noise = 0.02, .seed = 1, .change = 1.1});
	gate_sample_metric(&sample, "steady/response.p50", 0.05);
	gate_sample_metric(&sample, "steady/response.shape", 0.1);
	gate_sample_metric(&sample, "steady/absent.p99", 0.1);
	gate_sample_metric(&sample, "steady/throughput", 0.5)->higher_is_better = true;
	for (size_t i = 0; i < 16; i++)
		mh_result_add_count(&sample.candidate[i], "steady/kapi/drv/offline/synchronize_rcu", 2000, NULL);
	gate_sample_judge(&sample);
}

static void expect(const char *wanted)
{
	cr_expect(strstr(text.data, wanted), "'%s' is not in:\n%s", wanted, text.data);
}

Test(gate_show, says_the_verdict_in_words_first)
{
	make();
	show(100, false);
	cr_expect_eq(strncmp(text.data, "REGRESSED: drv calls synchronize_rcu 1 time more", 48), 0, "%s", text.data);
	expect("REGRESSED    steady/response.p50  ");
	expect("16 x 20,000");
	expect("+5 %");
	expect("-50 %");
	expect("run this next\n");
	expect("    memhp-bench gate sample.yaml\n");
	/* What to run next comes last. */
	cr_expect_gt(strstr(text.data, "run this next"), strstr(text.data, "95 % interval"));
	cr_expect_gt(strstr(text.data, "95 % interval"), strstr(text.data, "\ncounts\n"));
}

Test(gate_show, keeps_to_the_width)
{
	static const unsigned widths[] = {80, 100, 132};

	make();
	for (size_t i = 0; i < 3; i++) {
		show(widths[i], true);
		for (const char *line = text.data; *line;) {
			size_t length = strcspn(line, "\n");

			cr_expect_leq(length, widths[i], "%.*s", (int)length, line);
			line += length + (line[length] == '\n');
		}
	}
}

Test(gate_show, an_early_look_is_no_verdict)
{
	static const uint64_t looks[] = {10, 16, 24};

	gate_sample_make(&sample, &(struct gate_plan){.runs = 10, .noise = 0.04, .seed = 4, .change = 1.03});
	gate_sample_metric(&sample, "steady/response.p50", 0.05);
	sample.rule.looks = looks;
	sample.rule.look_count = 3;
	gate_sample_judge(&sample);
	show(100, false);
	expect("the next look is at 16 pairs");
	expect("look 1 of 3");
}

Test(gate_show, names_its_cells_where_there_are_several)
{
	struct mh_gate_cell cells[2];
	struct mh_error error = {0};

	make();
	mh_gate_report_release(&sample.report);
	cells[0] = cells[1] = sample.cell;
	cells[1].id = "nodes=2";
	cr_assert_eq(mh_gate_judge(&sample.rule, cells, 2, 0, &sample.report, &error), 0);
	show(100, false);
	expect("nodes=2: steady/response.p50");
	expect("REGRESSED: cell 'main': drv calls");
}

Test(gate_show, a_hostile_name_does_not_drive_the_terminal)
{
	make();
	for (size_t i = 0; i < 16; i++)
		mh_result_add_count(&sample.candidate[i], "steady/\033[2J", 1, NULL);
	gate_sample_judge(&sample);
	show(100, true);
	cr_expect_null(strchr(text.data, '\033'));
}

Test(gate_show, is_a_document_without_any_nan)
{
	json_error_t error;
	double number;

	make();
	sample.report.lines[0].p = NAN;
	sample.report.lines[0].bound = INFINITY;
	mh_text_clear(&text);
	cr_assert_eq(mh_gate_json(&sample.report, &sample.rule, &text), 0);
	json_t *root = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &error), *lines, *line;

	cr_assert(root, "%s in %s", error.text, text.data);
	cr_expect_str_eq(json_string_value(json_object_get(root, "schema")), "memhp-bench/gate");
	cr_expect_str_eq(json_string_value(json_object_get(root, "verdict")), "REGRESSED");
	cr_expect_eq(json_integer_value(json_object_get(root, "exit")), 1);
	lines = json_object_get(root, "lines");
	cr_expect_eq(json_array_size(lines), sample.report.line_count);
	cr_expect(json_is_null(json_object_get(json_array_get(lines, 0), "p")));
	cr_expect(json_is_null(json_object_get(json_array_get(lines, 0), "bound")));
	for (size_t i = 0; i < json_array_size(lines); i++) {
		line = json_array_get(lines, i);
		if (strcmp(json_string_value(json_object_get(line, "name")), "steady/response.p50") != 0)
			continue;
		number = json_number_value(json_object_get(json_object_get(line, "ratio"), "estimate"));
		cr_expect_float_eq(number, 1.1, 0.02);
		cr_expect_str_eq(json_string_value(json_object_get(line, "unit")), "ns");
	}
	json_decref(root);
}
