/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adding up over runs: buckets only, never a percentile. */
#include "results/export/series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int no_series(const struct mh_export_run *run, const char *tag, struct mh_error *reterr)
{
	const struct mh_result *result = &run->result;
	const char **tags = calloc(result->series_count + 1, sizeof(*tags));
	const char *nearest = NULL;

	for (size_t i = 0; tags && i < result->series_count; i++)
		tags[i] = result->series[i].tag;
	if (tags)
		nearest = mh_text_nearest(tag, tags, result->series_count);
	free(tags);
	if (nearest)
		return mh_error_set(reterr, -ENODATA, "%s/%s has no series '%s' (did you mean '%s'?)", run->cell,
				    run->name, tag, nearest);
	return mh_error_set(reterr, -ENODATA, "%s/%s has no series '%s'; memhp-bench show names them", run->cell,
			    run->name, tag);
}

static int find(const struct mh_export *export, const struct mh_export_run *run, const struct mh_histogram **ret_found,
		struct mh_error *reterr)
{
	const char *tag = export->series ? export->series : mh_export_headline(&run->result);
	const struct mh_result_series *series = tag ? mh_result_find_series(&run->result, tag) : NULL;

	if (!tag)
		return mh_error_set(reterr, -ENODATA,
				    "%s/%s has no response of a measure phase: name a series with --series", run->cell,
				    run->name);
	if (!series)
		return no_series(run, tag, reterr);
	*ret_found = &series->histogram;
	return 0;
}

/* @sum is empty before the first one. */
static int add(struct mh_histogram *sum, const struct mh_export_run *run, const struct mh_histogram *histogram,
	       struct mh_error *reterr)
{
	struct mh_histogram_layout layout = mh_histogram_layout(histogram);

	if (!sum->counts && mh_histogram_init(sum, &layout) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory to add runs up");
	int ret = mh_histogram_merge(sum, histogram);

	if (ret == -EINVAL)
		return mh_error_set(reterr, -ENODATA, "%s/%s was recorded at another precision than the runs before",
				    run->cell, run->name);
	return ret < 0 ? mh_error_set(reterr, ret, "the runs together have more than 2^64 values") : 0;
}

int mh_export_add_up(const struct mh_export *export, struct mh_histogram *ret_sum, struct mh_error *reterr)
{
	const struct mh_histogram *histogram;
	struct mh_histogram sum = {0};
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < export->run_count; i++) {
		const struct mh_export_run *run = &export->runs[i];

		if (!mh_export_use(export, run))
			continue;
		ret = find(export, run, &histogram, reterr);
		if (ret == 0)
			ret = add(&sum, run, histogram, reterr);
	}
	if (ret == 0 && !sum.counts)
		ret = mh_export_nothing_used(reterr);
	if (ret < 0)
		mh_histogram_release(&sum);
	else
		*ret_sum = sum;
	return ret;
}
