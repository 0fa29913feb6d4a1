/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Philox4x32-10 under two uses that never share an input: a key is one block with the seed as Philox key and the pair
 * (hash of the name, index) as counter; a stream counts blocks under its own key.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; code of Random123.
 */
#include "base/rng.h"

#include <Random123/philox.h>

static void philox_block(uint64_t key, uint64_t high, uint64_t low, uint64_t ret_words[2])
{
	philox4x32_ctr_t counter = {{(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)high, (uint32_t)(high >> 32)}};
	philox4x32_key_t philox_key = {{(uint32_t)key, (uint32_t)(key >> 32)}};
	philox4x32_ctr_t block = philox4x32(counter, philox_key);

	ret_words[0] = (uint64_t)block.v[1] << 32 | block.v[0];
	ret_words[1] = (uint64_t)block.v[3] << 32 | block.v[2];
}

/* FNV-1a, 64 bits: names differ in a few letters, Philox does the mixing. Source: draft-eastlake-fnv. */
static uint64_t name_hash(const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return hash;
}

uint64_t mh_rng_key(uint64_t seed, const char *name, uint64_t index)
{
	uint64_t words[2];

	philox_block(seed, name_hash(name), index, words);
	return words[0];
}

void mh_rng_init(struct mh_rng *rng, uint64_t seed, const char *name, uint64_t index)
{
	*rng = (struct mh_rng){.key = mh_rng_key(seed, name, index)};
}

void mh_rng_refill(struct mh_rng *rng)
{
	philox_block(rng->key, 0, rng->counter++, rng->words);
	rng->left = 2;
}
