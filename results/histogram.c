/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bucket layout, memory, merging and the statistics of a histogram; recording is inlined in the header.
 *
 * Every walk over the counts is confined to the buckets of min … max, so that clearing and merging cost what was used
 * and touch no fresh memory.
 */
#include "results/histogram.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>

/* What a layout comes to. */
struct geometry {
	unsigned unit_magnitude, half_magnitude;
	uint32_t counts_length;
};

static unsigned floor_log2(uint64_t value)
{
	return 63u - (unsigned)__builtin_clzll(value);
}

/* Parts of a bucket: the power of two that is not below 2 * 10^digits; its logarithm. */
static unsigned parts_magnitude(unsigned digits)
{
	uint64_t needed = 2;

	for (unsigned i = 0; i < digits; i++)
		needed *= 10;
	return floor_log2(needed - 1) + 1;
}

static int geometry_of(const struct mh_histogram_layout *layout, struct geometry *ret_geometry)
{
	if (layout->digits < MH_HISTOGRAM_DIGITS_MIN || layout->digits > MH_HISTOGRAM_DIGITS_MAX ||
	    layout->lowest < 1 || layout->highest > MH_HISTOGRAM_HIGHEST_MAX || layout->lowest > layout->highest / 2)
		return -EINVAL;
	unsigned unit = floor_log2(layout->lowest);
	unsigned parts = parts_magnitude(layout->digits);

	if (unit + parts > 62)
		return -EINVAL; /* one bucket would pass what a number can hold */
	uint64_t untrackable = UINT64_C(1) << (unit + parts);
	uint32_t buckets = 1;

	while (untrackable <= layout->highest) {
		untrackable <<= 1; /* highest < 2^62: does not overflow */
		buckets++;
	}
	ret_geometry->unit_magnitude = unit;
	ret_geometry->half_magnitude = parts - 1;
	ret_geometry->counts_length = (buckets + 1) << (parts - 1);
	return 0;
}

size_t mh_histogram_bytes(const struct mh_histogram_layout *layout)
{
	struct geometry geometry;

	if (geometry_of(layout, &geometry) < 0)
		return 0;
	return (size_t)geometry.counts_length * sizeof(uint64_t);
}

static void forget_values(struct mh_histogram *histogram)
{
	histogram->count = 0;
	histogram->overflow = 0;
	histogram->min = UINT64_MAX;
	histogram->max = 0;
	histogram->sum_low = 0;
	histogram->sum_high = 0;
}

int mh_histogram_place(struct mh_histogram *histogram, const struct mh_histogram_layout *layout, void *memory)
{
	struct geometry geometry;
	int ret = geometry_of(layout, &geometry);

	if (ret < 0)
		return ret;
	*histogram = (struct mh_histogram){
		.counts = memory,
		.mask = ((UINT64_C(2) << geometry.half_magnitude) - 1) << geometry.unit_magnitude,
		.highest = layout->highest,
		.unit_magnitude = (uint8_t)geometry.unit_magnitude,
		.half_magnitude = (uint8_t)geometry.half_magnitude,
		.digits = (uint8_t)layout->digits,
		.counts_length = geometry.counts_length,
		.lowest = layout->lowest,
	};
	forget_values(histogram);
	return 0;
}

int mh_histogram_init(struct mh_histogram *histogram, const struct mh_histogram_layout *layout)
{
	size_t bytes = mh_histogram_bytes(layout);

	if (bytes == 0)
		return -EINVAL;
	void *memory = mh_histogram_map(bytes);

	if (!memory)
		return -ENOMEM;
	(void)mh_histogram_place(histogram, layout, memory); /* the layout is known to be valid */
	histogram->mapped = bytes;
	return 0;
}

void *mh_histogram_map(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	/* One touched count must not bring in 2 MiB. Where the kernel knows no huge pages this fails, and is not
	 * needed. */
	(void)madvise(memory, bytes, MADV_NOHUGEPAGE);
	return memory;
}

void mh_histogram_unmap(void *memory, size_t bytes)
{
	if (memory)
		(void)munmap(memory, bytes);
}

void mh_histogram_release(struct mh_histogram *histogram)
{
	if (histogram->mapped)
		mh_histogram_unmap(histogram->counts, histogram->mapped);
	*histogram = (struct mh_histogram){0};
}

struct mh_histogram_layout mh_histogram_layout(const struct mh_histogram *histogram)
{
	return (struct mh_histogram_layout){
		.lowest = histogram->lowest,
		.highest = histogram->highest,
		.digits = histogram->digits,
	};
}

