/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Latency over time: nothing of a log is lost when columns are folded, and what is missing is told. */
#include "results/report/timeline.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/hlog.h"

#define SECOND UINT64_C(1000000000)

static const struct mh_histogram_layout layout = {.lowest = 1, .highest = SECOND, .digits = 2};

/* The log of @count intervals of a second, one value in each: its number + 1. The path is to be freed. */
static char *write_log(size_t count)
{
	char *path = strdup("/tmp/memhp-timeline.XXXXXX");
	struct mh_histogram histogram;
	struct mh_hlog log;
	int file = mkstemp(path);

	cr_assert_geq(file, 0);
	close(file);
	cr_assert_eq(mh_hlog_open(&log, path, "1.0.0", 0, NULL), 0);
	cr_assert_eq(mh_histogram_init(&histogram, &layout), 0);
	for (size_t i = 0; i < count; i++) {
		mh_histogram_clear(&histogram);
		mh_histogram_record(&histogram, i + 1);
		cr_assert_eq(mh_hlog_add(&log, NULL, i * SECOND, (i + 1) * SECOND, &histogram, NULL), 0);
		cr_assert_eq(mh_hlog_add(&log, "steady/walk", i * SECOND, (i + 1) * SECOND, &histogram, NULL), 0);
		cr_assert_eq(mh_hlog_flush(&log, NULL), 0);
	}
	cr_assert_eq(mh_hlog_close(&log, NULL), 0);
	mh_histogram_release(&histogram);
	return path;
}

static void read_log(char *path, struct mh_timeline *timeline)
{
	struct mh_error error = {0};

	cr_assert_eq(mh_timeline_read(path, timeline, &error), 0, "%s", error.text);
	unlink(path);
	free(path);
}

static uint64_t count_values(const struct mh_timeline *timeline)
{
	uint64_t count = 0;

	for (size_t i = 0; i < timeline->count; i++)
		count += timeline->columns[i].values.counts ? timeline->columns[i].values.count : 0;
	return count;
}

Test(timeline, gives_each_interval_of_a_short_log_a_column)
{
	struct mh_timeline timeline;

	read_log(write_log(3), &timeline);
	cr_expect_eq(timeline.count, 3);
	for (size_t i = 0; i < timeline.count; i++) {
		cr_expect_eq(timeline.columns[i].begin_s, (double)i);
		cr_expect_eq(timeline.columns[i].end_s, (double)i + 1);
		cr_expect_eq(timeline.columns[i].values.count, 1);
	}
	mh_timeline_release(&timeline);
}

static const size_t lengths[] = {MH_TIMELINE_COLUMNS, MH_TIMELINE_COLUMNS + 1, 2 * MH_TIMELINE_COLUMNS + 1, 1000};

Test(timeline, folds_a_long_log_without_losing_a_value)
{
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct mh_timeline timeline;

		read_log(write_log(lengths[i]), &timeline);
		cr_expect_leq(timeline.count, MH_TIMELINE_COLUMNS);
		cr_expect_eq(count_values(&timeline), lengths[i], "%zu of %zu", (size_t)count_values(&timeline),
			     lengths[i]);
		cr_expect_eq(mh_timeline_end_s(&timeline), (double)lengths[i]);
		for (size_t j = 1; j < timeline.count; j++)
			cr_expect_eq(timeline.columns[j].begin_s, timeline.columns[j - 1].end_s);
		mh_timeline_release(&timeline);
	}
}

Test(timeline, keeps_what_stands_before_a_broken_line)
{
	struct mh_timeline timeline;
	char *path = write_log(2);
	FILE *file = fopen(path, "a");

	cr_assert(file);
	fputs("2.000,nonsense,1.0,x\n", file);
	fclose(file);
	read_log(path, &timeline);
	cr_expect_eq(timeline.count, 2);
	cr_expect_gt(timeline.broken.length, 0);
	mh_timeline_release(&timeline);
}

Test(timeline, takes_a_line_that_was_cut_off_for_the_end)
{
	struct mh_timeline timeline;
	char *path = write_log(2);
	FILE *file = fopen(path, "a");

	cr_assert(file);
	fputs("2.000,1.0", file);
	fclose(file);
	read_log(path, &timeline);
	cr_expect_eq(timeline.count, 2);
	cr_expect_eq(timeline.broken.length, 0);
	cr_expect_eq(mh_timeline_end_s(&timeline), 2);
	mh_timeline_release(&timeline);
}

Test(timeline, is_empty_without_a_value)
{
	struct mh_timeline timeline;

	read_log(write_log(0), &timeline);
	cr_expect(mh_timeline_is_empty(&timeline));
	cr_expect_eq(mh_timeline_end_s(&timeline), 0);
	mh_timeline_release(&timeline);
}

Test(timeline, says_that_there_is_no_log)
{
	struct mh_timeline timeline;
	struct mh_error error = {0};

	cr_expect_eq(mh_timeline_read("/tmp/memhp-timeline-absent.hlog", &timeline, &error), -ENOENT);
	cr_expect_gt(error.text[0], 0);
}
