/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A histogram of latencies in HdrHistogram's bucket layout: buckets that double in width, each cut into the same number
 * of equal parts, so that a value keeps its leading decimal digits over the whole range.
 *
 * One writer, no lock: a thread records into its own and hands it on (results/recorder). A value above @highest finds
 * no bucket; it is counted in @overflow and seen by count, max and sum, so that nothing is lost unseen.
 *
 * Memory is mapped and touched on use only: 2 digits up to one hour have 36 KiB, 3 digits 264 KiB (4,608 and 33,792
 * counts of 8 bytes), of which a narrow distribution touches a few pages.
 *
 * Source of the layout: spec of the HdrHistogram V2 format (index, value and range size of a bucket).
 */
#ifndef RESULTS_HISTOGRAM_H
#define RESULTS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MH_HISTOGRAM_DIGITS_MIN  1
#define MH_HISTOGRAM_DIGITS_MAX  5
#define MH_HISTOGRAM_HIGHEST_MAX (INT64_MAX / 2) /* the format keeps it in a signed 64-bit number */
#define MH_HISTOGRAM_HOUR_NS     UINT64_C(3600000000000)

typedef unsigned __int128 mh_uint128;

/* What fixes the layout: histograms of equal layouts can be merged. */
struct mh_histogram_layout {
	uint64_t lowest;  /* >= 1: smaller differences need not be told apart */
	uint64_t highest; /* >= 2 * lowest, <= MH_HISTOGRAM_HIGHEST_MAX */
	unsigned digits;  /* decimal digits kept: 1 … 5 */
};

struct mh_histogram {
	uint64_t *counts; /* counts_length of them; not touched before the first value that falls there */
	uint64_t mask;    /* (parts of a bucket - 1) << unit_magnitude */
	uint64_t highest;
	uint64_t count; /* values recorded, those in overflow included */
	uint64_t overflow;
	uint64_t min, max;          /* UINT64_MAX and 0 while nothing is recorded */
	uint64_t sum_low, sum_high; /* sum of all values, 128 bits */
	uint8_t unit_magnitude;     /* floor(log2(lowest)) */
	uint8_t half_magnitude;     /* log2(parts of a bucket) - 1 */
	uint8_t digits;
	uint32_t counts_length;
	uint64_t lowest;
	size_t mapped; /* bytes of a mapping of its own; 0 when the memory is another's */
};

/* Bytes of counts that a layout needs; 0 when the layout is not valid. */
size_t mh_histogram_bytes(const struct mh_histogram_layout *layout);

/**
 * mh_histogram_init - an empty histogram with memory of its own
 *
 * Return: 0; -EINVAL a layout out of range; -ENOMEM. To be released by mh_histogram_release.
 */
int mh_histogram_init(struct mh_histogram *histogram, const struct mh_histogram_layout *layout);

/* The same within @memory: mh_histogram_bytes() zeroed bytes, aligned to 8, that outlive it. 0 or -EINVAL. */
int mh_histogram_place(struct mh_histogram *histogram, const struct mh_histogram_layout *layout, void *memory);

/* Zeroed memory of its own mapping, which comes in a page at a time as it is touched; NULL when there is none. */
void *mh_histogram_map(size_t bytes);
void mh_histogram_unmap(void *memory, size_t bytes); /* safe on NULL */

/* Safe on a zeroed struct and on a placed one. */
void mh_histogram_release(struct mh_histogram *histogram);

struct mh_histogram_layout mh_histogram_layout(const struct mh_histogram *histogram);

/* Forgets all values; writes only where values were. */
void mh_histogram_clear(struct mh_histogram *histogram);

/**
 * mh_histogram_merge - add all values of @from to @to
 *
 * Return: 0; -EINVAL when the layouts differ; -EOVERFLOW when the counts together pass 64 bits. @to is untouched then.
 */
int mh_histogram_merge(struct mh_histogram *to, const struct mh_histogram *from);

/**
 * mh_histogram_recount - make count, min and max agree with the buckets
 *
 * For one whose writer was stopped between two of its stores: such a value counts when its bucket has it.
 */
void mh_histogram_recount(struct mh_histogram *histogram);

/* True when layout, count, overflow, min, max, sum and each bucket agree. */
bool mh_histogram_equal(const struct mh_histogram *a, const struct mh_histogram *b);

