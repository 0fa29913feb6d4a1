/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocation of and search in the levels of bits. Level 0 holds the members; bit i of level n + 1 is set while word i
 * of level n is not 0; the highest level is one word.
 */
#include "base/bitmap.h"

#include <errno.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/line.h"

#define BITMAP_SIZE_MAX (UINT64_C(1) << (6 * MH_BITMAP_LEVELS))

int mh_bitmap_init(struct mh_bitmap *bitmap, size_t size)
{
	size_t word_counts[MH_BITMAP_LEVELS];
	size_t total = 0;
	unsigned levels = 0;

	if (size == 0 || size > BITMAP_SIZE_MAX)
		return -EINVAL;
	for (size_t words = size; levels == 0 || words > 1;) {
		words = (words + 63) / 64;
		word_counts[levels++] = words;
		total += words;
	}
	uint64_t *words = mh_line_calloc(total, sizeof(*words)); /* of a node or zone: two of them are two threads' */

	if (!words)
		return -ENOMEM;
	*bitmap = (struct mh_bitmap){.size = size, .levels = levels};
	for (unsigned level = 0; level < levels; level++) {
		bitmap->words[level] = words;
		words += word_counts[level];
	}
	return 0;
}

void mh_bitmap_release(struct mh_bitmap *bitmap)
{
	free(bitmap->words[0]);
	*bitmap = (struct mh_bitmap){0};
}

/* From a set bit of @level down to the first member below it. */
static size_t bitmap_descend_first(const struct mh_bitmap *bitmap, unsigned level, size_t index)
{
	while (level-- > 0)
		index = index * 64 + (unsigned)__builtin_ctzll(bitmap->words[level][index]);
	return index;
}

size_t mh_bitmap_first(const struct mh_bitmap *bitmap)
{
	return bitmap->count ? bitmap_descend_first(bitmap, bitmap->levels, 0) : MH_BITMAP_NONE;
}

size_t mh_bitmap_last(const struct mh_bitmap *bitmap)
{
	size_t index = 0;

	if (!bitmap->count)
		return MH_BITMAP_NONE;
	for (unsigned level = bitmap->levels; level-- > 0;)
		index = index * 64 + 63 - (unsigned)__builtin_clzll(bitmap->words[level][index]);
	return index;
}

size_t mh_bitmap_next(const struct mh_bitmap *bitmap, size_t from)
{
	size_t bits = bitmap->size;

	for (unsigned level = 0; level < bitmap->levels && from < bits; level++) {
		uint64_t word = bitmap->words[level][from / 64] >> (from % 64);

		if (word)
			return bitmap_descend_first(bitmap, level, from + (unsigned)__builtin_ctzll(word));
		from = from / 64 + 1; /* the rest of this word is empty: go on behind it, a level up */
		bits = (bits + 63) / 64;
	}
	return MH_BITMAP_NONE;
}

void mh_bitmap_set_summaries(struct mh_bitmap *bitmap, size_t index)
{
	for (unsigned level = 1; level < bitmap->levels; level++, index /= 64) {
		uint64_t *word = &bitmap->words[level][index / 64], before = *word;

		*word |= UINT64_C(1) << index % 64;
		if (before)
			return;
	}
}

void mh_bitmap_clear_summaries(struct mh_bitmap *bitmap, size_t index)
{
	for (unsigned level = 1; level < bitmap->levels; level++, index /= 64) {
		uint64_t *word = &bitmap->words[level][index / 64];

		*word &= ~(UINT64_C(1) << index % 64);
		if (*word)
			return;
	}
}

size_t mh_bitmap_list(const struct mh_bitmap *bitmap, size_t from, uint32_t *ret_members, size_t count)
{
	size_t listed = 0;

	while (listed < count) {
		size_t member = mh_bitmap_next(bitmap, from);

		if (member == MH_BITMAP_NONE)
			break;
		for (uint64_t left = bitmap->words[0][member / 64] >> member % 64 << member % 64;
		     left && listed < count; left &= left - 1)
			ret_members[listed++] = (uint32_t)(member / 64 * 64 + (unsigned)__builtin_ctzll(left));
		from = member / 64 * 64 + 64;
	}
	return listed;
}

/* What a range has in the word of its member @from. */
struct part {
	size_t word, count;
	uint64_t mask;
};

static struct part first_part(size_t from, size_t count)
{
	size_t room = 64 - from % 64, here = count < room ? count : room;

	return (struct part){from / 64, here, (UINT64_MAX >> (64 - here)) << from % 64};
}

size_t mh_bitmap_set_range(struct mh_bitmap *bitmap, size_t from, size_t count)
{
	size_t changed = 0;

	MH_ASSERT(from <= bitmap->size && count <= bitmap->size - from);
	while (count) {
		struct part part = first_part(from, count);
		uint64_t *word = &bitmap->words[0][part.word], before = *word;

		changed += (unsigned)__builtin_popcountll(part.mask & ~before);
		*word |= part.mask;
		if (!before)
			mh_bitmap_set_summaries(bitmap, part.word);
		from += part.count;
		count -= part.count;
	}
	bitmap->count += changed;
	return changed;
}

size_t mh_bitmap_clear_range(struct mh_bitmap *bitmap, size_t from, size_t count)
{
	size_t changed = 0;

	MH_ASSERT(from <= bitmap->size && count <= bitmap->size - from);
	while (count) {
		struct part part = first_part(from, count);
		uint64_t *word = &bitmap->words[0][part.word], before = *word;

		changed += (unsigned)__builtin_popcountll(part.mask & before);
		*word &= ~part.mask;
		if (before && !*word)
			mh_bitmap_clear_summaries(bitmap, part.word);
		from += part.count;
		count -= part.count;
	}
	bitmap->count -= changed;
	return changed;
}
