/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many units at once are the same ones, in the same order, as one after the other; and leave the same chunks. */
#include "core/buddy.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/rng.h"

#define UNITS 4096u
#define MOST  128u

/* The same is done to both: to the first in batches, to the second unit by unit. */
static struct mh_block_pages *batched, *single;
static struct mh_rng rng;
static bool taken[UNITS];

static void setup(void)
{
	batched = mh_block_pages_new(UNITS);
	single = mh_block_pages_new(UNITS);
	cr_assert(batched && single);
	mh_rng_init(&rng, 1, "test/buddy", 0);
}

static void teardown(void)
{
	mh_block_pages_free(batched);
	mh_block_pages_free(single);
}

static void check_equal(const struct mh_bitmap *left, const struct mh_bitmap *right)
{
	size_t at = 0;

	cr_assert_eq(left->count, right->count);
	for (size_t member = mh_bitmap_first(left); member != MH_BITMAP_NONE; member = mh_bitmap_next(left, at)) {
		cr_assert_eq(mh_bitmap_next(right, at), member);
		at = member + 1;
	}
}

static void check_alike(void)
{
	cr_assert_eq(batched->free_units, single->free_units);
	check_equal(&batched->taken, &single->taken);
	for (unsigned order = 0; order <= batched->order_max; order++)
		check_equal(&batched->free[order], &single->free[order]);
}

static void take(uint32_t count)
{
	uint32_t units[MOST], got = mh_buddy_take_batch(batched, units, count);

	for (uint32_t i = 0; i < got; i++) {
		cr_assert_eq(mh_buddy_take(single, 0), units[i]);
		taken[units[i]] = true;
	}
	cr_assert(got == count || single->free_units == 0, "%u of %u although %u are free", got, count,
		  single->free_units);
}

/* The units that are out from the first one at or behind @from on, up to the next that is not; @most of them. */
static void give_run(uint32_t from, uint32_t most)
{
	uint32_t count = 0;

	while (from < UNITS && !taken[from])
		from++;
	while (count < most && from + count < UNITS && taken[from + count]) {
		taken[from + count] = false;
		mh_buddy_give(single, from + count++, 0);
	}
	mh_buddy_give_run(batched, from, count);
}

Test(buddy, batches_are_as_single_units, .init = setup, .fini = teardown)
{
	for (unsigned turn = 0; turn < 2000; turn++) {
		take(1 + (uint32_t)mh_rng_below(&rng, MOST));
		check_alike();
		give_run((uint32_t)mh_rng_below(&rng, UNITS), 1 + (uint32_t)mh_rng_below(&rng, 2 * MOST));
		check_alike();
	}
}

Test(buddy, a_batch_of_an_exhausted_block_is_short, .init = setup, .fini = teardown)
{
	uint32_t units[MOST];

	for (uint32_t i = 0; i < UNITS / MOST; i++)
		cr_assert_eq(mh_buddy_take_batch(batched, units, MOST), MOST);
	cr_assert_eq(mh_buddy_take_batch(batched, units, MOST), 0);
	mh_buddy_give_run(batched, 5, 3);
	cr_assert_eq(mh_buddy_take_batch(batched, units, MOST), 3);
	cr_assert_eq(units[0] + units[1] + units[2], 5 + 6 + 7);
}