/* The bucket of a value <= @highest. */
static inline size_t mh_histogram_index(const struct mh_histogram *histogram, uint64_t value)
{
	/* Bits by which the value is wider than one bucket's parts, and so how far it is shifted down. */
	unsigned shift = (63u ^ (unsigned)__builtin_clzll(value | histogram->mask)) - histogram->half_magnitude;

	return ((size_t)(shift - histogram->unit_magnitude) << histogram->half_magnitude) + (value >> shift);
}

/* The one writer's hot path: no call, no lock, no division; about 2 ns. @value: ns. */
static inline void mh_histogram_record(struct mh_histogram *histogram, uint64_t value)
{
	if (__builtin_expect(value <= histogram->highest, 1))
		histogram->counts[mh_histogram_index(histogram, value)]++;
	else
		histogram->overflow++;
	histogram->count++;
	if (__builtin_expect(__builtin_add_overflow(histogram->sum_low, value, &histogram->sum_low), 0))
		histogram->sum_high++;
	if (__builtin_expect(value < histogram->min, 0))
		histogram->min = value;
	if (__builtin_expect(value > histogram->max, 0))
		histogram->max = value;
}

/* Records @value @times over: for readers of files and tests. -EOVERFLOW when the count passes 64 bits. */
int mh_histogram_record_many(struct mh_histogram *histogram, uint64_t value, uint64_t times);

/* The least and greatest value of the bucket that @value <= @highest falls into. */
uint64_t mh_histogram_lowest_equivalent(const struct mh_histogram *histogram, uint64_t value);
uint64_t mh_histogram_highest_equivalent(const struct mh_histogram *histogram, uint64_t value);
/* The least value of bucket @index < counts_length, and how many values share it. */
uint64_t mh_histogram_value_at(const struct mh_histogram *histogram, size_t index);
uint64_t mh_histogram_width_at(const struct mh_histogram *histogram, size_t index);

mh_uint128 mh_histogram_sum(const struct mh_histogram *histogram);
/* sum / count, exact but for the last rounding; 0 when empty. */
double mh_histogram_mean(const struct mh_histogram *histogram);
/* The mean as HdrHistogram's readers find it, from the middles of the buckets; overflow left out. */
double mh_histogram_mean_of_buckets(const struct mh_histogram *histogram);
/* Of the middles of the buckets around their mean, over n (not n - 1), as HdrHistogram does; overflow left out. */
double mh_histogram_stddev(const struct mh_histogram *histogram);

/**
 * mh_histogram_percentile - the greatest value equivalent to the one at a rank, as HdrHistogram reports it
 * @percent: 0 … 100; 0 gives the lowest equivalent of the least value
 *
 * Rank max(1, floor(percent / 100 * count + 0.5)). Where it falls among the overflowed values: max. 0 when empty. May
 * exceed max by less than a bucket.
 */
uint64_t mh_histogram_percentile(const struct mh_histogram *histogram, double percent);

/**
 * mh_histogram_quantile - the value below which a share @q of the values lies, interpolated inside its bucket
 * @q: 0 … 1
 *
 * lo + width * (q * count - cumulative below) / count of the bucket, held within min and max; max where the rank falls
 * among the overflowed values (see mh_histogram_quantile_in_range). 0 when empty.
 */
double mh_histogram_quantile(const struct mh_histogram *histogram, double q);
bool mh_histogram_quantile_in_range(const struct mh_histogram *histogram, double q);

/* Values that are certainly at or below @value: whole buckets; all of them when @value >= max. */
uint64_t mh_histogram_count_at_or_below(const struct mh_histogram *histogram, uint64_t value);

/* Walks the buckets that hold something, from the least: mh_histogram_next() is false behind the last. */
struct mh_histogram_iterator {
	const struct mh_histogram *histogram;
	size_t index, end;   /* next bucket to look at; one behind the last */
	uint64_t lowest;     /* least value of the bucket found */
	uint64_t highest;    /* its greatest value */
	uint64_t count;      /* values in it */
	uint64_t cumulative; /* values in it and below */
};

void mh_histogram_iterate(struct mh_histogram_iterator *iterator, const struct mh_histogram *histogram);
bool mh_histogram_next(struct mh_histogram_iterator *iterator);

#endif