/* Indices [from, to) of all buckets that may hold something. */
static void used_range(const struct mh_histogram *histogram, size_t *ret_from, size_t *ret_to)
{
	*ret_from = 0;
	*ret_to = 0;
	if (histogram->count == histogram->overflow)
		return;
	*ret_from = mh_histogram_index(histogram, histogram->min);
	*ret_to = mh_histogram_index(histogram,
				     histogram->max < histogram->highest ? histogram->max : histogram->highest) +
		  1;
}

void mh_histogram_clear(struct mh_histogram *histogram)
{
	size_t from, to;

	used_range(histogram, &from, &to);
	memset(histogram->counts + from, 0, (to - from) * sizeof(uint64_t));
	forget_values(histogram);
}

static bool layouts_equal(const struct mh_histogram *a, const struct mh_histogram *b)
{
	return a->digits == b->digits && a->lowest == b->lowest && a->highest == b->highest;
}

int mh_histogram_merge(struct mh_histogram *to, const struct mh_histogram *from)
{
	uint64_t count;
	size_t i, end;

	if (!layouts_equal(to, from))
		return -EINVAL;
	if (__builtin_add_overflow(to->count, from->count, &count))
		return -EOVERFLOW; /* no single bucket can overflow unless the whole does */
	used_range(from, &i, &end);
	for (; i < end; i++)
		if (from->counts[i]) /* writing zeros would touch fresh memory */
			to->counts[i] += from->counts[i];
	mh_uint128 sum = mh_histogram_sum(to) + mh_histogram_sum(from);

	to->count = count;
	to->overflow += from->overflow;
	to->sum_low = (uint64_t)sum;
	to->sum_high = (uint64_t)(sum >> 64);
	to->min = from->min < to->min ? from->min : to->min;
	to->max = from->max > to->max ? from->max : to->max;
	return 0;
}

void mh_histogram_recount(struct mh_histogram *histogram)
{
	uint64_t count = histogram->overflow, least = UINT64_MAX, greatest = 0;

	for (size_t i = 0; i < histogram->counts_length; i++) {
		if (!histogram->counts[i])
			continue;
		count += histogram->counts[i];
		least = least == UINT64_MAX ? mh_histogram_value_at(histogram, i) : least;
		greatest = mh_histogram_value_at(histogram, i);
	}
	histogram->count = count;
	if (greatest > histogram->max)
		histogram->max = greatest;
	/* Only a least value of which the bucket knows and min does not. */
	if (least != UINT64_MAX && histogram->min > mh_histogram_highest_equivalent(histogram, least))
		histogram->min = least;
}

bool mh_histogram_equal(const struct mh_histogram *a, const struct mh_histogram *b)
{
	size_t from, to;

	if (!layouts_equal(a, b) || a->count != b->count || a->overflow != b->overflow || a->min != b->min ||
	    a->max != b->max || mh_histogram_sum(a) != mh_histogram_sum(b))
		return false;
	used_range(a, &from, &to);
	return memcmp(a->counts + from, b->counts + from, (to - from) * sizeof(uint64_t)) == 0;
}

int mh_histogram_record_many(struct mh_histogram *histogram, uint64_t value, uint64_t times)
{
	uint64_t count;

	if (times == 0)
		return 0;
	if (__builtin_add_overflow(histogram->count, times, &count))
		return -EOVERFLOW;
	if (value <= histogram->highest)
		histogram->counts[mh_histogram_index(histogram, value)] += times;
	else
		histogram->overflow += times;
	mh_uint128 sum = mh_histogram_sum(histogram) + (mh_uint128)value * times;

	histogram->count = count;
	histogram->sum_low = (uint64_t)sum;
	histogram->sum_high = (uint64_t)(sum >> 64);
	histogram->min = value < histogram->min ? value : histogram->min;
	histogram->max = value > histogram->max ? value : histogram->max;
	return 0;
}

/* Bits by which the values of bucket @index are shifted down: its width is 2 to that power. */
static unsigned width_magnitude(const struct mh_histogram *histogram, size_t index)
{
	size_t bucket = index >> histogram->half_magnitude;

	return (unsigned)(bucket ? bucket - 1 : 0) + histogram->unit_magnitude;
}

uint64_t mh_histogram_value_at(const struct mh_histogram *histogram, size_t index)
{
	size_t half = (size_t)1 << histogram->half_magnitude;
	size_t part = index < half ? index : (index & (half - 1)) + half;

	return (uint64_t)part << width_magnitude(histogram, index);
}

uint64_t mh_histogram_width_at(const struct mh_histogram *histogram, size_t index)
{
	return UINT64_C(1) << width_magnitude(histogram, index);
}

uint64_t mh_histogram_lowest_equivalent(const struct mh_histogram *histogram, uint64_t value)
{
	return mh_histogram_value_at(histogram, mh_histogram_index(histogram, value));
}

