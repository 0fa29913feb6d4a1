/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A calendar wheel with one bitmap. Every slot in the ring lies in one of the MH_WHEEL_BUCKETS buckets from wheel->now
 * on, which only grows, and only over empty buckets.
 */
#include "workloads/lifetime_wheel.h"

#include "base/assert.h"

#define MEANS_AHEAD 16 /* of exponential lifetimes one in nine million is longer */
#define MOVES_MAX   4  /* slots put further on in one call of mh_wheel_due */

MH_STATIC_ASSERT(MH_WHEEL_WORDS < 64, "one summary word, and a shift past the last word is defined");

void mh_wheel_init(struct mh_wheel *wheel, struct mh_wheel_slot *slots, uint32_t slot_count, double mean_ticks,
		   uint64_t now_ticks)
{
	*wheel = (struct mh_wheel){.least = UINT64_MAX, .slots = slots, .free = MH_WHEEL_SLOT_NONE};
	while (wheel->shift < 63 && (double)(UINT64_C(1) << wheel->shift) * MH_WHEEL_BUCKETS < mean_ticks * MEANS_AHEAD)
		wheel->shift++;
	wheel->now = now_ticks >> wheel->shift;
	for (uint32_t i = 0; i < MH_WHEEL_BUCKETS; i++)
		wheel->buckets[i] = (struct mh_wheel_bucket){MH_WHEEL_SLOT_NONE, MH_WHEEL_SLOT_NONE};
	for (uint32_t i = slot_count; i > 0; i--)
		mh_wheel_give(wheel, i - 1);
}

/* The number, in ticks >> shift, of the bucket at @index. */
static uint64_t bucket_number(const struct mh_wheel *wheel, int index)
{
	return wheel->now + (((uint64_t)index - wheel->now) & (MH_WHEEL_BUCKETS - 1));
}

/* Apart: it needs registers that what is due in time does not. */
static __attribute__((noinline)) void put_further_on(struct mh_wheel *wheel, uint32_t slot)
{
	mh_wheel_insert(wheel, slot);
}

uint32_t mh_wheel_due_before(struct mh_wheel *wheel, uint64_t current)
{
	for (unsigned moves = 0; moves < MOVES_MAX; moves++) {
		int index = mh_wheel_first_bucket(wheel);
		uint64_t number = index < 0 ? UINT64_MAX : bucket_number(wheel, index);
		uint32_t slot;

		if (number >= current) {
			wheel->least = number;
			if (current > wheel->now)
				wheel->now = current;
			return MH_WHEEL_SLOT_NONE;
		}
		wheel->now = number;
		slot = mh_wheel_pop(wheel, (uint32_t)index);
		if (wheel->slots[slot].due_ticks >> wheel->shift <= number)
			return slot;
		put_further_on(wheel, slot);
	}
	return MH_WHEEL_SLOT_NONE;
}

uint32_t mh_wheel_soonest(struct mh_wheel *wheel)
{
	int index = mh_wheel_first_bucket(wheel);

	return index < 0 ? MH_WHEEL_SLOT_NONE : mh_wheel_pop(wheel, (uint32_t)index);
}
