/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slots ordered by when they are due, in O(1): a ring of buckets of equal width, a bit for each that holds anything and
 * a summary bit for each word of bits. Within a bucket the first in is the first out.
 *
 * What lies beyond the ring waits in its last bucket and is put further on when the ring comes to it. One thread's.
 */
#ifndef WORKLOADS_LIFETIME_WHEEL_H
#define WORKLOADS_LIFETIME_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

#define MH_WHEEL_BUCKETS   1024u /* at most 64 words of bits: one summary word */
#define MH_WHEEL_WORDS     (MH_WHEEL_BUCKETS / 64)
#define MH_WHEEL_SLOT_NONE UINT32_MAX

struct mh_wheel_bucket {
	uint32_t head, tail; /* slots, or NONE */
};

struct mh_wheel_slot {
	uint64_t due_ticks;
	uint32_t next; /* in its bucket, or in the list of free slots */
};

struct mh_wheel {
	unsigned shift; /* a bucket is 2^shift ticks wide */
	uint64_t now;   /* number of the bucket that the ring begins with: ticks >> shift */
	uint64_t least; /* no bucket with a lower number holds anything: most looks for what is due end here */
	uint64_t summary;
	uint64_t bits[MH_WHEEL_WORDS];
	struct mh_wheel_bucket buckets[MH_WHEEL_BUCKETS];
	struct mh_wheel_slot *slots;
	uint32_t free; /* first free slot, or NONE */
};

/**
 * mh_wheel_init - an empty wheel
 * @slots: @slot_count of them, the caller's; all free afterwards
 * @mean_ticks: of the lifetimes to come; the ring reaches about 16 of them
 */
void mh_wheel_init(struct mh_wheel *wheel, struct mh_wheel_slot *slots, uint32_t slot_count, double mean_ticks,
		   uint64_t now_ticks);

/* Takes a free slot; NONE when there is none. */
static inline uint32_t mh_wheel_take(struct mh_wheel *wheel)
{
	uint32_t slot = wheel->free;

	if (slot != MH_WHEEL_SLOT_NONE)
		wheel->free = wheel->slots[slot].next;
	return slot;
}

static inline void mh_wheel_give(struct mh_wheel *wheel, uint32_t slot)
{
	wheel->slots[slot].next = wheel->free;
	wheel->free = slot;
}

/* Puts a taken slot into the ring by its due_ticks; what is past is due at once. */
static inline void mh_wheel_insert(struct mh_wheel *wheel, uint32_t slot)
{
	uint64_t due = wheel->slots[slot].due_ticks >> wheel->shift;
	uint64_t ahead = due > wheel->now ? due - wheel->now : 0;
	uint64_t number = wheel->now + (ahead < MH_WHEEL_BUCKETS ? ahead : MH_WHEEL_BUCKETS - 1);
	uint32_t index = (uint32_t)number & (MH_WHEEL_BUCKETS - 1);
	struct mh_wheel_bucket *bucket = &wheel->buckets[index];

	if (number < wheel->least)
		wheel->least = number;
	wheel->slots[slot].next = MH_WHEEL_SLOT_NONE;
	if (bucket->head == MH_WHEEL_SLOT_NONE) {
		bucket->head = slot;
		wheel->bits[index / 64] |= UINT64_C(1) << (index % 64);
		wheel->summary |= UINT64_C(1) << (index / 64);
	} else {
		wheel->slots[bucket->tail].next = slot;
	}
	bucket->tail = slot;
}

/* The first bucket from the ring's beginning that holds anything; -1 when all are empty. */
static inline int mh_wheel_first_bucket(const struct mh_wheel *wheel)
{
	uint32_t begin = (uint32_t)wheel->now & (MH_WHEEL_BUCKETS - 1), word = begin / 64;
	uint64_t bits = wheel->bits[word] & (UINT64_MAX << (begin % 64));
	uint64_t later;

	if (bits)
		return (int)(word * 64 + (uint32_t)__builtin_ctzll(bits));
	later = wheel->summary & (UINT64_MAX << (word + 1));
	if (!later)
		later = wheel->summary; /* around the end; may come back to the first word */
	if (!later)
		return -1;
	word = (uint32_t)__builtin_ctzll(later);
	return (int)(word * 64 + (uint32_t)__builtin_ctzll(wheel->bits[word]));
}

static inline uint32_t mh_wheel_pop(struct mh_wheel *wheel, uint32_t index)
{
	struct mh_wheel_bucket *bucket = &wheel->buckets[index];
	uint32_t slot = bucket->head;

	bucket->head = wheel->slots[slot].next;
	if (bucket->head == MH_WHEEL_SLOT_NONE) {
		wheel->bits[index / 64] &= ~(UINT64_C(1) << (index % 64));
		if (!wheel->bits[index / 64])
			wheel->summary &= ~(UINT64_C(1) << (index / 64));
	}
	return slot;
}

/* Some bucket before @current may hold a slot that is due. */
uint32_t mh_wheel_due_before(struct mh_wheel *wheel, uint64_t current);

/**
 * mh_wheel_due - take out the slot that is due first, if its bucket has passed at @now_ticks
 *
 * So a slot is due at most one bucket late and never early. Return: the slot, the caller's to give back; or NONE.
 */
static inline uint32_t mh_wheel_due(struct mh_wheel *wheel, uint64_t now_ticks)
{
	uint64_t current = now_ticks >> wheel->shift;

	if (current > wheel->least)
		return mh_wheel_due_before(wheel, current);
	if (current > wheel->now)
		wheel->now = current;
	return MH_WHEEL_SLOT_NONE;
}

/* Takes out the slot that is due soonest, whenever that is; NONE when the wheel is empty. */
uint32_t mh_wheel_soonest(struct mh_wheel *wheel);

#endif
