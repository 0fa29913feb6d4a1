/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One series as a percentile file of HdrHistogram, in ms unless told otherwise: the runs of a cell added up bucket by
 * bucket.
 *
 * A row stands where the values up to a bucket first reach a level; the levels come closer by half each time that the
 * rest to 100 % is halved. Source: Java HdrHistogram, outputPercentileDistribution with 5 ticks a half distance.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>

#include "results/export/export.h"
#include "results/export/series.h"

#define TICKS_PER_HALF 5
#define MS_NS          1000000

/* Close to 100 the step is less than a double can tell apart; what is left to reach then is 100. */
static double next_level(double level)
{
	double halves = floor(log2(100 / (100 - level))) + 1;
	double next = level + 100 / (TICKS_PER_HALF * exp2(halves));

	return next > level ? next : 100;
}

/* A file while it is written. */
struct file {
	struct mh_text *text;
	int digits; /* behind the point */
	double unit_ns;
};

/* @value: ns; @level: percent. The last row has no fourth column: it would be infinite. */
static void add_row(const struct file *file, double value, double level, uint64_t cumulative)
{
	mh_text_add(file->text, "%12.*f %2.12f %10" PRIu64, file->digits, value / file->unit_ns, level / 100,
		    cumulative);
	if (level < 100)
		mh_text_add(file->text, " %14.2f", 1 / (1 - level / 100));
	mh_text_add(file->text, "\n");
}

/* Greatest value of a bucket, as readers report it; beyond the range the greatest that was seen. */
static void add_rows(const struct file *file, const struct mh_histogram *histogram)
{
	struct mh_histogram_iterator at;
	double level = 0, last = 0;

	mh_histogram_iterate(&at, histogram);
	while (mh_histogram_next(&at)) {
		double reached = 100.0 * (double)at.cumulative / (double)histogram->count;

		last = (double)at.highest;
		for (; reached >= level && level < 100; level = next_level(level)) {
			add_row(file, last, level, at.cumulative);
			if (at.cumulative == histogram->count)
				break; /* what is left to reach is 100 */
		}
	}
	if (histogram->overflow)
		last = (double)histogram->max;
	if (histogram->count)
		add_row(file, last, 100, histogram->count);
}

static double greatest(const struct mh_histogram *histogram)
{
	if (histogram->count == 0)
		return 0;
	return (double)(histogram->overflow ? histogram->max
					    : mh_histogram_highest_equivalent(histogram, histogram->max));
}

/* How often a bucket doubles in width up to the highest value, and its parts. */
static void add_footer(const struct file *file, const struct mh_histogram *histogram)
{
	unsigned half = 1u << histogram->half_magnitude;

	mh_text_add(file->text, "#[Mean    = %12.*f, StdDeviation   = %12.*f]\n", file->digits,
		    mh_histogram_mean_of_buckets(histogram) / file->unit_ns, file->digits,
		    mh_histogram_stddev(histogram) / file->unit_ns);
	mh_text_add(file->text, "#[Max     = %12.*f, Total count    = %12" PRIu64 "]\n", file->digits,
		    greatest(histogram) / file->unit_ns, histogram->count);
	mh_text_add(file->text, "#[Buckets = %12u, SubBuckets     = %12u]\n", histogram->counts_length / half - 1,
		    2 * half);
}

static int write(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_histogram sum;
	int ret = mh_export_add_up(export, &sum, reterr);

	if (ret < 0)
		return ret;
	mh_text_add(text, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
	struct file file = {text, (int)sum.digits, export->unit_ns ? (double)export->unit_ns : MS_NS};

	add_rows(&file, &sum);
	add_footer(&file, &sum);
	mh_histogram_release(&sum);
	return 0;
}

const struct mh_export_format mh_export_hgrm = {
	.name = "hgrm",
	.help = "percentiles of one series, HdrHistogram's percentile file",
	.series = MH_SERIES_ONE,
	.unit = true,
	.one_cell = true,
	.write = write,
};
