/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bucket layout against the reference's numbers, the borders of what can be recorded, and the statistics. */
#include "results/histogram.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sys/mman.h>
#include <string.h>

#include "sample.h"

static struct mh_histogram make(uint64_t lowest, uint64_t highest, unsigned digits)
{
	struct mh_histogram histogram;
	struct mh_histogram_layout layout = {.lowest = lowest, .highest = highest, .digits = digits};

	cr_assert_eq(mh_histogram_init(&histogram, &layout), 0, "%lu..%lu digits %u", lowest, highest, digits);
	return histogram;
}

/* Source: the check values of the format's own bucket arithmetic. */
Test(histogram, has_the_indices_of_hdrhistogram)
{
	static const struct {
		uint64_t value;
		size_t index;
	} rows[] = {{0, 0},           {2047, 2047},       {2048, 2048},
		    {1000000, 11169}, {123456789, 18267}, {MH_HISTOGRAM_HOUR_NS, 33420}};
	struct mh_histogram histogram = sample_histogram();

	cr_assert_eq(histogram.counts_length, 33792u, "%u", histogram.counts_length);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(mh_histogram_index(&histogram, rows[i].value), rows[i].index, "%lu is in %zu, not %zu",
			     rows[i].value, mh_histogram_index(&histogram, rows[i].value), rows[i].index);
	mh_histogram_release(&histogram);
}

Test(histogram, needs_the_memory_that_is_promised)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = 2};

	cr_expect_eq(mh_histogram_bytes(&layout), 36u * 1024, "2 digits: %zu", mh_histogram_bytes(&layout));
	layout.digits = 3;
	cr_expect_eq(mh_histogram_bytes(&layout), 264u * 1024, "3 digits: %zu", mh_histogram_bytes(&layout));
}

/* As a writer leaves it that was stopped behind its first store of a value. */
Test(histogram, that_was_left_between_two_stores_agrees_with_its_buckets_after_a_recount)
{
	struct mh_histogram histogram = sample_histogram();

	mh_histogram_record(&histogram, 500);
	histogram.counts[mh_histogram_index(&histogram, 20)]++;
	histogram.counts[mh_histogram_index(&histogram, 1000000)]++;
	mh_histogram_recount(&histogram);
	cr_expect_eq(histogram.count, 3, "%lu", histogram.count);
	cr_expect_eq(histogram.min, 20, "%lu", histogram.min);
	cr_expect_eq(mh_histogram_index(&histogram, histogram.max), mh_histogram_index(&histogram, 1000000));
	mh_histogram_clear(&histogram);
	mh_histogram_recount(&histogram);
	cr_expect_eq(histogram.count, 0);
	cr_expect_eq(histogram.min, UINT64_MAX);
	mh_histogram_release(&histogram);
}

/* Every bucket begins where the one before ends, and each of its values finds it: for all digits, and a coarse unit. */
Test(histogram, has_buckets_without_gap_or_overlap)
{
	for (unsigned digits = 1; digits <= 4; digits++) {
		struct mh_histogram histogram = make(digits == 2 ? 20000 : 1, UINT64_C(1) << 50, digits);
		uint64_t next = 0;

		for (size_t i = 0; i < mh_histogram_index(&histogram, histogram.highest); i++) {
			uint64_t low = mh_histogram_value_at(&histogram, i);
			uint64_t high = low + mh_histogram_width_at(&histogram, i) - 1;

			cr_assert_eq(low, next, "digits %u bucket %zu begins at %lu, not %lu", digits, i, low, next);
			cr_assert_eq(mh_histogram_index(&histogram, low), i, "bucket %zu", i);
			cr_assert_eq(mh_histogram_index(&histogram, high), i, "bucket %zu", i);
			cr_assert_eq(mh_histogram_lowest_equivalent(&histogram, high), low);
			cr_assert_eq(mh_histogram_highest_equivalent(&histogram, low), high);
			next = high + 1;
		}
		mh_histogram_release(&histogram);
	}
}

