/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes an interval log. A line is built whole before it goes to the stream, and the stream is flushed at the end of
 * an interval: what a killed run leaves ends with a whole line, or with one that readers drop.
 */
#include "results/hlog.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "results/encode.h"

#define LENGTH_MIN_NS                                                                                                  \
	UINT64_C(1000000) /* what stamps of 3 decimals can show; some readers drop intervals of length 0 */
#define LEGEND "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"

/* A number of thousandths with three decimals. */
static void add_thousandths(struct mh_text *line, uint64_t thousandths)
{
	mh_text_add(line, "%" PRIu64 ".%03" PRIu64, thousandths / 1000, thousandths % 1000);
}

/* @value / @divisor, rounded to the nearest. */
static uint64_t divide(uint64_t value, uint64_t divisor)
{
	return value / divisor + (value % divisor >= divisor / 2);
}

static void add_seconds(struct mh_text *line, uint64_t ns)
{
	add_thousandths(line, divide(ns, 1000000));
}

/* One comment line, cut to what the C reader's buffer takes. */
static void write_comment(struct mh_hlog *log, const char *text)
{
	mh_stream_print(&log->stream, "#[%.*s]\n", MH_HLOG_HEADER_LINE_MAX - 3, text);
}

static void write_start(struct mh_hlog *log, uint64_t start_unix_ns)
{
	time_t seconds = (time_t)(start_unix_ns / 1000000000u);
	struct mh_text anchor = MH_TEXT_INIT;
	struct tm utc;
	char date[64] = "";

	if (gmtime_r(&seconds, &utc))
		strftime(date, sizeof(date), ", %a %b %d %H:%M:%S UTC %Y", &utc);
	add_seconds(&anchor, start_unix_ns);
	mh_stream_print(&log->stream, "#[StartTime: %s (seconds since epoch)%s]\n", anchor.data, date);
	mh_stream_print(&log->stream, "#[BaseTime: %s (seconds since epoch)]\n", anchor.data);
	log->line.failed |= anchor.failed;
	mh_text_release(&anchor);
}

int mh_hlog_open(struct mh_hlog *log, const char *path, const char *version, uint64_t start_unix_ns,
		 struct mh_error *reterr)
{
	char logged[MH_HLOG_HEADER_LINE_MAX];

	*log = (struct mh_hlog){.line = MH_TEXT_INIT, .start_unix_ns = start_unix_ns};
	int ret = mh_stream_open(&log->stream, path, reterr);

	if (ret < 0)
		return ret;
	snprintf(logged, sizeof(logged), "Logged with memhp-bench %s", version);
	write_comment(log, logged);
	write_comment(log, "Histogram log format version 1.3");
	write_start(log, start_unix_ns);
	write_comment(log, "Interval_Max is in ms, as readers expect; the histograms hold ns");
	mh_stream_print(&log->stream, LEGEND);
	ret = mh_hlog_flush(log, reterr);
	if (ret < 0)
		(void)mh_hlog_close(log, NULL);
	return ret;
}

static int check_line(const struct mh_hlog *log, const char *tag, uint64_t begin_ns, uint64_t end_ns,
		      struct mh_error *reterr)
{
	if (tag && !mh_tag_is_valid(tag))
		return mh_error_set(reterr, -EINVAL, "'%s' cannot be the tag of an interval", tag);
	if (tag && !log->interval_open)
		return mh_error_set(reterr, -EINVAL, "the first line of an interval has no tag, but there is '%s'",
				    tag);
	if (!tag && log->interval_open)
		return mh_error_set(reterr, -EINVAL, "an interval has one line without a tag, not two");
	if (end_ns < begin_ns)
		return mh_error_set(reterr, -EINVAL, "an interval ends at %" PRIu64 " ns, before it begins at %" PRIu64,
				    end_ns, begin_ns);
	return 0;
}

int mh_hlog_add(struct mh_hlog *log, const char *tag, uint64_t begin_ns, uint64_t end_ns,
		const struct mh_histogram *histogram, struct mh_error *reterr)
{
	int ret = check_line(log, tag, begin_ns, end_ns, reterr);

	if (ret < 0)
		return ret;
	mh_text_clear(&log->line);
	if (tag)
		mh_text_add(&log->line, "Tag=%s,", tag);
	add_seconds(&log->line, begin_ns);
	mh_text_append(&log->line, ",", 1);
	add_seconds(&log->line, end_ns - begin_ns < LENGTH_MIN_NS ? LENGTH_MIN_NS : end_ns - begin_ns);
	mh_text_append(&log->line, ",", 1);
	add_thousandths(&log->line, divide(histogram->max, 1000)); /* ms */
	mh_text_append(&log->line, ",", 1);
	ret = mh_histogram_encode(histogram, &log->line, reterr);
	if (ret < 0)
		return ret;
	mh_text_append(&log->line, "\n", 1);
	if (log->line.failed)
		return mh_error_set(reterr, -ENOMEM, "no memory for a line of the interval log");
	mh_stream_write(&log->stream, log->line.data, log->line.length);
	log->interval_open = true;
	return 0;
}

int mh_hlog_flush(struct mh_hlog *log, struct mh_error *reterr)
{
	log->interval_open = false;
	return mh_stream_flush(&log->stream, reterr);
}

int mh_hlog_close(struct mh_hlog *log, struct mh_error *reterr)
{
	mh_text_release(&log->line);
	return mh_stream_close(&log->stream, reterr);
}
