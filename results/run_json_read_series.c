/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The series of run.json: a histogram and the numbers beside it, which must agree. min, max and sum come from those
 * numbers, because the encoding rounds them to buckets.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "results/encode.h"
#include "results/run_json.h"
#include "results/run_json_reading.h"

/* A sum of up to 128 bits in decimal digits. */
static int parse_sum(const char *digits, mh_uint128 *ret_sum)
{
	mh_uint128 sum = 0;

	if (!*digits)
		return -EINVAL;
	for (; *digits; digits++) {
		unsigned digit = (unsigned)(*digits - '0');

		if (digit > 9 || __builtin_mul_overflow(sum, (mh_uint128)10, &sum) ||
		    __builtin_add_overflow(sum, (mh_uint128)digit, &sum))
			return -EINVAL;
	}
	*ret_sum = sum;
	return 0;
}

static mh_uint128 read_sum(struct mh_reading *reading, const json_t *object)
{
	const char *digits = mh_json_get_optional_text(&reading->get, object, "sum_s");
	mh_uint128 sum = 0;

	if (!digits)
		return mh_json_get_u64(&reading->get, object, "sum");
	if (parse_sum(digits, &sum) < 0)
		mh_json_get_fail(&reading->get, "'sum_s' is '%.50s', no whole number", digits);
	return sum;
}

/* Both fall into one bucket. */
static bool bucket_is_same(const struct mh_histogram *histogram, uint64_t value, uint64_t other)
{
	return value <= histogram->highest && other <= histogram->highest &&
	       mh_histogram_index(histogram, value) == mh_histogram_index(histogram, other);
}

/* The extremes lie in the buckets that were read: else one with values would fall out of min … max. */
static bool extremes_agree(const struct mh_histogram *histogram, uint64_t overflow, uint64_t min, uint64_t max)
{
	bool any = histogram->count > 0;

	if (min > max)
		return !any && overflow == 0; /* empty */
	if (any ? !bucket_is_same(histogram, min, histogram->min) : min <= histogram->highest)
		return false;
	return overflow ? max > histogram->highest : bucket_is_same(histogram, max, histogram->max);
}

/* Puts the exact numbers of the document in the place of what the encoding has rounded. */
static void refine(struct mh_reading *reading, const json_t *object, struct mh_histogram *histogram)
{
	struct mh_json_get *get = &reading->get;
	uint64_t count = mh_json_get_u64(get, object, "count");
	uint64_t overflow = mh_json_get_u64(get, object, "overflow");
	uint64_t min = mh_json_get_optional_u64(get, object, "min", UINT64_MAX);
	uint64_t max = mh_json_get_optional_u64(get, object, "max", 0);
	mh_uint128 sum = read_sum(reading, object);

	if (get->ret < 0)
		return;
	if (histogram->overflow || count < overflow || count - overflow != histogram->count) {
		mh_json_get_fail(get,
				 "'count' %" PRIu64 " less 'overflow' %" PRIu64 " is not what 'hist' holds: %" PRIu64,
				 count, overflow, histogram->count);
		return;
	}
	if (!extremes_agree(histogram, overflow, min, max)) {
		mh_json_get_fail(get, "'min' and 'max' are not where 'hist' has its first and last value");
		return;
	}
	histogram->count = count;
	histogram->overflow = overflow;
	histogram->min = min;
	histogram->max = max;
	histogram->sum_low = (uint64_t)sum;
	histogram->sum_high = (uint64_t)(sum >> 64);
}

/* Of the series that was added last. */
static void read_effective_count(struct mh_reading *reading, const json_t *object)
{
	struct mh_result_series *series = &reading->result->series[reading->result->series_count - 1];
	const double effective = mh_json_get_optional_double(&reading->get, object, "effective_count", 0);

	if (effective < 0 || effective > (double)series->histogram.count)
		mh_json_get_fail(&reading->get, "'effective_count' is %g, and there are %" PRIu64 " values", effective,
				 series->histogram.count);
	series->effective_count = effective;
}

static void read_one_series(struct mh_reading *reading, const json_t *object)
{
	struct mh_json_get *get = &reading->get;
	const char *tag = mh_json_get_text(get, object, "tag"), *hist = mh_json_get_text(get, object, "hist");
	struct mh_histogram histogram;
	struct mh_error why;

	if (get->ret < 0)
		return;
	if (mh_histogram_decode(hist, strlen(hist), &histogram, &why) < 0) {
		mh_json_get_fail(get, "%s", why.text);
		return;
	}
	reading->counts_bytes += histogram.counts_length * sizeof(uint64_t);
	if (reading->counts_bytes > MH_RUN_JSON_COUNTS_MAX)
		mh_json_get_fail(get, "all histograms together need more than %u bytes", MH_RUN_JSON_COUNTS_MAX);
	refine(reading, object, &histogram);
	if (get->ret == 0) {
		int ret = mh_result_add_series(reading->result, tag, &histogram);

		if (ret == -EINVAL || ret == -EEXIST)
			mh_json_get_fail(get, "'tag' is '%.200s', which is %s", tag,
					 ret == -EEXIST ? "there twice" : "no name of a series");
		if (ret == 0)
			read_effective_count(reading, object);
	}
	mh_histogram_release(&histogram);
}

void mh_run_json_read_series(struct mh_reading *reading, const json_t *root)
{
	json_t *list = mh_json_get_list(&reading->get, root, "series"), *object;
	size_t i;

	if (json_array_size(list) > MH_RUN_JSON_SERIES_MAX)
		mh_json_get_fail(&reading->get, "there are %zu series, more than %d", json_array_size(list),
				 MH_RUN_JSON_SERIES_MAX);
	json_array_foreach(list, i, object)
	{
		if (reading->get.ret < 0)
			return;
		mh_json_get_place(&reading->get, "series", i);
		read_one_series(reading, object);
	}
	reading->get.place[0] = '\0';
}