Test(histogram, keeps_the_promised_digits)
{
	struct mh_histogram histogram = sample_histogram();

	for (uint64_t value = 1000; value < UINT64_C(3600000000000); value = value * 7 / 5 + 1) {
		uint64_t width = mh_histogram_width_at(&histogram, mh_histogram_index(&histogram, value));

		cr_assert_leq((double)width, (double)value / 1000, "a bucket of %lu at %lu", width, value);
	}
	mh_histogram_release(&histogram);
}

/* Where a bucket ends exactly at the highest value, that value needs the next one. */
Test(histogram, has_a_bucket_for_its_highest_value)
{
	for (uint64_t highest = 2046; highest <= 2050; highest++) {
		struct mh_histogram histogram = make(1, highest, 3);

		cr_expect_lt(mh_histogram_index(&histogram, highest), histogram.counts_length, "%lu: %zu of %u",
			     highest, mh_histogram_index(&histogram, highest), histogram.counts_length);
		mh_histogram_release(&histogram);
	}
}

Test(histogram, refuses_layouts_out_of_range)
{
	static const struct mh_histogram_layout bad[] = {
		{1, 1000, 0},       {1, 1000, 6},
		{0, 1000, 3},       {1, 1, 3},
		{600, 1000, 3},     {1, MH_HISTOGRAM_HIGHEST_MAX + UINT64_C(1), 3},
		{1, UINT64_MAX, 3}, {UINT64_C(1) << 55, UINT64_C(1) << 60, 5},
	};
	static const struct mh_histogram_layout border[] = {
		{1, 2, 1}, {500, 1000, 3}, {1, MH_HISTOGRAM_HIGHEST_MAX, 5}, {1, MH_HISTOGRAM_HIGHEST_MAX, 1}};
	struct mh_histogram histogram = {0};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(mh_histogram_init(&histogram, &bad[i]), -EINVAL, "row %zu", i);
	for (size_t i = 0; i < sizeof(border) / sizeof(border[0]); i++) {
		cr_expect_eq(mh_histogram_init(&histogram, &border[i]), 0, "row %zu", i);
		mh_histogram_record(&histogram, border[i].highest);
		cr_expect_eq(histogram.overflow, 0u, "row %zu", i);
		mh_histogram_release(&histogram);
	}
}

Test(histogram, counts_what_lies_above_its_range_and_keeps_max_and_sum)
{
	struct mh_histogram histogram = make(1, 1000000, 3);

	mh_histogram_record(&histogram, 1000000);
	mh_histogram_record(&histogram, 1000001);
	mh_histogram_record(&histogram, UINT64_MAX);
	cr_expect_eq(histogram.count, 3u, "%lu", histogram.count);
	cr_expect_eq(histogram.overflow, 2u, "%lu", histogram.overflow);
	cr_expect_eq(histogram.max, UINT64_MAX, "%lu", histogram.max);
	cr_expect_eq(histogram.min, 1000000u, "%lu", histogram.min);
	cr_expect(mh_histogram_sum(&histogram) == (mh_uint128)UINT64_MAX + 2000001);
	mh_histogram_release(&histogram);
}

Test(histogram, sums_beyond_64_bits)
{
	struct mh_histogram histogram = sample_histogram();

	for (unsigned i = 0; i < 10; i++)
		mh_histogram_record(&histogram, UINT64_C(1) << 63);
	cr_expect(mh_histogram_sum(&histogram) == (mh_uint128)10 << 63);
	cr_expect_eq(mh_histogram_mean(&histogram), 0x1p63, "%g", mh_histogram_mean(&histogram));
	mh_histogram_release(&histogram);
}

Test(histogram, refuses_counts_beyond_64_bits)
{
	struct mh_histogram a = sample_histogram(), b = sample_histogram();

	cr_expect_eq(mh_histogram_record_many(&a, 5, UINT64_MAX), 0);
	cr_expect_eq(mh_histogram_record_many(&a, 5, 1), -EOVERFLOW);
	mh_histogram_record(&b, 7);
	cr_expect_eq(mh_histogram_merge(&b, &a), -EOVERFLOW);
	cr_expect_eq(b.count, 1u, "untouched: %lu", b.count);
	cr_expect_eq(b.max, 7u, "untouched: %lu", b.max);
	mh_histogram_release(&a);
	mh_histogram_release(&b);
}

