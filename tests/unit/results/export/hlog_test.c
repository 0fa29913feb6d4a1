/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The logs of several runs as one. */
#include "results/hlog.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"

static void write_log(const char *path, uint64_t start_unix_ns, const struct mh_histogram *histogram)
{
	struct mh_hlog log;

	cr_assert_eq(mh_hlog_open(&log, path, "1.0", start_unix_ns, NULL), 0);
	cr_assert_eq(mh_hlog_add(&log, NULL, 500000000, 1500000000, histogram, NULL), 0);
	cr_assert_eq(mh_hlog_add(&log, "steady/response", 500000000, 1500000000, histogram, NULL), 0);
	cr_assert_eq(mh_hlog_close(&log, NULL), 0);
}

static char *make_log(struct fixture *fixture, size_t run)
{
	char *path = strdup("/tmp/memhp-export-XXXXXX");
	int fd = path ? mkstemp(path) : -1;

	cr_assert_geq(fd, 0);
	close(fd);
	write_log(path, fixture->runs[run].result.start_unix_ns, &fixture->runs[run].result.series[2].histogram);
	fixture->runs[run].log = path;
	return path;
}

/* Reads the text back through a file, as its readers do. */
static void read_back(const struct mh_text *text, struct mh_hlog_reader *reader)
{
	char path[] = "/tmp/memhp-export-XXXXXX";
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
	cr_assert_eq(mh_file_write(path, text->data, text->length, NULL), 0);
	cr_assert_eq(mh_hlog_read_open(reader, path, NULL), 0);
	unlink(path);
}

/* The second run began 10 s after the first; it is the first in the folder. */
Test(hlog_export, counts_the_time_from_the_first_run)
{
	struct fixture fixture;
	struct mh_hlog_reader reader;
	struct mh_error error;
	double starts[4];

	fixture_init(&fixture, 2);
	fixture.runs[0].result.start_unix_ns += 20000000000;
	char *logs[] = {make_log(&fixture, 0), make_log(&fixture, 1)};

	cr_assert_eq(fixture_write(&fixture, "hlog", &error), 0, "%s", error.text);
	read_back(&fixture.text, &reader);
	for (size_t i = 0; i < 4; i++) {
		cr_assert_eq(mh_hlog_read_next(&reader, &error), 1, "%s", error.text);
		starts[i] = reader.line.start_s;
		cr_expect_eq(reader.line.histogram.count, 1000u);
		cr_expect_float_eq(reader.line.max_ms, 0.002, 1e-9);
		cr_expect_float_eq(reader.line.length_s, 1, 1e-9);
		cr_expect_str_eq(reader.line.tag, i % 2 ? "steady/response" : "");
	}
	cr_expect_eq(mh_hlog_read_next(&reader, &error), 0);
	cr_expect_float_eq(starts[0], 0.5, 1e-9);
	cr_expect_float_eq(starts[2], 10.5, 1e-9, "%f", starts[2]);
	cr_expect_float_eq(reader.start_time_s, 1767225610.0, 1e-3);
	mh_hlog_read_close(&reader);
	for (size_t i = 0; i < 2; i++) {
		unlink(logs[i]);
		free(logs[i]);
	}
	fixture_release(&fixture);
}

Test(hlog_export, refuses_a_log_that_is_broken_and_says_where)
{
	char path[] = "/tmp/memhp-export-XXXXXX";
	struct fixture fixture;
	struct mh_error error;
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	close(fd);
	cr_assert_eq(mh_file_write(path, "1.0,nonsense\n", 13, NULL), 0);
	fixture_init(&fixture, 1);
	fixture.runs[0].log = path;
	cr_expect_lt(fixture_write(&fixture, "hlog", &error), 0);
	cr_expect(strstr(error.text, path) && strstr(error.text, "line 1"), "%s", error.text);
	unlink(path);
	fixture_release(&fixture);
}
