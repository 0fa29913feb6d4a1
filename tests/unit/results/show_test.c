/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the terminal report says, what it leaves out, how wide it is, and what it does with hostile names. */
#include "results/show.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/run_json.h"
#include "sample.h"

static char *show(const struct mh_result *result, struct mh_show_options options)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_show_run(result, &options, &text);
	cr_assert_not(text.failed);
	return text.data;
}

static unsigned columns(const char *line, size_t length)
{
	unsigned count = 0;

	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)line[i] & 0xc0) != 0x80;
	return count;
}

static void expect_width(const char *text, unsigned width)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		cr_expect_leq(columns(text, length), width, "%u columns: '%.*s'", columns(text, length), (int)length,
			      text);
		cr_expect(length == 0 || text[length - 1] != ' ', "a blank at the end of '%.*s'", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

#define EXPECT_IN(text, what)     cr_expect(strstr(text, what), "'%s' is not in:\n%s", what, text)
#define EXPECT_NOT_IN(text, what) cr_expect_not(strstr(text, what), "'%s' is in:\n%s", what, text)

Test(show, opens_with_the_verdict)
{
	struct mh_result result;

	sample_result(&result);
	char *text = show(&result, (struct mh_show_options){0});
	char *second = strchr(text, '\n') + 1;

	cr_expect_eq(strncmp(second, "CORRECT: ", 9), 0, "%s", second);
	EXPECT_IN(text, "no violation, 1 of 2 faults fired");
	EXPECT_IN(text, "times: harness only\n");
	EXPECT_IN(text, "clock: tsc, resolution 10.0 ns, an empty pair of readings takes 19.2 ns");
	EXPECT_IN(text, "checks: 1,234,567 made (fast), 0 violations");
	EXPECT_IN(text, "detected as expected: I14, caused by fault corrupt, 12 times");
	EXPECT_IN(text, "enomem");
	EXPECT_IN(text, "never");
	EXPECT_IN(text, "held      steady/response.p99 < 500us   is 1.17 us");
	EXPECT_IN(text, "warning: 4 threads on 2 CPUs");
	EXPECT_IN(text, "repeat: memhp-bench run first-run.yaml --seed 0x5eed");
	free(text);
	mh_result_release(&result);
}

Test(show, keeps_within_its_width)
{
	struct mh_result result;

	sample_result(&result);
	cr_assert_eq(mh_result_add_status_reason(&result, "a long reason %0100d that goes on and on and on", 7), 0);
	for (unsigned width = 80; width <= 140; width += 10) {
		char *text = show(&result, (struct mh_show_options){.width = width});

		expect_width(text, width);
		free(text);
		text = show(&result, (struct mh_show_options){.width = width, .ascii = true, .verbose = true});
		expect_width(text, width);
		free(text);
	}
	mh_result_release(&result);
}

Test(show, says_nothing_of_a_quantile_with_few_values_beyond)
{
	struct mh_histogram histogram = sample_histogram();
	struct mh_result result;

	cr_assert_eq(mh_histogram_record_many(&histogram, 1000, 999), 0);
	for (unsigned extra = 0; extra < 2; extra++) {
		mh_result_init(&result);
		struct mh_result_phase *phase = mh_result_add_phase(&result);

		phase->name = "steady";
		phase->role = "measure";
		cr_assert_eq(mh_result_add_series(&result, "steady/service", &histogram), 0);
		char *text = show(&result, (struct mh_show_options){0});

		/* 999 values: 9.99 lie beyond p99; 1,000: ten do. */
		EXPECT_IN(text, extra ? "1.00 us  1.00 us  1.00 us        -  1.00 us"
				      : "1.00 us  1.00 us        -        -  1.00 us");
		free(text);
		mh_result_release(&result);
		mh_histogram_record(&histogram, 1000);
	}
	mh_histogram_release(&histogram);
}

Test(show, marks_values_beyond_the_histogram)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = 1000000, .digits = 3};
	struct mh_histogram histogram;
	struct mh_result result;

	cr_assert_eq(mh_histogram_init(&histogram, &layout), 0);
	cr_assert_eq(mh_histogram_record_many(&histogram, 2000000, 5000), 0);
	mh_result_init(&result);
	struct mh_result_phase *phase = mh_result_add_phase(&result);

	phase->name = "steady";
	phase->role = "measure";
	cr_assert_eq(mh_result_add_series(&result, "steady/service", &histogram), 0);
	char *text = show(&result, (struct mh_show_options){0});

	EXPECT_IN(text, "> 1ms");
	EXPECT_IN(text, "2.00 ms");
	EXPECT_IN(text, "5,000 values lie above");
	free(text);
	mh_result_release(&result);
	mh_histogram_release(&histogram);
}

Test(show, folds_the_idle_rows_of_a_closed_loop)
{
	struct mh_result result;

	sample_result(&result);
	char *text = show(&result, (struct mh_show_options){0});

	EXPECT_NOT_IN(text, "\n  wait ");
	EXPECT_IN(text, "closed loop: wait is 0 and response equals service");
	free(text);
	text = show(&result, (struct mh_show_options){.verbose = true});
	EXPECT_IN(text, "\n  wait ");
	free(text);
	mh_result_release(&result);
}

