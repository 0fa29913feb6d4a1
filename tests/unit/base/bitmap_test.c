/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The levelled bitmap against a plain array of flags. */
#include "base/bitmap.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <stdlib.h>

#include "base/rng.h"

ParameterizedTestParameters(bitmap, agrees_with_an_array_of_flags)
{
	static size_t sizes[] = {1, 2, 63, 64, 65, 127, 128, 4095, 4096, 4097, 262144, 262145};

	return cr_make_param_array(size_t, sizes, sizeof(sizes) / sizeof(sizes[0]));
}

static size_t expected_next(const bool *flags, size_t size, size_t from)
{
	while (from < size && !flags[from])
		from++;
	return from < size ? from : MH_BITMAP_NONE;
}

static void check_searches(const struct mh_bitmap *bitmap, const bool *flags, size_t from)
{
	size_t last = bitmap->size;

	while (last > 0 && !flags[last - 1])
		last--;
	cr_assert_eq(mh_bitmap_first(bitmap), expected_next(flags, bitmap->size, 0));
	cr_assert_eq(mh_bitmap_last(bitmap), last ? last - 1 : MH_BITMAP_NONE, "last %zu, expected %zu",
		     mh_bitmap_last(bitmap), last - 1);
	cr_assert_eq(mh_bitmap_next(bitmap, from), expected_next(flags, bitmap->size, from),
		     "next(%zu) %zu, expected %zu", from, mh_bitmap_next(bitmap, from),
		     expected_next(flags, bitmap->size, from));
}

ParameterizedTest(size_t *size, bitmap, agrees_with_an_array_of_flags)
{
	struct mh_bitmap bitmap;
	struct mh_rng rng;
	bool *flags = calloc(*size, sizeof(*flags));
	size_t count = 0;

	mh_rng_init(&rng, 1, "test/bitmap", *size);
	cr_assert_eq(mh_bitmap_init(&bitmap, *size), 0);
	for (unsigned i = 0; i < 300; i++) {
		size_t member = mh_rng_below(&rng, *size);

		if (flags[member])
			mh_bitmap_clear(&bitmap, member);
		else
			mh_bitmap_set(&bitmap, member);
		flags[member] = !flags[member];
		count += flags[member] ? 1 : (size_t)-1;
		cr_assert_eq(bitmap.count, count, "count %zu, expected %zu", bitmap.count, count);
		check_searches(&bitmap, flags, mh_rng_below(&rng, *size));
	}
	mh_bitmap_release(&bitmap);
	free(flags);
}

static size_t expected_list(const bool *flags, size_t size, size_t from, uint32_t *members, size_t most)
{
	size_t count = 0;

	for (size_t member = from; member < size && count < most; member++)
		if (flags[member])
			members[count++] = (uint32_t)member;
	return count;
}

#define LISTED 200

static void check_lists(const struct mh_bitmap *bitmap, const bool *flags, size_t from)
{
	uint32_t members[LISTED], expected[LISTED];
	size_t count = mh_bitmap_list(bitmap, from, members, LISTED);

	cr_assert_eq(count, expected_list(flags, bitmap->size, from, expected, LISTED));
	cr_assert_arr_eq(members, expected, count * sizeof(members[0]));
}

/* Return: how many flags changed. */
static size_t change_range(bool *flags, size_t from, size_t count, bool set)
{
	size_t changed = 0;

	for (size_t member = from; member < from + count; member++) {
		changed += flags[member] != set;
		flags[member] = set;
	}
	return changed;
}

Test(bitmap, ranges_agree_with_an_array_of_flags)
{
	static const size_t sizes[] = {1, 64, 65, 4096, 4097, 300000};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		bool *flags = calloc(sizes[i], sizeof(*flags));
		struct mh_bitmap bitmap;
		struct mh_rng rng;
		size_t total = 0;

		mh_rng_init(&rng, 2, "test/bitmap", sizes[i]);
		cr_assert_eq(mh_bitmap_init(&bitmap, sizes[i]), 0);
		for (unsigned turn = 0; turn < 100; turn++) {
			size_t from = mh_rng_below(&rng, sizes[i] + 1), room = sizes[i] - from;
			size_t count = mh_rng_below(&rng, (room < 300 ? room : 300) + 1);
			bool set = turn % 2 == 0;
			size_t expected = change_range(flags, from, count, set);

			cr_assert_eq(set ? mh_bitmap_set_range(&bitmap, from, count)
					 : mh_bitmap_clear_range(&bitmap, from, count),
				     expected);
			total += set ? expected : -expected;
			cr_assert_eq(bitmap.count, total);
			check_searches(&bitmap, flags, mh_rng_below(&rng, sizes[i]));
			check_lists(&bitmap, flags, mh_rng_below(&rng, sizes[i]));
		}
		mh_bitmap_release(&bitmap);
		free(flags);
	}
}

Test(bitmap, setting_twice_counts_once)
{
	struct mh_bitmap bitmap;

	cr_assert_eq(mh_bitmap_init(&bitmap, 100), 0);
	mh_bitmap_set(&bitmap, 99);
	mh_bitmap_set(&bitmap, 99);
	cr_assert_eq(bitmap.count, 1);
	mh_bitmap_clear(&bitmap, 99);
	mh_bitmap_clear(&bitmap, 99);
	cr_assert_eq(bitmap.count, 0);
	mh_bitmap_release(&bitmap);
}

Test(bitmap, next_behind_the_end_finds_nothing)
{
	struct mh_bitmap bitmap;

	cr_assert_eq(mh_bitmap_init(&bitmap, 64), 0);
	mh_bitmap_set(&bitmap, 63);
	cr_assert_eq(mh_bitmap_next(&bitmap, 63), 63);
	cr_assert_eq(mh_bitmap_next(&bitmap, 64), MH_BITMAP_NONE);
	mh_bitmap_release(&bitmap);
}

Test(bitmap, sets_a_range_and_nothing_beside_it)
{
	struct mh_bitmap bitmap;

	cr_assert_eq(mh_bitmap_init(&bitmap, 1000), 0);
	mh_bitmap_set_range(&bitmap, 60, 200);
	cr_assert_eq(bitmap.count, 200);
	cr_assert_eq(mh_bitmap_first(&bitmap), 60);
	cr_assert_eq(mh_bitmap_last(&bitmap), 259);
	mh_bitmap_set_range(&bitmap, 1000, 0);
	cr_assert_eq(bitmap.count, 200);
	mh_bitmap_release(&bitmap);
}

Test(bitmap, refuses_sizes_that_it_cannot_hold)
{
	struct mh_bitmap bitmap;

	cr_assert_eq(mh_bitmap_init(&bitmap, 0), -EINVAL);
	cr_assert_eq(mh_bitmap_init(&bitmap, ((size_t)1 << 30) + 1), -EINVAL);
}