uint64_t mh_histogram_highest_equivalent(const struct mh_histogram *histogram, uint64_t value)
{
	size_t index = mh_histogram_index(histogram, value);

	return mh_histogram_value_at(histogram, index) + mh_histogram_width_at(histogram, index) - 1;
}

void mh_histogram_iterate(struct mh_histogram_iterator *iterator, const struct mh_histogram *histogram)
{
	*iterator = (struct mh_histogram_iterator){.histogram = histogram};
	used_range(histogram, &iterator->index, &iterator->end);
}

bool mh_histogram_next(struct mh_histogram_iterator *iterator)
{
	const struct mh_histogram *histogram = iterator->histogram;

	while (iterator->index < iterator->end && histogram->counts[iterator->index] == 0)
		iterator->index++;
	if (iterator->index >= iterator->end)
		return false;
	size_t index = iterator->index++;

	iterator->lowest = mh_histogram_value_at(histogram, index);
	iterator->highest = iterator->lowest + mh_histogram_width_at(histogram, index) - 1;
	iterator->count = histogram->counts[index];
	iterator->cumulative += iterator->count;
	return true;
}

mh_uint128 mh_histogram_sum(const struct mh_histogram *histogram)
{
	return (mh_uint128)histogram->sum_high << 64 | histogram->sum_low;
}

double mh_histogram_mean(const struct mh_histogram *histogram)
{
	return histogram->count ? (double)mh_histogram_sum(histogram) / (double)histogram->count : 0;
}

/* The middle of a bucket as HdrHistogram takes it: a bucket of one value has it at that value. */
static double bucket_middle(const struct mh_histogram_iterator *iterator)
{
	return (double)(iterator->lowest + (iterator->highest - iterator->lowest + 1) / 2);
}

double mh_histogram_mean_of_buckets(const struct mh_histogram *histogram)
{
	struct mh_histogram_iterator iterator;
	double sum = 0;

	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator))
		sum += bucket_middle(&iterator) * (double)iterator.count;
	return iterator.cumulative ? sum / (double)iterator.cumulative : 0;
}

double mh_histogram_stddev(const struct mh_histogram *histogram)
{
	double mean = mh_histogram_mean_of_buckets(histogram);
	struct mh_histogram_iterator iterator;
	double sum = 0;

	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator)) {
		double distance = bucket_middle(&iterator) - mean;

		sum += distance * distance * (double)iterator.count;
	}
	return iterator.cumulative ? sqrt(sum / (double)iterator.cumulative) : 0;
}

/* Moves to the first bucket at which the cumulative count reaches @rank; false: it lies among the overflowed values. */
static bool iterate_to_rank(struct mh_histogram_iterator *iterator, const struct mh_histogram *histogram, double rank)
{
	mh_histogram_iterate(iterator, histogram);
	while (mh_histogram_next(iterator))
		if ((double)iterator->cumulative >= rank)
			return true;
	return false;
}

uint64_t mh_histogram_percentile(const struct mh_histogram *histogram, double percent)
{
	struct mh_histogram_iterator iterator;
	double rank = floor(percent / 100 * (double)histogram->count + 0.5);

	if (histogram->count == 0)
		return 0;
	if (!iterate_to_rank(&iterator, histogram, rank < 1 ? 1 : rank))
		return histogram->max;
	return percent > 0 ? iterator.highest : iterator.lowest;
}

bool mh_histogram_quantile_in_range(const struct mh_histogram *histogram, double q)
{
	return q * (double)histogram->count <= (double)(histogram->count - histogram->overflow);
}

double mh_histogram_quantile(const struct mh_histogram *histogram, double q)
{
	struct mh_histogram_iterator iterator;
	double rank = q * (double)histogram->count;

	if (histogram->count == 0)
		return 0;
	if (!iterate_to_rank(&iterator, histogram, rank))
		return (double)histogram->max;
	double below = (double)(iterator.cumulative - iterator.count);
	double width = (double)(iterator.highest - iterator.lowest + 1);
	double value = (double)iterator.lowest + width * (rank - below) / (double)iterator.count;

	/* The bucket's edges may lie beyond the least and the greatest value seen, which are known exactly. */
	return fmin(fmax(value, (double)histogram->min), (double)histogram->max);
}

uint64_t mh_histogram_count_at_or_below(const struct mh_histogram *histogram, uint64_t value)
{
	struct mh_histogram_iterator iterator;
	uint64_t count = 0;

	if (value >= histogram->max)
		return histogram->count;
	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator) && iterator.highest <= value)
		count = iterator.cumulative;
	return count;
}
