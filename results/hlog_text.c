/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in an interval log. */
#include "results/hlog_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "results/encode.h"
#include "results/hlog.h"

#define LENGTH_MIN_NS                                                                                                  \
	UINT64_C(1000000) /* what stamps of 3 decimals can show; some readers drop intervals of length 0 */
#define LEGEND "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"

/* A number of thousandths with three decimals. */
static void add_thousandths(struct mh_text *text, uint64_t thousandths)
{
	mh_text_add(text, "%" PRIu64 ".%03" PRIu64, thousandths / 1000, thousandths % 1000);
}

/* @value / @divisor, rounded to the nearest. */
static uint64_t divide(uint64_t value, uint64_t divisor)
{
	return value / divisor + (value % divisor >= divisor / 2);
}

static void add_seconds(struct mh_text *text, uint64_t ns)
{
	add_thousandths(text, divide(ns, 1000000));
}

/* One comment line, cut to what the C reader's buffer takes. */
static void add_comment(struct mh_text *text, const char *comment)
{
	mh_text_add(text, "#[%.*s]\n", MH_HLOG_HEADER_LINE_MAX - 3, comment);
}

static void add_start(struct mh_text *text, uint64_t start_unix_ns)
{
	time_t seconds = (time_t)(start_unix_ns / 1000000000u);
	struct tm utc;
	char date[64] = "";

	if (gmtime_r(&seconds, &utc))
		strftime(date, sizeof(date), ", %a %b %d %H:%M:%S UTC %Y", &utc);
	mh_text_add(text, "#[StartTime: ");
	add_seconds(text, start_unix_ns);
	mh_text_add(text, " (seconds since epoch)%s]\n#[BaseTime: ", date);
	add_seconds(text, start_unix_ns);
	mh_text_add(text, " (seconds since epoch)]\n");
}

void mh_hlog_text_header(struct mh_text *text, const char *version, uint64_t start_unix_ns)
{
	char logged[MH_HLOG_HEADER_LINE_MAX];

	snprintf(logged, sizeof(logged), "Logged with memhp-bench %s", version);
	add_comment(text, logged);
	add_comment(text, "Histogram log format version 1.3");
	add_start(text, start_unix_ns);
	add_comment(text, "Interval_Max is in ms, as readers expect; the histograms hold ns");
	mh_text_add(text, LEGEND);
}

int mh_hlog_text_line(struct mh_text *text, const char *tag, uint64_t begin_ns, uint64_t length_ns,
		      const struct mh_histogram *histogram, struct mh_error *reterr)
{
	if (tag)
		mh_text_add(text, "Tag=%s,", tag);
	add_seconds(text, begin_ns);
	mh_text_append(text, ",", 1);
	add_seconds(text, length_ns < LENGTH_MIN_NS ? LENGTH_MIN_NS : length_ns);
	mh_text_append(text, ",", 1);
	add_thousandths(text, divide(histogram->max, 1000)); /* ms */
	mh_text_append(text, ",", 1);
	int ret = mh_histogram_encode(histogram, text, reterr);

	if (ret < 0)
		return ret;
	mh_text_append(text, "\n", 1);
	if (text->failed)
		return mh_error_set(reterr, -ENOMEM, "no memory for a line of the interval log");
	return 0;
}
