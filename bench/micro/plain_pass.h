/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limit of a migration: the used pages of one block get numbers in another, and their owners and the reverse map
 * are told, by one store each. One thread's, without a look at anything else; in a file of its own, so that it is
 * called as ours is.
 */
#ifndef BENCH_MICRO_PLAIN_PASS_H
#define BENCH_MICRO_PLAIN_PASS_H

#include <stdint.h>

struct mh_plain_block {
	uint64_t first;   /* number of its first page */
	uint32_t words;   /* of @used */
	uint64_t *used;   /* a bit a page */
	uint64_t **slots; /* by page: where its owner keeps its number */
};

int mh_plain_block_init(struct mh_plain_block *block, uint64_t first, uint32_t pages); /* none is used; -ENOMEM */
void mh_plain_block_release(struct mh_plain_block *block);
/* The lowest @count pages of an empty block go to @slots. */
void mh_plain_fill(struct mh_plain_block *block, uint64_t *slots, uint32_t count);
/* All used pages of @from become the lowest ones of @to, which must be empty. Return: how many they are. */
uint32_t mh_plain_pass(struct mh_plain_block *from, struct mh_plain_block *to);

#endif
