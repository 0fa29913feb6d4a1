/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A word of bits at a time. */
#include "bench/micro/plain_pass.h"

#include <errno.h>
#include <stdlib.h>

#define WORD_BITS 64u

int mh_plain_block_init(struct mh_plain_block *block, uint64_t first, uint32_t pages)
{
	block->first = first;
	block->words = pages / WORD_BITS;
	block->used = calloc(block->words, sizeof(block->used[0]));
	block->slots = calloc(pages, sizeof(block->slots[0]));
	return block->used && block->slots ? 0 : -ENOMEM;
}

void mh_plain_block_release(struct mh_plain_block *block)
{
	free(block->used);
	free(block->slots);
	*block = (struct mh_plain_block){.words = 0};
}

static inline void put(struct mh_plain_block *block, uint32_t page, uint64_t *slot)
{
	*slot = block->first + page;
	block->slots[page] = slot;
}

static void use_lowest(struct mh_plain_block *block, uint32_t count)
{
	for (uint32_t word = 0; word < count / WORD_BITS; word++)
		block->used[word] = UINT64_MAX;
	if (count % WORD_BITS)
		block->used[count / WORD_BITS] = (UINT64_C(1) << count % WORD_BITS) - 1;
}

void mh_plain_fill(struct mh_plain_block *block, uint64_t *slots, uint32_t count)
{
	for (uint32_t page = 0; page < count; page++)
		put(block, page, &slots[page]);
	use_lowest(block, count);
}

uint32_t mh_plain_pass(struct mh_plain_block *from, struct mh_plain_block *to)
{
	uint32_t moved = 0;

	for (uint32_t word = 0; word < from->words; word++) {
		for (uint64_t left = from->used[word]; left; left &= left - 1)
			put(to, moved++, from->slots[word * WORD_BITS + (uint32_t)__builtin_ctzll(left)]);
		from->used[word] = 0;
	}
	use_lowest(to, moved);
	return moved;
}
