/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of small integers with O(log64 n) search: words of bits with summary words above them (a summary bit is set
 * while its 64 words hold any bit), so that the first or last member of half a million is found in four loads.
 * Not synchronised: the owner's lock guards it.
 */
#ifndef BASE_BITMAP_H
#define BASE_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MH_BITMAP_LEVELS 5        /* 64^5 = 2^30 members */
#define MH_BITMAP_NONE   SIZE_MAX /* "no such member" */

struct mh_bitmap {
	size_t size;  /* members 0 … size - 1 */
	size_t count; /* members set */
	unsigned levels;
	uint64_t *words[MH_BITMAP_LEVELS]; /* words[0] are the bits; one allocation, owned by words[0] */
};

int mh_bitmap_init(struct mh_bitmap *bitmap, size_t size); /* empty; -ENOMEM, -EINVAL for a size of 0 or > 2^30 */
void mh_bitmap_release(struct mh_bitmap *bitmap);

static inline bool mh_bitmap_test(const struct mh_bitmap *bitmap, size_t member)
{
	return bitmap->words[0][member / 64] >> (member % 64) & 1;
}

/* The summaries of the word @index, which was empty, or has become so. */
void mh_bitmap_set_summaries(struct mh_bitmap *bitmap, size_t index);
void mh_bitmap_clear_summaries(struct mh_bitmap *bitmap, size_t index);

static inline void mh_bitmap_set(struct mh_bitmap *bitmap, size_t member)
{
	uint64_t *word = &bitmap->words[0][member / 64];
	uint64_t before = *word, bit = UINT64_C(1) << (member % 64);

	if (before & bit)
		return;
	bitmap->count++;
	*word = before | bit;
	if (__builtin_expect(!before, 0))
		mh_bitmap_set_summaries(bitmap, member / 64);
}

static inline void mh_bitmap_clear(struct mh_bitmap *bitmap, size_t member)
{
	uint64_t *word = &bitmap->words[0][member / 64];
	uint64_t before = *word, bit = UINT64_C(1) << (member % 64);

	if (!(before & bit))
		return;
	bitmap->count--;
	*word = before ^ bit;
	if (__builtin_expect(before == bit, 0))
		mh_bitmap_clear_summaries(bitmap, member / 64);
}

size_t mh_bitmap_first(const struct mh_bitmap *bitmap);
size_t mh_bitmap_last(const struct mh_bitmap *bitmap);
/* The first member >= @from, or MH_BITMAP_NONE. */
size_t mh_bitmap_next(const struct mh_bitmap *bitmap, size_t from);
/* The first @count members >= @from, ascending. Return: how many there are. */
size_t mh_bitmap_list(const struct mh_bitmap *bitmap, size_t from, uint32_t *ret_members, size_t count);
/* Sets, or clears, members [from, from + count), a word at a time. Return: how many of them were not, or were, set. */
size_t mh_bitmap_set_range(struct mh_bitmap *bitmap, size_t from, size_t count);
size_t mh_bitmap_clear_range(struct mh_bitmap *bitmap, size_t from, size_t count);

#endif
