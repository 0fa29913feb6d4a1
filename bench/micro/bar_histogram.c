/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a histogram occupies. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/micro/bar_figures.h"
#include "results/histogram.h"

#define DIGITS    2
#define CONSTANT  250 /* ns */
#define PAGES_MAX 64
#define KIB       1024.0

static const struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = DIGITS};

int mh_bar_histogram_kib(const struct mh_bar_context *context, const struct mh_bar *bar, struct mh_bar_outcome *outcome,
			 struct mh_error *reterr)
{
	(void)context;
	(void)bar;
	(void)reterr;
	outcome->reached = (double)mh_histogram_bytes(&layout) / KIB;
	return 0;
}

/* Bytes of @histogram's counts that are in memory. */
static size_t resident_bytes(const struct mh_histogram *histogram)
{
	unsigned char resident[PAGES_MAX] = {0};
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = 0;

	if (mincore(histogram->counts, histogram->mapped, resident) < 0)
		return histogram->mapped; /* what is not known to be untouched counts */
	for (size_t i = 0; i < PAGES_MAX; i++)
		bytes += (resident[i] & 1) * page;
	return bytes;
}

int mh_bar_histogram_touched_kib(const struct mh_bar_context *context, const struct mh_bar *bar,
				 struct mh_bar_outcome *outcome, struct mh_error *reterr)
{
	struct mh_histogram histogram;
	int ret = mh_histogram_init(&histogram, &layout);

	(void)context;
	(void)bar;
	if (ret < 0)
		return mh_error_set(reterr, ret, "no memory for a histogram");
	mh_histogram_record(&histogram, CONSTANT);
	outcome->reached = (double)resident_bytes(&histogram) / KIB;
	mh_histogram_release(&histogram);
	return 0;
}
