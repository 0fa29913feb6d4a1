/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interval logs of a cell's runs as one, its times from the beginning of the first run. Lines are read and written
 * anew, so that what comes out is whole and right whatever was in the files.
 */
#include "results/hlog.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "results/export/export.h"
#include "results/hlog_text.h"

#define NS_PER_MS 1e6

/* A run's log, and when its time 0 was. */
struct part {
	const struct mh_export_run *run;
	uint64_t start_unix_ns;
};

/* The greatest value is printed more exactly than its bucket tells; nobody vouches that the two agree. */
static void restore_max(struct mh_histogram *histogram, double max_ms)
{
	double max = max_ms * NS_PER_MS;

	if (histogram->count && max >= (double)histogram->min && max <= (double)histogram->highest &&
	    mh_histogram_index(histogram, (uint64_t)llround(max)) == mh_histogram_index(histogram, histogram->max))
		histogram->max = (uint64_t)llround(max);
}

static uint64_t to_ns(double seconds)
{
	return seconds > 0 && seconds < 1e9 ? (uint64_t)llround(seconds * 1e3) * 1000000 : 0;
}

/* @base_unix_ns: what the written times count from. */
static int copy_lines(struct mh_hlog_reader *reader, const struct part *part, uint64_t base_unix_ns,
		      struct mh_text *text, struct mh_error *reterr)
{
	uint64_t shift = part->start_unix_ns - base_unix_ns;
	int ret;

	while ((ret = mh_hlog_read_next(reader, reterr)) > 0) {
		struct mh_hlog_line *line = &reader->line;

		restore_max(&line->histogram, line->max_ms);
		ret = mh_hlog_text_line(text, line->tag[0] ? line->tag : NULL, shift + to_ns(line->start_s),
					to_ns(line->length_s), &line->histogram, reterr);
		if (ret < 0)
			return ret;
	}
	return ret;
}

static int copy_log(const struct part *part, uint64_t base_unix_ns, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_hlog_reader reader;
	struct mh_error why;
	int ret = mh_hlog_read_open(&reader, part->run->log, reterr);

	if (ret < 0)
		return ret;
	ret = copy_lines(&reader, part, base_unix_ns, text, &why);
	if (ret < 0)
		mh_error_set(reterr, ret, "'%s': %s", part->run->log, why.text);
	mh_hlog_read_close(&reader);
	return ret;
}

static int compare_parts(const void *a, const void *b)
{
	uint64_t left = ((const struct part *)a)->start_unix_ns, right = ((const struct part *)b)->start_unix_ns;

	return (left > right) - (left < right);
}

/* The runs that can be used, the earliest first. */
static size_t collect(const struct mh_export *export, struct part *parts)
{
	size_t count = 0;

	for (size_t i = 0; i < export->run_count; i++)
		if (mh_export_use(export, &export->runs[i]))
			parts[count++] = (struct part){&export->runs[i], export->runs[i].result.start_unix_ns};
	if (count)
		qsort(parts, count, sizeof(*parts), compare_parts);
	return count;
}

static int write(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr)
{
	struct part *parts = calloc(export->run_count, sizeof(*parts));
	size_t count = parts ? collect(export, parts) : 0;
	int ret = 0;

	if (!parts)
		return mh_error_set(reterr, -ENOMEM, "no memory for the logs of %zu runs", export->run_count);
	if (count == 0)
		ret = mh_export_nothing_used(reterr);
	else
		mh_hlog_text_header(text, export->version, parts[0].start_unix_ns);
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = copy_log(&parts[i], parts[0].start_unix_ns, text, reterr);
	free(parts);
	return ret;
}

const struct mh_export_format mh_export_hlog = {
	.name = "hlog",
	.help = "the intervals of a cell's runs, HdrHistogram's interval log",
	.one_cell = true,
	.write = write,
};