Test(histogram, merges_to_what_recording_all_would_give)
{
	struct mh_histogram a = sample_histogram(), b = sample_histogram(), both = sample_histogram();

	for (uint64_t value = 1; value < UINT64_C(1) << 45; value = value * 3 + 1) {
		mh_histogram_record(value % 2 ? &a : &b, value);
		mh_histogram_record(&both, value);
	}
	cr_expect_not(mh_histogram_equal(&a, &both));
	cr_assert_eq(mh_histogram_merge(&a, &b), 0);
	cr_expect(mh_histogram_equal(&a, &both));
	mh_histogram_release(&a);
	mh_histogram_release(&b);
	mh_histogram_release(&both);
}

Test(histogram, does_not_merge_different_layouts)
{
	struct mh_histogram a = make(1, 1000000, 3), b = make(1, 1000000, 2), c = make(1, 2000000, 3);

	cr_expect_eq(mh_histogram_merge(&a, &b), -EINVAL);
	cr_expect_eq(mh_histogram_merge(&a, &c), -EINVAL);
	cr_expect_not(mh_histogram_equal(&a, &b));
	mh_histogram_release(&a);
	mh_histogram_release(&b);
	mh_histogram_release(&c);
}

Test(histogram, is_as_new_after_clear)
{
	struct mh_histogram histogram = sample_golden(), empty = sample_histogram();

	mh_histogram_record(&histogram, UINT64_MAX);
	mh_histogram_clear(&histogram);
	cr_expect(mh_histogram_equal(&histogram, &empty));
	for (size_t i = 0; i < histogram.counts_length; i++)
		cr_assert_eq(histogram.counts[i], 0u, "bucket %zu holds %lu", i, histogram.counts[i]);
	mh_histogram_release(&histogram);
	mh_histogram_release(&empty);
}

Test(histogram, reports_percentiles_as_hdrhistogram)
{
	struct mh_histogram histogram = sample_golden();

	/* Ranks of 7 values: 1 (p0), floor(3.5 + 0.5) = 4 (p50), 5 (p75 = 5.25 + 0.5), 7 (p100). */
	cr_expect_eq(mh_histogram_percentile(&histogram, 0), 1u);
	cr_expect_eq(mh_histogram_percentile(&histogram, 50), 1000u);
	cr_expect_eq(mh_histogram_percentile(&histogram, 75), 1500u);
	cr_expect_eq(mh_histogram_percentile(&histogram, 80), 1000447u, "%lu", mh_histogram_percentile(&histogram, 80));
	cr_expect_eq(mh_histogram_percentile(&histogram, 100), 123469823u, "%lu",
		     mh_histogram_percentile(&histogram, 100));
	mh_histogram_release(&histogram);
}

Test(histogram, is_quiet_about_nothing)
{
	struct mh_histogram histogram = sample_histogram();
	struct mh_histogram_iterator iterator;

	cr_expect_eq(mh_histogram_percentile(&histogram, 99), 0u);
	cr_expect_eq(mh_histogram_quantile(&histogram, 0.5), 0.0);
	cr_expect_eq(mh_histogram_mean(&histogram), 0.0);
	cr_expect_eq(mh_histogram_stddev(&histogram), 0.0);
	cr_expect_eq(mh_histogram_count_at_or_below(&histogram, 100), 0u);
	mh_histogram_iterate(&iterator, &histogram);
	cr_expect_not(mh_histogram_next(&iterator));
	mh_histogram_release(&histogram);
}

