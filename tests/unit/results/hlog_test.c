/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interval log: what its readers can live with, and reading it back. */
#include "results/hlog.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

#define START UINT64_C(1767225600123456789)

static char *log_path(const char *folder)
{
	char *path;

	cr_assert_geq(asprintf(&path, "%s/run.hlog", folder), 0);
	return path;
}

static char *read_file(const char *path)
{
	struct mh_error error = {0};
	char *data;
	size_t size;

	cr_assert_eq(mh_file_read(path, 1 << 20, &data, &size, &error), 0, "%s", error.text);
	return data;
}

Test(hlog, writes_a_header_that_every_reader_survives)
{
	char *folder = sample_folder(), *path = log_path(folder);
	char version[300];
	struct mh_hlog log;

	memset(version, '9', sizeof(version));
	version[sizeof(version) - 1] = '\0';
	cr_assert_eq(mh_hlog_open(&log, path, version, START, NULL), 0);
	cr_assert_eq(mh_hlog_close(&log, NULL), 0);
	char *text = read_file(path), *line = strtok(text, "\n");

	cr_expect_eq(strncmp(line, "#[Logged with memhp-bench 9", 27), 0, "%s", line);
	for (; line && *line == '#'; line = strtok(NULL, "\n"))
		cr_expect_leq(strlen(line), (size_t)MH_HLOG_HEADER_LINE_MAX, "%s", line);
	cr_expect_str_eq(line,
			 "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"");
	free(text);
	free(path);
	sample_folder_remove(folder);
}

Test(hlog, stamps_the_start_of_the_run)
{
	char *folder = sample_folder(), *path = log_path(folder);
	struct mh_hlog log;

	cr_assert_eq(mh_hlog_open(&log, path, "1.0.0", START, NULL), 0);
	cr_assert_eq(mh_hlog_close(&log, NULL), 0);
	char *text = read_file(path);

	cr_expect(strstr(text, "\n#[Histogram log format version 1.3]\n"), "%s", text);
	cr_expect(strstr(text, "\n#[StartTime: 1767225600.123 (seconds since epoch), Thu Jan 01 00:00:00 UTC 2026]\n"),
		  "%s", text);
	cr_expect(strstr(text, "\n#[BaseTime: 1767225600.123 (seconds since epoch)]\n"), "%s", text);
	free(text);
	free(path);
	sample_folder_remove(folder);
}

Test(hlog, brings_back_what_was_written)
{
	char *folder = sample_folder(), *path = log_path(folder);
	struct mh_histogram golden = sample_golden();
	struct mh_hlog_reader reader;
	struct mh_error error = {0};
	struct mh_hlog log;

	cr_assert_eq(mh_hlog_open(&log, path, "1.0.0", START, NULL), 0);
	cr_assert_eq(mh_hlog_add(&log, NULL, 500000000, 1500600000, &golden, &error), 0, "%s", error.text);
	cr_assert_eq(mh_hlog_add(&log, "steady/response", 500000000, 1500600000, &golden, NULL), 0);
	cr_assert_eq(mh_hlog_flush(&log, NULL), 0);
	cr_assert_eq(mh_hlog_add(&log, NULL, 1500600000, 1500600001, &golden, NULL), 0);
	cr_assert_eq(mh_hlog_close(&log, NULL), 0);

	cr_assert_eq(mh_hlog_read_open(&reader, path, &error), 0, "%s", error.text);
	cr_assert_eq(mh_hlog_read_next(&reader, &error), 1, "%s", error.text);
	cr_expect_eq(reader.start_time_s, 1767225600.123);
	cr_expect_str_eq(reader.line.tag, "");
	cr_expect_eq(reader.line.start_s, 0.5);
	cr_expect_eq(reader.line.length_s, 1.001, "%g", reader.line.length_s);
	cr_expect_eq(reader.line.max_ms, 123.457, "%g", reader.line.max_ms);
	cr_expect_eq(reader.line.histogram.count, 7u);
	cr_assert_eq(mh_hlog_read_next(&reader, &error), 1, "%s", error.text);
	cr_expect_str_eq(reader.line.tag, "steady/response");
	cr_assert_eq(mh_hlog_read_next(&reader, &error), 1, "%s", error.text);
	cr_expect_eq(reader.line.length_s, 0.001, "1 ns is written as 1 ms: %g", reader.line.length_s);
	cr_expect_eq(mh_hlog_read_next(&reader, &error), 0);
	mh_hlog_read_close(&reader);
	mh_histogram_release(&golden);
	free(path);
	sample_folder_remove(folder);
}

Test(hlog, begins_each_interval_with_an_untagged_line)
{
	char *folder = sample_folder(), *path = log_path(folder);
	struct mh_histogram golden = sample_golden();
	struct mh_hlog log;

	cr_assert_eq(mh_hlog_open(&log, path, "1.0.0", START, NULL), 0);
	cr_expect_eq(mh_hlog_add(&log, "steady/response", 0, 1000000000, &golden, NULL), -EINVAL);
	cr_expect_eq(mh_hlog_add(&log, NULL, 0, 1000000000, &golden, NULL), 0);
	cr_expect_eq(mh_hlog_add(&log, NULL, 0, 1000000000, &golden, NULL), -EINVAL);
	cr_expect_eq(mh_hlog_add(&log, "a,b", 0, 1000000000, &golden, NULL), -EINVAL);
	cr_expect_eq(mh_hlog_add(&log, "a b", 0, 1000000000, &golden, NULL), -EINVAL);
	cr_expect_eq(mh_hlog_add(&log, "a\n", 0, 1000000000, &golden, NULL), -EINVAL);
	cr_expect_eq(mh_hlog_add(&log, "a", 1000000000, 0, &golden, NULL), -EINVAL);
	cr_expect_eq(mh_hlog_add(&log, "a", 0, 1000000000, &golden, NULL), 0);
	cr_assert_eq(mh_hlog_close(&log, NULL), 0);
	mh_histogram_release(&golden);
	free(path);
	sample_folder_remove(folder);
}

Test(hlog, says_where_it_cannot_be_written)
{
	struct mh_error error = {0};
	struct mh_hlog log;

	cr_expect_eq(mh_hlog_open(&log, "/nowhere/at/all.hlog", "1.0.0", START, &error), -ENOENT);
	cr_expect(strstr(error.text, "/nowhere/at/all.hlog"), "%s", error.text);
	cr_expect_eq(mh_hlog_close(&log, NULL), 0);
}

Test(hlog, tells_a_full_disk)
{
	struct mh_histogram golden = sample_golden();
	struct mh_error error = {0};
	struct mh_hlog log;

	cr_expect_eq(mh_hlog_open(&log, "/dev/full", "1.0.0", START, &error), -ENOSPC, "%s", error.text);
	mh_histogram_release(&golden);
}

static int read_text(const char *text, unsigned *ret_lines, struct mh_error *error)
{
	char *folder = sample_folder(), *path = log_path(folder);
	struct mh_hlog_reader reader;

	*ret_lines = 0;
	cr_assert_eq(mh_file_write(path, text, strlen(text), NULL), 0);
	cr_assert_eq(mh_hlog_read_open(&reader, path, error), 0);
	int ret;

	while ((ret = mh_hlog_read_next(&reader, error)) == 1)
		++*ret_lines;
	mh_hlog_read_close(&reader);
	free(path);
	sample_folder_remove(folder);
	return ret;
}

#define HIST "HISTFAAAAC942pNpmSzMwMDAzwABzFCaEch0M9ixgMH+A1SA7TQ/01N2pvbpjEwf85gAsSQIrQ=="

Test(hlog, drops_a_last_line_that_was_cut_off)
{
	struct mh_error error = {0};
	unsigned lines;

	cr_expect_eq(read_text("0.000,1.000,4.194," HIST "\n1.000,1.000,4.1", &lines, &error), 0, "%s", error.text);
	cr_expect_eq(lines, 1u);
	cr_expect_eq(read_text("", &lines, &error), 0);
	cr_expect_eq(lines, 0u);
}

Test(hlog, reads_lines_of_other_tools)
{
	struct mh_error error = {0};
	unsigned lines;

	cr_expect_eq(read_text("\"Start\"\r\n0.127,1.007,2769.0," HIST "\r\n# later comment\n\n", &lines, &error), 0,
		     "%s", error.text);
	cr_expect_eq(lines, 1u);
}

Test(hlog, refuses_a_line_that_is_wrong_and_names_it)
{
	static const char *const rows[] = {
		"0.000,1.000,4.194,HISTFAAAA\n",    "0.000,1.000,4.194,\n",        "0.000,1.000\n",
		"nan,1.000,4.194," HIST "\n",       "-1,1.000,4.194," HIST "\n",   "Tag=,0,1,4.194," HIST "\n",
		"Tag=a b,0.0,1.0,4.194," HIST "\n", "Tag=a,0.0,1.0,4.194\n",       "0x1,1.000,4.194," HIST "\n",
		"0.0,1.0,1.2.3," HIST "\n",         "0.0,1.0,4.1," HIST ",more\n", "hello\n",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_error error = {0};
		unsigned lines;

		cr_expect_lt(read_text(rows[i], &lines, &error), 0, "row %zu was read", i);
		cr_expect(strstr(error.text, "line 1"), "row %zu: '%s'", i, error.text);
	}
}
