/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interval log of HdrHistogram (.hlog, format 1.3): one line an interval and series, appended and flushed as the
 * run goes, so that what was flushed is readable after a crash. Readable by HdrHistogram's own tools, whose limits we
 * keep: a header line has at most 126 bytes, comments stand before the legend only, a tag has no comma and no blank,
 * the first line of an interval has no tag and is the overall response.
 *
 * Maxima are printed in ms by convention of the format; the encoded values are ns.
 */
#ifndef RESULTS_HLOG_H
#define RESULTS_HLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/io.h"
#include "base/text.h"
#include "results/histogram.h"
#include "results/tag.h"

#define MH_HLOG_HEADER_LINE_MAX 126 /* bytes without the newline: the C reader has a buffer of 128 */
#define MH_HLOG_FILE_SIZE_MAX   (256u << 20)

struct mh_hlog {
	struct mh_stream stream;
	struct mh_text line; /* reused */
	uint64_t start_unix_ns;
	bool interval_open; /* its first line is written */
};

/**
 * mh_hlog_open - make the file and write its header
 * @version: of the program, for the first comment
 * @start_unix_ns: the wall-clock time of the run's own time 0; starts of intervals count from it
 */
int mh_hlog_open(struct mh_hlog *log, const char *path, const char *version, uint64_t start_unix_ns,
		 struct mh_error *reterr);

/**
 * mh_hlog_add - append one line
 * @tag: NULL for the first line of an interval, which each interval must have, even when it is empty; else
 * "PHASE/SERIES"
 * @begin_ns, @end_ns: on the run's own clock, from @start_unix_ns; an interval below 1 ms is written as 1 ms
 *
 * Return: 0; -EINVAL a tag that is not valid (tag.h), an end before the beginning, or no untagged line before a tagged
 * one; -ENOMEM; a failure to write is told by mh_hlog_flush.
 */
int mh_hlog_add(struct mh_hlog *log, const char *tag, uint64_t begin_ns, uint64_t end_ns,
		const struct mh_histogram *histogram, struct mh_error *reterr);

/* Ends an interval: writes all of it out. */
int mh_hlog_flush(struct mh_hlog *log, struct mh_error *reterr);
int mh_hlog_close(struct mh_hlog *log, struct mh_error *reterr); /* safe on a log that never opened */

/* A line read back. */
struct mh_hlog_line {
	char tag[MH_TAG_MAX + 1]; /* "" when untagged */
	double start_s, length_s; /* from the log's BaseTime or StartTime, as printed */
	double max_ms;
	struct mh_histogram histogram; /* the reader's: valid until the next line is read */
};

struct mh_hlog_reader {
	char *data;
	size_t size, at, line_number;
	double start_time_s; /* StartTime of the header; 0 when there is none */
	struct mh_hlog_line line;
};

int mh_hlog_read_open(struct mh_hlog_reader *reader, const char *path, struct mh_error *reterr);
/* Return: 1 a line is in @reader->line; 0 the end; -EINVAL and others with the line's number. A last line that was cut
 * off (no newline) is the end, not an error: that is what a killed run leaves. */
int mh_hlog_read_next(struct mh_hlog_reader *reader, struct mh_error *reterr);
void mh_hlog_read_close(struct mh_hlog_reader *reader);

#endif