Test(show, names_violations_with_their_events)
{
	struct mh_result result;

	sample_result(&result);
	mh_result_raise_status(&result, MH_RUN_INCORRECT);
	result.verify.violation_count = 70;
	for (uint64_t i = 0; i < 7; i++) {
		struct mh_result_violation *violation = mh_result_add_violation(&result);

		violation->invariant = "I05";
		violation->seq = 41877 + i;
		violation->detail = "GOING_OFFLINE had no outcome\nGOING_OFFLINE generic.0 OK";
	}
	char *text = show(&result, (struct mh_show_options){0});

	EXPECT_IN(text, "INCORRECT: ");
	EXPECT_IN(text, "70 violations");
	EXPECT_IN(text, "I05 at operation 41877:\n    GOING_OFFLINE had no outcome\n    GOING_OFFLINE generic.0 OK\n");
	EXPECT_IN(text, "41881");
	EXPECT_NOT_IN(text, "41882");
	EXPECT_IN(text, "and 65 more: shown with -v");
	free(text);
	text = show(&result, (struct mh_show_options){.verbose = true});
	EXPECT_IN(text, "41883");
	EXPECT_IN(text, "and 63 more, of which only the number is kept");
	free(text);
	mh_result_release(&result);
}

Test(show, never_says_correct_where_nothing_was_checked)
{
	struct mh_result result;

	sample_result(&result);
	result.verify.level = "off";
	char *text = show(&result, (struct mh_show_options){0});

	EXPECT_IN(text, "UNCHECKED: ");
	EXPECT_NOT_IN(text, "CORRECT: ");
	free(text);
	mh_result_release(&result);
}

Test(show, lets_no_name_drive_the_terminal)
{
	struct mh_result result;

	sample_result(&result);
	result.suite = "evil\033]0;title\007";
	result.phases[0].workloads[0].name = "a\033[2Jb\r\nc";
	result.faults[0].id = "\xc2\x9b"
			      "31mred\xff";
	char *text = show(&result, (struct mh_show_options){.ascii = true});

	for (const char *at = text; *at; at++)
		cr_assert((*at >= ' ' && *at <= '~') || *at == '\n', "byte %#x at %zu", (unsigned char)*at,
			  (size_t)(at - text));
	free(text);
	text = show(&result, (struct mh_show_options){0});
	EXPECT_NOT_IN(text, "\033");
	EXPECT_NOT_IN(text, "\xc2\x9b");
	EXPECT_NOT_IN(text, "\xff");
	free(text);
	mh_result_release(&result);
}

Test(show, says_the_same_with_colours)
{
	struct mh_result result;

	sample_result(&result);
	char *plain = show(&result, (struct mh_show_options){0}),
	     *coloured = show(&result, (struct mh_show_options){.colour = true});
	char *to = coloured;

	EXPECT_IN(coloured, "\033[32mCORRECT\033[0m");
	for (char *from = coloured; *from;) {
		if (*from == '\033')
			from = strchr(from, 'm') + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	cr_expect_str_eq(coloured, plain);
	free(plain);
	free(coloured);
	mh_result_release(&result);
}

/* A folder with @count runs "run-001" … of which the last has no run.json. */
static void make_folder(char *path, unsigned count, struct mh_result_folder *folder)
{
	struct mh_result_folder_request request = {.path = path, .name = "first-run", .version = "0.1.0"};
	struct mh_result result;

	cr_assert_eq(mh_result_folder_create(&request, folder, NULL), 0);
	sample_result(&result);
	for (unsigned i = 1; i <= count; i++) {
		char *run, *file;

		cr_assert_eq(mh_result_folder_begin_run(folder, "main", i, &run, NULL), 0);
		cr_assert_geq(asprintf(&file, "%s/run.json", run), 0);
		if (i < count || count == 1)
			cr_assert_eq(mh_run_json_save(&result, file, NULL), 0);
		free(run);
		free(file);
	}
	mh_result_release(&result);
}

Test(show, shows_the_only_run_of_a_folder_in_full)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_result_folder folder;
	struct mh_error error = {0};
	char *path = sample_folder();

	make_folder(path, 1, &folder);
	cr_assert_eq(mh_show_folder(&folder, &(struct mh_show_options){0}, &text, &error), 0, "%s", error.text);
	EXPECT_IN(text.data, "steady/response.p99");
	mh_text_release(&text);
	mh_result_folder_release(&folder);
	sample_folder_remove(path);
}

Test(show, shows_many_runs_a_line_each_and_the_broken_ones_too)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_result_folder folder;
	struct mh_error error = {0};
	char *path = sample_folder();

	make_folder(path, 3, &folder);
	cr_assert_eq(mh_show_folder(&folder, &(struct mh_show_options){0}, &text, &error), 0, "%s", error.text);
	EXPECT_IN(text.data, "main/run-001  CORRECT: ");
	EXPECT_IN(text.data, "main/run-003  ABORTED: the run did not end");
	EXPECT_IN(text.data, "main: 2 runs added up, by operations\n");
	EXPECT_IN(text.data, "how far the runs leave these in doubt: 95 % intervals, whole runs drawn (approximate");
	EXPECT_IN(text.data, "3 runs; -v shows each in full");
	mh_text_release(&text);
	mh_result_folder_release(&folder);
	sample_folder_remove(path);
}

Test(show, fails_when_no_run_can_be_read)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_result_folder_request request = {.name = "empty", .version = "0.1.0"};
	struct mh_result_folder folder;
	struct mh_error error = {0};
	char *path = sample_folder();

	request.path = path;
	cr_assert_eq(mh_result_folder_create(&request, &folder, NULL), 0);
	cr_expect_eq(mh_show_folder(&folder, &(struct mh_show_options){0}, &text, &error), -EINVAL);
	EXPECT_IN(error.text, "no run that can be read");
	mh_text_release(&text);
	mh_result_folder_release(&folder);
	sample_folder_remove(path);
}
