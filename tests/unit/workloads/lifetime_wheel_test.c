/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wheel: what is due comes out in order, never early and at most one bucket late, also around the ring and beyond
 * it.
 */
#include "workloads/lifetime_wheel.h"

#include <criterion/criterion.h>

#include "base/rng.h"

#define SLOTS 512

static struct mh_wheel wheel;
static struct mh_wheel_slot slots[SLOTS];

static uint32_t insert(uint64_t due_ticks)
{
	uint32_t slot = mh_wheel_take(&wheel);

	cr_assert_neq(slot, MH_WHEEL_SLOT_NONE);
	slots[slot].due_ticks = due_ticks;
	mh_wheel_insert(&wheel, slot);
	return slot;
}

Test(lifetime_wheel, is_empty_at_first)
{
	mh_wheel_init(&wheel, slots, SLOTS, 1000, 0);
	cr_expect_eq(mh_wheel_due(&wheel, UINT64_MAX), MH_WHEEL_SLOT_NONE);
	cr_expect_eq(mh_wheel_soonest(&wheel), MH_WHEEL_SLOT_NONE);
}

Test(lifetime_wheel, takes_no_more_than_its_slots)
{
	mh_wheel_init(&wheel, slots, 2, 1000, 0);
	cr_expect_eq(mh_wheel_take(&wheel), 0);
	cr_expect_eq(mh_wheel_take(&wheel), 1);
	cr_expect_eq(mh_wheel_take(&wheel), MH_WHEEL_SLOT_NONE);
	mh_wheel_give(&wheel, 0);
	cr_expect_eq(mh_wheel_take(&wheel), 0);
}

Test(lifetime_wheel, holds_back_what_is_not_due)
{
	uint32_t slot;
	uint64_t width;

	mh_wheel_init(&wheel, slots, SLOTS, 64000, 0);
	width = UINT64_C(1) << wheel.shift;
	cr_expect_eq(width, 1024, "16 means of 64000 in 1024 buckets: %lu", width);
	slot = insert(5000);
	cr_expect_eq(mh_wheel_due(&wheel, 5000), MH_WHEEL_SLOT_NONE, "its bucket has not passed");
	cr_expect_eq(mh_wheel_due(&wheel, 5119), MH_WHEEL_SLOT_NONE);
	cr_expect_eq(mh_wheel_due(&wheel, 5120), slot);
	cr_expect_eq(mh_wheel_due(&wheel, 9999), MH_WHEEL_SLOT_NONE);
}

Test(lifetime_wheel, keeps_the_order_within_a_bucket)
{
	mh_wheel_init(&wheel, slots, SLOTS, 64000, 0);
	for (uint32_t i = 0; i < 3; i++)
		cr_assert_eq(insert(100), i);
	for (uint32_t i = 0; i < 3; i++)
		cr_expect_eq(mh_wheel_due(&wheel, 2000), i);
}

Test(lifetime_wheel, gives_the_soonest_whenever_it_is_due)
{
	mh_wheel_init(&wheel, slots, SLOTS, 64000, 0);
	(void)insert(900000);
	(void)insert(70000);
	cr_expect_eq(mh_wheel_soonest(&wheel), 1);
	cr_expect_eq(mh_wheel_soonest(&wheel), 0);
}

Test(lifetime_wheel, puts_further_on_what_lies_beyond_the_ring)
{
	uint64_t reach, due;
	uint32_t slot;

	mh_wheel_init(&wheel, slots, SLOTS, 64000, 0);
	reach = (UINT64_C(1) << wheel.shift) * MH_WHEEL_BUCKETS;
	due = 3 * reach;
	slot = insert(due);
	for (uint64_t now = 0; now < due; now += reach / 4)
		cr_expect_eq(mh_wheel_due(&wheel, now), MH_WHEEL_SLOT_NONE, "at %lu of %lu", now, due);
	cr_expect_eq(mh_wheel_due(&wheel, due + (UINT64_C(1) << wheel.shift)), slot);
}

Test(lifetime_wheel, takes_a_past_time_for_due)
{
	uint32_t slot;

	mh_wheel_init(&wheel, slots, SLOTS, 64000, 5000000);
	slot = insert(1);
	cr_expect_eq(mh_wheel_due(&wheel, 5000000 + 1024), slot);
}

/* Against a plain search, with lifetimes of very different lengths. */
Test(lifetime_wheel, agrees_with_a_plain_search)
{
	struct mh_rng rng;
	uint64_t now = UINT64_C(1) << 40, width;
	bool used[SLOTS] = {false};

	mh_rng_init(&rng, 4, "wheel", 0);
	mh_wheel_init(&wheel, slots, SLOTS, 10000, now);
	width = UINT64_C(1) << wheel.shift;
	for (unsigned i = 0; i < 200000; i++) {
		uint32_t slot = mh_wheel_due(&wheel, now);

		if (slot != MH_WHEEL_SLOT_NONE) {
			cr_assert(used[slot]);
			cr_assert_leq(slots[slot].due_ticks, now, "early");
			used[slot] = false;
			mh_wheel_give(&wheel, slot);
			continue;
		}
		for (uint32_t j = 0; j < SLOTS; j++)
			cr_assert(!used[j] || slots[j].due_ticks + 2 * width > now, "slot %u is %lu late", j,
				  now - slots[j].due_ticks);
		now += mh_rng_below(&rng, 40);
		slot = mh_wheel_take(&wheel);
		if (slot == MH_WHEEL_SLOT_NONE)
			continue;
		used[slot] = true;
		slots[slot].due_ticks = now + mh_rng_below(&rng, i % 50 ? 20000 : 1000000);
		mh_wheel_insert(&wheel, slot);
	}
}