/* Q(q) = lo + w (qN - F) / c: 4 values in [2048, 2050), as statistics 3.1 has it. */
Test(histogram, interpolates_inside_a_bucket)
{
	struct mh_histogram histogram = sample_histogram();

	mh_histogram_record(&histogram, 1);
	cr_assert_eq(mh_histogram_record_many(&histogram, 2048, 2), 0);
	cr_assert_eq(mh_histogram_record_many(&histogram, 2049, 2), 0);
	mh_histogram_record(&histogram, 9999);
	double expected = 2048 + 2 * (0.5 * 6 - 1) / 4;

	cr_expect_float_eq(mh_histogram_quantile(&histogram, 0.5), expected, 1e-9, "%g, not %g",
			   mh_histogram_quantile(&histogram, 0.5), expected);
	cr_expect_eq(mh_histogram_quantile(&histogram, 0), 1.0);
	cr_expect_eq(mh_histogram_quantile(&histogram, 1), 9999.0, "%g", mh_histogram_quantile(&histogram, 1));
	mh_histogram_release(&histogram);
}

Test(histogram, tells_a_quantile_beyond_its_range)
{
	struct mh_histogram histogram = make(1, 1000000, 3);

	cr_assert_eq(mh_histogram_record_many(&histogram, 100, 99), 0);
	mh_histogram_record(&histogram, 5000000);
	cr_expect(mh_histogram_quantile_in_range(&histogram, 0.99));
	cr_expect_not(mh_histogram_quantile_in_range(&histogram, 0.991));
	cr_expect_eq(mh_histogram_quantile(&histogram, 0.999), 5000000.0);
	cr_expect_eq(mh_histogram_percentile(&histogram, 100), 5000000u);
	mh_histogram_release(&histogram);
}

Test(histogram, has_an_exact_mean_and_that_of_its_buckets)
{
	struct mh_histogram histogram = sample_golden();
	double sum = 1 + 1 + 1 + 1000 + 1500 + 1000000 + 123456789;
	/* Middles: 999936 + 256, 123404288 + 32768. */
	double middles = 3 + 1000 + 1500 + (999936 + 256) + (123404288 + 32768);

	cr_expect_float_eq(mh_histogram_mean(&histogram), sum / 7, 1e-6, "%f", mh_histogram_mean(&histogram));
	cr_expect_float_eq(mh_histogram_mean_of_buckets(&histogram), middles / 7, 1e-6, "%f, not %f",
			   mh_histogram_mean_of_buckets(&histogram), middles / 7);
	mh_histogram_release(&histogram);
}

Test(histogram, has_no_deviation_of_equal_values)
{
	struct mh_histogram histogram = sample_histogram();

	cr_assert_eq(mh_histogram_record_many(&histogram, 1000000, 50), 0);
	cr_expect_eq(mh_histogram_stddev(&histogram), 0.0);
	cr_assert_eq(mh_histogram_record_many(&histogram, 10, 50), 0);
	cr_expect_float_eq(mh_histogram_stddev(&histogram), (1000192.0 - 10) / 2, 1e-6, "%f",
			   mh_histogram_stddev(&histogram));
	mh_histogram_release(&histogram);
}

Test(histogram, counts_whole_buckets_up_to_a_value)
{
	struct mh_histogram histogram = sample_golden();

	cr_expect_eq(mh_histogram_count_at_or_below(&histogram, 0), 0u);
	cr_expect_eq(mh_histogram_count_at_or_below(&histogram, 1), 3u);
	cr_expect_eq(mh_histogram_count_at_or_below(&histogram, 1500), 5u);
	cr_expect_eq(mh_histogram_count_at_or_below(&histogram, 1000446), 5u, "a bucket that is cut is not counted");
	cr_expect_eq(mh_histogram_count_at_or_below(&histogram, 1000447), 6u);
	cr_expect_eq(mh_histogram_count_at_or_below(&histogram, 123456789), 7u, "max is known exactly");
	mh_histogram_release(&histogram);
}

Test(histogram, touches_no_memory_that_it_does_not_use)
{
	unsigned char resident[66];
	struct mh_histogram histogram = sample_histogram();
	size_t touched = 0;

	mh_histogram_record(&histogram, 300);
	cr_assert_eq(mincore(histogram.counts, histogram.mapped, resident), 0);
	for (size_t i = 0; i < sizeof(resident); i++)
		touched += resident[i] & 1;
	cr_expect_leq(touched, 1u, "%zu pages for one value", touched);
	mh_histogram_release(&histogram);
}
