/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes an interval log of known values for another tool to read: write_hlog FILE.
 *
 * Two intervals of one second: 1, 2, …, 100,000 us each in the overall response, and 1,000 times 7 us under the tag
 * "steady/cb.slab" with 2 digits. On stdout what a reader must find: for each tag the count, and p50, p99 and max in ns
 * as HdrHistogram reports them.
 */
#include "results/hlog.h"

#include <inttypes.h>
#include <stdio.h>

static void print_expected(const char *tag, const struct mh_histogram *histogram)
{
	printf("%s %" PRIu64, tag, histogram->count);
	for (double percent = 50; percent <= 90; percent += percent < 75 ? 25 : 15)
		printf(" %" PRIu64, mh_histogram_percentile(histogram, percent));
	printf(" %" PRIu64 " %.3f %.3f\n", mh_histogram_highest_equivalent(histogram, histogram->max),
	       mh_histogram_mean_of_buckets(histogram), mh_histogram_stddev(histogram));
}

static int write_log(const char *path, struct mh_histogram *response, struct mh_histogram *slab,
		     struct mh_error *reterr)
{
	struct mh_hlog log;
	int ret = mh_hlog_open(&log, path, "test", UINT64_C(1767225600123000000), reterr);

	for (uint64_t second = 0; ret == 0 && second < 2; second++) {
		uint64_t begin = second * 1000000000, end = begin + 1000000000;

		ret = mh_hlog_add(&log, NULL, begin, end, response, reterr);
		if (ret == 0)
			ret = mh_hlog_add(&log, "steady/cb.slab", begin, end, slab, reterr);
		if (ret == 0)
			ret = mh_hlog_flush(&log, reterr);
	}
	int closed = mh_hlog_close(&log, ret == 0 ? reterr : NULL);

	return ret < 0 ? ret : closed;
}

int main(int argc, char **argv)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = 3};
	struct mh_histogram response, slab;
	struct mh_error error = {0};

	if (argc != 2 || mh_histogram_init(&response, &layout) < 0)
		return 2;
	layout.digits = 2;
	if (mh_histogram_init(&slab, &layout) < 0)
		return 2;
	for (uint64_t us = 1; us <= 100000; us++)
		mh_histogram_record(&response, us * 1000);
	(void)mh_histogram_record_many(&slab, 7000, 1000);
	if (write_log(argv[1], &response, &slab, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	/* The reader adds the intervals up. */
	if (mh_histogram_merge(&response, &response) < 0 || mh_histogram_merge(&slab, &slab) < 0)
		return 2;
	print_expected("-", &response);
	print_expected("steady/cb.slab", &slab);
	mh_histogram_release(&response);
	mh_histogram_release(&slab);
	return 0;
}
